"""LiveRooms with a real media process: who is in, who is told what, and who may do what."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from hub.errors import Conflict, Invalid, NotFound, RoomFull, Unavailable
from hub.payloads.rooms import PublishedMedia, TrackPreference, WantedTrack
from storage.records import RoomId
from tests.webrtc.clients import client
from tests.webrtc.meeting import ROOM, Meeting, open_meeting, user

VECTORS = Path(__file__).parent.parent / "webrtc" / "vectors"
PUBLISH = (VECTORS / "chromium_publish.sdp").read_bytes().decode()
WATCH = (VECTORS / "chromium_subscribe.sdp").read_bytes().decode()
ANA, OLA, EVA = user("ana"), user("ola"), user("eva")
BOTH = [PublishedMedia(mid="0", source="microphone"), PublishedMedia(mid="1", source="camera")]


def names(meeting: Meeting, room_id: RoomId = ROOM) -> list[str]:
    return [peer.user_id for peer in meeting.rooms.peers(room_id)]


async def settled(meeting: Meeting) -> None:
    """All announcements so far have gone out: they leave in order, so the last one is enough."""
    meeting.rooms.join(RoomId("other"), "marker-1", EVA, None)
    meeting.rooms.join(RoomId("other"), "marker-2", EVA, None)
    await meeting.announcements.wait_for_event("marker-1", "room:peer_joined")
    await meeting.rooms.leave(RoomId("other"), "marker-1")
    await meeting.rooms.leave(RoomId("other"), "marker-2")
    meeting.announcements.told = [told for told in meeting.announcements.told if not told[0].startswith("marker")]


async def test_coming_and_going_is_told_to_the_others() -> None:
    async with open_meeting() as meeting:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        ola = meeting.rooms.join(ROOM, "s-ola", OLA, None)
        assert [peer.peer_id for peer in meeting.rooms.peers(ROOM)] == [ana, ola]
        joined = await meeting.announcements.wait_for_event("s-ana", "room:peer_joined")
        assert (joined.peer.peer_id, joined.peer.display_name) == (ola, "Ola")
        await meeting.rooms.leave(ROOM, "s-ola")
        left = await meeting.announcements.wait_for_event("s-ana", "room:peer_left")
        assert left.peer_id == ola
        await meeting.rooms.leave(ROOM, "s-ana")
        await meeting.rooms.leave(ROOM, "s-ana")
        assert meeting.rooms.peer_count(ROOM) == 0
        await settled(meeting)
        assert meeting.announcements.to("s-ola") == []


async def test_joining_twice_is_joining_once() -> None:
    async with open_meeting() as meeting:
        assert meeting.rooms.join(ROOM, "s-1", ANA, None) == meeting.rooms.join(ROOM, "s-1", ANA, None)
        assert meeting.rooms.peer_count(ROOM) == 1


async def test_published_changed_and_ended_tracks_are_told_in_order() -> None:
    async with open_meeting() as meeting:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        answer, ids = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)
        assert answer.startswith("v=0") and set(ids) == {"0", "1"}
        (peer, _) = meeting.rooms.peers(ROOM)
        assert [(track.track_id, track.kind, track.source) for track in peer.tracks] == [
            (ids["0"], "audio", "microphone"),
            (ids["1"], "video", "camera"),
        ]
        muted = [PublishedMedia(mid="0", source="microphone", muted=True)]
        _, still = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, muted)
        assert still == {"0": ids["0"]}
        await settled(meeting)
        assert meeting.announcements.to("s-ola") == [
            "room:published",
            "room:published",
            "room:unpublished",
            "room:muted",
        ]
        last = meeting.announcements.told[-1][2]
        assert (last.peer_id, last.track.track_id, last.track.muted) == (ana, ids["0"], True)


@pytest.mark.parametrize(
    ("sdp", "tracks"),
    [
        ("nonsense", BOTH),
        (PUBLISH, [PublishedMedia(mid="9", source="camera")]),
        (PUBLISH, [PublishedMedia(mid="0", source="camera")]),
        (PUBLISH, [PublishedMedia(mid="2", source="camera")]),
    ],
    ids=["no offer", "unknown m-line", "a microphone is no camera", "data channel"],
)
async def test_a_bad_offer_is_refused_and_changes_nothing(sdp: str, tracks: list[PublishedMedia]) -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        _, ids = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)
        with pytest.raises(Invalid):
            await meeting.rooms.publish(ROOM, "s-ana", sdp, tracks)
        assert [track.track_id for track in meeting.rooms.peers(ROOM)[0].tracks] == list(ids.values())


async def test_watching_names_tracks_and_one_that_is_gone_is_inactive() -> None:
    async with open_meeting() as meeting:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        _, ids = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)
        wanted = [WantedTrack(mid="0", track_id=ids["0"]), WantedTrack(mid="1", track_id="gone")]
        answer, _ = await meeting.rooms.subscribe(ROOM, "s-ola", WATCH, wanted)
        assert f"a=msid:{ana} {ids['0']}" in answer
        assert answer.count("a=sendonly") == 1 and answer.count("a=inactive") == 2


async def test_only_who_is_in_may_act_and_rooms_are_apart() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        _, ids = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)
        other = RoomId("other")
        meeting.rooms.join(other, "s-eva", EVA, None)
        with pytest.raises(NotFound):
            await meeting.rooms.publish(ROOM, "s-eva", PUBLISH, BOTH)
        with pytest.raises(NotFound):
            await meeting.rooms.subscribe(ROOM, "s-eva", WATCH, [])
        with pytest.raises(NotFound):
            await meeting.rooms.mute(other, "s-eva", ids["0"], True)
        answer, _ = await meeting.rooms.subscribe(other, "s-eva", WATCH, [WantedTrack(mid="0", track_id=ids["0"])])
        assert "a=sendonly" not in answer


async def test_one_mutes_oneself_and_nobody_else() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        _, ids = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)

        def muted() -> bool:
            return meeting.rooms.peers(ROOM)[0].tracks[0].muted

        await meeting.rooms.mute(ROOM, "s-ana", ids["0"], True)
        assert muted()
        for open_or_close in (False, True):
            with pytest.raises(NotFound):
                await meeting.rooms.mute(ROOM, "s-ola", ids["0"], open_or_close)
        await meeting.rooms.mute(ROOM, "s-ana", ids["0"], False)
        assert not muted()
        await settled(meeting)
        assert meeting.announcements.to("s-ola").count("room:muted") == 2


async def test_what_is_shown_can_be_said_by_those_who_are_in_and_of_tracks_that_are_gone() -> None:
    wishes = [TrackPreference(track_id="gone", max_height=90), TrackPreference(track_id="too", visible=False)]
    async with open_meeting() as meeting:
        with pytest.raises(NotFound):
            await meeting.rooms.prefer(ROOM, "s-ana", wishes)
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        await meeting.rooms.prefer(ROOM, "s-ana", wishes)


async def test_a_viewer_is_told_what_its_line_keeps_from_it_and_again_after_a_reconnection() -> None:
    def line(sound_only: bool, *paused: str) -> None:
        event = {"event": "line", "room_id": ROOM, "peer_id": ana}
        meeting.media.on_event({**event, "sound_only": sound_only, "paused": list(paused), "narrowed": bool(paused)})

    def told(session_id: str) -> list[tuple[bool, list[str]]]:
        told = meeting.announcements.told
        return [(p.sound_only, p.paused) for to, event, p in told if (to, event) == (session_id, "room:line")]

    async with open_meeting() as meeting:
        ana = meeting.rooms.join(ROOM, "s-1", ANA, None)
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        line(False)
        line(True, "t1", "t2")
        line(True, "t1", "t2")
        await settled(meeting)
        assert told("s-1") == [(True, ["t1", "t2"])], "that all is well is no news at the beginning"
        await meeting.rooms.disconnect("s-1")
        line(False, "t2")
        meeting.rooms.join(ROOM, "s-2", ANA, ana)
        await settled(meeting)
        assert told("s-2") == [(False, ["t2"])]
        line(False)
        await settled(meeting)
        assert told("s-2")[1:] == [(False, [])] and told("s-ola") == []


async def test_everybody_is_told_who_has_the_floor_and_who_comes_later_too() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        meeting.media.on_event({"event": "speaker", "room_id": ROOM, "peer_id": "p"})
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        await settled(meeting)
        told = [(to, p.peer_id) for to, event, p in meeting.announcements.told if event == "room:speaker"]
        assert told == [("s-ana", "p"), ("s-ola", "p")]


async def test_a_broken_connection_is_waited_for() -> None:
    async with open_meeting() as meeting:
        ana = meeting.rooms.join(ROOM, "s-1", ANA, None)
        _, ids = await meeting.rooms.publish(ROOM, "s-1", PUBLISH, BOTH)
        await meeting.rooms.disconnect("s-1")
        assert meeting.rooms.join(ROOM, "s-2", ANA, ana) == ana
        assert [track.track_id for track in meeting.rooms.peers(ROOM)[0].tracks] == list(ids.values())
        # The new socket may be there before the old one is known to be gone.
        assert meeting.rooms.join(ROOM, "s-3", ANA, ana) == ana
        await meeting.rooms.disconnect("s-2")
        assert meeting.rooms.join(ROOM, "s-3", ANA, None) == ana
        assert meeting.rooms.peer_count(ROOM) == 1


async def test_a_broken_connection_is_not_waited_for_for_ever() -> None:
    async with open_meeting(rejoin_s=0.05) as meeting:
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        await meeting.rooms.disconnect("s-ana")
        left = await meeting.announcements.wait_for_event("s-ola", "room:peer_left")
        assert left.peer_id == ana
        assert names(meeting) == ["ola"]


async def test_nobody_takes_the_place_of_another() -> None:
    async with open_meeting() as meeting:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        await meeting.rooms.disconnect("s-ana")
        assert meeting.rooms.join(ROOM, "s-eva", EVA, ana) != ana
        assert names(meeting) == ["ana", "eva"]


async def test_a_former_place_is_given_back_after_the_hub_forgot_it() -> None:
    async with open_meeting() as meeting:
        assert meeting.rooms.join(ROOM, "s-ana", ANA, "former") == "former"


async def test_a_revoked_user_is_out_at_once_through_every_door() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)
        await meeting.http.whip(ROOM, ANA, "encoder", PUBLISH)
        await meeting.http.whep(ROOM, ANA, ["encoder"], WATCH)
        await meeting.rooms.revoke(ANA.id)
        assert names(meeting) == ["ola"]
        assert (await meeting.media.stats())["connections"] == 0
        with pytest.raises(NotFound):
            await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)


async def test_a_full_room_says_so() -> None:
    async with open_meeting(capacity=2) as meeting:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        await meeting.http.whip(ROOM, OLA, "ola", PUBLISH)
        with pytest.raises(RoomFull):
            meeting.rooms.join(ROOM, "s-eva", EVA, None)
        with pytest.raises(RoomFull):
            await meeting.http.whep(ROOM, EVA, ["ola"], WATCH)
        await meeting.rooms.disconnect("s-ana")
        assert meeting.rooms.join(ROOM, "s-ana-2", ANA, ana) == ana


async def test_whip_and_whep_are_peers_like_others() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-eva", EVA, None)
        peer_id, answer = await meeting.http.whip(ROOM, ANA, "p0", PUBLISH)
        assert peer_id == "p0" and answer.count("a=recvonly") == 2
        joined = await meeting.announcements.wait_for_event("s-eva", "room:peer_joined")
        assert joined.peer.peer_id == "p0"
        viewer, answer = await meeting.http.whep(ROOM, OLA, ["p0"], WATCH)
        assert answer.count("a=sendonly") == 2 and answer.count("a=inactive") == 1
        assert [peer.peer_id for peer in meeting.rooms.peers(ROOM)][1:] == ["p0", viewer]
        with pytest.raises(Conflict):
            await meeting.http.whip(ROOM, OLA, "p0", PUBLISH)
        with pytest.raises(NotFound):
            await meeting.http.whep(ROOM, OLA, ["nobody"], WATCH)
        for door, owner, ended in (("whep", ANA, viewer), ("whip", ANA, viewer), ("whip", OLA, "p0")):
            with pytest.raises(NotFound):
                await meeting.http.end(ROOM, owner.id, ended, door)  # type: ignore[arg-type]
        await meeting.http.end(ROOM, OLA.id, viewer, "whep")
        await meeting.http.end(ROOM, ANA.id, "p0", "whip")
        assert names(meeting) == ["eva"]
        assert (await meeting.media.stats())["connections"] == 0


async def test_whep_takes_several_peers_in_order() -> None:
    async with open_meeting() as meeting:
        await meeting.http.whip(ROOM, ANA, "a", PUBLISH)
        await meeting.http.whip(ROOM, OLA, "b", PUBLISH)
        _, answer = await meeting.http.whep(ROOM, EVA, ["b", "a"], WATCH)
        streams = [line.split()[0] for line in answer.split("\r\n") if line.startswith("a=msid:")]
        # One audio and two video m-lines were offered.
        assert streams == ["a=msid:b", "a=msid:b", "a=msid:a"]


async def test_without_media_process_nothing_is_promised() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        assert meeting.media.pid is not None
        stopped = meeting.media.pid
        os.kill(stopped, signal.SIGSTOP)

        async def kill() -> None:
            os.kill(stopped, signal.SIGKILL)

        # Started in this order: the request waits for its answer when the process dies.
        with pytest.raises(Unavailable):
            await asyncio.gather(meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH), kill())
        assert meeting.rooms.peers(ROOM)[0].tracks == []
        await meeting.announcements.wait_for_event("s-ana", "room:reset")
        assert meeting.rooms.ready
        await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)


async def test_lines_are_told_of_everybody_who_is_in() -> None:
    async with open_meeting() as meeting, client() as camera, client() as screen:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        _, answer = await meeting.http.whip(ROOM, OLA, "ola", await camera.offer_media())
        await camera.accept(answer)
        async with asyncio.timeout(20):
            while True:
                # Each turn is a request to the media process, which measures meanwhile.
                first, second = await meeting.rooms.lines(ROOM)
                if second.up is not None and second.up.bits_per_s > 10_000:
                    break
        assert (first.peer_id, first.up, first.down) == (ana, None, None)
        assert (second.peer_id, second.down, second.up.jitter_ms is None) == ("ola", None, False)
        stats = await meeting.rooms.stats()
        assert stats["up_bits_per_s"] > 10_000 and stats["down_bits_per_s"] == 0
        assert stats["pictures_all"] == 0
        _, answer = await meeting.http.whep(ROOM, EVA, ["ola"], await screen.offer_to_watch())
        await screen.accept(answer)
        await screen.receive(3)
        async with asyncio.timeout(20):
            while (await meeting.rooms.stats())["pictures_all"] == 0:
                pass
        _, _, third = await meeting.rooms.lines(ROOM)
        assert [picture.reason for picture in third.pictures] == ["all"] and third.down is not None
