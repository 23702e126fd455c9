"""Who speaks, from the loudness that publishers write on each packet of sound (RFC 6464); nothing is decoded.

Rule: one word or a cough changes nothing; who has the floor keeps it through a breath.
"""

from __future__ import annotations

from webrtc.ids import PeerId

_LOUD = 127 - 45
"""A voice at a laptop is 20 to 40 dB below the loudest; a quiet room 60 and more. We count upwards from silence."""
_QUIET = 127 - 55
_RISE, _FALL = 0.25, 0.06
"""Smoothing per packet of 20 ms: a voice is noticed within a tenth of a second and not lost between two syllables."""
_SILENT_AFTER_S = 0.8
"""Without packets (DTX sends nothing) or under the quiet level for so long, one no longer speaks."""
_BEGIN_S = 0.4
"""For so long one must speak to take an empty floor."""
_TAKE_OVER_S = 1.5
"""For so long one must speak, and louder, to take it from somebody who speaks too."""
_LOUDER = 6
_LEAST_FLOOR_S = 2.0


class _Voice:
    __slots__ = ("heard_at", "loudness", "speaks_since")

    def __init__(self) -> None:
        self.loudness = 0.0
        self.heard_at = float("-inf")
        """When it was last above the quiet level."""
        self.speaks_since: float | None = None


class Speakers:
    __slots__ = ("_floor_since", "_order", "_voices", "active")

    def __init__(self) -> None:
        self._voices: dict[PeerId, _Voice] = {}
        self._order: list[PeerId] = []
        self._floor_since = float("-inf")
        self.active: PeerId | None = None
        """Who has, or had last, the floor."""

    @property
    def order(self) -> list[PeerId]:
        """Everybody: who had the floor last comes first, who never had it in order of coming."""
        return list(self._order)

    @property
    def speaking(self) -> PeerId | None:
        """Who has the floor and uses it: None while there is a silence."""
        voice = None if self.active is None else self._voices.get(self.active)
        return self.active if voice is not None and voice.speaks_since is not None else None

    def add(self, peer_id: PeerId) -> None:
        """Somebody publishes."""
        if peer_id not in self._order:
            self._order.append(peer_id)

    def remove(self, peer_id: PeerId) -> None:
        self._voices.pop(peer_id, None)
        if peer_id in self._order:
            self._order.remove(peer_id)
        if self.active == peer_id:
            self.active = None

    def receive(self, peer_id: PeerId, level: int, now: float) -> None:
        """`level`: decibels below the loudest, 0–127. The bit for voice activity is not asked: many set it always."""
        voice = self._voices.get(peer_id)
        if voice is None:
            voice = self._voices[peer_id] = _Voice()
        loudness = 127 - level
        change = loudness - voice.loudness
        voice.loudness += change * (_RISE if change > 0 else _FALL)
        if voice.loudness >= _LOUD and voice.speaks_since is None:
            voice.speaks_since = now
        if voice.loudness >= _QUIET:
            voice.heard_at = now

    def silence(self, peer_id: PeerId) -> None:
        """The voice is muted."""
        self._voices.pop(peer_id, None)

    def review(self, now: float) -> bool:
        """Call it a few times a second. True: somebody else has the floor now."""
        for voice in self._voices.values():
            if now - voice.heard_at > _SILENT_AFTER_S:
                voice.speaks_since, voice.loudness = None, 0.0
        speaking = {peer_id: voice for peer_id, voice in self._voices.items() if voice.speaks_since is not None}
        present = None if self.active is None else speaking.get(self.active)
        if present is not None and now - self._floor_since < _LEAST_FLOOR_S:
            return False
        loudest: PeerId | None = None
        for peer_id, voice in speaking.items():
            assert voice.speaks_since is not None
            if peer_id == self.active or now - voice.speaks_since < (_BEGIN_S if present is None else _TAKE_OVER_S):
                continue
            if present is not None and voice.loudness < present.loudness + _LOUDER:
                continue
            if loudest is None or voice.loudness > speaking[loudest].loudness:
                loudest = peer_id
        if loudest is None:
            return False
        self.active, self._floor_since = loudest, now
        if loudest in self._order:
            self._order.remove(loudest)
        self._order.insert(0, loudest)
        return True
