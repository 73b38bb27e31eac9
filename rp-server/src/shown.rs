//! Accounts and credentials as the operator sees them: what helps to tell them apart, and no keys.

use rp_server::attestation::AttestationType;
use rp_server::authentication_server::{CredentialKind, CredentialRecord};
use rp_server::clock::rfc3339;
use rp_server::presentation_attack_detection::Layers;
use rp_server::store::Account;
use rp_server::user_verification::Methods;

/// Name, display name and age of an account.
pub(crate) fn account(account: &Account) -> String {
    format!(
        "account {}\n  display name  {}\n  user handle   {}\n  registered    {}",
        account.name,
        account.display_name,
        account.user.0,
        rfc3339(account.created_ms)
    )
}

/// One credential, its ID in the form that the operator's call takes.
pub(crate) fn credential(record: &CredentialRecord) -> String {
    let kind = match record.kind() {
        CredentialKind::MienFace => "face (Mien)",
        CredentialKind::Passkey => "passkey",
    };
    let used = record.used_ms.map_or("never".to_owned(), rfc3339);
    let backup = match (record.backup_eligible, record.state.backup_state) {
        (false, _) => "bound to one device",
        (true, false) => "may be synchronised",
        (true, true) => "synchronised",
    };
    let layers = record.presentation_attack_detection.as_ref();
    let layers = layers.map_or("not told".to_owned(), Layers::to_text);
    let verified = if record.state.user_verified {
        "yes"
    } else {
        "no"
    };
    let methods = record.user_verification_methods.as_ref();
    let methods = methods.map_or("not told".to_owned(), Methods::to_text);
    let attestation = record
        .attestation
        .map_or("not kept", AttestationType::as_str);
    let failures = record.state.failures;
    let failed = match failures.count {
        0 => "none since the last sign-in".to_owned(),
        count if failures.disabled() => {
            format!("{count}, disabled: `rp-server user enable` ends it")
        }
        count => format!("{count}, the last {}", rfc3339(failures.last_ms)),
    };
    format!(
        "credential {}\n  kind          {kind}\n  device        {}\n  registered    {}\n  last sign-in  {used}\n  \
         AAGUID        {}\n  storage       {backup}\n  attack layers {layers}\n  \
         user verified {verified}\n  uvm           {methods}\n  attestation   {attestation}\n  failures      {failed}",
        record.id,
        record.device,
        rfc3339(record.created_ms),
        record.aaguid,
    )
}
