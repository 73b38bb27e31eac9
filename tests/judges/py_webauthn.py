"""py_webauthn as a judge. answers.py says how it is asked."""

from answers import run
from webauthn import (
    base64url_to_bytes,
    verify_authentication_response,
    verify_registration_response,
)


def registration(case):
    verify_registration_response(
        credential=case["body"],
        expected_challenge=base64url_to_bytes(case["challenge"]),
        expected_rp_id=case["rpId"],
        expected_origin=case["origin"],
        require_user_verification=True,
        # It has no name for one of ours, and compares numbers.
        supported_pub_key_algs=case["algorithms"],
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
