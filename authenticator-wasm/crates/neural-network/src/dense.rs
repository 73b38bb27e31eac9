//! Dense layers: sums of products of all values of a picture with every row of a matrix.
//!
//! Each weight is used once, so reading them is what takes the time, and there are too many inputs to a sum for
//! 16-bit integers: floats.

use crate::lanes::{Lanes, Quad, quads};
use crate::tensor::Tensor;

/// A matrix of floats, packed so that it is read from front to back.
pub(crate) struct Dense {
    /// Quads of all pixels.
    inputs: usize,
    outputs: usize,
    /// For every four outputs, for every input, their four weights.
    panels: Vec<Quad>,
    bias: Vec<Quad>,
}

impl Dense {
    /// `weight(output, input)` for inputs counted in floats, a multiple of four; `bias` has one value for each output.
    pub(crate) fn pack(inputs: usize, bias: &[f32], weight: impl Fn(usize, usize) -> f32) -> Self {
        let outputs = bias.len();
        let one = |output: usize, input: usize| match output {
            output if output < outputs => weight(output, input),
            _ => 0.0,
        };
        let panels =
            (0..quads(outputs)).flat_map(|panel| (0..inputs).map(move |input| (panel, input)));
        let panels = panels
            .map(|(panel, input)| std::array::from_fn(|lane| one(panel * 4 + lane, input)))
            .collect();
        Self {
            inputs: inputs / 4,
            outputs,
            panels,
            bias: crate::lanes::filled(bias),
        }
    }

    /// All outputs. None when the picture has another size.
    pub(crate) fn apply(&self, from: &Tensor) -> Option<Tensor> {
        if from.data.len() != self.inputs {
            return None;
        }
        let mut onto = Tensor::zeros(1, 1, self.outputs);
        let panels = self.panels.chunks_exact(self.inputs * 4);
        for ((onto, panel), bias) in onto.data.iter_mut().zip(panels).zip(&self.bias) {
            // Four sums at once, so that none waits for the one before.
            let mut sums = [Lanes::splat(0.0); 4];
            for (inputs, weights) in from.data.iter().zip(panel.as_chunks::<4>().0) {
                for ((sum, input), weights) in sums.iter_mut().zip(inputs).zip(weights) {
                    *sum = sum.add_product(Lanes::splat(*input), Lanes::load(weights));
                }
            }
            let [a, b, c, d] = sums;
            *onto = a.add(b).add(c.add(d)).add(Lanes::load(bias)).quad();
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
        let weight = |output: usize, input: usize| if input % 5 == output { 2.0 } else { 0.0 };
        let dense = Dense::pack(16, &[1.0, -1.0, 0.0, 0.0, 0.5], weight);
        let values = from.data.as_flattened();
        let right: Vec<f32> = [1.0, -1.0, 0.0, 0.0, 0.5]
            .iter()
            .enumerate()
            .map(|(output, bias)| bias + 2.0 * values.iter().skip(output).step_by(5).sum::<f32>())
            .collect();
        assert_eq!(dense.apply(&from).unwrap().values(), right);
        assert!(dense.apply(&Tensor::zeros(1, 1, 6)).is_none());
    }
}
