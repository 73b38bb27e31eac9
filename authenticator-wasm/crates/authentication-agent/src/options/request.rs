//! Request options to an authenticatorGetAssertion request (WebAuthn Level 3, 5.1.4).

use ctap2::get_assertion::Request;
use ctap2::make_credential::Options;

use super::{Prf, asked, challenge, descriptors, parse, wire};
use crate::authenticator::get_assertion;
use crate::client_data::{ClientData, Kind};
use crate::error::Error;
use crate::origin::{Origin, RpId};

/// An authentication that may begin.
pub(crate) struct Assertion {
    pub(crate) rp_id: RpId,
    pub(crate) client_data: ClientData,
    pub(crate) request: Request,
    /// Extension `prf` was asked for (10.1.4).
    pub(crate) prf: Option<Prf>,
}

/// Reads and checks request options. Step numbers are those of 5.1.4.1.
pub(crate) fn assertion(origin: &Origin, json: &str) -> Result<Assertion, Error> {
    let options: wire::RequestOptions = parse(json)?;
    // 7. The RP ID belongs to the origin.
    let rp_id = origin.rp_id(options.rp_id.as_deref())?;
    // 8 to 13. Extensions; others than these are passed over. Client data and its hash.
    let extensions = options.extensions.unwrap_or_default();
    let client_data = ClientData::new(Kind::Get, &challenge(&options.challenge)?, origin);
    // 18. An empty list asks for a discoverable credential. A list of which nothing is left once unknown
    //     types are passed over does not.
    let listed = options.allow_credentials.filter(|list| !list.is_empty());
    let some_listed = listed.is_some();
    let allowed = descriptors(listed)?;
    if some_listed && allowed.is_empty() {
        return Err(Error::not_allowed(
            "no credential of a known type is allowed",
        ));
    }
    let allow_list = some_listed.then_some(allowed);
    let prf = extensions.prf.as_ref();
    let prf = prf.map(|inputs| Prf::of_request(inputs, allow_list.as_deref()));
    let request = Request {
        rp_id: rp_id.as_str().to_owned(),
        client_data_hash: *client_data.hash(),
        allow_list,
        extensions: asked(extensions.mien_pad, extensions.uvm),
        hmac_secret: None,
        options: Options {
            rk: None,
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
    };
    get_assertion::check(&request)?;
    Ok(Assertion {
        rp_id,
        client_data,
        request,
        prf: prf.transpose()?,
    })
}
