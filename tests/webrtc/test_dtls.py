"""Rules DT: two of our associations against each other, and what strangers and lines do to a handshake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.webrtc.packets import rtp
from webrtc.dtls import DtlsAssociation, DtlsIdentity
from webrtc.srtp import PacketBuffer, SrtpSession

Filter = Callable[[bytes], list[bytes]]
FATAL_ALERT = bytes([21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40])


@pytest.fixture(scope="module")
def identities() -> tuple[DtlsIdentity, DtlsIdentity]:
    return DtlsIdentity(), DtlsIdentity()


def pair(identities: tuple[DtlsIdentity, DtlsIdentity], fingerprint: str | None = None) -> tuple[DtlsAssociation, ...]:
    ours, theirs = identities
    return (
        DtlsAssociation(ours, "active", [("sha-256", fingerprint or theirs.fingerprint)]),
        DtlsAssociation(theirs, "passive", [("sha-256", ours.fingerprint)]),
    )


def shake(client: DtlsAssociation, server: DtlsAssociation, spoil: Filter = lambda datagram: [datagram]) -> list[bytes]:
    """Carry datagrams to and fro until both are silent; returns all of them."""
    carried: list[bytes] = []
    server.start()
    to_server, to_client = client.start(), []
    while to_server or to_client:
        carried += to_server + to_client
        arriving, to_server = to_server, []
        for datagram in arriving:
            for piece in spoil(datagram):
                to_client += server.receive(piece)
        arriving, to_client = to_client, []
        for datagram in arriving:
            for piece in spoil(datagram):
                to_server += client.receive(piece)
    return carried


def carries(sender: SrtpSession | None, receiver: SrtpSession | None) -> bool:
    assert sender is not None and receiver is not None
    packet, buffer = rtp(1, key=True, payload=b"hello"), PacketBuffer()
    buffer.view[: len(packet)] = packet
    size = sender.protect(buffer, len(packet))
    assert size > len(packet) and bytes(buffer.view[12:size]) != packet[12:]
    return receiver.unprotect(buffer, size) == len(packet) and bytes(buffer.view[: len(packet)]) == packet


def test_DT4_both_get_keys_that_fit(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client, server = pair(identities)
    shake(client, server)
    assert (client.state, server.state) == ("connected", "connected")
    assert carries(client.srtp, server.srtp) and carries(server.srtp, client.srtp)


def test_DT2_another_certificate_ends_the_connection(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client, server = pair(identities, fingerprint=identities[0].fingerprint)
    shake(client, server)
    assert client.state == "closed" and client.srtp is None


def test_DT2_a_fingerprint_nobody_knows_proves_nothing(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client = DtlsAssociation(identities[0], "active", [("md5", "00:11")])
    _, server = pair(identities)
    shake(client, server)
    assert client.state == "closed" and client.srtp is None


@pytest.mark.parametrize(
    "forged",
    [FATAL_ALERT, b"", b"\x16", b"\x16\xfe\xfd" + bytes(8) + b"\xff\xff", b"\x16\x03\x01\x00\x05hello", b"\x3f" * 40],
    ids=["fatal alert", "nothing", "one byte", "half a record", "TLS", "noise"],
)
def test_DT3_forged_datagrams_do_not_disturb_a_handshake(
    identities: tuple[DtlsIdentity, DtlsIdentity], forged: bytes
) -> None:
    client, server = pair(identities)
    shake(client, server, lambda datagram: [forged, datagram, forged])
    assert (client.state, server.state) == ("connected", "connected")
    assert client.receive(forged) == [] and client.state == "connected"


def test_DT3_datagrams_hold_whole_records_and_fit_any_path(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client, server = pair(identities)
    for datagram in shake(client, server):
        assert len(datagram) <= 1200
        position = 0
        while position < len(datagram):
            position += 13 + int.from_bytes(datagram[position + 11 : position + 13], "big")
        assert position == len(datagram)


def test_DT5_a_goodbye_is_heard(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client, server = pair(identities)
    shake(client, server)
    for datagram in client.close():
        server.receive(datagram)
    assert (client.state, server.state) == ("closed", "closed")
    assert client.close() == []


def test_DT5_a_handshake_wants_to_be_repeated(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client, _ = pair(identities)
    assert client.timeout_s() is None
    client.start()
    timeout = client.timeout_s()
    assert timeout is not None and 0 < timeout <= 1


def test_DT4_a_changed_or_repeated_packet_is_refused(identities: tuple[DtlsIdentity, DtlsIdentity]) -> None:
    client, server = pair(identities)
    shake(client, server)
    assert client.srtp is not None and server.srtp is not None
    packet, buffer = rtp(7, payload=b"hello"), PacketBuffer()
    buffer.view[: len(packet)] = packet
    size = client.srtp.protect(buffer, len(packet))
    protected = bytes(buffer.view[:size])
    buffer.view[size - 1] ^= 1
    assert server.srtp.unprotect(buffer, size) == -1
    for expected in (len(packet), -1):
        buffer.view[:size] = protected
        assert server.srtp.unprotect(buffer, size) == expected
    assert server.srtp.unprotect_rtcp(buffer, 3) == -1
