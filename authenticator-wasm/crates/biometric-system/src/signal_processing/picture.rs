//! The frame shrunk for the detector: float planes, and a small grey picture for comparing frames.

use zeroize::Zeroizing;

use crate::data_capture::Frame;

/// The detector wants sides that are multiples of its largest stride.
const STRIDE: usize = 32;

/// A frame shrunk by area averaging so that its long side has at most `long_side` pixels, padded with
/// black at the right and the bottom.
pub(crate) struct Picture {
    /// Width of the planes, padding included.
    pub(crate) width: usize,
    /// Height of the planes, padding included.
    pub(crate) height: usize,
    /// Frame pixels per picture pixel, at least 1.
    pub(crate) scale: f32,
    /// Blue, green and red planes, 0 to 255.
    pub(crate) bgr: Zeroizing<Vec<f32>>,
    /// One grey value per pixel, without padding.
    pub(crate) grey: Zeroizing<Vec<u8>>,
}

impl Picture {
    /// Shrinks `frame`. Frames that are small enough keep their size.
    #[allow(
        clippy::as_conversions,
        clippy::indexing_slicing,
        clippy::cast_precision_loss,
        reason = "hot loop; every index is below the lengths allocated from the same sizes"
    )]
    pub(crate) fn shrink(frame: &Frame, long_side: usize) -> Self {
        let (from_width, from_height) = (frame.width(), frame.height());
        let scale = (from_width.max(from_height) as f32 / long_side as f32).max(1.0);
        let shrunk = |side: usize| ((side as f32 / scale).round() as usize).max(1);
        let (inner_width, inner_height) = (shrunk(from_width), shrunk(from_height));
        let width = inner_width.next_multiple_of(STRIDE);
        let height = inner_height.next_multiple_of(STRIDE);
        let plane = width * height;
        let mut bgr = Zeroizing::new(vec![0.0_f32; 3 * plane]);
        let mut grey = Zeroizing::new(Vec::with_capacity(inner_width * inner_height));
        // Source columns of each target column: neighbouring windows may share a pixel, so that their
        // centres stay evenly spaced.
        let window = |index: usize, side: usize| {
            let start = (index as f32 * scale) as usize;
            let end = ((index + 1) as f32 * scale).ceil() as usize;
            let end = end.clamp(1, side);
            (start.min(end - 1), end)
        };
        let columns: Vec<_> = (0..inner_width).map(|x| window(x, from_width)).collect();
        let pixels = frame.rgba();
        for y in 0..inner_height {
            let (top, bottom) = window(y, from_height);
            for (x, &(left, right)) in columns.iter().enumerate() {
                let mut sum = [0_u32; 3];
                for row in top..bottom {
                    let start = (row * from_width + left) * 4;
                    let end = (row * from_width + right) * 4;
                    for pixel in pixels[start..end].chunks_exact(4) {
                        sum[0] += u32::from(pixel[0]);
                        sum[1] += u32::from(pixel[1]);
                        sum[2] += u32::from(pixel[2]);
                    }
                }
                let count = ((bottom - top) * (right - left)) as f32;
                let [red, green, blue] = sum.map(|sum| sum as f32 / count);
                let at = y * width + x;
                bgr[at] = blue;
                bgr[plane + at] = green;
                bgr[2 * plane + at] = red;
                grey.push((0.299 * red + 0.587 * green + 0.114 * blue).round() as u8);
            }
        }
        Self {
            width,
            height,
            scale,
            bgr,
            grey,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Frame {
        let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgba = rgba.flat_map(|(x, y)| pixel(x, y)).collect();
        Frame::new(width, height, rgba, 0.0).unwrap()
    }

    #[test]
    fn colours_and_means_survive() {
        let picture = Picture::shrink(
            &frame(640, 480, |x, _| {
                [10, 20, if x < 320 { 30 } else { 90 }, 255]
            }),
            256,
        );
        assert_eq!((picture.width, picture.height), (256, 192));
        assert!((picture.scale - 2.5).abs() < 1e-6);
        let plane = 256 * 192;
        assert!((picture.bgr[0] - 30.0).abs() < 1e-3 && (picture.bgr[255] - 90.0).abs() < 1e-3);
        assert!((picture.bgr[plane] - 20.0).abs() < 1e-3);
        assert!((picture.bgr[2 * plane] - 10.0).abs() < 1e-3);
        assert_eq!(picture.grey.len(), plane);
    }

    #[test]
    fn odd_and_tiny_sizes_are_padded() {
        for (w, h) in [
            (1, 1),
            (1, 4096),
            (4096, 1),
            (33, 31),
            (250, 250),
            (641, 479),
        ] {
            let picture = Picture::shrink(&frame(w, h, |_, _| [255, 255, 255, 255]), 256);
            assert!(picture.width.is_multiple_of(32) && picture.height.is_multiple_of(32));
            assert!(picture.width <= 256 && picture.height <= 256);
            assert!(picture.grey.iter().all(|grey| *grey == 255), "{w}x{h}");
        }
    }
}
