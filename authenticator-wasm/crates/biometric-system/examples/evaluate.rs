//! Measures false match and false non-match rates on a folder of portraits, one subfolder a person.
//!
//! `cargo run --release -p biometric-system --features test-support --example evaluate -- DIR`
//! prints the threshold for the manifest's false match rate, for references of five captures and for
//! single captures, and how the quality measures are distributed. A few minutes on two cores.

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

use std::path::{Path, PathBuf};
use std::thread;

use biometric_system::BiometricSystem;
use biometric_system::model::manifest;
use biometric_system::test_support::{Measurement, measure};

/// Captures in a reference.
const CAPTURES: usize = 5;
const THREADS: usize = 2;

struct Portrait {
    person: usize,
    found: Measurement,
}

fn main() {
    let dir = PathBuf::from(std::env::args().nth(1).expect("usage: evaluate DIR"));
    let portraits = measure_all(models::load(), &dir);
    println!("{} portraits with a face", portraits.len());
    distribution(&portraits);
    let fmr = manifest().expect("manifest").operating_point().fmr;
    five_captures(&portraits, fmr);
    single_captures(&portraits, fmr);
}

/// Measures every image; persons are numbered in the order of their folders' names.
fn measure_all(system: &BiometricSystem, dir: &Path) -> Vec<Portrait> {
    let mut files = Vec::new();
    for (person, folder) in sorted(dir)
        .into_iter()
        .filter(|path| path.is_dir())
        .enumerate()
    {
        files.extend(sorted(&folder).into_iter().map(|file| (person, file)));
    }
    thread::scope(|scope| {
        let jobs: Vec<_> = files
            .chunks(files.len().div_ceil(THREADS))
            .map(|files| {
                scope.spawn(move || {
                    let portrait = |(person, file): &(usize, PathBuf)| {
                        let found = measure(system, &images::read(file))?;
                        Some(Portrait {
                            person: *person,
                            found,
                        })
                    };
                    files.iter().filter_map(portrait).collect::<Vec<_>>()
                })
            })
            .collect();
        jobs.into_iter()
            .flat_map(|job| job.join().expect("no panic"))
            .collect()
    })
}

fn sorted(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    paths
}

fn distribution(portraits: &[Portrait]) {
    type Measure = fn(&Measurement) -> f32;
    let measures: [(&str, Measure); 6] = [
        ("eye distance", |m| {
            let [right, left, ..] = m.landmarks;
            (right[0] - left[0]).hypot(right[1] - left[1])
        }),
        ("yaw", |m| m.pose[0].abs()),
        ("pitch", |m| m.pose[1]),
        ("mean", |m| m.light[0]),
        ("contrast", |m| m.light[1]),
        ("sharpness", |m| m.light[3]),
    ];
    for (name, measure) in measures {
        let mut values: Vec<_> = portraits.iter().map(|p| measure(&p.found)).collect();
        values.sort_by(f32::total_cmp);
        let at = |part: f64| values[((values.len() - 1) as f64 * part) as usize];
        println!(
            "{name}: 0.2 % {:.2}, 1 % {:.2}, 5 % {:.2}, 50 % {:.2}, 95 % {:.2}, 99 % {:.2}",
            at(0.002),
            at(0.01),
            at(0.05),
            at(0.5),
            at(0.95),
            at(0.99)
        );
    }
}

fn five_captures(portraits: &[Portrait], fmr: f64) {
    let (mut genuine, mut impostors, mut references) = (Vec::new(), Vec::new(), 0);
    for own in portraits
        .chunk_by(|a, b| a.person == b.person)
        .filter(|own| own.len() > CAPTURES)
    {
        references += 1;
        let reference = mean(own[..CAPTURES].iter().map(|p| p.found.features.as_slice()));
        genuine.extend(
            own[CAPTURES..]
                .iter()
                .map(|p| cosine(&reference, &p.found.features)),
        );
        let others = portraits.iter().filter(|p| p.person != own[0].person);
        impostors.extend(others.map(|p| cosine(&reference, &p.found.features)));
    }
    report(
        &format!("{references} references of {CAPTURES}"),
        genuine,
        impostors,
        fmr,
    );
}

fn single_captures(portraits: &[Portrait], fmr: f64) {
    let (mut genuine, mut impostors) = (Vec::new(), Vec::new());
    for (i, a) in portraits.iter().enumerate() {
        for b in &portraits[i + 1..] {
            let list = if a.person == b.person {
                &mut genuine
            } else {
                &mut impostors
            };
            list.push(cosine(&a.found.features, &b.found.features));
        }
    }
    report("single captures", genuine, impostors, fmr);
}

fn report(name: &str, mut genuine: Vec<f32>, mut impostors: Vec<f32>, fmr: f64) {
    genuine.sort_by(f32::total_cmp);
    impostors.sort_by(|a, b| b.total_cmp(a));
    let threshold = impostors[(impostors.len() as f64 * fmr) as usize];
    let missed = |threshold| genuine.partition_point(|score| *score < threshold);
    let built_in = manifest().expect("manifest").operating_point().threshold;
    println!(
        "{name}: {} genuine, {} impostor comparisons; FMR {fmr:e} at {threshold:.3}: FNMR {:.2} % ({}); \
         at the manifest's {built_in}: FMR {:.1e} ({}), FNMR {:.2} %; genuine 1 % {:.3}, 50 % {:.3}",
        genuine.len(),
        impostors.len(),
        100.0 * missed(threshold) as f64 / genuine.len() as f64,
        missed(threshold),
        impostors.partition_point(|s| *s >= built_in) as f64 / impostors.len() as f64,
        impostors.partition_point(|s| *s >= built_in),
        100.0 * missed(built_in) as f64 / genuine.len() as f64,
        genuine[genuine.len() / 100],
        genuine[genuine.len() / 2],
    );
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn mean<'a>(all: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum = vec![0.0; 128];
    for features in all {
        sum.iter_mut().zip(features).for_each(|(sum, x)| *sum += x);
    }
    let norm = cosine(&sum, &sum).sqrt();
    sum.iter().map(|x| x / norm).collect()
}
