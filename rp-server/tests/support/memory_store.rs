//! What the authentication server needs of a store, in memory: for measuring and comparing verifications alone.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use rp_server::authentication_server::{
    CredentialId, CredentialRecord, StoredCeremony, UserId, VerifiedRegistration,
};
use rp_server::clock::UnixMs;
use rp_server::store::{CredentialStore, StoreError};

#[derive(Default)]
pub(crate) struct MemoryStore {
    records: Mutex<HashMap<Vec<u8>, CredentialRecord>>,
    ceremonies: Mutex<HashMap<[u8; 32], StoredCeremony>>,
}

impl MemoryStore {
    /// Keeps the record of a registration. Nothing ever advances its counter.
    pub(crate) fn insert(&self, verified: &VerifiedRegistration) {
        let layers = verified.presentation_attack_detection();
        let record = CredentialRecord {
            id: verified.credential_id().clone(),
            user: verified.registrant().user,
            public_key: verified.public_key().clone(),
            state: verified.state(),
            backup_eligible: verified.backup_eligible(),
            transports: verified.transports().to_vec(),
            aaguid: verified.aaguid(),
            device: String::new(),
            created_ms: 0,
            used_ms: None,
            presentation_attack_detection: layers.cloned(),
            user_verification_methods: verified.user_verification_methods().cloned(),
            attestation: Some(verified.attestation()),
        };
        let id = record.id.as_bytes().to_vec();
        self.records.lock().unwrap().insert(id, record);
    }
}

#[async_trait]
impl CredentialStore for MemoryStore {
    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRecord>, StoreError> {
        Ok(self.records.lock().unwrap().get(id.as_bytes()).cloned())
    }

    async fn credentials_of(&self, user: UserId) -> Result<Vec<CredentialRecord>, StoreError> {
        let records = self.records.lock().unwrap();
        let held = records.values().filter(|record| record.user == user);
        Ok(held.cloned().collect())
    }

    async fn put_ceremony(&self, ceremony: StoredCeremony, _: UnixMs) -> Result<(), StoreError> {
        let mut ceremonies = self.ceremonies.lock().unwrap();
        ceremonies.insert(ceremony.token_hash, ceremony);
        Ok(())
    }

    async fn take_ceremony(&self, hash: &[u8; 32]) -> Result<Option<StoredCeremony>, StoreError> {
        Ok(self.ceremonies.lock().unwrap().remove(hash))
    }

    async fn bar_registration(
        &self,
        id: &CredentialId,
        _: UnixMs,
        _: UnixMs,
    ) -> Result<bool, StoreError> {
        Ok(!self.records.lock().unwrap().contains_key(id.as_bytes()))
    }

    /// Failures are not kept: each verification stands for itself.
    async fn count_failure(&self, _: &CredentialId, _: UnixMs) -> Result<u32, StoreError> {
        Ok(0)
    }

    async fn failed_credentials(&self, _: u32) -> Result<Vec<CredentialRecord>, StoreError> {
        Ok(Vec::new())
    }

    async fn forget_failures(&self, id: &CredentialId) -> Result<bool, StoreError> {
        Ok(self.records.lock().unwrap().contains_key(id.as_bytes()))
    }

    async fn secret(&self, _: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(fresh.to_vec())
    }
}
