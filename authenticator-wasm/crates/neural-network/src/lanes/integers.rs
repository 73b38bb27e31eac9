//! Sums of products of 16-bit integers, two inputs at a time: twice as many products in one vector as with floats.

use super::{Lanes, Quad};

/// Two neighbouring 16-bit integers, the first in the lower half.
pub(crate) type Pair = i32;

/// Two weights for each of four outputs.
pub(crate) type Weights = [i16; 8];

/// Largest magnitude of an input; 14 bits with the sign, so that weights keep about as many.
pub(crate) const LARGEST: i16 = 8191;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vector {
    use std::arch::wasm32::{
        f32x4_convert_i32x4, f32x4_nearest, i16x8, i16x8_narrow_i32x4, i32x4_add, i32x4_dot_i16x8,
        i32x4_extract_lane, i32x4_splat, i32x4_trunc_sat_f32x4, v128,
    };

    use super::{Lanes, Pair, Weights};

    /// The sums of four outputs.
    #[derive(Clone, Copy)]
    pub(crate) struct Sums(v128);

    impl Sums {
        #[inline(always)]
        pub(crate) fn zero() -> Self {
            Self(i32x4_splat(0))
        }

        #[inline(always)]
        pub(crate) fn add_products(self, inputs: Pair, weights: &Weights) -> Self {
            let &[a, b, c, d, e, f, g, h] = weights;
            let weights = i16x8(a, b, c, d, e, f, g, h);
            Self(i32x4_add(
                self.0,
                i32x4_dot_i16x8(i32x4_splat(inputs), weights),
            ))
        }

        #[inline(always)]
        pub(crate) fn floats(self) -> Lanes {
            Lanes(f32x4_convert_i32x4(self.0))
        }
    }

    /// Four floats, rounded.
    #[inline(always)]
    pub(crate) fn round(floats: Lanes) -> [Pair; 2] {
        let rounded = i32x4_trunc_sat_f32x4(f32x4_nearest(floats.0));
        let narrow = i16x8_narrow_i32x4(rounded, rounded);
        [
            i32x4_extract_lane::<0>(narrow),
            i32x4_extract_lane::<1>(narrow),
        ]
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod vector {
    use wide::{bytemuck, f32x4, i16x8, i32x4};

    use super::{Lanes, Pair, Weights};

    /// The sums of four outputs.
    #[derive(Clone, Copy)]
    pub(crate) struct Sums(i32x4);

    impl Sums {
        #[inline(always)]
        pub(crate) fn zero() -> Self {
            Self(i32x4::splat(0))
        }

        #[inline(always)]
        pub(crate) fn add_products(self, inputs: Pair, weights: &Weights) -> Self {
            // From the two halves the compiler would put the vector together number by number.
            let inputs: i16x8 = bytemuck::cast(i32x4::splat(inputs));
            Self(self.0 + inputs.dot(i16x8::new(*weights)))
        }

        #[inline(always)]
        #[allow(
            clippy::as_conversions,
            clippy::cast_precision_loss,
            reason = "the conversion that is meant"
        )]
        pub(crate) fn floats(self) -> Lanes {
            Lanes(self.0.to_array().map(|sum| sum as f32))
        }
    }

    /// Four floats that fit into 16 bits, rounded.
    #[inline(always)]
    pub(crate) fn round(floats: Lanes) -> [Pair; 2] {
        let [a, b, c, d] = f32x4::new(floats.0).round_int().to_array();
        [a & 0xffff | b << 16, c & 0xffff | d << 16]
    }
}

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
mod vector {
    use super::{Lanes, Pair, Weights};

    /// The sums of four outputs.
    #[derive(Clone, Copy)]
    pub(crate) struct Sums([i32; 4]);

    impl Sums {
        pub(crate) fn zero() -> Self {
            Self([0; 4])
        }

        #[inline(always)]
        pub(crate) fn add_products(self, inputs: Pair, weights: &Weights) -> Self {
            let (pairs, _) = weights.as_chunks::<2>();
            let [a, b, c, d] = inputs.to_le_bytes();
            let [low, high] = [[a, b], [c, d]].map(|half| i32::from(i16::from_le_bytes(half)));
            let mut sums = self.0;
            for (sum, [first, second]) in sums.iter_mut().zip(pairs) {
                *sum += low * i32::from(*first) + high * i32::from(*second);
            }
            Self(sums)
        }

        #[inline(always)]
        #[allow(
            clippy::as_conversions,
            clippy::cast_precision_loss,
            reason = "the conversion that is meant"
        )]
        pub(crate) fn floats(self) -> Lanes {
            Lanes(self.0.map(|sum| sum as f32))
        }
    }

    /// Four floats, rounded.
    #[inline(always)]
    #[allow(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the conversion that is meant; it saturates"
    )]
    pub(crate) fn round(floats: Lanes) -> [Pair; 2] {
        let [a, b, c, d] = floats
            .0
            .map(|value| (value.round_ties_even() as i16).to_le_bytes());
        let pair = |[a, b]: [u8; 2], [c, d]: [u8; 2]| i32::from_le_bytes([a, b, c, d]);
        [pair(a, b), pair(c, d)]
    }
}

pub(crate) use vector::Sums;

/// The picture as 16-bit integers, and what one step of them is worth.
pub(crate) fn quantise(quads: &[Quad]) -> (Vec<[Pair; 2]>, f32) {
    let mut largest = Lanes::splat(0.0);
    for quad in quads {
        largest = largest.larger(Lanes::load(quad).magnitude());
    }
    let largest = largest.quad().into_iter().fold(0.0, f32::max);
    if largest == 0.0 {
        return (vec![[0; 2]; quads.len()], 0.0);
    }
    let scale = Lanes::splat(f32::from(LARGEST) / largest);
    let rounded = quads
        .iter()
        .map(|quad| vector::round(Lanes::load(quad).times(scale)));
    (rounded.collect(), largest / f32::from(LARGEST))
}
