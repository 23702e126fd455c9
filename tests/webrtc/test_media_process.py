"""A real media process with aiortc as independent client, and with strangers who mean it no good."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from aioice import stun as aioice_stun

from hub.errors import Conflict, Invalid, NotFound, TooMany
from tests.webrtc.clients import Client, client
from tests.webrtc.meeting import ROOM, Meeting, open_meeting, user

pytestmark = pytest.mark.slow


@pytest.fixture(params=["compiled", "python"], autouse=True)
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything here holds for both forms of the media process."""
    form = str(request.param)
    monkeypatch.setattr("tests.webrtc.meeting.COMPILED", form == "compiled")
    return form


OFFER = (Path(__file__).parent / "vectors" / "chromium_publish.sdp").read_bytes().decode()


@asynccontextmanager
async def publisher_and_viewer(meeting: Meeting) -> AsyncIterator[tuple[Client, Client]]:
    async with client() as camera, client() as screen:
        _, answer = await meeting.http.whip(ROOM, user("ana"), "ana", await camera.offer_media())
        await camera.accept(answer)
        _, answer = await meeting.http.whep(ROOM, user("ola"), ["ana"], await screen.offer_to_watch())
        await screen.accept(answer)
        await screen.receive(5)
        yield camera, screen


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    """For what only polling shows: each turn is one request to the media process."""
    async with asyncio.timeout(10):
        while not await condition():
            pass


async def test_another_implementation_publishes_and_watches(form: str) -> None:
    async with open_meeting() as meeting, publisher_and_viewer(meeting) as (camera, screen):
        await screen.receive(20)
        stats = await meeting.media.stats()
        assert (stats["rooms"], stats["connections"], stats["half_open"], stats["tracks"]) == (1, 2, 0, 2)
        assert stats["compiled"] == (form == "compiled")
        await camera.close()
        await wait_until(lambda: counted(meeting, connections=1))
        assert meeting.rooms.peer_count(ROOM) == 1


async def counted(meeting: Meeting, *, connections: int) -> bool:
    return (await meeting.media.stats())["connections"] == connections


async def test_RT5_a_muted_track_is_held_back_by_the_hub() -> None:
    async with open_meeting() as meeting, publisher_and_viewer(meeting) as (_, screen):
        (ana,) = [peer for peer in meeting.rooms.peers(ROOM) if peer.peer_id == "ana"]
        for track in ana.tracks:
            await meeting.media.mute(ROOM, track.track_id, True)
        before = await meeting.media.stats()
        await wait_until(lambda: received_more(meeting, before["received_packets"] + 50))
        after = await meeting.media.stats()
        # Packets that were forwarded between the two requests and the mute.
        assert after["sent_packets"] - before["sent_packets"] <= 2
        for track in ana.tracks:
            await meeting.media.mute(ROOM, track.track_id, False)
        await screen.receive(5)


async def received_more(meeting: Meeting, packets: int) -> bool:
    return (await meeting.media.stats())["received_packets"] >= packets


def forged_check(password: str = "guessed", ufrag: str = "stranger") -> bytes:
    message = aioice_stun.Message(message_method=aioice_stun.Method.BINDING, message_class=aioice_stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:x"
    message.attributes["ICE-CONTROLLING"] = 1
    message.add_message_integrity(password.encode())
    return bytes(message)


CLIENT_HELLO = bytes([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0])
FATAL_ALERT = bytes([21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40])
WRONG_ATTRIBUTE = forged_check()[:22] + b"\xff\xff" + forged_check()[24:]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        CLIENT_HELLO,
        FATAL_ALERT,
        forged_check(),
        WRONG_ATTRIBUTE,
        b"\x80" * 60,
        b"\x80\xc8" + bytes(40),
        bytes(3000),
    ],
    ids=["empty", "ClientHello", "fatal alert", "forged check", "wrong attribute", "RTP", "RTCP", "too long"],
)
async def test_PR3_strangers_do_not_disturb_a_running_meeting(hostile: bytes) -> None:
    async with open_meeting() as meeting, publisher_and_viewer(meeting) as (_, screen):
        before = await meeting.media.stats()
        assert meeting.media.port is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.connect(("127.0.0.1", meeting.media.port))
            stranger.setblocking(False)
            for _ in range(20):
                stranger.send(hostile)
            await screen.receive(20)
            with pytest.raises(BlockingIOError):
                stranger.recv(2048)
        after = await meeting.media.stats()
        assert after["connections"] == 2
        assert after["dropped_packets"] - before["dropped_packets"] == 20


async def test_PR3_noise_of_all_kinds_does_not_disturb_a_running_meeting() -> None:
    random = Random(7)
    async with open_meeting() as meeting, publisher_and_viewer(meeting) as (_, screen):
        assert meeting.media.port is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.connect(("127.0.0.1", meeting.media.port))
            for _ in range(2_000):
                stranger.send(random.randbytes(random.randrange(200)))
        await screen.receive(20)
        assert (await meeting.media.stats())["connections"] == 2


async def test_AD3_checks_of_a_stranger_are_limited() -> None:
    async with open_meeting() as meeting:
        _, answer = await meeting.http.whip(ROOM, user("ana"), "ana", OFFER)
        ufrag = answer.split("a=ice-ufrag:")[1].split()[0]
        password = answer.split("a=ice-pwd:")[1].split()[0]
        assert meeting.media.port is not None
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.setblocking(False)
            stranger.connect(("127.0.0.1", meeting.media.port))
            # In one go: a second later the genuine one would be looked at.
            for _ in range(60):
                stranger.send(forged_check())
            stranger.send(forged_check(password, ufrag))
            await wait_until(lambda: dropped(meeting, 61))
            with pytest.raises(BlockingIOError):
                stranger.recv(2048)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as neighbour:
            neighbour.setblocking(False)
            neighbour.connect(("127.0.0.1", meeting.media.port))
            neighbour.send(forged_check(password, ufrag))
            response = await asyncio.wait_for(loop.sock_recv(neighbour, 2048), 5)
            assert aioice_stun.parse_message(response).check_message_integrity(password.encode())


async def dropped(meeting: Meeting, packets: int) -> bool:
    return (await meeting.media.stats())["dropped_packets"] >= packets


async def test_AD2_half_open_connections_are_limited_and_the_next_is_told() -> None:
    async with open_meeting(capacity=300) as meeting:
        for number in range(200):
            await meeting.http.whip(ROOM, user("ana"), f"p{number}", OFFER)
        with pytest.raises(TooMany):
            await meeting.http.whip(ROOM, user("ana"), "p200", OFFER)
        assert meeting.rooms.peer_count(ROOM) == 200
        await meeting.http.end(ROOM, user("ana").id, "p0", "whip")
        await meeting.http.whip(ROOM, user("ana"), "p200", OFFER)


UNKNOWN_CODECS = re.sub("(VP8|H264|opus)/", "XYZ/", OFFER)


@pytest.mark.parametrize("sdp", ["", "v=0\r\n", "hello", UNKNOWN_CODECS, OFFER + "a=x:" + "x" * 65_536])
async def test_SD4_a_bad_offer_is_refused_and_leaves_nothing(sdp: str) -> None:
    async with open_meeting() as meeting:
        with pytest.raises(Invalid) as refusal:
            await meeting.http.whip(ROOM, user("ana"), "ana", sdp)
        assert refusal.value.field == "sdp"
        assert meeting.rooms.peer_count(ROOM) == 0
        assert (await meeting.media.stats())["connections"] == 0


async def test_SD4_a_bad_offer_leaves_the_former_connection_alone() -> None:
    async with open_meeting() as meeting, publisher_and_viewer(meeting) as (_, screen):
        with pytest.raises(Invalid):
            await meeting.http.whip(ROOM, user("ana"), "ana", UNKNOWN_CODECS)
        with pytest.raises(Invalid):
            await meeting.http.whep(ROOM, user("eva"), ["ana"], UNKNOWN_CODECS)
        await screen.receive(10)


async def test_SD7_the_same_connection_is_renegotiated_and_another_takes_its_place() -> None:
    async with open_meeting() as meeting, publisher_and_viewer(meeting) as (camera, screen):
        tracks = meeting.rooms.peers(ROOM)[0].tracks
        _, answer = await meeting.http.whip(ROOM, user("ana"), "ana", camera.connection.localDescription.sdp)
        assert meeting.rooms.peers(ROOM)[0].tracks == tracks
        await screen.receive(10)
        ufrag = camera.connection.remoteDescription.sdp.split("a=ice-ufrag:")[1].split()[0]
        assert f"a=ice-ufrag:{ufrag}" in answer
        await meeting.http.whip(ROOM, user("ana"), "ana", OFFER)
        assert {track.track_id for track in meeting.rooms.peers(ROOM)[0].tracks}.isdisjoint(t.track_id for t in tracks)


async def test_SD7_an_offer_of_a_connection_that_is_over_is_refused() -> None:
    async with open_meeting() as meeting, client() as camera:
        meeting.rooms.join(ROOM, "socket-1", user("ana"), None)
        offer = await camera.offer_media()
        answer, _ = await meeting.rooms.publish(ROOM, "socket-1", offer, [])
        await camera.accept(answer)
        await wait_until(lambda: half_open(meeting, 0))
        await camera.close()
        await wait_until(lambda: counted(meeting, connections=0))
        with pytest.raises(Conflict):
            await meeting.rooms.publish(ROOM, "socket-1", offer, [])


async def half_open(meeting: Meeting, count: int) -> bool:
    return (await meeting.media.stats())["half_open"] == count


async def test_PR2_a_killed_media_process_comes_back_and_rooms_are_told() -> None:
    async with open_meeting() as meeting, publisher_and_viewer(meeting):
        meeting.rooms.join(ROOM, "socket-1", user("eva"), None)
        former = meeting.media.pid
        assert former is not None
        os.kill(former, signal.SIGKILL)
        await meeting.announcements.wait_for_event("socket-1", "room:reset")
        assert meeting.media.pid not in (None, former)
        assert [peer.user_id for peer in meeting.rooms.peers(ROOM)] == ["eva"]
        with pytest.raises(NotFound):
            await meeting.http.whep(ROOM, user("ola"), ["ana"], OFFER)
        async with publisher_and_viewer(meeting) as (_, screen):
            await screen.receive(5)


async def test_PR1_the_media_process_ends_with_the_hub() -> None:
    async with open_meeting() as meeting:
        pid = meeting.media.pid
        assert pid is not None
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
