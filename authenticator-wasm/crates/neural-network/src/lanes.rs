//! Four floats worked on together: one 128-bit vector in WASM, whatever the compiler makes of an array elsewhere.

pub(crate) mod integers;

/// Four neighbouring floats in memory.
pub(crate) type Quad = [f32; 4];

/// Quads that hold `count` floats.
pub(crate) const fn quads(count: usize) -> usize {
    count.div_ceil(4)
}

/// Floats in whole quads, zeros at the end.
pub(crate) fn filled(values: &[f32]) -> Vec<Quad> {
    values
        .chunks(4)
        .map(|four| std::array::from_fn(|lane| four.get(lane).copied().unwrap_or_default()))
        .collect()
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vector {
    #[cfg(target_feature = "relaxed-simd")]
    use std::arch::wasm32::f32x4_relaxed_madd;
    use std::arch::wasm32::{
        f32x4, f32x4_abs, f32x4_add, f32x4_extract_lane, f32x4_gt, f32x4_lt, f32x4_mul,
        f32x4_splat, v128, v128_bitselect,
    };

    use super::Quad;

    /// Four floats in a register.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes(pub(super) v128);

    impl Lanes {
        #[inline(always)]
        pub(crate) fn load(&[a, b, c, d]: &Quad) -> Self {
            Self(f32x4(a, b, c, d))
        }

        #[inline(always)]
        pub(crate) fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        #[inline(always)]
        pub(crate) fn quad(self) -> Quad {
            [
                f32x4_extract_lane::<0>(self.0),
                f32x4_extract_lane::<1>(self.0),
                f32x4_extract_lane::<2>(self.0),
                f32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        pub(crate) fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn magnitude(self) -> Self {
            Self(f32x4_abs(self.0))
        }

        /// `self + a * b`; rounded once or twice, as the machine likes it.
        #[inline(always)]
        pub(crate) fn add_product(self, a: Self, b: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return Self(f32x4_relaxed_madd(a.0, b.0, self.0));
            #[cfg(not(target_feature = "relaxed-simd"))]
            Self(f32x4_add(self.0, f32x4_mul(a.0, b.0)))
        }

        #[inline(always)]
        pub(crate) fn larger(self, other: Self) -> Self {
            Self(v128_bitselect(self.0, other.0, f32x4_gt(self.0, other.0)))
        }

        /// Negative lanes times `slope`.
        #[inline(always)]
        pub(crate) fn leak(self, slope: Self) -> Self {
            let negative = f32x4_lt(self.0, f32x4_splat(0.0));
            Self(v128_bitselect(f32x4_mul(self.0, slope.0), self.0, negative))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod vector {
    use super::Quad;

    /// Four floats; the compiler finds the vector instructions that there are.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes(pub(super) Quad);

    impl Lanes {
        #[inline(always)]
        pub(crate) fn load(quad: &Quad) -> Self {
            Self(*quad)
        }

        #[inline(always)]
        pub(crate) fn splat(value: f32) -> Self {
            Self([value; 4])
        }

        #[inline(always)]
        pub(crate) fn quad(self) -> Quad {
            self.0
        }

        #[inline(always)]
        fn with(self, other: Self, operation: impl Fn(f32, f32) -> f32) -> Self {
            let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
            Self([
                operation(a, e),
                operation(b, f),
                operation(c, g),
                operation(d, h),
            ])
        }

        #[inline(always)]
        pub(crate) fn add(self, other: Self) -> Self {
            self.with(other, |a, b| a + b)
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            self.with(other, |a, b| a * b)
        }

        #[inline(always)]
        pub(crate) fn magnitude(self) -> Self {
            Self(self.0.map(f32::abs))
        }

        /// `self + a * b`.
        #[inline(always)]
        pub(crate) fn add_product(self, a: Self, b: Self) -> Self {
            self.add(a.times(b))
        }

        #[inline(always)]
        pub(crate) fn larger(self, other: Self) -> Self {
            self.with(other, |a, b| if a > b { a } else { b })
        }

        /// Negative lanes times `slope`.
        #[inline(always)]
        pub(crate) fn leak(self, slope: Self) -> Self {
            self.with(slope, |a, slope| if a < 0.0 { a * slope } else { a })
        }
    }
}

pub(crate) use vector::Lanes;

#[cfg(test)]
pub(crate) mod tests {
    /// Numbers between -1 and 1 from a seed (xorshift, Marsaglia, 2003).
    pub(crate) fn numbers(seed: u32) -> impl FnMut() -> f32 {
        println!("seed {seed:#x}");
        let mut state = seed;
        move || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let [low, high, ..] = state.to_le_bytes();
            f32::from(i16::from_le_bytes([low, high])) / 32768.0
        }
    }
}
