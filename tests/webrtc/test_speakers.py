"""Rules SP1–SP3 of webrtc/SPEC.md: who has the floor, and whose cameras are shown in a large meeting."""

from __future__ import annotations

from random import Random

import pytest

from tests.webrtc.packets import rtp, source
from tests.webrtc.shaped import LEVEL_ID, voice
from webrtc.effects import Effect, TellLine, TellSpeaker
from webrtc.ids import ConnectionId, Mid, PeerId, Ssrc, TrackId
from webrtc.layers import Preference
from webrtc.published_track import Source
from webrtc.room import Publication, Room
from webrtc.speakers import Speakers
from webrtc.subscription import Subscription
from webrtc.upward import Extensions

ANA, BEN, CEM = PeerId("ana"), PeerId("ben"), PeerId("cem")
SPEECH, ROOM_NOISE = 30, 70


def talk(speakers: Speakers, seconds: float, start: float, **levels: int) -> tuple[float, list[PeerId | None]]:
    """Everybody named sends at this level; returns when it ended, and who got the floor meanwhile."""
    changes, now = [], start
    for step in range(round(seconds / 0.02)):
        now = start + step * 0.02
        for name, level in levels.items():
            speakers.receive(PeerId(name), level, now)
        if step % 12 == 0 and speakers.review(now):
            changes.append(speakers.active)
    return now + 0.02, changes


def three() -> Speakers:
    speakers = Speakers()
    for peer_id in (ANA, BEN, CEM):
        speakers.add(peer_id)
    return speakers


def test_SP1_who_speaks_for_a_moment_gets_an_empty_floor() -> None:
    speakers = three()
    now, changes = talk(speakers, 1.0, 0.0, ana=ROOM_NOISE, ben=SPEECH, cem=ROOM_NOISE)
    assert changes == [BEN] and now < 1.1


def test_SP1_a_cough_changes_nothing() -> None:
    speakers = three()
    now, _ = talk(speakers, 5.0, 0.0, ana=SPEECH, ben=ROOM_NOISE)
    now, coughed = talk(speakers, 0.3, now, ana=SPEECH, ben=10)
    _, after = talk(speakers, 2.0, now, ana=SPEECH, ben=ROOM_NOISE)
    assert coughed == after == [] and speakers.active == ANA


def test_SP1_a_breath_loses_nothing_and_silence_gives_the_floor_away() -> None:
    speakers = three()
    now, _ = talk(speakers, 5.0, 0.0, ana=SPEECH, ben=ROOM_NOISE)
    now, breath = talk(speakers, 0.5, now, ana=ROOM_NOISE, ben=ROOM_NOISE)
    now, changes = talk(speakers, 2.0, now, ana=SPEECH, ben=ROOM_NOISE)
    assert breath == changes == []
    # Opus sends nothing in silence.
    now, changes = talk(speakers, 3.0, now, ben=SPEECH)
    assert changes == [BEN]
    assert speakers.order == [BEN, ANA, CEM]


def test_SP1_two_who_speak_at_once_do_not_swap() -> None:
    speakers = three()
    now, _ = talk(speakers, 5.0, 0.0, ana=SPEECH)
    _, changes = talk(speakers, 20.0, now, ana=SPEECH, ben=SPEECH - 2)
    assert changes == []


def test_SP1_who_is_clearly_louder_for_long_takes_over() -> None:
    speakers = three()
    now, _ = talk(speakers, 5.0, 0.0, ana=40)
    _, changes = talk(speakers, 4.0, now, ana=40, ben=20)
    assert changes == [BEN]


@pytest.mark.parametrize("seed", range(4))
def test_SP1_a_class_that_chatters_changes_hands_slowly(seed: int) -> None:
    random, speakers = Random(seed), Speakers()
    names = [f"peer{number}" for number in range(12)]
    for name in names:
        speakers.add(PeerId(name))
    now, changes = 0.0, 0
    for _ in range(60):
        levels = {name: random.choice([20, 30, 40, 60, 70]) for name in names}
        now, found = talk(speakers, 0.5, now, **levels)
        changes += len(found)
    assert changes <= 1 + now / 2, "the first, and one more every two seconds"


def test_SP1_who_leaves_has_no_floor() -> None:
    speakers = three()
    talk(speakers, 2.0, 0.0, ana=SPEECH)
    speakers.remove(ANA)
    assert speakers.active is None and speakers.order == [BEN, CEM]


NAMES = ["ana", "ben", "cem", "dea"]


class Class:
    """Four with voice and camera, a viewer of all, and a room that shows two."""

    def __init__(self) -> None:
        self.room = Room(Random(1).getrandbits, 0.0, most_cameras=2)
        self.now, self.sequence = 0.0, 0
        self.speaking = ""
        self.got: set[str] = set()
        self.told: list[Effect] = []
        self.viewer = ConnectionId(99)
        self.room.open_downward(self.viewer, PeerId("ola"))
        for number, name in enumerate(NAMES):
            connection_id = ConnectionId(number)
            self.room.open_upward(connection_id, PeerId(name))
            sound = source("audio")._replace(track_id=TrackId(name + ".voice"), ssrc=Ssrc(2000 + number))
            picture: Source = source()._replace(track_id=TrackId(name), ssrc=Ssrc(1000 + number))
            publications = [Publication(sound, False), Publication(picture, False, True)]
            self.room.publish(connection_id, publications, Extensions(None, None, None, LEVEL_ID), 0.0)
        wanted = [Subscription(Mid(name), TrackId(name), 120) for name in NAMES]
        self.room.subscribe(self.viewer, wanted, 0.0)
        self.room.connected(self.viewer, 0.0)

    def run(self, seconds: float) -> None:
        self.got.clear()
        for _ in range(round(seconds / 0.02)):
            self.now += 0.02
            self.sequence += 1
            for number, name in enumerate(NAMES):
                level = SPEECH if name == self.speaking else ROOM_NOISE
                sound = voice(self.sequence, self.sequence * 960, level=level, ssrc=2000 + number)
                self.room.receive_rtp(ConnectionId(number), sound, self.now)
                picture = rtp(self.sequence, self.sequence * 1_800, key=True, ssrc=1000 + number)
                for effect in self.room.receive_rtp(ConnectionId(number), picture, self.now):
                    if any(to == self.viewer for to, _ in getattr(effect, "headers", [])):
                        self.got.add(name)
            effects = self.room.handle_deadline(self.now)
            self.told += [effect for effect in effects if isinstance(effect, TellLine | TellSpeaker)]

    def let_speak(self, name: str) -> None:
        self.speaking = name
        self.run(4)
        self.run(1)


def test_SP2_a_voice_beside_the_floor_never_takes_it() -> None:
    people = Class()
    sound = source("audio")._replace(track_id=TrackId("cem.voice"), ssrc=Ssrc(2002))
    picture: Source = source()._replace(track_id=TrackId("cem"), ssrc=Ssrc(1002))
    publications = [Publication(sound, False, aside=True), Publication(picture, False, True)]
    people.room.publish(ConnectionId(2), publications, Extensions(None, None, None, LEVEL_ID), 0.0)
    people.let_speak("ben")
    people.let_speak("cem")
    assert [effect.peer_id for effect in people.told if isinstance(effect, TellSpeaker)] == ["ben"]


def test_SP2_everybody_is_told_who_has_the_floor() -> None:
    people = Class()
    people.let_speak("cem")
    people.let_speak("ben")
    assert [effect.peer_id for effect in people.told if isinstance(effect, TellSpeaker)] == ["cem", "ben"]
    people.room.close(ConnectionId(1))
    effects = people.room.handle_deadline(people.now + 1)
    assert [effect.peer_id for effect in effects if isinstance(effect, TellSpeaker)] == [None]


def test_SP3_the_cameras_of_the_last_speakers_are_shown() -> None:
    people = Class()
    people.run(1)
    people.run(1)
    assert people.got == {"ana", "ben"}
    people.let_speak("dea")
    assert people.got == {"dea", "ana"}
    people.let_speak("cem")
    assert people.got == {"cem", "dea"}
    line = [effect for effect in people.told if isinstance(effect, TellLine)][-1]
    assert (line.sound_only, line.paused) == (False, ("ana", "ben"))


def test_SP3_and_those_that_the_viewer_pinned() -> None:
    people = Class()
    people.room.prefer(people.viewer, {TrackId("ben"): Preference(pinned=True)}, people.now)
    people.let_speak("dea")
    assert people.got == {"dea", "ana", "ben"}


def test_SP3_muted_cameras_take_no_place() -> None:
    people = Class()
    people.room.mute(TrackId("ana"), True, 0.0)
    people.room.mute(TrackId("ben"), True, 0.0)
    people.run(1)
    people.run(1)
    assert people.got == {"cem", "dea"}
    assert not [effect for effect in people.told if isinstance(effect, TellLine) and effect.paused]


def test_SP3_a_screen_is_always_shown() -> None:
    people = Class()
    screen = source()._replace(track_id=TrackId("screen"), mid=Mid("2"), ssrc=Ssrc(3000))
    people.room.open_upward(ConnectionId(50), PeerId("eva"))
    people.room.publish(ConnectionId(50), [Publication(screen, False)], Extensions(), 0.0)
    wanted = [Subscription(Mid(name), TrackId(name), 120) for name in [*NAMES, "screen"]]
    people.room.subscribe(people.viewer, wanted, 0.0)
    people.let_speak("dea")
    effects = people.room.receive_rtp(ConnectionId(50), rtp(1, key=True, ssrc=3000), people.now)
    assert any(to == people.viewer for effect in effects for to, _ in getattr(effect, "headers", []))
