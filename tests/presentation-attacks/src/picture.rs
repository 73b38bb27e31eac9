//! Pictures of one size, and the few operations that presentations are made of.

/// Width of every picture in pixels.
pub const WIDTH: usize = 640;
/// Height of every picture in pixels.
pub const HEIGHT: usize = 480;

/// A picture of [`WIDTH`] x [`HEIGHT`] sRGB pixels, rows from the top.
#[derive(Clone, PartialEq)]
pub struct Picture(pub Vec<[u8; 3]>);

impl Picture {
    /// One colour.
    pub fn plain(colour: [u8; 3]) -> Self {
        Self(vec![colour; WIDTH * HEIGHT])
    }

    /// The pixels with full opacity, as a camera frame has them.
    pub fn rgba(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() * 4);
        for [r, g, b] in &self.0 {
            out.extend_from_slice(&[*r, *g, *b, 255]);
        }
        out
    }

    /// The colour between pixels, bilinear; the border goes on outside.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let x = x.clamp(0.0, (WIDTH - 1) as f32 - 0.001);
        let y = y.clamp(0.0, (HEIGHT - 1) as f32 - 0.001);
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = top * WIDTH + left;
        let (a, b) = (self.0[at], self.0[at + 1]);
        let (c, d) = (self.0[at + WIDTH], self.0[at + WIDTH + 1]);
        let (upper, lower) = (1.0 - fy, fy);
        let parts = [
            (1.0 - fx) * upper,
            fx * upper,
            (1.0 - fx) * lower,
            fx * lower,
        ];
        std::array::from_fn(|i| {
            parts[0] * f32::from(a[i])
                + parts[1] * f32::from(b[i])
                + parts[2] * f32::from(c[i])
                + parts[3] * f32::from(d[i])
        })
    }

    /// Each pixel taken from the place that `from` names for it.
    pub fn warped(&self, from: impl Fn(f32, f32) -> (f32, f32)) -> Self {
        Self::drawn(|x, y| {
            let (x, y) = from(x, y);
            self.sample(x, y)
        })
    }

    /// Each pixel made by a function of its place.
    pub fn drawn(mut colour: impl FnMut(f32, f32) -> [f32; 3]) -> Self {
        let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                pixels.push(to_bytes(colour(x as f32, y as f32)));
            }
        }
        Self(pixels)
    }

    /// Each pixel changed by a function of its place and colour.
    pub fn map(&self, change: impl Fn(usize, usize, [f32; 3]) -> [f32; 3]) -> Self {
        let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
        for (row, line) in self.0.chunks(WIDTH).enumerate() {
            for (column, pixel) in line.iter().enumerate() {
                pixels.push(to_bytes(change(column, row, pixel.map(f32::from))));
            }
        }
        Self(pixels)
    }

    /// Blurred by a binomial filter of five taps, `times` over: each adds a deviation of one pixel.
    pub fn blurred(&self, times: usize) -> Self {
        let mut out = self.clone();
        for _ in 0..times {
            out = out.filtered(1, WIDTH).filtered(WIDTH, WIDTH);
        }
        out
    }

    fn filtered(&self, step: usize, margin: usize) -> Self {
        let mut out = self.clone();
        let edge = 2 * margin.max(step);
        for at in edge..self.0.len() - edge {
            let far = (self.0[at - 2 * step], self.0[at + 2 * step]);
            let near = (self.0[at - step], self.0[at + step]);
            for i in 0..3 {
                let sum = u16::from(far.0[i])
                    + u16::from(far.1[i])
                    + 4 * (u16::from(near.0[i]) + u16::from(near.1[i]))
                    + 6 * u16::from(self.0[at][i]);
                out.0[at][i] = ((sum + 8) / 16) as u8;
            }
        }
        out
    }

    /// This picture where `part` is 0, the other where it is 1.
    pub fn mixed(&self, other: &Self, part: impl Fn(usize, usize) -> f32) -> Self {
        self.map(|x, y, here| {
            let part = part(x, y);
            if part <= 0.0 {
                return here;
            }
            let there = other.0[y * WIDTH + x];
            std::array::from_fn(|i| here[i] + part * (f32::from(there[i]) - here[i]))
        })
    }
}

/// Grey levels rounded into bytes.
pub fn to_bytes(colour: [f32; 3]) -> [u8; 3] {
    colour.map(|value| (value + 0.5) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampling_is_exact_on_pixels_and_linear_between() {
        let picture = Picture::drawn(|x, y| [x / 4.0, y / 4.0, 7.0]);
        assert_eq!(picture.sample(40.0, 80.0), [10.0, 20.0, 7.0]);
        assert_eq!(picture.sample(42.0, 82.0), [11.0, 21.0, 7.0]);
        assert_eq!(picture.sample(-9.0, -9.0), [0.0, 0.0, 7.0]);
        let same = picture.warped(|x, y| (x, y));
        assert!(same.0[WIDTH * 100..WIDTH * 101 - 1] == picture.0[WIDTH * 100..WIDTH * 101 - 1]);
    }

    #[test]
    fn blur_keeps_the_mean_and_lowers_the_contrast() {
        let picture = Picture::drawn(|x, _| {
            [if (x as usize).is_multiple_of(2) {
                100.0
            } else {
                140.0
            }; 3]
        });
        let blurred = picture.blurred(1);
        let at = WIDTH * 200 + 300;
        assert!(
            (115..=125).contains(&blurred.0[at][0]),
            "{}",
            blurred.0[at][0]
        );
        assert!((115..=125).contains(&blurred.0[at + 1][0]));
    }
}
