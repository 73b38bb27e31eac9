"""Drives ctap-device as a CTAP2 device with python-fido2, unmodified. Usage: platform.py SCENARIO BINARY STORE"""

import struct
import subprocess
import sys
import threading

from fido2 import cbor
from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap import CtapDevice, CtapError
from fido2.ctap2 import ClientPin, CredentialManagement, Ctap2, PinProtocolV1, PinProtocolV2
from fido2.hid import CAPABILITY, CTAPHID
from fido2.server import Fido2Server
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialUserEntity

ORIGIN = "https://rp.example"
CANCEL, KEEPALIVE = 0x11, 0x3B
ERR = CtapError.ERR


class Device(CtapDevice):
    """The binary as a device, over its standard input and output."""

    def __init__(self, *arguments):
        command = [BINARY, "--store", STORE, *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def capabilities(self):
        return CAPABILITY.CBOR

    @classmethod
    def list_devices(cls):
        return iter([])

    def send(self, kind, data=b""):
        self.process.stdin.write(struct.pack(">IB", 1 + len(data), kind) + data)
        self.process.stdin.flush()

    def receive(self):
        length, kind = struct.unpack(">IB", self.process.stdout.read(5))
        return kind, self.process.stdout.read(length - 1)

    def call(self, cmd, data=b"", event=None, on_keepalive=None):
        assert cmd == CTAPHID.CBOR
        self.send(cmd, data)
        cancelled = False
        while True:
            kind, answer = self.receive()
            if kind == CTAPHID.CBOR:
                return answer
            assert kind == KEEPALIVE and answer == b"\x02"
            if on_keepalive:
                on_keepalive(answer[0])
            if event and event.is_set() and not cancelled:
                cancelled = True
                self.send(CANCEL)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(30) == 0


class Person(UserInteraction):
    def request_uv(self, permissions, rd_id):
        return True


def verify_rp(rp_id, origin):
    return origin == "https://" + rp_id


def client(device):
    collector = DefaultClientDataCollector(ORIGIN, verify_rp)
    return Fido2Client(device, collector, user_interaction=Person())


# Direct attestation, so that the server checks the packed self attestation's signature.
SERVER = Fido2Server(
    {"id": "rp.example", "name": "Example"},
    attestation=AttestationConveyancePreference.DIRECT,
    verify_origin=lambda origin: origin == ORIGIN,
)


def user(name):
    return PublicKeyCredentialUserEntity(id=name.encode(), name=name, display_name=name)


def register(device, name="ada", resident="required", exclude=()):
    options, state = SERVER.register_begin(
        user(name), list(exclude), resident_key_requirement=resident, user_verification="required"
    )
    response = client(device).make_credential(options.public_key)
    data = SERVER.register_complete(state, response)
    assert response.response.attestation_object.fmt == "packed"
    assert data.flags == data.FLAG.UP | data.FLAG.UV | data.FLAG.AT, data.flags
    return data.credential_data


def register_with(device, extensions, name="ada", exclude=()):
    """A registration with extensions: the credential, the outputs of the device and those of the client."""
    options, state = SERVER.register_begin(
        user(name),
        list(exclude),
        resident_key_requirement="required",
        user_verification="required",
        extensions=extensions,
    )
    response = client(device).make_credential(options.public_key)
    data = SERVER.register_complete(state, response)
    return data.credential_data, data.extensions, response.client_extension_results


def sign_in(device, known, listed, extensions=None):
    """A sign-in; the responses that the device gave, each verified, and each with its counter."""
    options, state = SERVER.authenticate_begin(
        known if listed else None, "required", extensions=extensions
    )
    selection = client(device).get_assertion(options.public_key)
    found = []
    for index in range(len(selection.get_assertions())):
        response = selection.get_response(index)
        SERVER.authenticate_complete(state, known, response)
        found.append(response)
    return found


def count(response):
    return response.response.authenticator_data.counter


def denied(call):
    """The CTAP status that a call of the client ends with."""
    try:
        call()
    except ClientError as error:
        return error.cause.code
    except CtapError as error:
        return error.code
    raise AssertionError("it was not refused")


def scenario_sign_in():
    device = Device()
    credential = register(device)
    (listed,) = sign_in(device, [credential], True)
    (discovered,) = sign_in(device, [credential], False)
    assert listed.raw_id == discovered.raw_id == credential.credential_id
    assert discovered.response.user_handle == b"ada"
    device.close()
    # The counter survives the power, and goes on.
    device = Device()
    (later,) = sign_in(device, [credential], False)
    assert count(listed) < count(discovered) < count(later)
    # A credential that is not discoverable answers when it is named, and else the other one does.
    second = register(device, "bob", "discouraged")
    (named,) = sign_in(device, [second], True)
    (unnamed,) = sign_in(device, [credential, second], False)
    assert (named.raw_id, unnamed.raw_id) == (second.credential_id, credential.credential_id)
    device.close()


def scenario_exclude():
    device = Device()
    credential = register(device)
    refusal = denied(lambda: register(device, "bob", exclude=[credential]))
    assert refusal == ERR.CREDENTIAL_EXCLUDED, refusal
    other = type(credential).create(credential.aaguid, b"\x09" * 32, credential.public_key)
    register(device, "bob", exclude=[other])
    device.close()


def scenario_refused():
    device = Device()
    credential = register(device)
    device.close()
    device = Device("--person", "second")
    for listed in (True, False):
        refusal = denied(lambda: sign_in(device, [credential], listed))
        assert refusal == ERR.OPERATION_DENIED, refusal
    # Nor can the stranger put himself in the place of the enrolled man.
    refusal = denied(lambda: register(device))
    assert refusal == ERR.OPERATION_DENIED, refusal
    device.close()
    device = Device("--says", "no")
    assert denied(lambda: register(device, "bob")) == ERR.OPERATION_DENIED
    device.close()


def scenario_cancelled():
    device = Device("--says", "nothing")
    ctap = Ctap2(device)
    event = threading.Event()
    threading.Timer(0.3, event.set).start()
    assert denied(lambda: ctap.selection(event=event)) == ERR.KEEPALIVE_CANCEL
    # The next one is not taken back with it.
    assert denied(ctap.selection) == ERR.USER_ACTION_TIMEOUT
    device.close()
    device = Device()
    event.clear()
    seen = []

    def waiting(status):
        seen.append(status)
        # In the middle of the enrolment.
        if len(seen) == 20:
            event.set()

    refusal = denied(
        lambda: Ctap2(device).make_credential(
            sha256(b"client data"),
            {"id": "rp.example", "name": "Example"},
            {"id": b"ada", "name": "ada"},
            [{"alg": -7, "type": "public-key"}],
            event=event,
            on_keepalive=waiting,
        )
    )
    assert refusal == ERR.KEEPALIVE_CANCEL, refusal
    assert denied(lambda: sign_in(device, [], False)) == ERR.NO_CREDENTIALS
    device.close()


def scenario_several():
    device = Device()
    ada, bob = register(device), register(device, "bob")
    found = sign_in(device, [ada, bob], False)
    handles = [response.response.user_handle for response in found]
    assert handles == [b"bob", b"ada"], "the last used one first"
    ctap = Ctap2(device)
    assert denied(ctap.get_next_assertion) == ERR.NOT_ALLOWED
    # The person's list: without a token, which python-fido2's own class would want.
    result = CredentialManagement.RESULT
    assert ctap.credential_mgmt(1)[result.EXISTING_CRED_COUNT] == 2
    rp = ctap.credential_mgmt(2)
    assert (rp[result.RP]["id"], rp[result.TOTAL_RPS]) == ("rp.example", 1)
    first = ctap.credential_mgmt(4, {1: rp[result.RP_ID_HASH]})
    second = ctap.credential_mgmt(5)
    names = {item[result.USER]["name"] for item in (first, second)}
    assert (first[result.TOTAL_CREDENTIALS], names) == (2, {"ada", "bob"})
    ctap.credential_mgmt(6, {2: {"id": ada.credential_id, "type": "public-key"}})
    assert denied(lambda: sign_in(device, [ada], True)) == ERR.NO_CREDENTIALS
    ctap.reset()
    assert denied(lambda: sign_in(device, [bob], False)) == ERR.NO_CREDENTIALS
    device.close()


def evaluated(device, known, listed, prf):
    """The outputs of `prf` at a sign-in."""
    (response,) = sign_in(device, known, listed, {"prf": prf})
    assert response.response.authenticator_data.is_user_verified()
    results = response.client_extension_results["prf"].get("results", {})
    # Where there is one output, this client gives an empty second one.
    found = [websafe_decode(results[name]) for name in ("first", "second") if name in results]
    return [output for output in found if output]


def scenario_prf():
    device = Device()
    ada, outputs, told = register_with(device, {"prf": {}})
    assert outputs == {"hmac-secret": True} and dict(told)["prf"] == {"enabled": True}, told
    salts = [websafe_encode(salt) for salt in (b"one", b"two")]
    one = {"eval": {"first": salts[0]}}
    both = {"eval": {"first": salts[0], "second": salts[1]}}
    (first,) = evaluated(device, [ada], True, one)
    pair = evaluated(device, [ada], False, both)
    assert len(first) == 32 and pair[0] == first and pair[1] != first
    # By credential, and over the power; another credential is another function.
    device.close()
    device = Device()
    bob = register(device, "bob")
    by_credential = {
        "eval": {"first": salts[1]},
        "evalByCredential": {websafe_encode(ada.credential_id): {"first": salts[0]}},
    }
    assert evaluated(device, [ada], True, by_credential) == [first]
    (other,) = evaluated(device, [bob], True, one)
    assert other not in pair
    # Both protocols lead to the same, and nobody can read along.
    answers = []
    for protocol in (PinProtocolV1(), PinProtocolV2()):
        ctap = Ctap2(device)
        key, secret = ClientPin(ctap, protocol)._get_shared_secret()
        salt = sha256(b"WebAuthn PRF\x00one")
        encrypted = protocol.encrypt(secret, salt)
        inputs = {1: key, 2: encrypted, 3: protocol.authenticate(secret, encrypted), 4: protocol.VERSION}
        allow = [{"id": ada.credential_id, "type": "public-key"}]
        answer = ctap.get_assertion("rp.example", b"\x00" * 32, allow, {"hmac-secret": inputs})
        output = answer.auth_data.extensions["hmac-secret"]
        assert first not in output
        answers.append(protocol.decrypt(secret, output))
        inputs[3] = bytes(len(inputs[3]))
        refusal = denied(
            lambda: ctap.get_assertion("rp.example", b"\x00" * 32, allow, {"hmac-secret": inputs})
        )
        assert refusal == ERR.PIN_AUTH_INVALID, refusal
    assert answers == [first, first]
    device.close()


def scenario_cred_protect():
    device = Device()
    required = {
        "credentialProtectionPolicy": "userVerificationRequired",
        "enforceCredentialProtectionPolicy": True,
    }
    ada, outputs, _ = register_with(device, required)
    assert outputs == {"credProtect": 3}, outputs
    ctap = Ctap2(device)
    allow = [{"id": ada.credential_id, "type": "public-key"}]
    probe = lambda: ctap.get_assertion("rp.example", b"\x00" * 32, allow, options={"up": False})
    assert denied(probe) == ERR.NO_CREDENTIALS
    ctap.credential_mgmt(2)
    listed = ctap.credential_mgmt(4, {1: sha256(b"rp.example")})
    assert listed[CredentialManagement.RESULT.CRED_PROTECT] == 3
    assert sign_in(device, [ada], False)[0].raw_id == ada.credential_id
    signed = ctap.get_assertion("rp.example", b"\x00" * 32, allow, options={"uv": True})
    assert signed.auth_data.is_user_verified() and signed.signature
    # This client probes its lists, and has no token to probe with.
    refusal = denied(lambda: sign_in(device, [ada], True))
    assert refusal == ERR.NO_CREDENTIALS, refusal
    # Excluded all the same, once the person was seen.
    refusal = denied(
        lambda: ctap.make_credential(
            sha256(b"client data"),
            {"id": "rp.example", "name": "Example"},
            {"id": b"ada", "name": "ada"},
            [{"alg": -7, "type": "public-key"}],
            allow,
        )
    )
    assert refusal == ERR.CREDENTIAL_EXCLUDED, refusal
    # The level is that of the new one, which takes the place.
    optional = {"credentialProtectionPolicy": "userVerificationOptionalWithCredentialIDList"}
    ada, outputs, _ = register_with(device, optional)
    assert outputs == {"credProtect": 2}, outputs
    allow = [{"id": ada.credential_id, "type": "public-key"}]
    assert probe().signature == b""
    uvm = ctap.get_assertion("rp.example", b"\x00" * 32, allow, {"uvm": True, "minPinLength": True})
    assert uvm.auth_data.extensions == {"uvm": [[16, 1, 1]]}
    device.close()


def scenario_raw():
    device = Device()
    info = Ctap2(device).info
    assert "FIDO_2_0" in info.versions and info.options["uv"] and info.options["rk"]
    assert info.aaguid.hex() == "6d69656e2d6641638a519e0c7b1d4f20"
    assert [algorithm["alg"] for algorithm in info.algorithms] == [-7]
    assert info.extensions == ["credProtect", "hmac-secret", "mienPad", "uvm"]
    assert info.pin_uv_protocols == [2, 1] and "clientPin" not in info.options
    # Every Ctap2 call above checked that the answer is canonical; these look at what is refused.
    request = cbor.encode({1: "rp.example", 2: b"\x00" * 32})
    for message, status in (
        (b"", ERR.INVALID_LENGTH),
        (b"\x05", ERR.INVALID_COMMAND),
        (b"\x02\xa1\x01\x5a\xff\xff\xff\xff", ERR.INVALID_CBOR),
        (b"\x02" + request + b"\x00", ERR.INVALID_CBOR),
        (b"\x02" + cbor.encode({1: "rp.example"}), ERR.MISSING_PARAMETER),
        (b"\x02" + cbor.encode({1: 7, 2: b"\x00" * 32}), ERR.CBOR_UNEXPECTED_TYPE),
        (b"\x02" + request, ERR.NO_CREDENTIALS),
        (b"\x01" + bytes(7609), ERR.REQUEST_TOO_LARGE),
        (b"\x04\xa0", ERR.INVALID_LENGTH),
    ):
        answer = device.call(CTAPHID.CBOR, message)
        assert answer == bytes([status]), (message[:20], answer)
    device.close()


if __name__ == "__main__":
    NAME, BINARY, STORE = sys.argv[1:]
    globals()["scenario_" + NAME]()
    print("done: " + NAME)
