//! Reads uncompressed YUV4MPEG2 video (8 bit, 4:2:0) as camera frames.
#![allow(dead_code, reason = "each test and example uses a part")]

use std::path::Path;

use biometric_system::Frame;

/// A whole video as RGBA pictures.
pub(crate) struct Video {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frames_per_second: f64,
    data: Vec<u8>,
    starts: Vec<usize>,
}

impl Video {
    /// Opens `target/test-media/<name>.y4m`; panics with the way to get it when it is absent.
    pub(crate) fn open(name: &str) -> Self {
        // Used by packages at different depths of the tree.
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let folder = above
            .map(|folder| folder.join("target/test-media"))
            .find(|folder| folder.is_dir())
            .unwrap_or_else(|| panic!("no target/test-media: run `cargo xtask setup`"));
        let path = folder.join(format!("{name}.y4m"));
        let data = std::fs::read(&path)
            .unwrap_or_else(|e| panic!("{}: {e}: run `cargo xtask setup`", path.display()));
        Self::parse(data)
    }

    fn parse(data: Vec<u8>) -> Self {
        let line_end = |from: usize| from + data[from..].iter().position(|b| *b == b'\n').unwrap();
        let end = line_end(0);
        let header = std::str::from_utf8(&data[..end]).unwrap();
        assert!(header.starts_with("YUV4MPEG2 "), "not y4m");
        let field = |tag: char| header.split(' ').skip(1).find_map(|f| f.strip_prefix(tag));
        let number = |tag| field(tag).unwrap().parse::<u32>().unwrap();
        let (width, height) = (number('W'), number('H'));
        assert!(
            field('C').is_none_or(|c| c.starts_with("420") && !c.starts_with("420p")),
            "not 4:2:0"
        );
        let (up, down) = field('F').unwrap().split_once(':').unwrap();
        let frames_per_second = up.parse::<f64>().unwrap() / down.parse::<f64>().unwrap();
        let size = (width * height * 3 / 2) as usize;
        let mut starts = Vec::new();
        let mut at = end + 1;
        while at + 5 < data.len() {
            assert_eq!(&data[at..at + 5], b"FRAME");
            let start = line_end(at) + 1;
            if start + size > data.len() {
                break;
            }
            starts.push(start);
            at = start + size;
        }
        Self {
            width,
            height,
            frames_per_second,
            data,
            starts,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Frame `index` as a camera would give it at `at_ms`.
    pub(crate) fn frame(&self, index: usize, at_ms: f64) -> Frame {
        Frame::new(self.width, self.height, self.rgba(index), at_ms).unwrap()
    }

    /// The pixels of frame `index`.
    pub(crate) fn rgba(&self, index: usize) -> Vec<u8> {
        let (w, h) = (self.width as usize, self.height as usize);
        let planes = &self.data[self.starts[index]..];
        let (y_plane, chroma) = planes.split_at(w * h);
        let mut rgba = Vec::with_capacity(w * h * 4);
        for y in 0..h {
            for x in 0..w {
                // ITU-R BT.601, limited range.
                let luma = 1.164 * (f32::from(y_plane[y * w + x]) - 16.0);
                let at = (y / 2) * (w / 2) + x / 2;
                let u = f32::from(chroma[at]) - 128.0;
                let v = f32::from(chroma[w * h / 4 + at]) - 128.0;
                rgba.push((luma + 1.596 * v) as u8);
                rgba.push((luma - 0.392 * u - 0.813 * v) as u8);
                rgba.push((luma + 2.017 * u) as u8);
                rgba.push(255);
            }
        }
        rgba
    }

    /// All frames with their times, as a camera of the video's rate would give them.
    pub(crate) fn play(&self) -> impl Iterator<Item = Frame> + '_ {
        let step = 1000.0 / self.frames_per_second;
        (0..self.len()).map(move |i| self.frame(i, i as f64 * step))
    }
}
