//! Dense layers: sums of products of all values of a picture with every row of a matrix.

use crate::activation::Activation;
use crate::lanes::integers::quantise;
use crate::lanes::{Lanes, Quad, filled, quads};
use crate::products::Matrix;
use crate::tensor::Tensor;

/// One matrix for each pixel: the sums over all pixels together would leave 32 bits.
pub(crate) struct Dense {
    matrices: Vec<Matrix>,
    bias: Vec<Quad>,
    activation: Activation,
}

impl Dense {
    /// `weight(output, pixel, channel)` for channels in whole quads; `bias` has one value for each output.
    pub(crate) fn pack(
        pixels: usize,
        channels: usize,
        bias: &[f32],
        activation: Activation,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let nothing = vec![0.0; bias.len()];
        let matrix = |pixel: usize| {
            Matrix::pack(channels, &nothing, Activation::None, |output, channel| {
                weight(output, pixel, channel)
            })
        };
        Self {
            matrices: (0..pixels).map(matrix).collect(),
            bias: filled(bias),
            activation,
        }
    }

    /// All outputs. None when the picture has another size.
    pub(crate) fn apply(&self, from: &Tensor) -> Option<Tensor> {
        let first = self.matrices.first()?;
        let pixels = from.data.len() / from.stride();
        if pixels != self.matrices.len() || from.stride() != first.inputs {
            return None;
        }
        let (whole, step) = quantise(&from.data);
        let mut onto = Tensor::zeros(1, 1, first.outputs);
        onto.data.clone_from(&self.bias);
        let mut part = vec![[0.0; 4]; quads(first.outputs)];
        for (pixel, matrix) in whole.chunks_exact(first.inputs).zip(&self.matrices) {
            matrix.multiply(pixel, step, &mut part);
            for (sum, part) in onto.data.iter_mut().zip(&part) {
                *sum = Lanes::load(sum).add(Lanes::load(part)).quad();
            }
        }
        for (at, sum) in onto.data.iter_mut().enumerate() {
            *sum = self.activation.apply(Lanes::load(sum), at).quad();
        }
        Some(onto)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_is_its_row_times_all_pixels() {
        let planes: Vec<f32> = (1..=12_u8).map(f32::from).collect();
        // Two pixels of six channels: eight floats each, the last two of which are zero.
        let from = Tensor::from_planes(&planes, [6, 1, 2]).unwrap();
        let weight = |output: usize, pixel: usize, channel: usize| {
            if (pixel * 8 + channel) % 5 == output {
                2.0
            } else {
                0.0
            }
        };
        let bias = [1.0, -1.0, 0.0, 0.0, 0.5];
        let dense = Dense::pack(2, 8, &bias, Activation::None, weight);
        let values = from.data.as_flattened();
        let found = dense.apply(&from).unwrap().values();
        assert_eq!(found.len(), 5);
        for (output, (bias, found)) in bias.iter().zip(found).enumerate() {
            let right = bias + 2.0 * values.iter().skip(output).step_by(5).sum::<f32>();
            assert!(
                (found - right).abs() < 0.02,
                "{output}: {found}, not {right}"
            );
        }
        assert!(dense.apply(&Tensor::zeros(1, 1, 6)).is_none());
        assert!(dense.apply(&Tensor::zeros(1, 2, 9)).is_none());
    }
}
