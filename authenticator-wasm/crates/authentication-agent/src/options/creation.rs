//! Creation options to an authenticatorMakeCredential request (WebAuthn Level 3, 5.1.3).

use ctap2::hmac_secret;
use ctap2::make_credential::{Options, Request};
use ctap2::{CredProtect, ES256, Es256PublicKey, RpEntity, UserEntity};

use super::{Prf, asked, challenge, descriptors, parse, wire};
use crate::authenticator::make_credential;
use crate::client_data::{ClientData, Kind};
use crate::encoding::from_base64url;
use crate::error::Error;
use crate::origin::{Origin, RpId};

/// A registration that may begin.
pub(crate) struct Creation {
    pub(crate) rp_id: RpId,
    pub(crate) client_data: ClientData,
    pub(crate) request: Request,
    /// Attestation conveyance preference `none`: the statement stays here.
    pub(crate) without_attestation: bool,
    /// Extension `credProps` was asked for (10.1.3).
    pub(crate) cred_props: bool,
    /// Extension `prf` was asked for (10.1.4).
    pub(crate) prf: Option<Prf>,
    pub(crate) authentication_server_key: Option<Es256PublicKey>,
}

/// Reads and checks creation options. Step numbers are those of 5.1.3.
pub(crate) fn creation(origin: &Origin, json: &str) -> Result<Creation, Error> {
    let options: wire::CreationOptions = parse(json)?;
    // 5. The user handle has 1 to 64 bytes.
    let user_id = from_base64url(&options.user.id)?;
    if !(1..=64).contains(&user_id.len()) {
        return Err(Error::data("user.id must have 1 to 64 bytes"));
    }
    // 8. The RP ID belongs to the origin.
    let rp_id = origin.rp_id(options.rp.id.as_deref())?;
    // 10. Algorithms; an empty list stands for ES256 and RS256.
    let empty = options.pub_key_cred_params.is_empty();
    let algorithms: Vec<i64> = options
        .pub_key_cred_params
        .into_iter()
        .filter(|parameters| parameters.kind == ctap2::credential::PUBLIC_KEY)
        .map(|parameters| parameters.alg)
        .collect();
    let algorithms = if empty { vec![ES256, -257] } else { algorithms };
    // 12. Extensions; others than these are passed over.
    let extensions = options.extensions.unwrap_or_default();
    let authentication_server_key = extensions
        .mien_authentication_server
        .map(|server| {
            Es256PublicKey::from_sec1(&from_base64url(&server.key)?)
                .map_err(|_| Error::data("mienAuthenticationServer.key is not a P-256 point"))
        })
        .transpose()?;
    let cred_protect = cred_protect(
        extensions.credential_protection_policy.as_deref(),
        extensions.enforce_credential_protection_policy == Some(true),
    )?;
    let prf = extensions.prf.as_ref().map(Prf::of_creation).transpose()?;
    let mut asked = asked(extensions.mien_pad, extensions.uvm);
    // 10.1.4: `prf` is `hmac-secret` to the authenticator.
    asked.extend(prf.as_ref().map(|_| hmac_secret::IDENTIFIER.to_owned()));
    // 13 to 15. Client data and its hash.
    let client_data = ClientData::new(Kind::Create, &challenge(&options.challenge)?, origin);
    // 22. This is a platform authenticator. residentKey and userVerification can be met whatever they say.
    let attachment = options
        .authenticator_selection
        .and_then(|selection| selection.authenticator_attachment);
    if attachment.as_deref() == Some("cross-platform") {
        return Err(Error::not_allowed("a roaming authenticator is wanted"));
    }
    let request = Request {
        client_data_hash: *client_data.hash(),
        rp: RpEntity {
            id: rp_id.as_str().to_owned(),
            name: Some(truncated(options.rp.name)),
        },
        user: UserEntity {
            id: user_id,
            name: Some(truncated(options.user.name)),
            display_name: Some(truncated(options.user.display_name)),
        },
        algorithms,
        exclude_list: Some(descriptors(options.exclude_credentials)?),
        extensions: asked,
        cred_protect,
        options: Options {
            rk: Some(true),
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
        enterprise_attestation: None,
    };
    make_credential::check(&request)?;
    Ok(Creation {
        rp_id,
        client_data,
        request,
        // An unknown preference counts as `none` (5.4.7).
        without_attestation: !matches!(
            options.attestation.as_deref(),
            Some("indirect" | "direct" | "enterprise")
        ),
        cred_props: extensions.cred_props == Some(true),
        prf,
        authentication_server_key,
    })
}

/// CTAP 2.1, 12.1: a policy that we do not know is passed over, unless it must be kept.
fn cred_protect(policy: Option<&str>, enforce: bool) -> Result<Option<CredProtect>, Error> {
    let Some(policy) = policy else {
        return Ok(None);
    };
    match CredProtect::from_policy(policy) {
        None if enforce => Err(Error::not_supported("unknown credential protection policy")),
        level => Ok(level),
    }
}

/// Names are kept up to 64 bytes, cut between characters (6.4.1.2).
fn truncated(mut name: String) -> String {
    let end = (0..=64).rev().find(|end| name.is_char_boundary(*end));
    name.truncate(end.unwrap_or(0));
    name
}
