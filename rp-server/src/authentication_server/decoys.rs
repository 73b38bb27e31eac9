//! Decoys: a name without an account gets an answer like any other, and so does an answer to it (WebAuthn Level 3,
//! 14.6.2).

use getrandom::SysRng;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::SigningKey;
use p256::elliptic_curve::Generate;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{CredentialId, CredentialRecord, CredentialState, PublicKey, Refusal, UserId};
use crate::random::NoRandom;

/// Derives decoys from a key that only this server knows.
pub(super) struct Decoys {
    key: Zeroizing<[u8; 32]>,
    /// Nobody has its private key.
    public_key: PublicKey,
}

/// What a name without an account is said to have: always the same for one name.
pub(super) struct Decoy {
    pub user: Uuid,
    pub credentials: Vec<CredentialId>,
}

impl Decoys {
    pub(super) fn new(key: [u8; 32]) -> Result<Self, Refusal> {
        let thrown_away = SigningKey::try_generate_from_rng(&mut SysRng).map_err(|_| NoRandom)?;
        let point = thrown_away.verifying_key().to_sec1_point(false);
        let public_key = point
            .x()
            .zip(point.y())
            .and_then(|(x, y)| PublicKey::from_numbers(-7, x, y))
            .ok_or(Refusal::Internal("decoy key"))?;
        Ok(Self {
            key: Zeroizing::new(key),
            public_key,
        })
    }

    /// Most accounts have one credential of our own agent, whose IDs have 32 bytes; some have more, or those of other
    /// authenticators. Decoys are alike, so that neither number nor length tells.
    pub(super) fn of_name(&self, name_key: &str) -> Result<Decoy, Refusal> {
        let [many, one, two, three, ..] = self.derive("shape", name_key)?;
        let count = match many {
            0..=15 => 3,
            16..=63 => 2,
            _ => 1,
        };
        let credentials = ["credential", "credential 2", "credential 3"]
            .into_iter()
            .zip([one, two, three])
            .take(count)
            .map(|(what, length)| self.credential_id(what, length, name_key))
            .collect::<Result<_, _>>()?;
        let user = self.derive("user", name_key)?;
        let (user, _) = user.split_at(16);
        let user = Uuid::from_slice(user).map_err(|_| Refusal::Internal("decoy user"))?;
        Ok(Decoy { user, credentials })
    }

    /// The record that an answer to a decoy is verified against, in vain: what is refused at once would tell by its
    /// time.
    pub(super) fn record(&self, id: &CredentialId, user: Uuid) -> CredentialRecord {
        CredentialRecord {
            id: id.clone(),
            user: UserId(user),
            public_key: self.public_key.clone(),
            state: CredentialState::default(),
            backup_eligible: false,
            transports: Vec::new(),
            aaguid: Uuid::nil(),
            device: String::new(),
            created_ms: 0,
            used_ms: None,
            presentation_attack_detection: None,
            user_verification_methods: None,
            attestation: None,
        }
    }

    fn credential_id(&self, what: &str, length: u8, key: &str) -> Result<CredentialId, Refusal> {
        let start = self.derive(what, key)?;
        let more = self.derive(&format!("{what} more"), key)?;
        let bytes = [start, more].concat();
        // Lengths that authenticators use: ours, two of phones and password managers, one of security keys.
        let length = match length {
            0..=31 => 16,
            32..=47 => 20,
            48..=63 => 64,
            _ => 32,
        };
        let bytes = bytes.get(..length).and_then(CredentialId::new);
        bytes.ok_or(Refusal::Internal("decoy length"))
    }

    fn derive(&self, what: &str, name_key: &str) -> Result<[u8; 32], Refusal> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_ref())
            .map_err(|_| Refusal::Internal("decoy key"))?;
        mac.update(b"mien decoy ");
        mac.update(what.as_bytes());
        mac.update(b"\0");
        mac.update(name_key.as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(decoys: &Decoys, name: &str) -> Vec<CredentialId> {
        decoys.of_name(name).unwrap().credentials
    }

    #[test]
    fn decoys_are_stable_and_differ_by_name_and_server() {
        let one = Decoys::new([1; 32]).unwrap();
        let ada = ids(&one, "ada");
        assert_eq!(ada, ids(&Decoys::new([1; 32]).unwrap(), "ada"));
        assert_ne!(ada, ids(&one, "bob"));
        assert_ne!(ada, ids(&Decoys::new([2; 32]).unwrap(), "ada"));
        let user = |name| one.of_name(name).unwrap().user;
        assert_ne!(user("ada"), user("bob"));
    }

    #[test]
    fn decoys_differ_in_number_and_length_like_accounts() {
        let decoys = Decoys::new([1; 32]).unwrap();
        let mut numbers = [0; 4];
        let mut lengths = [0; 65];
        for name in 0..1000 {
            let found = ids(&decoys, &name.to_string());
            numbers[found.len()] += 1;
            for id in found {
                lengths[id.as_bytes().len()] += 1;
            }
        }
        assert_eq!(numbers[0], 0);
        assert!(
            numbers[1] > 650 && numbers[2] > 130 && numbers[3] > 30,
            "{numbers:?}"
        );
        assert!(lengths[32] > lengths[16] && lengths[16] > lengths[64]);
        assert!(lengths[20] > 30 && lengths[64] > 30);
        assert_eq!(
            lengths[16] + lengths[20] + lengths[32] + lengths[64],
            lengths.iter().sum::<i32>()
        );
    }
}
