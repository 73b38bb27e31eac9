//! `cargo xtask evaluate-pad`: the texture layer alone on single pictures, by the counts of ISO/IEC 30107-3.
//!
//! APCER: attack pictures of one species taken for live, of those with a face. BPCER: pictures of living
//! people taken for an attack. A picture without a face is a failure to acquire and in neither count.

mod data;
mod report;
mod split;

use biometric_system::test_support::live_probability;

use crate::Result;
use crate::arguments::Arguments;
use crate::verification::acquire;
use data::{Data, LIVE};
use measuring::models;
use report::{Rate, Report};

/// One picture that has a face.
#[derive(Clone, Copy)]
struct Presentation<'a> {
    /// Name of the folder: [`LIVE`] or a species of attack.
    species: &'a str,
    /// Who it shows, by the first part of the file's name.
    subject: &'a str,
    /// Probability of a live face.
    probability: f32,
}

impl Presentation<'_> {
    fn is_live(&self) -> bool {
        self.species == LIVE
    }

    /// Whether the layer is wrong about it at `threshold`.
    fn is_error(&self, threshold: f32) -> bool {
        self.is_live() != (self.probability >= threshold)
    }
}

/// Evaluates a folder; a table goes to stdout, the figures where the arguments say.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let manifest = models::built_in()?;
    let threshold = manifest.presentation_attack_detection().threshold;
    let data = Data::open(&arguments.folder)?;
    let system = models::load()?;
    let probabilities = acquire(&system, &data.images, |system, frame| {
        Some(vec![live_probability(system, frame)?])
    });
    let acquired: Vec<_> = data
        .labels
        .iter()
        .zip(&probabilities)
        .filter_map(|((species, subject), found)| {
            let probability = *found.as_ref()?.first()?;
            Some(Presentation {
                species,
                subject,
                probability,
            })
        })
        .collect();
    let rate = |species: &str| {
        let offered = data.labels.iter().filter(|(name, _)| name == species);
        let of_species = acquired.iter().filter(|p| p.species == species);
        let errors = of_species.clone().filter(|p| p.is_error(threshold));
        Rate::new(errors.count(), of_species.count(), offered.count())
    };
    let report = Report {
        live: rate(LIVE),
        species: data
            .species()
            .into_iter()
            .filter(|species| *species != LIVE)
            .map(|species| (species.to_owned(), rate(species)))
            .collect(),
        split: split::by_subject(&acquired),
        threshold,
        manifest,
    };
    println!("{}", report.text());
    if let Some(file) = &arguments.json {
        std::fs::write(file, report.json()?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}
