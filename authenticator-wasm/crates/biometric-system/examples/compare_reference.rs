//! Compares this signal path with OpenCV's on images whose landmarks and features OpenCV has written.
//!
//! `cargo run --release -p biometric-system --features test-support --example compare_reference -- DIR`
//! where DIR holds `reference.json` and the images it names. Fails below a cosine of 0.995.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a tool for developers"
)]

#[path = "support/images.rs"]
mod images;
#[path = "../tests/support/models.rs"]
mod models;

use std::path::PathBuf;

use biometric_system::test_support::{features_at, measure};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    images: Vec<Image>,
}

#[derive(Deserialize)]
struct Image {
    image: String,
    landmarks: [[f32; 2]; 5],
    features: Vec<f32>,
}

fn main() {
    let dir = PathBuf::from(
        std::env::args()
            .nth(1)
            .expect("usage: compare_reference DIR"),
    );
    let json = std::fs::read_to_string(dir.join("reference.json")).expect("reference.json");
    let reference: Reference = serde_json::from_str(&json).expect("reference.json");
    let system = models::load();
    let (mut aligned, mut whole, mut apart) = (Vec::new(), Vec::new(), Vec::new());
    for image in &reference.images {
        let frame = images::read(&dir.join(&image.image));
        let features = features_at(system, &frame, image.landmarks).expect("a face");
        aligned.push(cosine(&features, &image.features));
        let found = measure(system, &frame).expect("a face");
        whole.push(cosine(&found.features, &image.features));
        let furthest = found.landmarks.iter().zip(&image.landmarks);
        let furthest = furthest.map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
        apart.push(furthest.fold(0.0, f32::max));
    }
    for list in [&mut aligned, &mut whole, &mut apart] {
        list.sort_by(f32::total_cmp);
    }
    let count = whole.len();
    println!(
        "{count} images, cosine to OpenCV: from its landmarks min {:.5}, median {:.5}; \
         whole path min {:.5}, second {:.5}, median {:.5}; landmarks apart: median {:.2} pixels, \
         last but one {:.2}, most {:.2}",
        aligned[0],
        aligned[count / 2],
        whole[0],
        whole[1],
        whole[count / 2],
        apart[count / 2],
        apart[count - 2],
        apart[count - 1],
    );
    assert!(
        aligned[0] >= 0.995,
        "alignment or extraction is not OpenCV's"
    );
    // The detector's best candidates may tie within a thousandth, their points being pixels apart. Then
    // the last bit of the JPEG decoder decides, and one image in forty comes out differently.
    let astray = whole.iter().filter(|cosine| **cosine < 0.995).count();
    assert!(astray * 40 <= count, "detection is not OpenCV's");
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
