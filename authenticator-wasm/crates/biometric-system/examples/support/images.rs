//! Reads a JPEG as a camera frame.

use std::path::Path;

use biometric_system::Frame;

/// The picture at `path`, taken at time 0.
pub(crate) fn read(path: &Path) -> Frame {
    let image = image::open(path)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        .to_rgba8();
    Frame::new(image.width(), image.height(), image.into_raw(), 0.0).expect("a frame")
}
