"""Rules IC1–IC9 of webrtc/SPEC.md; aioice, another implementation, makes the requests and reads the answers."""

from __future__ import annotations

import pytest
from aioice import stun as aioice_stun
from hypothesis import given
from hypothesis import strategies as st

from webrtc.errors import ProtocolError
from webrtc.ice_lite import MAX_PROVEN_ADDRESSES, REMEMBERED_CHECKS, CheckAnswered, Credentials, IceLiteAgent
from webrtc.stun import Address, parse_binding_request, verify_integrity

OURS = Credentials("hubufrag", "p" * 32)
HOME: Address = ("192.0.2.7", 4000)
TRAIN: Address = ("2001:db8::7", 4001, 0, 0)


def check(
    credentials: Credentials = OURS, *, nominate: bool = False, controlled: bool = False, password: str | None = None
) -> bytes:
    message = aioice_stun.Message(message_method=aioice_stun.Method.BINDING, message_class=aioice_stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{credentials.ufrag}:peer"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLED" if controlled else "ICE-CONTROLLING"] = 1
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity((password or credentials.password).encode())
    return bytes(message)


def read_answer(answered: CheckAnswered) -> aioice_stun.Message:
    message = aioice_stun.parse_message(answered.response)
    assert message.check_message_integrity(OURS.password.encode())
    return message


def receive(agent: IceLiteAgent, data: bytes, address: Address = HOME, now: float = 0.0) -> CheckAnswered | None:
    return agent.receive_check(data, parse_binding_request(data), address, now)


@given(st.binary(max_size=200))
def test_IC1_any_bytes_are_a_request_or_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_binding_request(data)


@given(st.integers(0, 20_000), st.integers(0, 255))
def test_IC1_and_IC2_a_changed_request_is_refused_or_proves_nothing(position: int, value: int) -> None:
    data = bytearray(check())
    position %= len(data)
    if data[position] == value:
        return
    data[position] = value
    try:
        request = parse_binding_request(bytes(data))
    except ProtocolError:
        return
    covered = request.integrity_offset + 24
    # The length field is normalised by the HMAC and FINGERPRINT is checked apart: only what MI covers can be forged.
    assert position >= covered or not verify_integrity(bytes(data), request, OURS.password)


@pytest.mark.parametrize("cut", range(0, len(check()), 4))
def test_IC1_a_cut_request_is_refused(cut: int) -> None:
    with pytest.raises(ProtocolError):
        parse_binding_request(check()[:cut])


def test_IC2_a_wrong_password_or_name_gets_no_answer() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    assert receive(agent, check(password="q" * 32)) is None
    assert receive(agent, check(Credentials("other", OURS.password))) is None
    assert agent.selected is None


@pytest.mark.parametrize("address", [HOME, TRAIN, ("::ffff:192.0.2.7", 4000, 0, 0)])
def test_IC3_the_answer_is_genuine_tells_the_address_and_does_not_amplify(address: Address) -> None:
    data = check()
    answered = receive(IceLiteAgent(OURS, 0.0), data, address)
    assert answered is not None
    message = read_answer(answered)
    assert message.message_class == aioice_stun.Class.RESPONSE
    assert message.transaction_id == data[8:20]
    assert message.attributes["XOR-MAPPED-ADDRESS"] == (address[0].removeprefix("::ffff:"), address[1])
    assert len(answered.response) <= 2 * len(data)


def test_IC4_proven_addresses_are_bounded_and_the_one_in_use_stays() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    receive(agent, check(nominate=True))
    forgotten = []
    for port in range(5000, 5000 + MAX_PROVEN_ADDRESSES + 3):
        answered = receive(agent, check(), ("192.0.2.7", port))
        assert answered is not None
        forgotten.append(answered.forgotten)
    assert len(agent.proven_addresses) == MAX_PROVEN_ADDRESSES
    assert HOME in agent.proven_addresses
    assert [address for address in forgotten if address is not None] == [
        ("192.0.2.7", port) for port in range(5000, 5004)
    ]


def test_IC5_media_follows_the_nomination() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    receive(agent, check(), TRAIN)
    assert agent.selected == TRAIN
    receive(agent, check(nominate=True), HOME)
    receive(agent, check(), TRAIN)
    assert agent.selected == HOME
    receive(agent, check(nominate=True), TRAIN)
    assert agent.selected == TRAIN


def test_IC6_former_credentials_live_until_the_new_ones_are_used() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    receive(agent, check(nominate=True))
    renewed = Credentials("newufrag", "n" * 32)
    agent.restart(renewed)
    assert receive(agent, check()) is not None
    assert set(agent.ufrags) == {OURS.ufrag, renewed.ufrag}
    assert receive(agent, check(renewed), TRAIN) is not None
    assert agent.selected == TRAIN
    assert agent.ufrags == (renewed.ufrag,)
    assert receive(agent, check()) is None


def test_IC6_a_second_restart_ends_the_credentials_before_the_former() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    agent.restart(Credentials("second", "2" * 32))
    assert agent.restart(Credentials("third", "3" * 32)) == (OURS.ufrag,)
    assert agent.ufrags == ("third", "second")


def test_IC7_consent_is_renewed_by_checks_alone() -> None:
    agent = IceLiteAgent(OURS, 100.0)
    assert agent.consent_expires_at() == 130.0
    receive(agent, check(), now=120.0)
    assert agent.consent_expires_at() == 150.0
    receive(agent, check(password="q" * 32), now=140.0)
    assert agent.consent_expires_at() == 150.0


def test_IC8_a_peer_that_wants_to_be_controlled_is_told() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    answered = receive(agent, check(controlled=True))
    assert answered is not None and not answered.proven
    message = read_answer(answered)
    assert message.attributes["ERROR-CODE"][0] == 487
    assert agent.selected is None


def test_IC9_an_overheard_check_moves_nothing() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    overheard = check(nominate=True)
    assert receive(agent, overheard) is not None
    assert receive(agent, overheard, TRAIN, 1.0) is None
    assert (agent.selected, agent.proven_addresses) == (HOME, (HOME,))
    # Repeating one's own is usual, and so is checking from another address.
    assert receive(agent, overheard, HOME, 2.0) is not None
    assert receive(agent, check(nominate=True), TRAIN, 3.0) is not None
    assert agent.selected == TRAIN


def test_IC9_checks_are_remembered_within_bounds() -> None:
    agent = IceLiteAgent(OURS, 0.0)
    first = check()
    for data in (first, *(check() for _ in range(REMEMBERED_CHECKS))):
        assert receive(agent, data) is not None
    # Longer ago than anybody repeats a check: whoever has its password may speak.
    assert receive(agent, first, TRAIN) is not None
