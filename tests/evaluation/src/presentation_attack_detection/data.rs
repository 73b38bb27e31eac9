//! The folder that is evaluated: `live/` and one folder for each species of attack.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::verification::Image;
use crate::{Result, picture};

/// The folder of living people.
pub(super) const LIVE: &str = "live";

/// All pictures, and for each of them species and subject.
pub(super) struct Data {
    pub(super) images: Vec<Image>,
    pub(super) labels: Vec<(String, String)>,
}

impl Data {
    /// Lists the folder.
    ///
    /// # Errors
    /// It cannot be read, or has no `live/` or no folder of attacks with pictures.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let mut data = Self {
            images: Vec::new(),
            labels: Vec::new(),
        };
        for species in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
            for path in entries(&species)?
                .into_iter()
                .filter(|path| picture::is_picture(path))
            {
                data.labels.push((name(&species), subject(&path)));
                let subject = None;
                data.images.push(Image { path, subject });
            }
        }
        let species = data.species();
        if !species.contains(LIVE) || species.len() < 2 {
            return Err(format!(
                "{}: pictures are wanted in `{LIVE}/` and in at least one folder of attacks",
                folder.display()
            ));
        }
        Ok(data)
    }

    /// Every species, the living included.
    pub(super) fn species(&self) -> BTreeSet<&str> {
        self.labels
            .iter()
            .map(|(species, _)| species.as_str())
            .collect()
    }
}

/// What a folder holds, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let error = |error| format!("{}: {error}", folder.display());
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        all.push(entry.map_err(error)?.path());
    }
    all.sort();
    Ok(all)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The first part of a name like `0001_00_00_01_145.jpg`.
fn subject(path: &Path) -> String {
    name(path)
        .split(['_', '.'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    #[test]
    fn folders_are_species_and_names_begin_with_the_subject() {
        let folder = folder(&["print/7_2.jpg", "live/0001_5.png", "live/x.txt", "a.jpg"]);
        let data = Data::open(folder.path()).unwrap();
        let labels: Vec<_> = data
            .labels
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(labels, [("live", "0001"), ("print", "7")]);
        assert_eq!(data.images.len(), 2);
    }

    #[test]
    fn without_living_people_or_attacks_there_is_nothing_to_measure() {
        for files in [
            &["live/1_1.jpg"][..],
            &["print/1_1.jpg"],
            &["live/a.txt", "print/1.jpg"],
        ] {
            assert!(Data::open(folder(files).path()).is_err(), "{files:?}");
        }
    }
}
