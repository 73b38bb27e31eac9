//! What the person who signs may say about presentation attack detection: which layers passed.

use sha2::{Digest, Sha256};

use super::seed::Seed;

/// One layer of presentation attack detection. Its name says what was tested, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The texture of the pictures, judged by a network.
    Texture,
    /// The head turned as asked, and moved as a solid head does.
    HeadTurn,
    /// The face answered the colours of the screen.
    Light,
}

impl Layer {
    /// The stable name used in the signed extension.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Texture => "texture",
            Self::HeadTurn => "head-turn",
            Self::Light => "light",
        }
    }
}

/// The layers that ran and passed, and a digest of the whole course of the look.
#[derive(Debug)]
pub struct Report {
    layers: Vec<Layer>,
    transcript: [u8; 32],
}

impl Report {
    pub(crate) fn new(layers: Vec<Layer>, transcript: [u8; 32]) -> Self {
        Self { layers, transcript }
    }

    /// The layers that ran and passed, in the order texture, head turn, light.
    pub fn layers(&self) -> Vec<Layer> {
        self.layers.clone()
    }

    /// SHA-256 of the course of the look: what was asked and when it was done, layer by layer. It commits to
    /// that course without telling it; no picture, feature or score goes into it.
    pub fn transcript(&self) -> &[u8; 32] {
        &self.transcript
    }
}

/// Gathers the course of a look for [`Report::transcript`].
pub(crate) struct Transcript(Sha256);

impl Transcript {
    pub(crate) fn new(seed: Seed) -> Self {
        Self(Sha256::new_with_prefix(
            seed.digest("mien/pad-transcript/1"),
        ))
    }

    /// Adds one entry: a name and numbers, each with its length, so that no two courses look alike.
    pub(crate) fn add(&mut self, name: &str, numbers: &[u32]) {
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
        self.0.update(length(name.len()));
        self.0.update(name.as_bytes());
        self.0.update(length(numbers.len()));
        for number in numbers {
            self.0.update(number.to_be_bytes());
        }
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::CeremonyId;

    fn transcript(entries: &[(&str, &[u32])]) -> [u8; 32] {
        let mut transcript = Transcript::new(Seed {
            ceremony: CeremonyId::new([3; 32]),
            attempt: 0,
        });
        for (name, numbers) in entries {
            transcript.add(name, numbers);
        }
        transcript.finish()
    }

    #[test]
    fn courses_that_differ_have_different_transcripts() {
        let all = [
            transcript(&[]),
            transcript(&[("turn", &[1, 2])]),
            transcript(&[("turn", &[1]), ("turn", &[2])]),
            transcript(&[("turn", &[2, 1])]),
            transcript(&[("tur", &[1, 2])]),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
        assert_eq!(
            transcript(&[("turn", &[1, 2])]),
            transcript(&[("turn", &[1, 2])])
        );
    }
}
