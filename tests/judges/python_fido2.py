"""python-fido2 as a judge: its server, with attestation statements verified. answers.py says how it is asked."""

import json

from answers import run
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fido2 import cbor
from fido2.attestation import Attestation, AttestationVerifier
from fido2.cose import CoseKey
from fido2.mds3 import MdsAttestationVerifier, MetadataBlobPayload, MetadataStatement
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import Aaguid, AttestedCredentialData, PublicKeyCredentialRpEntity


def verify_statement(attestation_object, client_data_hash):
    # `none` and self attestation have no chain to a root, which the library's own AttestationVerifier insists on.
    attestation = Attestation.for_type(attestation_object.fmt)()
    statement = attestation_object.att_stmt
    attestation.verify(statement, attestation_object.auth_data, client_data_hash)


class Rooted(AttestationVerifier):
    """The library's own verifier, with one root."""

    def __init__(self, pem):
        super().__init__()
        self.root = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)

    def ca_lookup(self, attestation_result, auth_data):
        return self.root


def by_metadata(statement):
    """The library's verifier by metadata, with this one statement in them; its reader takes it whole."""
    read = MetadataStatement.from_dict(statement)
    lost = statement.keys() - dict(read).keys()
    if lost:
        raise ValueError(f"not members of a metadata statement: {lost}")
    entry = {
        "aaguid": statement["aaguid"],
        "metadataStatement": statement,
        "statusReports": [{"status": "NOT_FIDO_CERTIFIED", "effectiveDate": "2026-01-01"}],
        "timeOfLastStatusChange": "2026-01-01",
    }
    blob = {"legalHeader": "", "no": 1, "nextUpdate": "2099-01-01", "entries": [entry]}
    return MdsAttestationVerifier(MetadataBlobPayload.from_dict(blob))


def statement_verifier(case):
    if case.get("metadata"):
        return by_metadata(case["metadata"])
    root = case.get("root")
    return Rooted(root) if root else verify_statement


def server(case):
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=case["rpId"], name="judged"),
        attestation="direct",
        verify_origin=lambda origin: origin == case["origin"],
        verify_attestation=statement_verifier(case),
    )


def state(case):
    return {"challenge": case["challenge"], "user_verification": "required"}


def registration(case):
    data = server(case).register_complete(state(case), json.loads(case["body"]))
    # What the options offered is the caller's to compare.
    if data.credential_data.public_key.ALGORITHM not in case["algorithms"]:
        raise ValueError("an algorithm that was not offered")


def authentication(case):
    key = CoseKey.parse(cbor.decode(websafe_decode(case["publicKey"])))
    identifier = websafe_decode(case["credentialId"])
    known = AttestedCredentialData.create(Aaguid(bytes(16)), identifier, key)
    server(case).authenticate_complete(state(case), [known], json.loads(case["body"]))


run("python-fido2", "fido2", registration, authentication)
