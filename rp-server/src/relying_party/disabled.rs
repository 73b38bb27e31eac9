//! Credentials that were disabled after too many failed attempts: what the operator sees of them, and the way back.

use super::{Denied, RelyingParty};
use crate::authentication_server::{CredentialId, CredentialRecord, UserId};
use crate::store::AuditEvent;

/// A credential that was disabled.
#[derive(Clone, Debug)]
pub struct DisabledCredential {
    /// Its record.
    pub record: CredentialRecord,
    /// The name of its owner's account.
    pub username: String,
}

impl RelyingParty {
    /// For the operator: the credentials that were disabled, the latest first, at most 1,000.
    ///
    /// # Errors
    /// [`Denied::Store`] where the store fails.
    pub async fn disabled_credentials(&self) -> Result<Vec<DisabledCredential>, Denied> {
        let mut list = Vec::new();
        for record in self.server.disabled_credentials().await? {
            // An account that went meanwhile took the credential along.
            if let Some(account) = self.store.account(record.user).await? {
                let username = account.name;
                list.push(DisabledCredential { record, username });
            }
        }
        Ok(list)
    }

    /// By the operator: lets a credential sign in again. Its owner can also delete it with another one.
    ///
    /// # Errors
    /// [`Denied::NotFound`] where it is not registered; [`Denied::Store`] where the store fails.
    pub async fn enable_by_operator(&self, credential: &CredentialId) -> Result<(), Denied> {
        if !self.server.enable_credential(credential).await? {
            return Err(Denied::NotFound);
        }
        let event = AuditEvent::EnabledByOperator;
        Ok(self.store.audit(event, self.clock.now_ms()).await?)
    }

    /// By the operator: lets the disabled credentials of a user sign in again, or only the one that is named, whose
    /// waits end too. Says which; none where there was nothing to do or the user has no such credential.
    ///
    /// # Errors
    /// [`Denied::Refused`] and [`Denied::Store`] where the authentication server or the store fails.
    pub async fn enable_of_user_by_operator(
        &self,
        user: UserId,
        credential: Option<&CredentialId>,
    ) -> Result<Vec<CredentialId>, Denied> {
        let mut enabled = Vec::new();
        for record in self.server.credentials(user).await? {
            if credential.map_or(record.state.failures.disabled(), |id| *id == record.id) {
                self.enable_by_operator(&record.id).await?;
                enabled.push(record.id);
            }
        }
        Ok(enabled)
    }
}
