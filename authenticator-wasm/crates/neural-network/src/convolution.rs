//! Convolutions over windows, of all channels together.

use crate::lanes::integers::quantise;
use crate::lanes::quads;
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

    /// Rows and columns of windows; None when the picture is smaller than one.
    pub(crate) fn places(self, height: usize, width: usize) -> Option<[usize; 2]> {
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
    pub(crate) fn under(
        self,
        from: &Tensor,
        [y, x]: [usize; 2],
        [row, column]: [usize; 2],
    ) -> Option<usize> {
        let [top, left, ..] = self.pads;
        let y = (y * self.stride[0] + row).checked_sub(top)?;
        let x = (x * self.stride[1] + column).checked_sub(left)?;
        (y < from.height && x < from.width).then(|| y * from.width + x)
    }

    /// Row and column of every tap, row by row.
    pub(crate) fn taps(self) -> impl Iterator<Item = [usize; 2]> {
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
