"""Drives ctap-device as a CTAP2 device with python-fido2, unmodified. Usage: platform.py SCENARIO BINARY STORE"""

import struct
import subprocess
import sys
import threading

from fido2 import cbor
from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap import CtapDevice, CtapError
from fido2.ctap2 import CredentialManagement, Ctap2
from fido2.hid import CAPABILITY, CTAPHID
from fido2.server import Fido2Server
from fido2.utils import sha256
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


def sign_in(device, known, listed):
    """A sign-in; the responses that the device gave, each verified, and each with its counter."""
    options, state = SERVER.authenticate_begin(known if listed else None, "required")
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


def scenario_raw():
    device = Device()
    info = Ctap2(device).info
    assert "FIDO_2_0" in info.versions and info.options["uv"] and info.options["rk"]
    assert info.aaguid.hex() == "6d69656e2d6641638a519e0c7b1d4f20"
    assert [algorithm["alg"] for algorithm in info.algorithms] == [-7]
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
