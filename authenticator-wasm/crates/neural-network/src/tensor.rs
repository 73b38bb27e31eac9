//! What flows between the steps of a network: rows of pixels, each with its channels side by side.

use crate::lanes::{Quad, quads};

/// `height` x `width` pixels of `channels` floats, in whole quads: what fills up the last quad of a pixel is zero.
#[derive(Clone)]
pub(crate) struct Tensor {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) channels: usize,
    pub(crate) data: Vec<Quad>,
}

impl Tensor {
    /// All zero.
    pub(crate) fn zeros(height: usize, width: usize, channels: usize) -> Self {
        Self {
            height,
            width,
            channels,
            data: vec![[0.0; 4]; height * width * quads(channels)],
        }
    }

    /// From planes: channel after channel, each row by row. None when the length does not fit.
    pub(crate) fn from_planes(
        planes: &[f32],
        [channels, height, width]: [usize; 3],
    ) -> Option<Self> {
        let mut tensor = Self::zeros(height, width, channels);
        let (plane, stride) = (height.checked_mul(width)?, quads(channels));
        if plane == 0 || planes.len() != plane.checked_mul(channels)? {
            return None;
        }
        for (channel, values) in planes.chunks_exact(plane).enumerate() {
            let pixels = tensor.data.chunks_exact_mut(stride);
            for (pixel, value) in pixels.zip(values) {
                *pixel.as_flattened_mut().get_mut(channel)? = *value;
            }
        }
        Some(tensor)
    }

    /// Quads of one pixel.
    pub(crate) fn stride(&self) -> usize {
        quads(self.channels)
    }

    /// The floats of all pixels one after the other, without what fills them up.
    pub(crate) fn values(&self) -> Vec<f32> {
        let channels = self.channels;
        let pixels = self.data.chunks_exact(quads(channels));
        pixels
            .flat_map(|pixel| pixel.as_flattened().iter().take(channels).copied())
            .collect()
    }
}
