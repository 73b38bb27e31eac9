//! Writes turns of the man who never turns on film, for a fake camera: `franck-drawn-left.y4m` and
//! `franck-drawn-right.y4m` in the folder that is named.

#![allow(
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a command-line program for tests"
)]

use std::path::Path;
use std::process::ExitCode;

use presentation_attacks::head::Lamp;
use presentation_attacks::material::{Material, Person};
use presentation_attacks::random::Random;
use presentation_attacks::video::Writer;

/// The filmed frame that is turned.
const FACE: usize = 7;
/// The same room's light every time.
const SEED: u64 = 1;
/// Yaw of each frame in degrees, to the person's own left. The face was filmed a little from one side, so that a
/// drawn turn to the right shows sooner than one to the left: the detector takes the one for 25 to 35 degrees and the other for 15 to 20.
const TURNS: [(&str, [f32; 7]); 2] = [
    ("left", [22.0, 23.5, 25.0, 26.5, 28.0, 29.5, 31.0]),
    ("right", [-14.0, -15.5, -17.0, -18.5, -20.0, -21.5, -23.0]),
];

fn main() -> ExitCode {
    let done = std::env::args_os().nth(1).map_or_else(
        || Err(String::from("usage: drawn_turns FOLDER")),
        |folder| write(Path::new(&folder)),
    );
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), String> {
    let system = measuring::models::load()?;
    let material = Material::load(&system)?;
    let filmed = &material.of(Person::Second)[0].ahead[FACE];
    let lamp = Lamp::new(&mut Random::part(SEED, "lamp"));
    for (name, yaws) in TURNS {
        let mut video = Writer::create(&folder.join(format!("franck-drawn-{name}.y4m")), 15)?;
        for yaw in yaws {
            let turned = filmed.head.turned([yaw, 0.0]);
            let (picture, _) = material
                .head
                .draw(&filmed.picture, &filmed.head, &turned, &lamp);
            video.add(&picture.rgba())?;
        }
    }
    Ok(())
}
