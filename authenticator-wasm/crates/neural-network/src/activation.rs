//! What follows a sum of products in place: nothing, ReLU or PReLU.

use crate::lanes::{Lanes, Quad};

/// An activation, with one slope for each channel where it has slopes.
#[derive(Clone, Debug, Default)]
pub(crate) enum Activation {
    #[default]
    None,
    Relu,
    /// He et al., 2015; slopes in quads.
    PRelu(Vec<Quad>),
}

impl Activation {
    /// Applies it to the channels of quad number `at`.
    #[inline(always)]
    pub(crate) fn apply(&self, sum: Lanes, at: usize) -> Lanes {
        match self {
            Self::None => sum,
            Self::Relu => sum.larger(Lanes::splat(0.0)),
            Self::PRelu(slopes) => match slopes.get(at) {
                Some(slopes) => sum.leak(Lanes::load(slopes)),
                None => sum,
            },
        }
    }
}
