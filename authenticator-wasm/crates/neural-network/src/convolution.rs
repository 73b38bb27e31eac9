//! Convolutions over windows: of all channels together, or of each channel by itself.

use crate::activation::Activation;
use crate::lanes::integers::quantise;
use crate::lanes::{Lanes, Quad, quads};
use crate::products::Matrix;
use crate::tensor::Tensor;

/// How the window moves. Outside the picture everything is zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) height: usize,
    pub(crate) width: usize,
    /// Rows and columns from one window to the next.
    pub(crate) stride: [usize; 2],
    /// Rows and columns of zeros: top, left, bottom, right.
    pub(crate) pads: [usize; 4],
}

impl Window {
    /// One pixel at a time, so that nothing has to be unfolded.
    pub(crate) fn is_a_pixel(self) -> bool {
        self.height == 1 && self.width == 1 && self.stride == [1, 1] && self.pads == [0; 4]
    }

    fn places(self, height: usize, width: usize) -> Option<[usize; 2]> {
        let [top, left, bottom, right] = self.pads;
        let count = |side: usize, around: usize, window: usize, stride: usize| {
            Some((side + around).checked_sub(window)? / stride + 1)
        };
        Some([
            count(height, top + bottom, self.height, self.stride[0])?,
            count(width, left + right, self.width, self.stride[1])?,
        ])
    }

    /// The number of the pixel under tap (`row`, `column`) of the window at (`y`, `x`); none in the zeros around.
    #[inline(always)]
    fn under(self, from: &Tensor, [y, x]: [usize; 2], [row, column]: [usize; 2]) -> Option<usize> {
        let [top, left, ..] = self.pads;
        let y = (y * self.stride[0] + row).checked_sub(top)?;
        let x = (x * self.stride[1] + column).checked_sub(left)?;
        (y < from.height && x < from.width).then(|| y * from.width + x)
    }

    fn taps(self) -> impl Iterator<Item = [usize; 2]> {
        (0..self.height).flat_map(move |row| (0..self.width).map(move |column| [row, column]))
    }
}

/// Every output from all channels of the window: the windows of a row are unfolded, then multiplied.
pub(crate) fn convolve(from: &Tensor, window: Window, matrix: &Matrix) -> Option<Tensor> {
    let (pixels, step) = quantise(&from.data);
    if window.is_a_pixel() {
        let mut onto = Tensor::zeros(from.height, from.width, matrix.outputs);
        matrix.multiply(&pixels, step, &mut onto.data);
        return Some(onto);
    }
    let [height, width] = window.places(from.height, from.width)?;
    let mut onto = Tensor::zeros(height, width, matrix.outputs);
    let stride = from.stride();
    let mut unfolded = Vec::with_capacity(width * matrix.inputs);
    let rows = onto.data.chunks_exact_mut(width * quads(matrix.outputs));
    for (y, row) in rows.enumerate() {
        unfolded.clear();
        for x in 0..width {
            for tap in window.taps() {
                match window.under(from, [y, x], tap) {
                    Some(at) => {
                        unfolded.extend_from_slice(pixels.get(at * stride..(at + 1) * stride)?)
                    }
                    None => unfolded.extend(std::iter::repeat_n([0; 2], stride)),
                }
            }
        }
        matrix.multiply(&unfolded, step, row);
    }
    Some(onto)
}

/// One filter for each channel.
pub(crate) struct Filters {
    pub(crate) window: Window,
    pub(crate) channels: usize,
    /// For every tap, one weight for each channel.
    weights: Vec<Quad>,
    bias: Vec<Quad>,
    pub(crate) activation: Activation,
}

impl Filters {
    /// `weight(channel, tap)`, taps row by row; `bias` has one value for each channel.
    pub(crate) fn pack(
        window: Window,
        bias: &[f32],
        activation: Activation,
        weight: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let channels = bias.len();
        let quad = |values: &dyn Fn(usize) -> f32, quad: usize| -> Quad {
            std::array::from_fn(|lane| match quad * 4 + lane {
                channel if channel < channels => values(channel),
                _ => 0.0,
            })
        };
        let each = 0..quads(channels);
        let weights = (0..window.height * window.width)
            .flat_map(|tap| each.clone().map(move |at| (tap, at)))
            .map(|(tap, at)| quad(&|channel| weight(channel, tap), at))
            .collect();
        let bias = each
            .map(|at| quad(&|channel| bias.get(channel).copied().unwrap_or(0.0), at))
            .collect();
        Self {
            window,
            channels,
            weights,
            bias,
            activation,
        }
    }

    /// Filters every channel. None when the picture has other channels or is smaller than the window.
    pub(crate) fn apply(&self, from: &Tensor) -> Option<Tensor> {
        let [height, width] = self.window.places(from.height, from.width)?;
        if from.channels != self.channels {
            return None;
        }
        let (mut onto, stride) = (Tensor::zeros(height, width, self.channels), from.stride());
        let mut taps: Vec<(&[Quad], &[Quad])> = Vec::new();
        for (at, onto) in onto.data.chunks_exact_mut(stride).enumerate() {
            let place = [at / width, at % width];
            taps.clear();
            for (tap, weights) in self.window.taps().zip(self.weights.chunks_exact(stride)) {
                if let Some(at) = self.window.under(from, place, tap) {
                    taps.push((from.data.get(at * stride..(at + 1) * stride)?, weights));
                }
            }
            match taps.as_slice().as_array::<9>() {
                Some(taps) => self.pixel(taps, onto),
                None => self.border(&taps, onto),
            }
        }
        Some(onto)
    }

    /// A pixel all of whose nine taps lie in the picture.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot loop; all slices are cut to the length that is counted to"
    )]
    fn pixel(&self, taps: &[(&[Quad], &[Quad]); 9], onto: &mut [Quad]) {
        let count = onto.len();
        let taps = taps.map(|(pixel, weights)| (&pixel[..count], &weights[..count]));
        let bias = &self.bias[..count];
        for at in 0..count {
            let mut sum = Lanes::load(&bias[at]);
            for (pixel, weights) in taps {
                sum = sum.add_product(Lanes::load(&pixel[at]), Lanes::load(&weights[at]));
            }
            onto[at] = self.activation.apply(sum, at).quad();
        }
    }

    fn border(&self, taps: &[(&[Quad], &[Quad])], onto: &mut [Quad]) {
        for ((at, onto), bias) in onto.iter_mut().enumerate().zip(&self.bias) {
            let mut sum = Lanes::load(bias);
            for (pixel, weights) in taps {
                if let (Some(pixel), Some(weights)) = (pixel.get(at), weights.get(at)) {
                    sum = sum.add_product(Lanes::load(pixel), Lanes::load(weights));
                }
            }
            *onto = self.activation.apply(sum, at).quad();
        }
    }
}
