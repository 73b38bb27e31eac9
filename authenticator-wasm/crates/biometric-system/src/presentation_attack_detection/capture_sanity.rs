//! How the frames came: repeats of earlier frames are no live view; odd timing is noted and no more.

use sha2::{Digest, Sha256};

/// Repeats of earlier pictures, one after the other in the order they first had, that make a loop.
const LOOP: usize = 3;

/// Frames remembered: half a minute at 60 a second. Then the watch begins anew.
const MEMORY: usize = 1800;

/// Stands for a picture: pictures that differ have different keys, but for chance.
pub(crate) type Key = [u8; 8];

/// The key of a picture.
pub(crate) fn key(grey: &[u8]) -> Key {
    let mut key = [0; 8];
    for (key, byte) in key.iter_mut().zip(Sha256::digest(grey)) {
        *key = byte;
    }
    key
}

/// What the stream of frames says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every picture was new, but for single repeats.
    NoLoop,
    /// A run of earlier pictures came again, bit by bit the same: a recording in a loop.
    Loop,
}

/// Watches the frames of one look.
#[derive(Default)]
pub(crate) struct CaptureSanity {
    seen: Vec<Key>,
    /// Place of the last repeat's original, and how many came in order.
    run: Option<(usize, usize)>,
    looped: bool,
    last_at_ms: Option<f64>,
    /// Shortest and longest time between two frames.
    gaps: Option<(f64, f64)>,
}

impl CaptureSanity {
    /// Takes the next frame that differs from the one before it, by the [`key`] of its small grey picture.
    pub(crate) fn see(&mut self, key: Key, at_ms: f64) {
        if let Some(last) = self.last_at_ms.replace(at_ms) {
            let gap = at_ms - last;
            let (least, most) = self.gaps.unwrap_or((gap, gap));
            self.gaps = Some((least.min(gap), most.max(gap)));
        }
        if self.seen.len() >= MEMORY {
            *self = Self::default();
        }
        let earlier = self.seen.iter().rposition(|other| *other == key);
        self.run = earlier.map(|place| match self.run {
            Some((last, length)) if place == last + 1 => (place, length + 1),
            _ => (place, 1),
        });
        self.looped |= self.run.is_some_and(|(_, length)| length >= LOOP);
        self.seen.push(key);
    }

    pub(crate) fn verdict(&self) -> Verdict {
        if self.looped {
            Verdict::Loop
        } else {
            Verdict::NoLoop
        }
    }

    /// For the transcript, never a reason to refuse: frames, and whether their times are more regular than
    /// a camera's (every gap within a hundredth of a millisecond) or impossible (above 240 a second).
    pub(crate) fn notes(&self) -> [u32; 3] {
        let (least, most) = self.gaps.unwrap_or((f64::INFINITY, f64::INFINITY));
        let regular = self.seen.len() > 10 && most - least < 0.01;
        [
            u32::try_from(self.seen.len()).unwrap_or(u32::MAX),
            u32::from(regular),
            u32::from(least < 1000.0 / 240.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(pictures: &[u8]) -> CaptureSanity {
        let mut sanity = CaptureSanity::default();
        for (i, picture) in (0_u8..).zip(pictures) {
            sanity.see(key(&[*picture; 50]), f64::from(i) * 66.0);
        }
        sanity
    }

    #[test]
    fn a_run_of_earlier_pictures_is_a_loop() {
        assert_eq!(play(&[1, 2, 3, 4, 5, 6]).verdict(), Verdict::NoLoop);
        assert_eq!(play(&[1, 2, 3, 4, 2, 3, 9, 4]).verdict(), Verdict::NoLoop);
        assert_eq!(play(&[1, 2, 3, 4, 2, 3, 4]).verdict(), Verdict::Loop);
        assert_eq!(play(&[1, 2, 3, 1, 2, 3, 1]).verdict(), Verdict::Loop);
    }

    #[test]
    fn odd_times_are_noted() {
        let pictures: Vec<u8> = (0..20).collect();
        assert_eq!(play(&pictures).notes(), [20, 1, 0]);
        let mut sanity = CaptureSanity::default();
        for at_ms in [0.0, 60.0, 130.0, 131.0] {
            sanity.see([1; 8], at_ms);
        }
        assert_eq!(sanity.notes(), [4, 0, 1]);
    }
}
