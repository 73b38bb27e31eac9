//! Uncompressed YUV4MPEG2 video (8 bit, 4:2:0) in and out.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use crate::picture::{HEIGHT, Picture, WIDTH};

/// Luma and chroma bytes of one frame.
const FRAME: usize = WIDTH * HEIGHT * 3 / 2;

/// Reads the frames with the given numbers, in rising order.
///
/// # Errors
/// A sentence when the file is absent, is of another form, or too short.
pub fn read(path: &Path, numbers: &[usize]) -> Result<Vec<Picture>, String> {
    let wrong = |what: &str| format!("{}: {what}: run `cargo xtask setup`", path.display());
    let file = File::open(path).map_err(|error| wrong(&error.to_string()))?;
    let mut file = BufReader::new(file);
    let header = line(&mut file).ok_or_else(|| wrong("empty"))?;
    let has = |field: &str| header.split(' ').any(|word| word == field);
    if !header.starts_with("YUV4MPEG2 ") || !has("W640") || !has("H480") || header.contains("C420p")
    {
        return Err(wrong("not a 640x480 4:2:0 y4m video"));
    }
    let mut pictures = Vec::new();
    let mut planes = vec![0; FRAME];
    let mut number = 0;
    while pictures.len() < numbers.len() {
        line(&mut file)
            .filter(|line| line.starts_with("FRAME"))
            .ok_or_else(|| wrong("too short"))?;
        file.read_exact(&mut planes)
            .map_err(|_| wrong("too short"))?;
        if numbers[pictures.len()] == number {
            pictures.push(picture(&planes));
        }
        number += 1;
    }
    Ok(pictures)
}

fn line(file: &mut BufReader<File>) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        file.read_exact(&mut byte).ok()?;
        if byte == [b'\n'] {
            return String::from_utf8(bytes).ok();
        }
        bytes.push(byte[0]);
    }
}

/// ITU-R BT.601, limited range.
fn picture(planes: &[u8]) -> Picture {
    let (luma, chroma) = planes.split_at(WIDTH * HEIGHT);
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let light = 1.164 * (f32::from(luma[y * WIDTH + x]) - 16.0);
            let at = (y / 2) * (WIDTH / 2) + x / 2;
            let u = f32::from(chroma[at]) - 128.0;
            let v = f32::from(chroma[WIDTH * HEIGHT / 4 + at]) - 128.0;
            let colour = [
                light + 1.596 * v,
                light - 0.392 * u - 0.813 * v,
                light + 2.017 * u,
            ];
            pixels.push(colour.map(|value| (value + 0.5) as u8));
        }
    }
    Picture(pixels)
}

/// A video being written, for people to look at and for a fake camera.
pub struct Writer(BufWriter<File>);

impl Writer {
    /// Starts a file of `rate` frames a second.
    ///
    /// # Errors
    /// A sentence when the file cannot be written.
    pub fn create(path: &Path, rate: u32) -> Result<Self, String> {
        let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut file = BufWriter::new(File::create(path).map_err(wrong)?);
        writeln!(
            file,
            "YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate}:1 Ip A1:1 C420jpeg"
        )
        .map_err(wrong)?;
        Ok(Self(file))
    }

    /// Adds a frame of RGBA pixels.
    ///
    /// # Errors
    /// A sentence when the file cannot be written.
    pub fn add(&mut self, rgba: &[u8]) -> Result<(), String> {
        let pixel = |at: usize| [rgba[at * 4], rgba[at * 4 + 1], rgba[at * 4 + 2]].map(f32::from);
        let mut planes = Vec::with_capacity(FRAME);
        for at in 0..WIDTH * HEIGHT {
            let [r, g, b] = pixel(at);
            planes.push((16.5 + 0.257 * r + 0.504 * g + 0.098 * b) as u8);
        }
        let (mut blue, mut red) = (Vec::new(), Vec::new());
        for y in (0..HEIGHT).step_by(2) {
            for x in (0..WIDTH).step_by(2) {
                let at = y * WIDTH + x;
                let four = [at, at + 1, at + WIDTH, at + WIDTH + 1].map(pixel);
                let [r, g, b] =
                    std::array::from_fn(|i| four.iter().map(|p| p[i]).sum::<f32>() / 4.0);
                blue.push((128.5 - 0.148 * r - 0.291 * g + 0.439 * b) as u8);
                red.push((128.5 + 0.439 * r - 0.368 * g - 0.071 * b) as u8);
            }
        }
        planes.extend(blue);
        planes.extend(red);
        self.0
            .write_all(b"FRAME\n")
            .and_then(|()| self.0.write_all(&planes))
            .map_err(|error| format!("the video cannot be written: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let path = std::env::temp_dir().join(format!("mien-video-{}.y4m", std::process::id()));
        let smooth = Picture::drawn(|x, y| [x / 4.0 + 40.0, y / 4.0 + 60.0, 120.0]);
        let mut writer = Writer::create(&path, 15).unwrap();
        writer.add(&Picture::plain([9, 9, 9]).rgba()).unwrap();
        writer.add(&smooth.rgba()).unwrap();
        drop(writer);
        let read_back = read(&path, &[1]).unwrap();
        assert!(read(&path, &[2]).is_err());
        std::fs::remove_file(&path).unwrap();
        for (a, b) in smooth.0.iter().zip(&read_back[0].0) {
            assert!(
                a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 4),
                "{a:?} {b:?}"
            );
        }
    }
}
