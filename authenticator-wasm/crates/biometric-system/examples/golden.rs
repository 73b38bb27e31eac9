//! Writes what the signal path gives natively on frames of a real video, for the same code in the browser to match.
//!
//! `cargo run --release -p biometric-system --features test-support --example golden` writes `target/golden`:
//! `agreement.json` and one file of pixels for each frame. `authenticator-wasm/tests/agreement.rs` reads them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a tool for developers"
)]

#[path = "../tests/support/models.rs"]
mod models;
#[path = "../tests/support/y4m.rs"]
mod y4m;

use std::fs;
use std::path::Path;

use biometric_system::test_support::{live_probability, measure};

/// Frames of `cap12`: ahead, nodding, turned to the left, turning back.
const FRAMES: [usize; 4] = [0, 60, 102, 112];

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/golden");
    fs::create_dir_all(&folder).expect("target/golden can be made");
    let system = models::load();
    let video = y4m::Video::open("cap12");
    let frames: Vec<_> = FRAMES
        .iter()
        .enumerate()
        .map(|(number, index)| {
            let frame = video.frame(*index, 0.0);
            let measured = measure(system, &frame).expect("every one of these frames has a face");
            let live = live_probability(system, &frame).expect("and a usable surrounding");
            fs::write(folder.join(format!("{number}.rgba")), video.rgba(*index)).expect("pixels");
            serde_json::json!({
                "width": video.width, "height": video.height,
                "landmarks": measured.landmarks, "features": measured.features, "live": live,
            })
        })
        .collect();
    let text = serde_json::to_string(&frames).expect("numbers");
    fs::write(folder.join("agreement.json"), text).expect("agreement.json");
}
