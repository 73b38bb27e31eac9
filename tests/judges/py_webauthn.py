"""py_webauthn as a judge. answers.py says how it is asked."""

from answers import run
from webauthn import (
    base64url_to_bytes,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import AttestationFormat


def registration(case):
    root = case.get("root")
    verify_registration_response(
        credential=case["body"],
        expected_challenge=base64url_to_bytes(case["challenge"]),
        expected_rp_id=case["rpId"],
        expected_origin=case["origin"],
        require_user_verification=True,
        # It has no name for one of ours, and compares numbers.
        supported_pub_key_algs=case["algorithms"],
        pem_root_certs_bytes_by_fmt={AttestationFormat.PACKED: [root.encode()]} if root else None,
    )


def authentication(case):
    verify_authentication_response(
        credential=case["body"],
        expected_challenge=base64url_to_bytes(case["challenge"]),
        expected_rp_id=case["rpId"],
        expected_origin=case["origin"],
        credential_public_key=base64url_to_bytes(case["publicKey"]),
        credential_current_sign_count=case["signCount"],
        require_user_verification=True,
    )


run("py_webauthn", "webauthn", registration, authentication)
