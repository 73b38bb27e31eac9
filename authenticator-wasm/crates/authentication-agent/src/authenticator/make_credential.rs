//! authenticatorMakeCredential, in the order of CTAP 2.1, 6.1.2.
//!
//! Between steps 17 and 19 the edge stores the record: [`create`] ends before, [`Created::attest`] begins
//! after. DEVIATION(CTAP 2.1 6.1.2 step 12): [`excluded`] may run before the person is verified, since
//! consent has been given by then and the camera need not open for a refusal.

use biometric_system::{Reference, UserVerified};
use ctap2::authenticator_data::AttestedCredentialData;
use ctap2::cbor::Value;
use ctap2::cred_protect::{self, CredProtect};
use ctap2::hmac_secret;
use ctap2::make_credential::{Request, Response};
use ctap2::{AttestationStatement, AuthenticatorData, CredentialId, ES256, Es256PublicKey, Status};
use secret::Secret;

use super::attestation_key::AttestationKey;
use super::hmac_secret::{CredRandom, Salts};
use super::{AAGUID, refuse_pin_uv_auth};
use crate::consent::Consent;
use crate::credential_key::{CredentialKey, Gate};
use crate::credential_record::CredentialRecord;
use crate::environment::Environment;
use crate::origin::RpId;

/// What a record holds beyond the request.
pub(crate) struct Binding {
    /// Bytes of the biometric reference that guards the new credential.
    pub(crate) reference: Secret<Vec<u8>>,
    pub(crate) consent: Consent,
    pub(crate) authentication_server_key: Option<Es256PublicKey>,
    /// [`Guard::excluded`].
    pub(crate) excluded: bool,
    /// What the client wants evaluated for the new credential (`prf`).
    pub(crate) salts: Option<Salts>,
}

/// A credential that exists in memory only: it must be stored before anything is said about it.
#[derive(Debug)]
pub(crate) struct Created {
    pub(crate) record: CredentialRecord,
    public_key: Es256PublicKey,
    extensions: Option<Value>,
    /// Outputs of `prf` for the client.
    prf: Option<Secret<Vec<u8>>>,
    gate: Gate,
    attestation_key: Option<AttestationKey>,
}

/// Steps 1 to 9: whether the request can be met at all. Asked before a camera opens.
pub(crate) fn check(request: &Request) -> Result<(), Status> {
    // 1, 2. PIN/UV tokens.
    refuse_pin_uv_auth(request.pin_uv_auth.as_ref())?;
    // 3. The first algorithm that is supported; there is one.
    if !request.algorithms.contains(&ES256) {
        return Err(Status::UnsupportedAlgorithm);
    }
    // 4. UP and UV are false until a `Gate` says otherwise.
    // 5. Options: rk may be either, uv may be either (see 6);
    //    a credential without presence does not exist.
    if request.options.up == Some(false) {
        return Err(Status::InvalidOption);
    }
    // 6. to 8. alwaysUv: the person is verified whether or not it is asked for.
    // 9. No enterprise attestation.
    match request.enterprise_attestation {
        None => Ok(()),
        Some(_) => Err(Status::InvalidParameter),
    }
}

/// Step 12: a credential of the exclude list is here, bound to the same RP ID. One that requires user verification
/// (`credProtect`) is not told of yet: it is for [`create`] to refuse, see [`Guard::excluded`].
pub(crate) fn excluded(request: &Request, records: &[CredentialRecord]) -> bool {
    let required = CredProtect::UserVerificationRequired;
    let mut told = records
        .iter()
        .filter(|record| record.cred_protect < required);
    told.any(|record| listed(request, record))
}

fn listed(request: &Request, record: &CredentialRecord) -> bool {
    record.rp_id() == request.rp.id
        && request
            .exclude_list
            .iter()
            .flatten()
            .any(|id| *id == record.credential_id)
}

/// Who is asked for a new credential, and what it replaces.
pub(crate) struct Guard {
    /// The credential whose enrolled person must allow it, boxed because a record is large; `None` where the
    /// account is new here.
    pub(crate) enrolled: Option<(Reference, Box<CredentialRecord>)>,
    /// The credential that it takes the place of.
    pub(crate) replaced: Option<CredentialId>,
    /// A credential of the exclude list is here, which only a verified person may learn.
    pub(crate) excluded: bool,
}

/// Step 17: a discoverable credential takes the place of the one that its account has here already.
///
/// Who is enrolled for the account here must allow a new credential of any kind. A record whose reference the
/// pipeline in use cannot compare with cannot sign either, so it guards nothing.
pub(crate) fn guard(request: &Request, records: Vec<CredentialRecord>) -> Guard {
    let excluded = records.iter().any(|record| listed(request, record));
    let mut same_account: Vec<_> = records
        .into_iter()
        .filter(|record| record.rp_id() == request.rp.id && record.user_id == request.user.id)
        .collect();
    // The discoverable one first, of which there is at most one.
    same_account.sort_by_key(|record| !record.discoverable);
    let place = same_account
        .first()
        .filter(|record| record.discoverable && request.options.rk == Some(true));
    Guard {
        replaced: place.map(|record| record.credential_id.clone()),
        excluded,
        enrolled: same_account
            .into_iter()
            .find_map(|record| Some((record.reference()?, Box::new(record)))),
    }
}

/// Steps 11 to 17.
pub(crate) fn create(
    request: &Request,
    binding: Binding,
    proof: UserVerified,
    env: &mut impl Environment,
) -> Result<Created, Status> {
    check(request)?;
    // 11. Built-in user verification has happened; here its proof is consumed.
    let gate = Gate::open(proof, &request.client_data_hash)?;
    // 12. What only a verified person may learn.
    if binding.excluded {
        return Err(Status::CredentialExcluded);
    }
    // 13, 14. A face before the camera is evidence of interaction: see `Gate::flags`.
    // 15. Extensions.
    let mut outputs = gate.extensions(&request.extensions);
    let level = request.cred_protect.map(|level| level.level().into());
    outputs.push(cred_protect::IDENTIFIER, level);
    // 12.5: each credential has its values, whether or not they are asked for now.
    let cred_random = CredRandom::generate(env);
    let mut asked = request.extensions.iter();
    let enabled = asked.any(|name| name == hmac_secret::IDENTIFIER);
    outputs.push(hmac_secret::IDENTIFIER, enabled.then_some(true.into()));
    let evaluate = |salts| cred_random.evaluate(&gate, &salts);
    let prf = binding.salts.map(evaluate).transpose()?;
    // 16. A new key pair, and a random credential ID (WebAuthn Level 3, 6.3.2).
    let key = CredentialKey::generate(env)?;
    let mut credential_id = vec![0; 32];
    env.random(&mut credential_id);
    let now = env.now_ms();
    let public_key = key.public_key()?;
    let rp_id = RpId::parse(&request.rp.id).map_err(|_| Status::InvalidParameter)?;
    // 17. The record to be stored; the caller knows which older one of the same account it replaces.
    let record = CredentialRecord {
        rp_id,
        credential_id: CredentialId::new(credential_id)?,
        user_id: request.user.id.clone(),
        user_name: request.user.name.clone().unwrap_or_default(),
        display_name: request.user.display_name.clone().unwrap_or_default(),
        created_ms: now,
        used_ms: now,
        sign_count: 0,
        consent: binding.consent,
        reference: binding.reference,
        key,
        authentication_server_key: binding.authentication_server_key,
        discoverable: request.options.rk == Some(true),
        cred_protect: request.cred_protect.unwrap_or_default(),
        cred_random: Some(cred_random),
    };
    Ok(Created {
        record,
        public_key,
        extensions: outputs.into_map(),
        prf,
        gate,
        attestation_key: None,
    })
}

impl Created {
    /// The outputs of `prf`, for the client alone.
    pub(crate) const fn take_prf(&mut self) -> Option<Secret<Vec<u8>>> {
        self.prf.take()
    }

    /// Draws a key for attestation by certificates.
    pub(crate) fn with_attestation_key(
        mut self,
        env: &mut impl Environment,
    ) -> Result<Self, Status> {
        self.attestation_key = Some(AttestationKey::generate(env)?);
        Ok(self)
    }

    /// The key that a provider may certify, where one was drawn.
    pub(crate) const fn attestation_key(&self) -> Option<&AttestationKey> {
        self.attestation_key.as_ref()
    }

    /// What the provider answered.
    pub(crate) fn certified(&mut self, certificates: Vec<Vec<u8>>) -> Result<(), Status> {
        match &mut self.attestation_key {
            Some(key) => key.certified(certificates),
            None => Ok(()),
        }
    }

    /// Step 19: packed attestation, made once the record is stored: by certificates where there are any, else self.
    pub(crate) fn attest(self) -> Result<Response, Status> {
        let authenticator_data = AuthenticatorData {
            rp_id_hash: self.record.rp_id.hash(),
            flags: self.gate.flags(),
            sign_count: self.record.sign_count,
            attested: Some(AttestedCredentialData {
                aaguid: AAGUID,
                credential_id: self.record.credential_id.clone(),
                public_key: self.public_key,
            }),
            extensions: self.extensions,
        };
        let signed = authenticator_data.to_bytes()?;
        let statement = match self.attestation_key {
            Some(attestation) if !attestation.certificates.is_empty() => {
                AttestationStatement::PackedCertified {
                    signature: attestation.key.sign(self.gate, &signed)?,
                    certificates: attestation.certificates,
                }
            }
            _ => AttestationStatement::PackedSelf {
                signature: self.record.key.sign(self.gate, &signed)?,
            },
        };
        Ok(Response {
            authenticator_data,
            statement,
        })
    }
}
