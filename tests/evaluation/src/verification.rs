//! `cargo xtask evaluate`: false match and false non-match rates of the running pipeline, with their bounds.

mod acquisition;
mod bootstrap;
mod comparisons;
mod data;
mod figures;
mod folds;
mod measurement;
mod operating_points;
mod pairs;
mod report;
mod table;

use std::fs;
use std::path::Path;

use biometric_system::test_support::measure;

use crate::Result;
use crate::arguments::Arguments;
pub(crate) use acquisition::acquire;
pub(crate) use data::{Data, Image};
use measurement::Measurement;
use measuring::models;

/// Evaluates a folder; the table goes to stdout, everything else where the arguments say.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let manifest = models::built_in()?;
    let data = Data::open(&arguments.folder)?;
    let system = models::load()?;
    let features = acquire(&system, &data.images, |system, frame| {
        Some(measure(system, frame)?.features)
    });
    let measured = Measurement::take(
        &data,
        &features,
        manifest,
        arguments.seed,
        arguments.first_captures,
    );
    for reason in &measured.missing {
        eprintln!("not reported: {reason}");
    }
    println!("{}", table::text(&measured, manifest));
    if let Some(file) = &arguments.json {
        write(file, &report::json(&measured, manifest)?)?;
    }
    if let Some(folder) = &arguments.svg {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for (name, svg) in figures::all(&measured) {
            write(&folder.join(name), &svg)?;
        }
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}
