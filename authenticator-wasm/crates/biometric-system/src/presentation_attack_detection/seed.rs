//! What a look asks for is drawn from the ceremony: nobody can film it beforehand.

use sha2::{Digest, Sha256};

use crate::decision::CeremonyId;

/// Which look this is: a ceremony, and how many looks it has had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) ceremony: CeremonyId,
    pub(crate) attempt: u32,
}

impl Seed {
    /// SHA-256(`purpose` ‖ ceremony ‖ attempt as four big-endian bytes).
    pub(crate) fn digest(self, purpose: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(purpose.as_bytes());
        hash.update(self.ceremony.as_bytes());
        hash.update(self.attempt.to_be_bytes());
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts() {
        let seed = |byte, attempt| Seed {
            ceremony: CeremonyId::new([byte; 32]),
            attempt,
        };
        let digest = seed(1, 0).digest("mien/head-turn/1");
        assert_eq!(digest, seed(1, 0).digest("mien/head-turn/1"));
        assert_ne!(digest, seed(2, 0).digest("mien/head-turn/1"));
        assert_ne!(digest, seed(1, 1).digest("mien/head-turn/1"));
        assert_ne!(digest, seed(1, 0).digest("mien/light/1"));
    }
}
