//! Fuzz targets in one program, so that the model runtime and the server are linked once. `cargo xtask fuzz` builds it with
//! coverage counters and starts it once for each target.
//!
//! `MIEN_FUZZ_TARGET` names the target; `MIEN_FUZZ_CORPUS` is the folder into which the target's seeds, made by
//! code, are written before the fuzzer reads it; `MIEN_FUZZ_MODELS` is the folder of the models.

#![no_main]

mod seeds;
mod support;
mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use targets::{TARGETS, Target};

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();

fuzz_target!(
    init: {
        let name = variable("MIEN_FUZZ_TARGET");
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
            eprintln!("MIEN_FUZZ_TARGET must be one of {}", names.join(", "));
            std::process::exit(2);
        };
        let corpus = std::path::PathBuf::from(variable("MIEN_FUZZ_CORPUS"));
        for (number, seed) in (target.seeds)().into_iter().enumerate() {
            std::fs::write(corpus.join(format!("seed-{number}")), seed)
                .expect("the corpus folder can be written to");
        }
        let _ = CHOSEN.set(target);
    },
    |bytes: &[u8]| {
        if let Some(target) = CHOSEN.get() {
            (target.run)(bytes);
        }
    }
);

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
