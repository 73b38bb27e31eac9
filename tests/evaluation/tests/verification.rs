//! The whole program on a small folder made of frames of the test videos, with the real models.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test"
)]

#[path = "../../../authenticator-wasm/crates/biometric-system/tests/support/y4m.rs"]
mod y4m;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use biometric_system::model::manifest;
use image::{ImageFormat, RgbaImage};
use serde_json::Value;
use y4m::Video;

/// Writes frames of a video, evenly spread over it, as pictures of one person.
fn write_frames(folder: &Path, person: &str, video: &str, count: usize) {
    let video = Video::open(video);
    let step = video.len() / count;
    fs::create_dir_all(folder.join(person)).unwrap();
    let already = fs::read_dir(folder.join(person)).unwrap().count();
    for i in 0..count {
        let picture = RgbaImage::from_raw(video.width, video.height, video.rgba(i * step)).unwrap();
        let file = folder.join(person).join(format!("{}.jpg", already + i));
        let picture = image::DynamicImage::from(picture).to_rgb8();
        picture.save_with_format(file, ImageFormat::Jpeg).unwrap();
    }
}

/// Two men with seven and six pictures, and three pictures that give no face: empty room, broken, missing.
fn small_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_frames(folder.path(), "one", "cap12", 4);
    write_frames(folder.path(), "one", "cap13", 3);
    write_frames(folder.path(), "two", "franck", 6);
    write_frames(folder.path(), "nobody", "no-face", 1);
    fs::write(
        folder.path().join("nobody/broken.png"),
        b"\x89PNG\r\n\x1a\nbroken",
    )
    .unwrap();
    let pairs = "fold,a,b,same\n\
                 first,one/0.jpg,one/5.jpg,1\nfirst,one/1.jpg,two/1.jpg,0\nfirst,two/2.jpg,two/4.jpg,1\n\
                 first,one/6.jpg,two/0.jpg,0\nsecond,one/2.jpg,one/4.jpg,1\nsecond,two/3.jpg,one/3.jpg,0\n\
                 second,two/0.jpg,two/5.jpg,1\nsecond,two/5.jpg,gone/1.jpg,0\n";
    fs::write(folder.path().join("pairs.csv"), pairs).unwrap();
    folder
}

fn evaluate(folder: &Path, more: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_evaluation"));
    program.arg("verification").arg(folder).args(more);
    program.output().unwrap()
}

#[test]
fn two_men_are_told_apart_and_what_cannot_be_said_is_not_said() {
    let folder = small_folder();
    let out = tempfile::tempdir().unwrap();
    let (json, svg) = (out.path().join("out.json"), out.path().join("figures"));
    let options = [
        "--json",
        json.to_str().unwrap(),
        "--svg",
        svg.to_str().unwrap(),
    ];
    let output = evaluate(folder.path(), &options);
    let (table, log) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{log}");

    let report: Value = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    let found = &report["verification"];
    assert_eq!(found["accuracy"], 1.0);
    assert_eq!(found["folds"], 2);
    // Room, broken file and missing file of sixteen.
    assert_eq!(found["failuresToAcquire"], 3);
    assert_eq!(found["failureToAcquire"], 3.0 / 16.0);
    assert_eq!(
        (&found["subjects"], &found["captures"]),
        (&2.into(), &5.into())
    );
    // Each draw leaves two and one pictures to the man himself, and all pictures of the other.
    let draws = found["templatesEach"].as_u64().unwrap();
    assert_eq!(found["genuine"].as_u64().unwrap(), draws * 3);
    assert_eq!(found["impostor"].as_u64().unwrap(), draws * 13);
    assert_eq!(
        (&found["inUse"]["fnmr"], &found["inUse"]["falseMatches"]),
        (&0.0.into(), &0.into())
    );
    // 130 comparisons say nothing about one in ten thousand.
    for point in found["operatingPoints"].as_array().unwrap() {
        assert!(
            point["threshold"].is_null() && point["fnmr"].is_null() && point["fmr"].is_number()
        );
    }
    assert!(
        log.contains("not reported: the operating point at FMR 1e-4"),
        "{log}"
    );
    assert!(report["keyRelease"].is_null() && report["pad"].is_null());
    let manifest = manifest().unwrap();
    assert_eq!(report["pipeline"], manifest.pipeline.as_str());
    assert_eq!(
        report["models"].as_array().unwrap().len(),
        manifest.models.len()
    );

    assert!(
        table.contains("accuracy 100.00 %") && table.contains("3 failures to acquire"),
        "{table}"
    );
    for name in [
        "verification-error-trade-off.svg",
        "verification-scores.svg",
    ] {
        let svg = fs::read_to_string(svg.join(name)).unwrap();
        assert!(
            svg.starts_with("<svg ") && svg.contains("prefers-color-scheme:dark"),
            "{name}"
        );
    }
}

#[test]
fn a_folder_without_pairs_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(folder.path(), &[]);
    assert!(!output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("pairs.csv")
    );
}
