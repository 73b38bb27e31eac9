//! Sums of products of every pixel with every row of a matrix: 1x1 convolutions, dense layers, and what is unfolded.

use crate::activation::Activation;
use crate::lanes::{Lanes, Quad, quads};

/// Pixels that one turn of the innermost loop takes: as many as leave room in the 16 vector registers of x86-64
/// for their sums, the weights and one value; a CPU with 32 loses nothing.
const PIXELS: usize = 4;

/// Quads of pixels that are gone through again and again before the next ones: they stay in the nearest cache.
const BLOCK: usize = 8192;

/// A matrix of `outputs` rows, packed so that the innermost loop reads it from front to back, with what follows.
pub(crate) struct Matrix {
    /// Quads of one pixel.
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// For every eight outputs, for every input, their eight weights.
    panels: Vec<Quad>,
    /// In quads, an even number of them.
    bias: Vec<Quad>,
    pub(crate) activation: Activation,
}

impl Matrix {
    /// `weight(output, input)` for inputs counted in floats; `bias` has one value for each output.
    pub(crate) fn pack(
        inputs: usize,
        bias: &[f32],
        activation: Activation,
        weight: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let outputs = bias.len();
        let (inputs, halves) = (quads(inputs), 2 * outputs.div_ceil(8));
        let mut panels = Vec::with_capacity(inputs * 4 * halves);
        for panel in 0..halves / 2 {
            for input in 0..inputs * 4 {
                for half in 0..2 {
                    panels.push(std::array::from_fn(|lane| {
                        let output = panel * 8 + half * 4 + lane;
                        if output < outputs {
                            weight(output, input)
                        } else {
                            0.0
                        }
                    }));
                }
            }
        }
        let bias = (0..halves)
            .map(|quad| std::array::from_fn(|lane| bias.get(quad * 4 + lane).copied().unwrap_or(0.0)))
            .collect();
        Self {
            inputs,
            outputs,
            panels,
            bias,
            activation,
        }
    }

    /// Multiplies every pixel of `from` and writes the pixels of `onto`, which are as many.
    pub(crate) fn multiply(&self, from: &[Quad], onto: &mut [Quad]) {
        let (inputs, outputs) = (self.inputs, quads(self.outputs));
        let block = (BLOCK / inputs / PIXELS).max(1) * PIXELS;
        let blocks = from.chunks(block * inputs);
        for (from, onto) in blocks.zip(onto.chunks_mut(block * outputs)) {
            let panels = self.panels.chunks_exact(inputs * 8);
            for ((number, panel), bias) in panels.enumerate().zip(self.bias.as_chunks().0) {
                let (panel, _) = panel.as_chunks();
                let panel = Panel {
                    weights: panel,
                    bias: *bias,
                    at: number * 2,
                    activation: &self.activation,
                };
                let groups = from.chunks(PIXELS * inputs);
                for (pixels, onto) in groups.zip(onto.chunks_mut(PIXELS * outputs)) {
                    panel.write(pixels, onto, outputs);
                }
            }
        }
    }
}

/// Eight outputs.
struct Panel<'a> {
    /// For every four inputs, eight weights each.
    weights: &'a [[Quad; 8]],
    bias: [Quad; 2],
    /// Number of the first quad of outputs.
    at: usize,
    activation: &'a Activation,
}

impl Panel<'_> {
    #[inline(always)]
    fn write(&self, pixels: &[Quad], onto: &mut [Quad], outputs: usize) {
        let inputs = self.weights.len();
        let mut rows = pixels.chunks_exact(inputs);
        if pixels.len() == PIXELS * inputs {
            let rows: [&[Quad]; PIXELS] = std::array::from_fn(|_| rows.next().unwrap_or_default());
            let sums = self.sums(rows);
            for (onto, sums) in onto.chunks_exact_mut(outputs).zip(sums) {
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
        reason = "hot loop; rows are cut to the length that is counted to, all else has a fixed size"
    )]
    fn sums<const N: usize>(&self, rows: [&[Quad]; N]) -> [[Lanes; 2]; N] {
        let rows = rows.map(|row| &row[..self.weights.len()]);
        let mut sums = [self.bias.map(|bias| Lanes::load(&bias)); N];
        for (input, weights) in self.weights.iter().enumerate() {
            for lane in 0..4 {
                let (low, high) = (
                    Lanes::load(&weights[2 * lane]),
                    Lanes::load(&weights[2 * lane + 1]),
                );
                for (sums, row) in sums.iter_mut().zip(&rows) {
                    let value = Lanes::splat(row[input][lane]);
                    sums[0] = sums[0].add_product(value, low);
                    sums[1] = sums[1].add_product(value, high);
                }
            }
        }
        sums
    }

    /// A last panel may have only one quad of outputs.
    #[inline(always)]
    fn finish(&self, sums: [Lanes; 2], onto: &mut [Quad]) {
        let places = onto.iter_mut().skip(self.at);
        for ((onto, sum), at) in places.zip(sums).zip(self.at..) {
            *onto = self.activation.apply(sum, at).quad();
        }
    }
}
