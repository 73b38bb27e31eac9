//! Data capture subsystem: the intake of camera frames, checked at the door and wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

/// Longest side accepted, in pixels. A camera asked for a sensible size never exceeds it.
pub const MAX_SIDE: u32 = 4096;

/// One RGBA camera frame with the time of its capture. The pixels are overwritten on drop.
pub struct Frame {
    width: usize,
    height: usize,
    rgba: Zeroizing<Vec<u8>>,
    at_ms: f64,
}

/// Why a frame was refused at the door. Names no pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// A side is zero or above [`MAX_SIDE`].
    Size,
    /// The buffer does not hold exactly `width * height * 4` bytes.
    Length,
    /// The time is not a finite number.
    Time,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "frame size out of range",
            Self::Length => "frame buffer does not fit its size",
            Self::Time => "frame time is not finite",
        })
    }
}

impl std::error::Error for FrameError {}

impl Frame {
    /// Takes a frame of `width` x `height` pixels, four bytes RGBA each, rows from the top, captured at
    /// `at_ms` milliseconds on any clock that does not go back during one ceremony.
    ///
    /// # Errors
    /// [`FrameError`] when size, length or time make no sense; the buffer is wiped all the same.
    pub fn new(width: u32, height: u32, rgba: Vec<u8>, at_ms: f64) -> Result<Self, FrameError> {
        let rgba = Zeroizing::new(rgba);
        if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
            return Err(FrameError::Size);
        }
        if !at_ms.is_finite() {
            return Err(FrameError::Time);
        }
        let side = |side: u32| usize::try_from(side).map_err(|_| FrameError::Size);
        let (width, height) = (side(width)?, side(height)?);
        if rgba.len() != width * height * 4 {
            return Err(FrameError::Length);
        }
        Ok(Self {
            width,
            height,
            rgba,
            at_ms,
        })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Time of capture in milliseconds.
    pub fn at_ms(&self) -> f64 {
        self.at_ms
    }

    pub(crate) fn rgba(&self) -> &[u8] {
        &self.rgba
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_sizes_lengths_and_times_that_make_no_sense() {
        let frame = |w, h, len, at| Frame::new(w, h, vec![0; len], at).err();
        assert_eq!(frame(0, 4, 0, 0.0), Some(FrameError::Size));
        assert_eq!(frame(4, 0, 0, 0.0), Some(FrameError::Size));
        assert_eq!(frame(MAX_SIDE + 1, 1, 16_388, 0.0), Some(FrameError::Size));
        assert_eq!(frame(u32::MAX, u32::MAX, 0, 0.0), Some(FrameError::Size));
        assert_eq!(frame(2, 2, 15, 0.0), Some(FrameError::Length));
        assert_eq!(frame(2, 2, 17, 0.0), Some(FrameError::Length));
        assert_eq!(frame(2, 2, 16, f64::NAN), Some(FrameError::Time));
        assert_eq!(frame(2, 2, 16, f64::INFINITY), Some(FrameError::Time));
        assert_eq!(frame(2, 2, 16, 7.0), None);
    }

    #[test]
    fn debug_shows_no_pixel() {
        let frame = Frame::new(1, 1, vec![201, 202, 203, 204], 0.0).unwrap();
        assert_eq!(format!("{frame:?}"), "Frame(1x1)");
    }
}
