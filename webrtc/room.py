"""A call: peers, what they publish, what they watch. Finds the router a packet belongs to.

Invariant: every call returns all its effects; the shell runs them before the next call on the same room; there is no
await between a call and having its effects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from webrtc import rtcp
from webrtc.alarm import Alarm
from webrtc.downward import Downward
from webrtc.effects import Effect, SendFeedback, TellSpeaker, TellVoice
from webrtc.errors import NegotiationError
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Mid, PeerId, TrackId
from webrtc.layers import NO_PREFERENCE, REVIEW_INTERVAL_S, Preference
from webrtc.line_figures import DownwardFigures, UpwardFigures, downward_figures, upward_figures
from webrtc.negotiation import OutgoingTrack
from webrtc.picture_figures import PictureFigures, figures_of
from webrtc.published_track import REPORTER_SSRC, Source
from webrtc.router import Router
from webrtc.rtp_header import parse_rtp_header, read_extension
from webrtc.speakers import Speakers
from webrtc.subscription import Subscription, new_forwarder, renegotiate
from webrtc.track_recording import TrackRecording
from webrtc.transport_feedback import INTERVAL_S as FEEDBACK_INTERVAL_S
from webrtc.upward import Extensions, Upward

REPORT_INTERVAL_S = 1.0
"""Receiver reports; browsers' estimators expect about one a second."""

MOST_CAMERAS = 16


class Publication(NamedTuple):
    source: Source
    muted: bool
    follows_voice: bool = False
    """A camera: in a large meeting it is shown only while its peer is among the last who spoke."""
    for_staff: bool = False
    """It goes to trusted viewers alone."""
    aside: bool = False
    """A voice beside the meeting, as an interpreter's: whoever speaks there does not take the floor."""


class Room:
    def __init__(self, random_bits: Callable[[int], int], now: float, *, most_cameras: int = MOST_CAMERAS) -> None:
        """`most_cameras`: of so many who spoke last, a viewer gets the camera; of others only when it pinned them."""
        self._random_bits = random_bits
        self._upward: dict[ConnectionId, Upward] = {}
        self._downward: dict[ConnectionId, Downward] = {}
        self._routers: dict[TrackId, Router] = {}
        self._cameras: set[TrackId] = set()
        self._aside: set[TrackId] = set()
        self._most_cameras = most_cameras
        self._speakers = Speakers()
        self._held: set[TrackId] = set()
        """Cameras of those who have not spoken for long."""
        self._told_speaker: PeerId | None = None
        self._told_voice: PeerId | None = None
        self._for_staff: set[TrackId] = set()
        self._review_at = now + REVIEW_INTERVAL_S
        self._report_at = now + REPORT_INTERVAL_S
        self._feedback_at = now + FEEDBACK_INTERVAL_S
        self._alarm = Alarm(min(self._review_at, self._report_at, self._feedback_at))

    @property
    def is_empty(self) -> bool:
        return not self._upward and not self._downward

    @property
    def track_count(self) -> int:
        return len(self._routers)

    def has_track(self, track_id: TrackId) -> bool:
        return track_id in self._routers

    def is_for_staff(self, track_id: TrackId) -> bool:
        return track_id in self._for_staff

    def open_upward(self, connection_id: ConnectionId, peer_id: PeerId) -> None:
        self._upward[connection_id] = Upward(peer_id, connection_id)

    def open_downward(self, connection_id: ConnectionId, peer_id: PeerId) -> None:
        self._downward[connection_id] = Downward(peer_id, connection_id)

    def close(self, connection_id: ConnectionId) -> None:
        """End a connection: what it published is gone for all, what it watched is not sent any more."""
        upward = self._upward.pop(connection_id, None)
        if upward is not None:
            for router in upward.routers.values():
                self._end_track(router)
            self._speakers.remove(upward.peer_id)
        downward = self._downward.pop(connection_id, None)
        if downward is not None:
            for forwarder in downward.forwarders.values():
                self._routers[forwarder.track_id].remove_forwarder(forwarder)

    def publish(
        self,
        connection_id: ConnectionId,
        publications: list[Publication],
        extensions: Extensions,
        now: float,
    ) -> list[Effect]:
        """Replace what the connection publishes. A track that stays keeps its viewers; one not listed ends."""
        upward = self._upward[connection_id]
        kept = {publication.source.track_id for publication in publications}
        for track_id in kept:
            router = self._routers.get(track_id)
            if router is not None and router.connection_id != connection_id:
                raise NegotiationError("this track is published by another connection")
        for mid, router in list(upward.routers.items()):
            if router.source.track_id not in kept:
                del upward.routers[mid]
                self._end_track(router)
        effects: list[Effect] = []
        routers: list[Router] = []
        self._speakers.add(upward.peer_id)
        for source, muted, follows_voice, for_staff, aside in publications:
            (self._cameras.add if follows_voice else self._cameras.discard)(source.track_id)
            (self._aside.add if aside else self._aside.discard)(source.track_id)
            router = self._routers.get(source.track_id)
            if router is None:
                router = Router(connection_id, source, upward.peer_id, muted, self._alarm)
                self._routers[source.track_id] = router
            else:
                router.change_source(source)
                effects += self.mute(source.track_id, muted, now)
            self.restrict(source.track_id, for_staff)
            routers.append(router)
        upward.publish(routers, extensions)
        return effects

    def _end_track(self, router: Router) -> None:
        del self._routers[router.source.track_id]
        self._cameras.discard(router.source.track_id)
        self._aside.discard(router.source.track_id)
        self._for_staff.discard(router.source.track_id)
        for forwarder in router.forwarders:
            downward = self._downward[forwarder.connection_id]
            del downward.forwarders[forwarder.mid]
            del downward.by_ssrc[forwarder.ssrc]
        for downward in self._downward.values():
            for key in [key for key in downward.ssrcs if key[1] == router.source.track_id]:
                del downward.ssrcs[key]
                downward.resting.pop(key, None)
            downward.drop_waiting(router.source.track_id)

    def outgoing(self, connection_id: ConnectionId, mid: Mid, track_id: TrackId) -> OutgoingTrack:
        """The track as this viewer will get it in this m-line; the answer announces it."""
        router = self._routers[track_id]
        ssrc, rtx_ssrc = self._downward[connection_id].ssrcs_of(mid, track_id, self._random_bits)
        source = router.source
        return OutgoingTrack(track_id, PeerId(router.cname), source.kind, ssrc, rtx_ssrc, source.format)

    def connected(self, connection_id: ConnectionId, now: float) -> list[Effect]:
        """The connection can carry media from now on: a viewer who waited needs key frames now."""
        effects: list[Effect] = []
        downward = self._downward.get(connection_id)
        if downward is None:
            return effects
        downward.is_connected = True
        for forwarder in downward.forwarders.values():
            effects += self._routers[forwarder.track_id].restart(forwarder, now)
        return effects

    def subscribe(self, connection_id: ConnectionId, subscriptions: list[Subscription], now: float) -> list[Effect]:
        """Replace what the connection watches. A track that went away meanwhile is left out."""
        downward = self._downward[connection_id]
        wanted = {subscription.mid: subscription for subscription in subscriptions}
        for mid, forwarder in list(downward.forwarders.items()):
            subscription = wanted.get(mid)
            if subscription is None or subscription.track_id != forwarder.track_id:
                self._rest(downward, forwarder)
        effects: list[Effect] = []
        for subscription in subscriptions:
            mid, track_id = subscription.mid, subscription.track_id
            router = self._routers.get(track_id)
            if router is None or (track_id in self._for_staff and not downward.is_trusted):
                continue
            present = downward.forwarders.get(mid)
            if present is not None:
                renegotiate(present, subscription)
                continue
            resting = downward.resting.pop((mid, track_id), None)
            if resting is not None:
                resting.change_source()
            forwarder = resting or new_forwarder(downward, router, subscription, self._random_bits, self._alarm)
            renegotiate(forwarder, subscription)
            downward.forwarders[mid] = forwarder
            downward.by_ssrc[forwarder.ssrc] = forwarder
            forwarder.is_ready = downward.is_connected
            effects += router.add_forwarder(forwarder, now)
            effects += router.prefer(forwarder, downward.preferences.get(track_id, NO_PREFERENCE), now)
            if downward.is_connected:
                effects += router.request_keyframe(forwarder, now)
        return effects

    def _rest(self, downward: Downward, forwarder: Forwarder) -> None:
        """The viewer gets no more of it for now."""
        self._routers[forwarder.track_id].remove_forwarder(forwarder)
        del downward.forwarders[forwarder.mid]
        del downward.by_ssrc[forwarder.ssrc]
        downward.resting[forwarder.mid, forwarder.track_id] = forwarder
        downward.drop_waiting(forwarder.track_id)

    def restrict(self, track_id: TrackId, for_staff: bool) -> None:
        """From now on the track goes to trusted viewers alone, or to everybody who subscribes to it anew."""
        if track_id not in self._routers:
            return
        (self._for_staff.add if for_staff else self._for_staff.discard)(track_id)
        for downward in self._downward.values():
            self._withdraw(downward)

    def trust(self, connection_id: ConnectionId, trusted: bool) -> None:
        """Whether this viewer gets what is for staff."""
        downward = self._downward[connection_id]
        downward.is_trusted = trusted
        self._withdraw(downward)

    def _withdraw(self, downward: Downward) -> None:
        if not downward.is_trusted:
            for forwarder in [each for each in downward.forwarders.values() if each.track_id in self._for_staff]:
                self._rest(downward, forwarder)

    def prefer(
        self, connection_id: ConnectionId, preferences: Mapping[TrackId, Preference], now: float
    ) -> list[Effect]:
        """Replace what the viewer says of the tracks it shows; one not named is shown as large as there is."""
        downward = self._downward[connection_id]
        downward.preferences = dict(preferences)
        effects: list[Effect] = []
        for forwarder in downward.forwarders.values():
            preference = preferences.get(forwarder.track_id, NO_PREFERENCE)
            effects += self._routers[forwarder.track_id].prefer(forwarder, preference, now)
        return effects

    def record(self, track_id: TrackId) -> str | None:
        """From now on the track's frames are effects too, pictures from a key frame on; returns its codec.

        None: the track is gone.
        """
        router = self._routers.get(track_id)
        if router is None:
            return None
        if router.recording is None:
            clock = self._upward[router.connection_id].clock
            router.recording = TrackRecording(track_id, router.source.format.name, router.source.clock_rate, clock)
        return router.source.format.name

    def stop_recording(self, track_id: TrackId) -> None:
        router = self._routers.get(track_id)
        if router is not None:
            router.recording = None

    def mute(self, track_id: TrackId, muted: bool, now: float) -> list[Effect]:
        router = self._routers.get(track_id)
        if router is None:
            return []
        if muted:
            if track_id not in self._aside:
                self._speakers.silence(PeerId(router.cname))
            for downward in self._downward.values():
                downward.drop_waiting(track_id)
        return router.mute(muted, now)

    def receive_rtp(self, connection_id: ConnectionId, packet: bytes | memoryview, now: float) -> list[Effect]:
        """Take a decrypted packet. Raise ProtocolError when it is malformed; one of no known track is dropped."""
        upward = self._upward.get(connection_id)
        if upward is None:
            return []
        header = parse_rtp_header(packet)
        if upward.extensions.transport_sequence is not None:
            upward.note_arrival(packet, header, now)
        found = upward.by_ssrc.get(header.ssrc) or upward.learn_ssrc(packet, header)
        if found is None:
            return upward.receive_again(packet, header, now)
        router, stream = found
        if upward.extensions.audio_level is not None and router.source.kind == "audio" and not router.muted:
            level = read_extension(packet, upward.extensions.audio_level)
            if level and router.source.track_id not in self._aside:
                self._speakers.receive(upward.peer_id, level[0] & 0x7F, now)
        if header.payload_type == router.source.payload_type:
            return router.receive_rtp(stream, packet, header, now)
        if header.payload_type == router.source.red_payload_type:
            return router.receive_redundant(stream, packet, header, now)
        return []

    def receive_feedback(self, connection_id: ConnectionId, packet: bytes | memoryview, now: float) -> list[Effect]:
        """Take a decrypted RTCP packet. Raise ProtocolError when it is malformed."""
        feedback = rtcp.parse_feedback(packet)
        upward = self._upward.get(connection_id)
        if upward is not None:
            return upward.receive_feedback(feedback, now)
        downward = self._downward.get(connection_id)
        return [] if downward is None else downward.receive_feedback(feedback, self._routers, now)

    def figures(self) -> list[UpwardFigures | DownwardFigures]:
        """Of every connection of the room."""
        upward = [upward_figures(upward.peer_id, upward.routers.values()) for upward in self._upward.values()]
        return [*upward, *map(downward_figures, self._downward.values())]

    def picture_figures(self, now: float) -> list[PictureFigures]:
        """Of every picture that somebody shows."""
        return [
            figures_of(downward.peer_id, forwarder, router, forwarder.track_id in self._held, now)
            for downward in self._downward.values()
            for forwarder in downward.forwarders.values()
            if (router := self._routers[forwarder.track_id]).source.kind == "video"
            if forwarder.preference.visible and not router.muted
        ]

    def next_deadline(self) -> float:
        """When to call `handle_deadline`, as far as is known now: ask again after every other call."""
        return self._alarm.at

    def _find_deadline(self) -> float:
        deadline = min(self._report_at, self._feedback_at, self._review_at)
        if any(downward.is_busy for downward in self._downward.values()):
            return 0.0
        for router in self._routers.values():
            retry_at = router.next_deadline()
            if retry_at is not None and retry_at < deadline:
                deadline = retry_at
        return deadline

    def handle_deadline(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        for router in self._routers.values():
            effects += router.handle_deadline(now)
        for downward in self._downward.values():
            if downward.is_busy:
                effects += downward.handle_tick(self._routers, now)
        if now >= self._review_at:
            self._review_at = now + REVIEW_INTERVAL_S
            effects += self._review(now)
        if now >= self._feedback_at:
            self._feedback_at = now + FEEDBACK_INTERVAL_S
            for upward in self._upward.values():
                # Chromium takes it only when it names one of its own streams.
                packet = upward.feedback.build(REPORTER_SSRC, upward.last_ssrc)
                if packet is not None:
                    effects.append(SendFeedback(upward.connection_id, packet))
        if now >= self._report_at:
            self._report_at = now + REPORT_INTERVAL_S
            for upward in self._upward.values():
                effects += self._report(upward, now)
        self._alarm.at = self._find_deadline()
        return effects

    def _review(self, now: float) -> list[Effect]:
        """See who speaks, and share every viewer's line anew."""
        for router in self._routers.values():
            router.measure(now)
        effects: list[Effect] = []
        self._speakers.review(now)
        if self._speakers.active != self._told_speaker:
            self._told_speaker = self._speakers.active
            connection_id = next(iter(self._upward or self._downward), None)
            if connection_id is not None:
                effects.append(TellSpeaker(connection_id, self._told_speaker))
        if self._speakers.speaking != self._told_voice:
            self._told_voice = self._speakers.speaking
            connection_id = next(iter(self._upward or self._downward), None)
            if connection_id is not None:
                effects.append(TellVoice(connection_id, self._told_voice))
        ranks = {peer_id: rank for rank, peer_id in enumerate(self._speakers.order)}
        held = self._held = self._find_held(ranks)
        for downward in self._downward.values():
            effects += downward.review(self._routers, held, ranks, now)
        return effects

    def _find_held(self, ranks: Mapping[PeerId, int]) -> set[TrackId]:
        """The cameras of all but the last who spoke."""
        cameras = [router for track_id in self._cameras if not (router := self._routers[track_id]).muted]
        if len(cameras) <= self._most_cameras:
            return set()
        cameras.sort(key=lambda router: ranks.get(PeerId(router.cname), len(ranks)))
        return {router.source.track_id for router in cameras[self._most_cameras :]}

    def _report(self, upward: Upward, now: float) -> list[Effect]:
        reports = [report for router in upward.routers.values() for report in router.report_loss(now)]
        description = rtcp.build_description(REPORTER_SSRC, "hub")
        return [
            SendFeedback(
                upward.connection_id,
                rtcp.build_receiver_report(REPORTER_SSRC, reports[start : start + 31]) + description,
            )
            for start in range(0, len(reports), 31)
        ]
