//! Sums of products of every pixel with every row of a matrix: 1x1 convolutions, and windows that were unfolded.
//!
//! Inputs and weights are 16-bit integers. That costs about a thousandth of their size, less than the files' own
//! 8-bit weights, and makes results equal on every machine but for the floats around it.

use crate::activation::Activation;
use crate::lanes::integers::{LARGEST, Pair, Sums, Weights};
use crate::lanes::{Lanes, Quad, filled, quads};

/// Pixels that one turn of the innermost loop takes: as many as leave room in the 16 vector registers of x86-64
/// for their sums, the weights and one value; a CPU with 32 loses nothing.
const PIXELS: usize = 4;

/// Quads of pixels that are gone through again and again before the next ones: they stay in the nearest caches.
const BLOCK: usize = 8192;

/// A matrix, packed so that the innermost loop reads it from front to back, with what follows.
pub(crate) struct Matrix {
    /// Quads of one pixel.
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// For every eight outputs, for every four inputs, their weights.
    panels: Vec<[Weights; 4]>,
    /// What one step of the weights is worth, one float for each output.
    steps: Vec<Quad>,
    bias: Vec<Quad>,
    activation: Activation,
}

impl Matrix {
    /// `weight(output, input)` for inputs counted in floats, a multiple of four; `bias` has one value for each output.
    pub(crate) fn pack(
        inputs: usize,
        bias: &[f32],
        activation: Activation,
        weight: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let outputs = bias.len();
        let mut steps = Vec::with_capacity(outputs);
        let mut panels = Vec::with_capacity(outputs.div_ceil(8) * inputs / 4);
        for first in (0..outputs).step_by(8) {
            let rows: Vec<Vec<f32>> = (first..outputs.min(first + 8))
                .map(|output| (0..inputs).map(|input| weight(output, input)).collect())
                .collect();
            let first = steps.len();
            steps.extend(rows.iter().map(|row| step(row)));
            let whole = |row: usize, input: usize| {
                let (weight, step) = (rows.get(row)?.get(input)?, steps.get(first + row)?);
                (*step > 0.0).then(|| rounded(weight / step))
            };
            for quad in 0..inputs / 4 {
                // Of each vector: which two of the four inputs, and which four of the eight outputs.
                panels.push([(0, 0), (0, 4), (2, 0), (2, 4)].map(|(pair, half)| {
                    std::array::from_fn(|lane| {
                        whole(half + lane / 2, quad * 4 + pair + lane % 2).unwrap_or(0)
                    })
                }));
            }
        }
        Self {
            inputs: inputs / 4,
            outputs,
            panels,
            steps: filled(&steps),
            bias: filled(bias),
            activation,
        }
    }

    /// Multiplies every pixel of `from`, whose steps are worth `step` each, and writes the pixels of `onto`, which are
    /// as many.
    pub(crate) fn multiply(&self, from: &[[Pair; 2]], step: f32, onto: &mut [Quad]) {
        let (inputs, outputs) = (self.inputs, quads(self.outputs));
        let block = (BLOCK / inputs / PIXELS).max(1) * PIXELS;
        let blocks = from.chunks(block * inputs);
        for (from, onto) in blocks.zip(onto.chunks_mut(block * outputs)) {
            for (number, weights) in self.panels.chunks_exact(inputs).enumerate() {
                let panel = Panel {
                    weights,
                    at: number * 2,
                    step,
                    matrix: self,
                };
                let groups = from.chunks(PIXELS * inputs);
                for (pixels, onto) in groups.zip(onto.chunks_mut(PIXELS * outputs)) {
                    panel.write(pixels, onto, outputs);
                }
            }
        }
    }
}

/// What one step must be worth so that no sum of products leaves 32 bits, whatever the inputs.
fn step(weights: &[f32]) -> f32 {
    let sum: f32 = weights.iter().map(|weight| weight.abs()).sum();
    let largest = weights
        .iter()
        .fold(0.0, |all: f32, weight| all.max(weight.abs()));
    // A little less than 2^31, for what rounding adds.
    let sums = 2.1e9 / f32::from(LARGEST);
    (sum / sums).max(largest / f32::from(i16::MAX))
}

#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the conversion that is meant; it saturates"
)]
fn rounded(value: f32) -> i16 {
    value.round_ties_even() as i16
}

/// Eight outputs.
struct Panel<'a> {
    weights: &'a [[Weights; 4]],
    /// Number of the first quad of outputs.
    at: usize,
    /// What one step of the inputs is worth.
    step: f32,
    matrix: &'a Matrix,
}

impl Panel<'_> {
    #[inline(always)]
    fn write(&self, pixels: &[[Pair; 2]], onto: &mut [Quad], outputs: usize) {
        let inputs = self.weights.len();
        let mut rows = pixels.chunks_exact(inputs);
        if pixels.len() == PIXELS * inputs {
            let rows: [_; PIXELS] = std::array::from_fn(|_| rows.next().unwrap_or_default());
            for (onto, sums) in onto.chunks_exact_mut(outputs).zip(self.sums(rows)) {
                self.finish(sums, onto);
            }
        } else {
            for (onto, row) in onto.chunks_exact_mut(outputs).zip(rows) {
                let [sums] = self.sums([row]);
                self.finish(sums, onto);
            }
        }
    }

    /// Eight sums for each of the pixels.
    #[inline(always)]
    #[allow(
        clippy::indexing_slicing,
        reason = "hot loop; rows are cut to the length that is counted to"
    )]
    fn sums<const N: usize>(&self, rows: [&[[Pair; 2]]; N]) -> [[Sums; 2]; N] {
        let rows = rows.map(|row| &row[..self.weights.len()]);
        let mut sums = [[Sums::zero(); 2]; N];
        for (quad, [first_low, first_high, second_low, second_high]) in
            self.weights.iter().enumerate()
        {
            for (sums, row) in sums.iter_mut().zip(&rows) {
                sums[0] = sums[0].add_products(row[quad][0], first_low);
                sums[1] = sums[1].add_products(row[quad][0], first_high);
            }
            for (sums, row) in sums.iter_mut().zip(&rows) {
                sums[0] = sums[0].add_products(row[quad][1], second_low);
                sums[1] = sums[1].add_products(row[quad][1], second_high);
            }
        }
        sums
    }

    /// Back to floats. The last panel may have only one quad of outputs.
    #[inline(always)]
    fn finish(&self, sums: [Sums; 2], onto: &mut [Quad]) {
        let matrix = self.matrix;
        let factors = matrix.steps.iter().zip(&matrix.bias).skip(self.at);
        let places = onto.iter_mut().skip(self.at).zip(factors);
        for (((onto, (step, bias)), sum), at) in places.zip(sums).zip(self.at..) {
            let scale = Lanes::load(step).times(Lanes::splat(self.step));
            let value = Lanes::load(bias).add_product(sum.floats(), scale);
            *onto = matrix.activation.apply(value, at).quad();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::integers::quantise;
    use crate::lanes::tests::numbers;

    /// `pixels` times a random matrix, by floats and by what is tested; the largest difference, and the largest result.
    fn differences(pixels: usize, inputs: usize, outputs: usize) -> (f32, f32) {
        let mut random = numbers(0x5eed);
        let weights: Vec<f32> = (0..inputs * outputs).map(|_| random()).collect();
        let bias: Vec<f32> = (0..outputs).map(|_| random()).collect();
        let from: Vec<Quad> = (0..pixels * inputs / 4)
            .map(|_| std::array::from_fn(|_| 100.0 * random()))
            .collect();
        let matrix = Matrix::pack(inputs, &bias, Activation::None, |output, input| {
            weights[output * inputs + input]
        });
        let mut onto = vec![[0.0; 4]; pixels * quads(outputs)];
        let (whole, step) = quantise(&from);
        matrix.multiply(&whole, step, &mut onto);
        let (mut difference, mut largest) = (0.0_f32, 0.0_f32);
        for (from, onto) in from
            .chunks_exact(inputs / 4)
            .zip(onto.chunks_exact(quads(outputs)))
        {
            for (output, bias) in bias.iter().enumerate() {
                let row = &weights[output * inputs..][..inputs];
                let products = from.as_flattened().iter().zip(row).map(|(x, w)| x * w);
                let sum = bias + products.sum::<f32>();
                difference = difference.max((sum - onto.as_flattened()[output]).abs());
                largest = largest.max(sum.abs());
            }
            let filled = &onto.as_flattened()[outputs..];
            assert!(
                filled.iter().all(|value| *value == 0.0),
                "what fills up is zero"
            );
        }
        (difference, largest)
    }

    #[test]
    fn integers_come_within_a_thousandth_of_floats() {
        for (pixels, inputs, outputs) in [(1, 4, 1), (3, 36, 5), (9, 64, 8), (50, 512, 20)] {
            let (difference, largest) = differences(pixels, inputs, outputs);
            assert!(
                difference < 1e-3 * largest,
                "{pixels} {inputs} {outputs}: {difference} of {largest}"
            );
        }
    }

    #[test]
    fn the_largest_inputs_and_weights_stay_in_range() {
        let (inputs, bias) = (1152, [0.0; 4]);
        let matrix = Matrix::pack(inputs, &bias, Activation::None, |_, _| 3.0);
        let (whole, step) = quantise(&vec![[7.0; 4]; inputs / 4]);
        let mut onto = [[0.0; 4]];
        matrix.multiply(&whole, step, &mut onto);
        let right = 3.0 * 7.0 * 1152.0;
        assert!(
            onto[0].iter().all(|sum| (sum / right - 1.0).abs() < 1e-2),
            "{onto:?}"
        );
    }

    #[test]
    fn nothing_times_anything_is_the_bias() {
        let matrix = Matrix::pack(4, &[1.5, -2.0], Activation::Relu, |_, _| 1.0);
        let (whole, step) = quantise(&[[0.0; 4]; 3]);
        let mut onto = [[9.0; 4]; 3];
        matrix.multiply(&whole, step, &mut onto);
        assert_eq!(onto, [[1.5, 0.0, 0.0, 0.0]; 3]);
    }
}
