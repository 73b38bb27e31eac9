//! The folder that is evaluated: `pairs.csv` and pictures, one subfolder a person.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::pairs::{self, Line};
use crate::{Result, picture};

/// Folders below the given one that are looked into for persons' folders.
const DEPTH: usize = 4;

/// A picture file and whose it is.
pub(crate) struct Image {
    pub(crate) path: PathBuf,
    /// Number of the person: pictures of one folder are of one person. None for a picture beside the folders.
    pub(crate) subject: Option<usize>,
}

/// Two pictures by their numbers, whether they show the same person, and the fold they belong to.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) fold: usize,
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) same: bool,
}

/// Everything there is to evaluate: pictures in the order of their paths, so a person's lie side by side.
pub(crate) struct Data {
    pub(crate) images: Vec<Image>,
    pub(super) pairs: Vec<Pair>,
    /// Number of persons.
    pub(crate) subjects: usize,
}

impl Data {
    /// Lists the folder. Pictures that `pairs.csv` names are listed even when they are not there: they
    /// count as failures to acquire.
    ///
    /// # Errors
    /// The folder or `pairs.csv` cannot be read or makes no sense.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("pairs.csv");
        let text =
            fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let lines =
            pairs::parse(&text).map_err(|reason| format!("{}: {reason}", file.display()))?;
        let mut paths = BTreeSet::new();
        list(folder, Path::new(""), DEPTH, &mut paths)?;
        paths.extend(
            lines
                .iter()
                .flat_map(|line| [line.a.clone(), line.b.clone()]),
        );
        Ok(Self::arrange(folder, paths, &lines))
    }

    fn arrange(folder: &Path, paths: BTreeSet<PathBuf>, lines: &[Line]) -> Self {
        let owner = |path: &Path| {
            let parent = path.parent().map(Path::to_owned).unwrap_or_default();
            (!parent.as_os_str().is_empty()).then_some(parent)
        };
        let number =
            |names: BTreeSet<_>| -> BTreeMap<_, usize> { names.into_iter().zip(0..).collect() };
        let subjects = number(paths.iter().filter_map(|path| owner(path)).collect());
        let folds: BTreeMap<&str, usize> = lines
            .iter()
            .map(|line| line.fold.as_str())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .zip(0..)
            .collect();
        let indices: BTreeMap<&Path, usize> = paths.iter().map(PathBuf::as_path).zip(0..).collect();
        let pairs = lines
            .iter()
            .map(|line| Pair {
                fold: folds[line.fold.as_str()],
                a: indices[line.a.as_path()],
                b: indices[line.b.as_path()],
                same: line.same,
            })
            .collect();
        let images = paths
            .iter()
            .map(|path| Image {
                path: folder.join(path),
                subject: owner(path).map(|owner| subjects[&owner]),
            })
            .collect();
        Self {
            images,
            pairs,
            subjects: subjects.len(),
        }
    }
}

/// Adds the pictures below `folder/below`, as paths relative to `folder`.
fn list(folder: &Path, below: &Path, depth: usize, paths: &mut BTreeSet<PathBuf>) -> Result<()> {
    let here = folder.join(below);
    let entries = fs::read_dir(&here).map_err(|error| format!("{}: {error}", here.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| format!("{}: {error}", here.display()))?;
        let path = below.join(entry.file_name());
        // Follows links, so a folder may be put together from others.
        if fs::metadata(entry.path()).is_ok_and(|data| data.is_dir()) {
            if depth > 0 {
                list(folder, &path, depth - 1, paths)?;
            }
        } else if picture::is_picture(&path) {
            paths.insert(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_one_folder_are_one_person_and_missing_ones_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            (
                "pairs.csv",
                "fold,a,b,same\nx,ann/1.jpg,ann/2.png,1\ny,ann/1.jpg,bob/gone.jpg,0\n",
            ),
            ("ann/1.jpg", ""),
            ("ann/2.png", ""),
            ("carl/3.jpeg", ""),
            ("carl/notes.txt", ""),
            ("stray.jpg", ""),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let data = Data::open(folder.path()).unwrap();
        let subjects: Vec<_> = data.images.iter().map(|image| image.subject).collect();
        assert_eq!(subjects, [Some(0), Some(0), Some(1), Some(2), None]);
        assert_eq!(data.subjects, 3);
        let pairs: Vec<_> = data
            .pairs
            .iter()
            .map(|p| (p.fold, p.a, p.b, p.same))
            .collect();
        assert_eq!(pairs, [(0, 0, 1, true), (1, 0, 2, false)]);
    }

    #[test]
    fn a_folder_without_pairs_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            Data::open(folder.path())
                .err()
                .unwrap()
                .contains("pairs.csv")
        );
    }
}
