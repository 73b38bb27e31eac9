//! Reads a picture file as a camera frame.

use std::path::Path;

use biometric_system::Frame;
use image::ImageReader;

/// File endings that are taken for pictures.
const ENDINGS: [&str; 3] = ["jpg", "jpeg", "png"];

/// Whether the name is that of a picture.
pub(crate) fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The picture at `path`, taken at time 0, whatever its name says about its kind. None when it cannot
/// be read or is larger than a camera frame may be.
pub(crate) fn read(path: &Path) -> Option<Frame> {
    let reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
    let picture = reader.decode().ok()?.to_rgba8();
    Frame::new(picture.width(), picture.height(), picture.into_raw(), 0.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_pictures_by_their_names() {
        assert!(
            ["a/b.jpg", "B.JPEG", "c.d.png"]
                .iter()
                .all(|name| is_picture(Path::new(name)))
        );
        assert!(
            !["pairs.csv", "jpg", ".jpg", "a.jpg.txt"]
                .iter()
                .any(|name| is_picture(Path::new(name)))
        );
    }
}
