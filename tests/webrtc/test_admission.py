"""Rules AD3–AD5 and IC7 without waiting, and PR4: limits and failures of the shell, with times handed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pylibsrtp import Policy

from webrtc.admission import CHECKS_PER_SECOND, MAX_ADDRESSES, SETUP_TIMEOUT_S, CheckLimit, LoadMeter
from webrtc.dtls import DtlsAssociation, DtlsIdentity
from webrtc.ice_lite import CONSENT_LIFETIME_S, Credentials, IceLiteAgent
from webrtc.ids import ConnectionId, PeerId, RoomId
from webrtc.media_engine import MediaEngine
from webrtc.peer_transport import MAX_SSRCS, PeerTransport
from webrtc.room import Room
from webrtc.srtp import SrtpSession

OFFER = (Path(__file__).parent / "vectors" / "chromium_publish.sdp").read_bytes().decode()


def transport(now: float = 0.0) -> PeerTransport:
    identity = DtlsIdentity()
    dtls = DtlsAssociation(identity, "active", [("sha-256", identity.fingerprint)])
    return PeerTransport(ConnectionId(1), IceLiteAgent(Credentials("hubufrag", "p" * 32), now), dtls, now)


def test_AD3_an_address_gets_its_checks_back_with_time() -> None:
    limit = CheckLimit()
    address, neighbour = ("192.0.2.1", 1), ("192.0.2.1", 2)
    assert [limit.allow(address, 0.0) for _ in range(60)].count(True) == CHECKS_PER_SECOND
    assert limit.allow(neighbour, 0.0)
    assert [limit.allow(address, 0.1) for _ in range(60)].count(True) == pytest.approx(CHECKS_PER_SECOND / 10, abs=1)


def test_AD3_addresses_are_remembered_within_bounds() -> None:
    limit = CheckLimit()
    for port in range(MAX_ADDRESSES):
        limit.allow(("192.0.2.1", port), 0.0)
    for _ in range(60):
        limit.allow(("192.0.2.2", 1), 0.0)
    assert not limit.allow(("192.0.2.2", 1), 0.0)


def test_AD6_load_is_measured_between_calls() -> None:
    meter = LoadMeter(10.0, 1.0, 100)
    assert meter.measure(12.0, 1.5, 2_100) == (0.25, 1_000.0)
    assert meter.measure(13.0, 1.5, 2_100) == (0.0, 0.0)
    assert meter.measure(13.0, 1.6, 2_200)[0] > 0, "two calls at the same moment divide by nothing"


def test_AD4_a_connection_that_does_not_come_to_life_expires() -> None:
    opened = transport(now=100.0)
    assert not opened.is_expired(100.0 + SETUP_TIMEOUT_S - 0.1)
    assert opened.is_expired(100.0 + SETUP_TIMEOUT_S)


def test_IC7_a_connection_without_consent_expires() -> None:
    opened = transport(now=100.0)
    opened.srtp = SrtpSession(Policy.SRTP_PROFILE_AEAD_AES_128_GCM, bytes(28), bytes(28))
    assert not opened.is_expired(100.0 + CONSENT_LIFETIME_S - 0.1)
    assert opened.is_expired(100.0 + CONSENT_LIFETIME_S)


def test_AD5_a_connection_brings_a_bounded_number_of_ssrcs() -> None:
    opened = transport()
    assert all(opened.admit_ssrc(number) for number in range(MAX_SSRCS))
    assert not opened.admit_ssrc(MAX_SSRCS)
    assert opened.admit_ssrc(0)


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[tuple[MediaEngine, list[dict[str, Any]]]]:
    told: list[dict[str, Any]] = []
    opened = MediaEngine(0, lambda: ["127.0.0.1"], told.append)
    yield opened, told
    opened.close()


async def test_PR4_a_bug_in_one_room_ends_that_room(
    engine: tuple[MediaEngine, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, told = engine
    broken: list[Room] = []

    def stumble(self: Room) -> float:
        broken.append(self)
        if self is broken[0]:
            raise AssertionError("a bug")
        return float("inf")

    for name in ("one", "two"):
        opened.publish(RoomId(name), PeerId("ana"), OFFER, None)
    monkeypatch.setattr(Room, "next_deadline", stumble)
    opened.handle_timers()
    opened.handle_timers()
    assert told == [{"event": "ended", "room_id": "one", "peer_id": "ana", "direction": "up"}]
    assert opened.stats()["rooms"] == 1


async def test_a_connection_that_expired_is_told_and_forgotten(
    engine: tuple[MediaEngine, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, told = engine
    opened.publish(RoomId("one"), PeerId("ana"), OFFER, None)
    opened.handle_timers()
    assert told == []
    monkeypatch.setattr(PeerTransport, "is_expired", lambda self, now: True)
    monkeypatch.setattr(opened, "_expire_at", 0.0)
    opened.handle_timers()
    assert [event["event"] for event in told] == ["ended"]
    assert opened.is_idle and opened.stats()["rooms"] == 0
