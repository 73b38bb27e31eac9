//! Convolutions of each channel by itself.

use crate::activation::Activation;
use crate::convolution::Window;
use crate::lanes::{Lanes, Quad, filled, quads};
use crate::tensor::Tensor;

/// Windows that are worked on together: they share the weights, and most of what they see.
const TOGETHER: usize = 4;

/// One filter for each channel.
pub(crate) struct Filters {
    pub(crate) window: Window,
    channels: usize,
    /// For every four channels, for every tap, their weights.
    weights: Vec<Quad>,
    bias: Vec<Quad>,
    activation: Activation,
}

impl Filters {
    /// `weight(channel, tap)`, taps row by row; `bias` has one value for each channel.
    pub(crate) fn pack(
        window: Window,
        bias: &[f32],
        activation: Activation,
        weight: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let (channels, taps) = (bias.len(), window.height * window.width);
        let one = |channel: usize, tap: usize| match channel {
            channel if channel < channels => weight(channel, tap),
            _ => 0.0,
        };
        let weights = (0..quads(channels)).flat_map(|quad| (0..taps).map(move |tap| (quad, tap)));
        let weights = weights
            .map(|(quad, tap)| std::array::from_fn(|lane| one(quad * 4 + lane, tap)))
            .collect();
        Self {
            window,
            channels,
            weights,
            bias: filled(bias),
            activation,
        }
    }

    /// Filters every channel. None when the picture has other channels or is smaller than the window.
    pub(crate) fn apply(&self, from: &Tensor) -> Option<Tensor> {
        let [height, width] = self.window.places(from.height, from.width)?;
        if from.channels != self.channels {
            return None;
        }
        let mut onto = Tensor::zeros(height, width, self.channels);
        let stride = from.stride();
        for (y, row) in onto.data.chunks_exact_mut(width * stride).enumerate() {
            let [first, end] = self.inside(from, y, width);
            let (left, rest) = row.split_at_mut(first * stride);
            let (middle, right) = rest.split_at_mut((end - first) * stride);
            for (x, onto) in left.chunks_exact_mut(stride).enumerate() {
                self.anywhere(from, [y, x], onto);
            }
            for (number, onto) in middle.chunks_mut(TOGETHER * stride).enumerate() {
                let x = first + number * TOGETHER;
                match (onto.len() == TOGETHER * stride, self.window.stride) {
                    (true, [_, 1]) => self.within::<TOGETHER, 1>(from, [y, x], onto),
                    (true, [_, 2]) => self.within::<TOGETHER, 2>(from, [y, x], onto),
                    _ => {
                        for (x, onto) in (x..).zip(onto.chunks_exact_mut(stride)) {
                            self.within::<1, 1>(from, [y, x], onto);
                        }
                    }
                }
            }
            for (x, onto) in (end..).zip(right.chunks_exact_mut(stride)) {
                self.anywhere(from, [y, x], onto);
            }
        }
        Some(onto)
    }

    /// From which to before which column all nine taps of a 3x3 window lie in the picture; nowhere for others.
    fn inside(&self, from: &Tensor, y: usize, width: usize) -> [usize; 2] {
        let Window {
            stride: [down, across],
            pads: [top, left, ..],
            ..
        } = self.window;
        let three = self.window.height == 3 && self.window.width == 3;
        if !three || y * down < top || y * down + 3 > from.height + top {
            return [width; 2];
        }
        let first = left.div_ceil(across).min(width);
        let end = match (from.width + left).checked_sub(3) {
            Some(last) => (last / across + 1).min(width),
            None => first,
        };
        [first, end.max(first)]
    }

    /// `N` windows next to each other, `S` columns apart, all of whose taps lie in the picture.
    #[inline(always)]
    #[allow(
        clippy::indexing_slicing,
        reason = "hot loop; the compiler keeps the checks, and they cost little"
    )]
    fn within<const N: usize, const S: usize>(
        &self,
        from: &Tensor,
        [y, x]: [usize; 2],
        onto: &mut [Quad],
    ) {
        let Window {
            stride: [down, across],
            pads: [top, left, ..],
            ..
        } = self.window;
        let stride = from.stride();
        let corner = ((y * down - top) * from.width + x * across - left) * stride;
        let rows = [0, 1, 2].map(|row| &from.data[corner + row * from.width * stride..]);
        let (weights, _) = self.weights.as_chunks::<9>();
        for ((at, weights), bias) in weights.iter().enumerate().zip(&self.bias) {
            let mut sums = [Lanes::load(bias); N];
            for (row, weights) in rows.iter().zip(weights.as_chunks::<3>().0) {
                for (column, weights) in weights.iter().enumerate() {
                    let weights = Lanes::load(weights);
                    for (number, sum) in sums.iter_mut().enumerate() {
                        let value = Lanes::load(&row[(number * S + column) * stride + at]);
                        *sum = sum.add_product(value, weights);
                    }
                }
            }
            for (number, sum) in sums.into_iter().enumerate() {
                onto[number * stride + at] = self.activation.apply(sum, at).quad();
            }
        }
    }

    /// One window of any size, wherever it lies.
    fn anywhere(&self, from: &Tensor, place: [usize; 2], onto: &mut [Quad]) {
        let (stride, taps) = (from.stride(), self.window.height * self.window.width);
        for (onto, bias) in onto.iter_mut().zip(&self.bias) {
            *onto = *bias;
        }
        for (number, tap) in self.window.taps().enumerate() {
            let Some(at) = self.window.under(from, place, tap) else {
                continue;
            };
            let pixel = from.data.chunks_exact(stride).nth(at).unwrap_or_default();
            let weights = self
                .weights
                .chunks_exact(taps)
                .filter_map(|quad| quad.get(number));
            for ((onto, value), weights) in onto.iter_mut().zip(pixel).zip(weights) {
                let sum = Lanes::load(onto);
                *onto = sum
                    .add_product(Lanes::load(value), Lanes::load(weights))
                    .quad();
            }
        }
        for (at, onto) in onto.iter_mut().enumerate() {
            *onto = self.activation.apply(Lanes::load(onto), at).quad();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::tests::numbers;

    /// The filter by its definition.
    fn plain(from: &Tensor, window: Window, weights: &[f32], bias: &[f32]) -> Vec<f32> {
        let [height, width] = window.places(from.height, from.width).unwrap();
        let (taps, values) = (window.height * window.width, from.values());
        let mut all = Vec::new();
        for place in (0..height).flat_map(|y| (0..width).map(move |x| [y, x])) {
            for (channel, bias) in bias.iter().enumerate() {
                let seen = window.taps().enumerate().filter_map(|(number, tap)| {
                    let at = window.under(from, place, tap)?;
                    Some(values[at * from.channels + channel] * weights[channel * taps + number])
                });
                let sum = bias + seen.sum::<f32>();
                all.push(if sum < 0.0 { 0.25 * sum } else { sum });
            }
        }
        all
    }

    #[test]
    fn every_window_size_stride_and_border_agrees_with_the_definition() {
        let mut random = numbers(0xf117e5);
        for (height, width, channels, side, stride, pad) in [
            (9, 14, 6, 3, 1, 1),
            (9, 14, 6, 3, 2, 1),
            (7, 7, 4, 3, 1, 0),
            (2, 1, 3, 3, 1, 1),
            (5, 5, 9, 5, 1, 0),
            (6, 9, 5, 3, 3, 2),
        ] {
            let window = Window {
                height: side,
                width: side,
                stride: [stride; 2],
                pads: [pad; 4],
            };
            let planes: Vec<f32> = (0..channels * height * width).map(|_| random()).collect();
            let from = Tensor::from_planes(&planes, [channels, height, width]).unwrap();
            let weights: Vec<f32> = (0..channels * side * side).map(|_| random()).collect();
            let bias: Vec<f32> = (0..channels).map(|_| random()).collect();
            let slopes = Activation::PRelu(vec![[0.25; 4]; quads(channels)]);
            let filters = Filters::pack(window, &bias, slopes, |channel, tap| {
                weights[channel * side * side + tap]
            });
            let (right, found) = (
                plain(&from, window, &weights, &bias),
                filters.apply(&from).unwrap().values(),
            );
            assert_eq!(right.len(), found.len());
            let near = right.iter().zip(&found).all(|(a, b)| (a - b).abs() < 1e-5);
            assert!(near, "{height}x{width}x{channels}, {window:?}");
        }
    }

    #[test]
    fn a_picture_of_other_channels_or_too_small_is_refused() {
        let window = Window {
            height: 5,
            width: 5,
            stride: [1, 1],
            pads: [0; 4],
        };
        let filters = Filters::pack(window, &[0.0; 4], Activation::None, |_, _| 1.0);
        assert!(filters.apply(&Tensor::zeros(5, 5, 4)).is_some());
        assert!(filters.apply(&Tensor::zeros(4, 5, 4)).is_none());
        assert!(filters.apply(&Tensor::zeros(5, 5, 3)).is_none());
    }
}
