//! Feature vectors: always 128 finite numbers of unit length, wiped when dropped.

mod mean;

use zeroize::Zeroizing;

use crate::model::BiometricSystem;
use crate::signal_processing::alignment::{Crop, SIDE};

/// Numbers in one feature vector.
pub const LENGTH: usize = 128;

/// Name of the extractor's output.
pub(crate) const OUTPUT: &str = "fc1";

/// A unit-length feature vector. Not `Debug`, so it cannot be printed.
pub(crate) struct Features(Zeroizing<Vec<f32>>);

impl Features {
    /// Scales `values` to unit length. None unless there are 128 finite numbers that are not all null.
    pub(crate) fn normalised(values: Vec<f32>) -> Option<Self> {
        let mut values = Zeroizing::new(values);
        let norm = values
            .iter()
            .map(|x| f64::from(*x).powi(2))
            .sum::<f64>()
            .sqrt();
        if values.len() != LENGTH || !norm.is_finite() || norm < 1e-6 {
            return None;
        }
        #[allow(
            clippy::as_conversions,
            reason = "the norm is finite and small enough for f32"
        )]
        values
            .iter_mut()
            .for_each(|x| *x = (f64::from(*x) / norm) as f32);
        Some(Self(values))
    }

    /// Takes values that are of unit length already. None when they are not.
    pub(crate) fn unit(values: Zeroizing<Vec<f32>>) -> Option<Self> {
        let norm = values.iter().map(|x| x * x).sum::<f32>();
        (values.len() == LENGTH && (norm - 1.0).abs() < 1e-3).then_some(Self(values))
    }

    /// The normalised mean of several vectors, each of the same weight. None for an empty list.
    pub(crate) fn mean<'a>(all: impl IntoIterator<Item = &'a Features>) -> Option<Self> {
        let mut sum = vec![0.0; LENGTH];
        for features in all {
            sum.iter_mut()
                .zip(features.0.iter())
                .for_each(|(sum, x)| *sum += x);
        }
        Self::normalised(sum)
    }

    pub(crate) fn as_slice(&self) -> &[f32] {
        &self.0
    }
}

/// The features of an aligned crop. None when the extractor's output is no usable direction.
pub(crate) fn extract(system: &BiometricSystem, crop: &Crop) -> Option<Features> {
    centred(&output(system, crop)?)
}

/// Runs the extractor on an aligned crop: its output, of unit length, before centring.
pub(crate) fn output(system: &BiometricSystem, crop: &Crop) -> Option<Features> {
    let mut outputs = system
        .extractor()
        .run(crop.rgb(), [3, SIDE, SIDE], &[OUTPUT])?;
    let mut output = outputs.pop()?;
    Features::normalised(std::mem::take(&mut *output))
}

/// Measures the direction from the mean of many people instead of from null. All faces have that mean in
/// common; without it strangers are further apart, most of all from references of several captures.
pub(crate) fn centred(output: &Features) -> Option<Features> {
    let mean = mean::mean()?;
    Features::normalised(
        output
            .0
            .iter()
            .zip(mean)
            .map(|(x, mean)| x - mean)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_a_direction() {
        assert!(Features::normalised(vec![0.0; LENGTH]).is_none());
        assert!(Features::normalised(vec![1.0; LENGTH - 1]).is_none());
        for bad in [f32::NAN, f32::INFINITY] {
            let mut values = vec![1.0; LENGTH];
            values[7] = bad;
            assert!(Features::normalised(values.clone()).is_none());
            assert!(Features::unit(Zeroizing::new(values)).is_none());
        }
        assert!(Features::mean([]).is_none());
    }

    #[test]
    fn centring_takes_away_what_all_faces_share() {
        let mean = mean::mean().unwrap();
        let with = |i: usize| {
            let mut values = mean.to_vec();
            values[i] += 0.9;
            Features::normalised(values).unwrap()
        };
        let cosine = |a: &Features, b: &Features| crate::comparison::cosine(a, b);
        let (a, b) = (with(3), with(4));
        let (a0, b0) = (centred(&a).unwrap(), centred(&b).unwrap());
        assert!(cosine(&a0, &b0) < cosine(&a, &b) - 0.05);
        assert!(
            a0.as_slice()
                .iter()
                .enumerate()
                .all(|(i, x)| i == 3 || *x < a0.as_slice()[3] / 2.0)
        );
        // What lies in the mean itself has no direction from it.
        assert!(centred(&Features(mean.to_vec().into())).is_none());
    }

    #[test]
    fn the_mean_lies_between() {
        let axis = |i: usize| {
            let mut values = vec![0.0; LENGTH];
            values[i] = 3.0;
            Features::normalised(values).unwrap()
        };
        let mean = Features::mean([&axis(0), &axis(1)]).unwrap();
        assert!((mean.as_slice()[0] - 0.5f32.sqrt()).abs() < 1e-6);
        assert!((mean.as_slice()[1] - 0.5f32.sqrt()).abs() < 1e-6);
    }
}
