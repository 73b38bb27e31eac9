//! `pairs.csv`: which pictures are compared, in which fold, and whether they show the same person.

use std::path::{Component, Path, PathBuf};

/// The first line.
const HEADER: &str = "fold,a,b,same";

/// One line; the paths are relative to the folder of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) fold: String,
    pub(super) a: PathBuf,
    pub(super) b: PathBuf,
    pub(super) same: bool,
}

/// Reads the whole file. Fields hold no commas and no quotation marks; lines may end as on any system.
///
/// # Errors
/// Names the first line that makes no sense.
pub(super) fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .zip(1..);
    if lines.next().is_none_or(|(header, _)| header != HEADER) {
        return Err(format!("the first line is not {HEADER}"));
    }
    lines
        .filter(|(line, _)| !line.is_empty())
        .map(|(line, number)| read(line).ok_or_else(|| format!("line {number} is not {HEADER}")))
        .collect()
}

fn read(line: &str) -> Option<Line> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let &[fold, a, b, same] = fields.as_slice() else {
        return None;
    };
    let same = match same {
        "1" => true,
        "0" => false,
        _ => return None,
    };
    Some(Line {
        fold: (!fold.is_empty()).then(|| fold.to_owned())?,
        a: inside(a)?,
        b: inside(b)?,
        same,
    })
}

/// A path that stays inside the folder.
fn inside(field: &str) -> Option<PathBuf> {
    // Rebuilt from its components, so that `./x` and `x` are the same picture.
    let mut path = PathBuf::new();
    for component in Path::new(field).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!path.as_os_str().is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_of_any_system() {
        let lines = parse("\u{feff}fold,a,b,same\r\n0,ann/1.jpg,./ann/2.jpg,1\r\n\r\nlast, ann/1.jpg ,bob/x y.png,0").unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].b, PathBuf::from("ann/2.jpg"));
        assert!(lines[0].same && !lines[1].same);
        assert_eq!(
            (lines[1].fold.as_str(), lines[1].b.to_str().unwrap()),
            ("last", "bob/x y.png")
        );
    }

    #[test]
    fn names_the_line_that_makes_no_sense() {
        assert!(parse("").unwrap_err().contains("first line"));
        assert!(parse("a,b,same\n").unwrap_err().contains("first line"));
        for bad in [
            "0,a,b",
            "0,a,b,2",
            "0,a,b,1,1",
            ",a,b,1",
            "0,,b,1",
            "0,/a,b,1",
            "0,../a,b,1",
        ] {
            let text = format!("{HEADER}\n0,a,b,1\n{bad}\n");
            assert!(parse(&text).unwrap_err().contains("line 3"), "{bad}");
        }
    }
}
