//! authenticatorGetAssertion, in the order of CTAP 2.1, 6.2.2.
//!
//! The signature counter is stored between [`advance`] and [`Advanced::assert`]: an assertion that never
//! leaves costs a number, a number that is used twice would look like a clone.

use biometric_system::UserVerified;
use ctap2::cbor::Value;
use ctap2::get_assertion::{Request, Response};
use ctap2::hmac_secret;
use ctap2::{AuthenticatorData, CredProtect, Flags, Status};

use secret::Secret;

use super::hmac_secret::{Wanted, evaluate};
use super::refuse_pin_uv_auth;
use crate::credential_key::Gate;
use crate::credential_record::CredentialRecord;
use crate::environment::Environment;

/// A record whose counter has moved: it must be stored before it signs.
#[derive(Debug)]
pub(crate) struct Advanced {
    pub(crate) record: CredentialRecord,
    user_selected: bool,
    extensions: Option<Value>,
    /// Outputs of `prf` for the client.
    prf: Option<Secret<Vec<u8>>>,
    gate: Gate,
}

/// Steps 1 to 5: whether the request can be met at all. Asked before a camera opens.
pub(crate) fn check(request: &Request) -> Result<(), Status> {
    // 1, 2. PIN/UV tokens.
    refuse_pin_uv_auth(request.pin_uv_auth.as_ref())?;
    // 3. UP and UV are false until a `Gate` says otherwise.
    // 4. Options: rk has no meaning here.
    //    DEVIATION(CTAP 2.1 6.2.2 step 4): `up` false, which asks for an assertion without presence, is
    //    refused: this authenticator signs for nobody it has not seen. See `is_probe` for what it is used for.
    match (request.options.rk, request.options.up) {
        (Some(_), _) => Err(Status::UnsupportedOption),
        (None, Some(false)) => Err(Status::InvalidOption),
        (None, _) => Ok(()),
    }
    // 5. alwaysUv: the person is verified whether or not it is asked for.
}

/// Whether the request only asks which of the listed credentials is here: `up` false with a list. Platforms do
/// so before they ask for one of them, or for another than these.
pub(crate) fn is_probe(request: &Request) -> Result<bool, Status> {
    let options = &request.options;
    if options.up != Some(false) || options.uv == Some(true) || request.allow_list.is_none() {
        return Ok(false);
    }
    refuse_pin_uv_auth(request.pin_uv_auth.as_ref())?;
    // Nor is a secret evaluated for nobody (12.5).
    match (options.rk, &request.hmac_secret) {
        (None, None) => Ok(true),
        _ => Err(Status::UnsupportedOption),
    }
}

/// The answer to a probe that found a credential. DEVIATION(CTAP 2.1 6.2.2 step 13): it says which one, and the
/// signature is empty, since nobody was seen. A platform has no use for one without presence.
pub(crate) fn probed(record: &CredentialRecord) -> Response {
    Response {
        credential_id: record.credential_id.clone(),
        authenticator_data: AuthenticatorData {
            rp_id_hash: record.rp_id.hash(),
            flags: Flags {
                user_present: false,
                user_verified: false,
                backup_eligible: false,
                backup_state: false,
            },
            sign_count: 0,
            attested: None,
            extensions: None,
        },
        signature: Vec::new(),
        user: None,
        number_of_credentials: None,
        user_selected: false,
    }
}

/// Step 7: the credentials that may answer, most recently used first. An absent list asks for any
/// discoverable one. What `credProtect` demands is met: the person is verified before any of them signs, and a
/// probe is for [`locate_unverified`].
pub(crate) fn locate(
    request: &Request,
    records: Vec<CredentialRecord>,
) -> Result<Vec<CredentialRecord>, Status> {
    let allowed = |record: &CredentialRecord| match request.allow_list.as_deref() {
        None => record.discoverable,
        Some(list) => list.contains(&record.credential_id),
    };
    let mut located: Vec<_> = records
        .into_iter()
        .filter(|record| record.rp_id() == request.rp_id && allowed(record))
        .collect();
    located.sort_by_key(|record| core::cmp::Reverse(record.used_ms));
    if located.is_empty() {
        return Err(Status::NoCredentials);
    }
    Ok(located)
}

/// Step 7 for a probe, which names credentials and verifies nobody: those that require user verification are not
/// told of. Those of level 2 are, since they are named.
pub(crate) fn locate_unverified(
    request: &Request,
    mut records: Vec<CredentialRecord>,
) -> Result<Vec<CredentialRecord>, Status> {
    records.retain(|record| record.cred_protect < CredProtect::UserVerificationRequired);
    locate(request, records)
}

/// How a credential came to be selected, and what it is for beside the signature.
pub(crate) struct Selection {
    /// The person chose it on the authenticator.
    pub(crate) by_user: bool,
    /// What `hmac-secret` shall evaluate.
    pub(crate) wanted: Option<Wanted>,
}

/// Steps 6 to 12 for the credential that was selected.
pub(crate) fn advance(
    request: &Request,
    mut record: CredentialRecord,
    selection: Selection,
    proof: UserVerified,
    env: &mut impl Environment,
) -> Result<Advanced, Status> {
    check(request)?;
    // 6. Built-in user verification has happened; here its proof is consumed.
    let gate = Gate::open(proof, &request.client_data_hash)?;
    // 8, 9. A face before the camera is evidence of interaction: see `Gate::flags`.
    // 10. Extensions.
    let mut outputs = gate.extensions(&request.extensions);
    let evaluated = evaluate(selection.wanted, record.cred_random.as_ref(), &gate, env)?;
    outputs.push(hmac_secret::IDENTIFIER, evaluated.output);
    // 11, 12. `record` is the selected credential. WebAuthn Level 3, 6.3.3 step 9: count.
    record.sign_count = record.sign_count.checked_add(1).ok_or(Status::Other)?;
    record.used_ms = env.now_ms();
    Ok(Advanced {
        record,
        user_selected: selection.by_user,
        extensions: outputs.into_map(),
        prf: evaluated.for_client,
        gate,
    })
}

impl Advanced {
    /// The outputs of `prf`, for the client alone.
    pub(crate) const fn take_prf(&mut self) -> Option<Secret<Vec<u8>>> {
        self.prf.take()
    }

    /// Step 13: the signature, made once the counter is stored.
    pub(crate) fn assert(self) -> Result<Response, Status> {
        let authenticator_data = AuthenticatorData {
            rp_id_hash: self.record.rp_id.hash(),
            flags: self.gate.flags(),
            sign_count: self.record.sign_count,
            attested: None,
            extensions: self.extensions,
        };
        let signature = self
            .record
            .key
            .sign(self.gate, &authenticator_data.to_bytes()?)?;
        Ok(Response {
            credential_id: self.record.credential_id.clone(),
            authenticator_data,
            signature,
            // Whose it is, where the platform may not know.
            user: self.record.discoverable.then(|| self.record.user_entity()),
            number_of_credentials: None,
            user_selected: self.user_selected,
        })
    }
}
