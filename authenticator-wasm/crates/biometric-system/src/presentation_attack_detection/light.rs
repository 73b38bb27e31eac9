//! Colours of the screen in an order that the ceremony draws, and whether the face answers them.

use super::seed::Seed;

/// Colours in one look.
const COLOURS: usize = 8;
/// How long each stays, in milliseconds: 2.5 changes a second, so fewer than the three flashes (pairs of
/// changes) a second that WCAG 2.3.1 allows.
const EACH_MS: f64 = 400.0;
/// The colours drawn from, as sRGB. None is saturated red in the sense of WCAG 2.3.1.
const PALETTE: [[u8; 3]; 6] = [
    [255, 112, 112],
    [64, 255, 96],
    [96, 128, 255],
    [255, 230, 64],
    [64, 240, 255],
    [255, 96, 240],
];

/// The colours of a look. The digest for "mien/light/1" gives one byte for each: the first byte modulo six
/// is the first colour; each further byte modulo five, plus one, is how far the next colour lies from the
/// one before it in the palette, so that no two neighbours are equal.
pub(crate) fn colours(seed: Seed) -> [[u8; 3]; COLOURS] {
    let mut colours = [[0; 3]; COLOURS];
    let mut at = 0;
    let digest = seed.digest("mien/light/1");
    for (index, (colour, byte)) in colours.iter_mut().zip(digest).enumerate() {
        at = if index == 0 {
            usize::from(byte) % PALETTE.len()
        } else {
            (at + 1 + usize::from(byte) % (PALETTE.len() - 1)) % PALETTE.len()
        };
        *colour = PALETTE.get(at).copied().unwrap_or_default();
    }
    colours
}

/// What the light layer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No colours were shown, because they were declined, or the look ended before they did.
    NotRun,
    /// The answer is too weak for the noise: bright surroundings, or a camera that does not see the light.
    NotMeasurable,
}

/// Shows the colours of one look.
pub(crate) struct Screen {
    colours: [[u8; 3]; COLOURS],
    offered: bool,
    started_ms: Option<f64>,
}

impl Screen {
    pub(crate) fn new(seed: Seed, offered: bool) -> Self {
        Self {
            colours: colours(seed),
            offered,
            started_ms: None,
        }
    }

    /// The first good frame has come: the colours begin.
    pub(crate) fn start(&mut self, at_ms: f64) {
        self.started_ms.get_or_insert(at_ms);
    }

    /// The colour to show from the frame at `at_ms` on.
    pub(crate) fn colour(&self, at_ms: f64) -> Option<[u8; 3]> {
        let since = at_ms - self.started_ms?;
        #[allow(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and what is out of range has no colour"
        )]
        let index = (since.max(0.0) / EACH_MS) as usize;
        self.colours.get(index).copied().filter(|_| self.offered)
    }

    /// Whether nothing more is to be expected from this layer.
    pub(crate) fn is_over(&self, at_ms: f64) -> bool {
        !self.offered || (self.started_ms.is_some() && self.colour(at_ms).is_none())
    }

    pub(crate) fn verdict(&self) -> Verdict {
        if self.offered {
            Verdict::NotMeasurable
        } else {
            Verdict::NotRun
        }
    }
}
