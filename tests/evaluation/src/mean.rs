//! `evaluation mean DIR`: the mean of the extractor's output over people, for `features_mean.json`.

use biometric_system::BiometricSystem;
use biometric_system::test_support::measure;
use serde::Serialize;

use crate::Result;
use crate::arguments::Arguments;
use crate::verification::{Data, Image, acquire};
use measuring::models;

#[derive(Serialize)]
struct Mean {
    pipeline: String,
    data: String,
    people: usize,
    pictures: usize,
    mean: Vec<f64>,
}

/// Prints the mean of the people's means, so that who has many pictures does not weigh more.
///
/// # Errors
/// The folder cannot be read, or shows no face.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let data = Data::open(&arguments.folder)?;
    let system = models::load()?;
    let output =
        |system: &BiometricSystem, frame: &_| Some(measure(system, frame)?.extractor_output);
    let outputs = acquire(&system, &data.images, output);
    let (people, pictures, mean) = mean_of_means(&data.images, &outputs, data.subjects);
    if people == 0 {
        return Err("no face in any person's folder".to_owned());
    }
    let name = arguments.folder.file_name().unwrap_or_default();
    let mean = Mean {
        pipeline: models::built_in()?.pipeline.clone(),
        data: name.to_string_lossy().into_owned(),
        people,
        pictures,
        // Six places are as exact as the runtime on different machines.
        mean: mean.iter().map(|x| (x * 1e6).round() / 1e6).collect(),
    };
    let json = serde_json::to_string(&mean).map_err(|error| error.to_string())?;
    println!("{json}");
    Ok(())
}

/// Number of people and of pictures that went in, and the mean.
fn mean_of_means(
    images: &[Image],
    outputs: &[Option<Vec<f32>>],
    subjects: usize,
) -> (usize, usize, Vec<f64>) {
    let mut own = vec![(0_usize, Vec::new()); subjects];
    for (image, output) in images.iter().zip(outputs) {
        if let (Some(subject), Some(output)) = (image.subject, output) {
            let (count, sum) = &mut own[subject];
            *count += 1;
            add(sum, output.iter().copied().map(f64::from));
        }
    }
    own.retain(|(count, _)| *count > 0);
    let mut mean = Vec::new();
    for (count, sum) in &own {
        let share = (own.len() * count) as f64;
        add(&mut mean, sum.iter().map(|x| x / share));
    }
    (own.len(), own.iter().map(|(count, _)| count).sum(), mean)
}

fn add(sum: &mut Vec<f64>, values: impl ExactSizeIterator<Item = f64>) {
    sum.resize(values.len(), 0.0);
    sum.iter_mut().zip(values).for_each(|(sum, x)| *sum += x);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_weighs_the_same() {
        let image = |subject| Image {
            path: "x".into(),
            subject,
        };
        let images = [Some(0), Some(0), Some(1), Some(2), None].map(image);
        let output = |x: f32| Some(vec![x, 1.0]);
        let outputs = [output(1.0), output(3.0), output(8.0), None, output(99.0)];
        assert_eq!(mean_of_means(&images, &outputs, 3), (2, 3, vec![5.0, 1.0]));
    }
}
