"""One viewer's connection: what it watches, and how its line is shared over that.

Rule: sound first, then the smallest layer of every picture, then larger ones; whoever gets less than it shows is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf

from webrtc import rtcp
from webrtc.allocation import Wish, share
from webrtc.congestion import Line
from webrtc.effects import Effect, SendRtp, TellLine
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Mid, PeerId, Ssrc, TrackId
from webrtc.layers import NOTHING, SMALLEST, Preference
from webrtc.probing import PADDING, Prober
from webrtc.published_track import REPORTER_SSRC
from webrtc.reported_line import ReportedLine
from webrtc.router import Router
from webrtc.transport_feedback import Arrivals

_VOICE_BPS = 40_000.0
"""Kept free for the voice that may begin at any time."""
_HEADROOM = 1.1
"""Video may always leave a little faster than it is measured to come."""
_LOOK_EVERY = 4
_WIDE_BPS = 4_000_000.0
"""Such a line takes a key frame without anybody hearing it."""


class Downward:
    def __init__(self, peer_id: PeerId, connection_id: ConnectionId) -> None:
        self.peer_id = peer_id
        self.connection_id = connection_id
        self.forwarders: dict[Mid, Forwarder] = {}
        self.by_ssrc: dict[int, Forwarder] = {}
        self.ssrcs: dict[tuple[Mid, TrackId], tuple[Ssrc, Ssrc]] = {}
        """Of the track and of its retransmissions. Promised in an answer, so kept as long as the track lives."""
        self.resting: dict[tuple[Mid, TrackId], Forwarder] = {}
        """Not watched now. An SSRC may never send a sequence number twice (RFC 3711 section 9.1), so whoever watches
        the track again in that m-line gets the forwarder that knows the last one."""
        self.preferences: dict[TrackId, Preference] = {}
        self.is_connected = False
        self.is_trusted = False
        """Gets what is for staff."""
        self.line: Line | None = None
        """None: the viewer has not agreed on numbers, and `reported` is all there is."""
        self.reported = ReportedLine()
        self._prober = Prober()
        self._is_limiting = True
        self._told: tuple[bool, tuple[TrackId, ...], bool] | None = None
        self._calm_intervals = 0
        self._octets = 0
        self._counted_at = 0.0
        self.sent_bps = 0.0

    def ssrcs_of(self, mid: Mid, track_id: TrackId, random_bits: Callable[[int], int]) -> tuple[Ssrc, Ssrc]:
        """Of the track in this m-line and of its retransmissions: the same ones as long as the track lives."""
        taken = {ssrc for pair in self.ssrcs.values() for ssrc in pair}
        while (mid, track_id) not in self.ssrcs:
            pair = Ssrc(random_bits(32)), Ssrc(random_bits(32))
            if min(pair) > REPORTER_SSRC and pair[0] != pair[1] and taken.isdisjoint(pair):
                self.ssrcs[mid, track_id] = pair
        return self.ssrcs[mid, track_id]

    def receive_feedback(
        self, feedback: Iterable[rtcp.Feedback], routers: Mapping[TrackId, Router], now: float
    ) -> list[Effect]:
        """What the viewer says of what it got."""
        effects: list[Effect] = []
        for item in feedback:
            if isinstance(item, rtcp.BitrateEstimate):
                if self.line is None:
                    self.reported.receive_estimate(item.rate_bps, self.sent_bps, now)
                continue
            if isinstance(item, Arrivals):
                if self.line is not None:
                    self.line.receive_arrivals(item, now)
                continue
            forwarder = self.by_ssrc.get(item.ssrc)
            if forwarder is None:
                continue
            router = routers[forwarder.track_id]
            if isinstance(item, rtcp.Nack):
                effects += router.resend(forwarder, item.sequences, now)
            elif isinstance(item, rtcp.KeyframeRequest):
                effects += router.request_keyframe(forwarder, now)
            elif isinstance(item, rtcp.LossReport):
                forwarder.fraction_lost = item.fraction_lost
                if self.line is None:
                    self.reported.receive_loss(item.fraction_lost / 256, self.sent_bps, now)
        return effects

    def review(
        self, routers: Mapping[TrackId, Router], held: Collection[TrackId], ranks: Mapping[PeerId, int], now: float
    ) -> list[Effect]:
        """Share the line anew. `held`: cameras of those who have not spoken for long; `ranks`: who spoke last is 0."""
        self._measure(now)
        line = self.line
        budget = self.reported.budget_bps(now) if line is None else line.budget_bps(now)
        if budget == inf and not held and not self._is_limiting:
            return []
        self._is_limiting = budget < inf or bool(held)
        is_limited = self.reported.is_limited if line is None else line.is_limited
        sound_bps = 0.0
        pictures: list[tuple[Forwarder, Router]] = []
        for forwarder in self.forwarders.values():
            router = routers[forwarder.track_id]
            if router.source.kind == "audio":
                sound_bps += 0.0 if router.muted else router.streams[0].rate_bps
            else:
                pictures.append((forwarder, router))
        # What is pinned, then what is shown large, then who spoke last.
        pictures.sort(key=lambda picture: _importance(picture[0], picture[1], ranks))
        effects: list[Effect] = []
        wishes, wishing, paused = [], [], []
        for forwarder, router in pictures:
            if forwarder.track_id in held and not forwarder.preference.pinned:
                effects += router.limit(forwarder, NOTHING, now)
                if forwarder.preference.visible and not router.muted:
                    paused.append(forwarder.track_id)
                continue
            costs, present = router.find_costs(forwarder, now)
            places = [place for place, _ in costs]
            wishes.append(Wish([bps for _, bps in costs], places.index(present) if present in places else NOTHING))
            wishing.append((forwarder, router, places))
        shares = share(budget - max(sound_bps, _VOICE_BPS), wishes, keep_smallest=not is_limited)
        given = 0
        for (forwarder, router, places), chosen in zip(wishing, shares.places, strict=True):
            if chosen != NOTHING:
                given += 1
                effects += router.limit(forwarder, None if budget == inf else places[chosen], now)
            elif places:
                effects += router.limit(forwarder, NOTHING, now)
                paused.append(forwarder.track_id)
            elif forwarder.limit != NOTHING or budget == inf:
                effects += router.limit(forwarder, None if budget == inf else SMALLEST, now)
        given_bps = sum(wish.costs_bps[place] for wish, place in zip(wishes, shares.places, strict=True) if place >= 0)
        self._pace(_HEADROOM * (given_bps + sound_bps), now)
        self._rest(shares.next_bps is None, now)
        if line is not None:
            wanted = None if shares.next_bps is None else shares.next_bps + max(sound_bps, _VOICE_BPS)
            self._prober.review(line, wanted, now)
        narrowed = is_limited and any(
            place < len(wish.costs_bps) - 1 for wish, place in zip(wishes, shares.places, strict=True)
        )
        told = (not given and any(places for _, _, places in wishing), tuple(sorted(paused)), narrowed)
        if told != self._told:
            self._told = told
            effects.append(TellLine(self.connection_id, *told))
        return effects

    def _measure(self, now: float) -> None:
        elapsed = now - self._counted_at
        octets = sum(forwarder.octet_count for forwarder in self.forwarders.values())
        if elapsed > 0 and octets >= self._octets:
            self.sent_bps += ((octets - self._octets) * 8 / elapsed - self.sent_bps) / 4
        self._octets, self._counted_at = octets, now

    def _rest(self, is_served: bool, now: float) -> None:
        """A line that carries all that is wanted is looked at for one interval in four."""
        line = self.line
        if line is None:
            return
        self._calm_intervals = self._calm_intervals + 1 if is_served and line.is_calm(now) else 0
        if self._calm_intervals % _LOOK_EVERY:
            line.rest()
        elif line.is_resting:
            line.wake()

    def _pace(self, least_bps: float, now: float) -> None:
        line = self.line
        if line is None:
            return
        if line.reports and line.rate_bps < _WIDE_BPS:
            line.pacer.start()
            line.pacer.set_rate(line.rate_bps, least_bps, is_narrow=line.is_narrow(now))
        else:
            line.pacer.stop()

    @property
    def is_busy(self) -> bool:
        """Whether `handle_tick` has something to do."""
        line = self.line
        return line is not None and (self._prober.is_sending or line.pacer.has_waiting)

    def handle_tick(self, routers: Mapping[TrackId, Router], now: float) -> list[Effect]:
        """Send what waited for its turn, and what tries out the line."""
        line = self.line
        assert line is not None
        effects: list[Effect] = []
        for sender, header, payload in line.pacer.release(now):
            numbered = sender.number(header, len(payload), now)
            effects.append(SendRtp(payload, [(self.connection_id, numbered)]))
        if line.pacer.is_overfull:
            dropped = line.pacer.clear()
            for forwarder in self.forwarders.values():
                if forwarder.track_id in dropped:
                    effects += routers[forwarder.track_id].restart(forwarder, now)
        if self._prober.is_sending:
            headers = self._pad(line, self._prober.count_packets(line, now), now)
            effects += [SendRtp(PADDING, [(self.connection_id, header)]) for header in headers]
        return effects

    def _pad(self, line: Line, count: int, now: float) -> list[bytes]:
        forwarder = next((one for one in self.forwarders.values() if one.needs_keyframe and one.has_rtx), None)
        if forwarder is None or forwarder.rtx is None:
            return []
        return [forwarder.number(forwarder.rtx.pad(forwarder.last_timestamp), len(PADDING), now) for _ in range(count)]

    def drop_waiting(self, track_id: TrackId) -> None:
        """What waits of this track is not to be sent any more."""
        if self.line is not None:
            self.line.pacer.drop(track_id)


def _importance(forwarder: Forwarder, router: Router, ranks: Mapping[PeerId, int]) -> tuple[bool, float, int]:
    preference = forwarder.preference
    height = inf if preference.max_height is None else preference.max_height
    return not preference.pinned, -height, ranks.get(PeerId(router.cname), len(ranks))
