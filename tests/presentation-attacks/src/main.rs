//! `cargo xtask attacks`: presents every species to the real biometric system and prints what became of them.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a command-line program for tests"
)]

mod enrolments;
mod options;
mod table;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use biometric_system::{CeremonyId, Light};
use enrolments::Enrolments;
use measuring::progress::Progress;
use options::Options;
use presentation_attacks::material::Person;
use presentation_attacks::random::Random;
use presentation_attacks::session;
use presentation_attacks::species::{Lab, Species};
use presentation_attacks::video::Writer;
use serde_json::Value;
use table::{Outcome, Table};

/// Two cores are there nearly everywhere.
const THREADS: usize = 2;

fn main() -> ExitCode {
    match Options::read().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    eprintln!("loading models and videos, enrolling two men");
    let lab = Lab::open(options.seed)?;
    if let Some(count) = options.enrolments {
        println!("seed {}", options.seed);
        let enrolments = Enrolments::run(&lab, count, options.seed);
        print!("{enrolments}");
        return write_json(options, &enrolments.json());
    }
    println!(
        "seed {}, {} of each species",
        options.seed, options.per_species
    );
    // Round by round, so that what is printed early already says something of every species.
    let jobs: Vec<(Species, usize)> = (0..options.per_species)
        .flat_map(|number| {
            options
                .species
                .iter()
                .map(move |species| (*species, number))
        })
        .collect();
    let (next, table) = (AtomicUsize::new(0), Mutex::new(Table::default()));
    let progress = Progress::start("presentations", jobs.len());
    let work = || -> Result<(), String> {
        while let Some((species, number)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = present(&lab, *species, *number, options)?;
            let mut table = table.lock().map_err(|_| "another thread failed")?;
            table.add(*species, outcome);
            progress.step();
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread failed")?)
    })?;
    let table = table.into_inner().map_err(|_| "a thread failed")?;
    print!("{table}");
    write_json(options, &table.json(options.seed))
}

fn write_json(options: &Options, value: &Value) -> Result<(), String> {
    match &options.json {
        Some(path) => std::fs::write(path, value.to_string() + "\n")
            .map_err(|error| format!("{}: {error}", path.display())),
        None => Ok(()),
    }
}

/// Presents once. The numbers of a species run over both victims by turns.
fn present(
    lab: &Lab,
    species: Species,
    number: usize,
    options: &Options,
) -> Result<Outcome, String> {
    let victim = if number.is_multiple_of(2) {
        Person::First
    } else {
        Person::Second
    };
    let mut random = Random::part(options.seed ^ (number as u64) << 20, species.as_str());
    let seed = random.bits();
    let ceremony = CeremonyId::new(random.bytes());
    let mut presentation = lab.present(species, victim, seed);
    let mut video = match &options.out {
        Some(folder) if number < 2 => Some(writer(folder, species, number)?),
        _ => None,
    };
    let mut written = Ok(());
    let course = session::look(
        &lab.system,
        &mut *presentation,
        ceremony,
        Light::Offered,
        seed,
        &mut |rgba| {
            if let (Some(video), Ok(())) = (&mut video, &written) {
                written = video.add(rgba);
            }
        },
    );
    written?;
    Ok(Outcome::of(course, lab.reference(victim)))
}

fn writer(folder: &Path, species: Species, number: usize) -> Result<Writer, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let side = ["", "-second"][number];
    Writer::create(&folder.join(format!("{}{side}.y4m", species.as_str())), 15)
}
