"""Verifications by py_webauthn: `python3 py_webauthn.py CASES SECONDS`. Prints how many, and in how many seconds of
processor time. A case is a line of JSON; `body` is the text that a browser sent."""

import json
import sys
import time

from webauthn import base64url_to_bytes, verify_authentication_response

with open(sys.argv[1], encoding="utf-8") as file:
    cases = [json.loads(line) for line in file]


def verify(case):
    verify_authentication_response(
        credential=case["body"],
        expected_challenge=base64url_to_bytes(case["challenge"]),
        expected_rp_id=case["rpId"],
        expected_origin=case["origin"],
        credential_public_key=base64url_to_bytes(case["publicKey"]),
        credential_current_sign_count=case["signCount"],
        require_user_verification=True,
    )


start = time.process_time()
count = 0
while time.process_time() - start < float(sys.argv[2]):
    verify(cases[count % len(cases)])
    count += 1
print(count, time.process_time() - start)
