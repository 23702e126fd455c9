"""Which frames of a scalable stream one viewer gets: everything its layer needs, and nothing else.

Rule: a viewer moves up only where the stream says that it can be decoded from there; until then it keeps what it has.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

from webrtc.dependency_descriptor import NOT_PRESENT, SWITCH, Frame, Structure
from webrtc.vp9 import Vp9Descriptor

_FRAMES_REMEMBERED = 128
_MOVES_REMEMBERED = 8
_ALL_LAYERS = 0xFF


class Rung(NamedTuple):
    """A spatial and a temporal layer with all that they need."""

    spatial: int
    temporal: int


HIGHEST = Rung(7, 7)


class Part(NamedTuple):
    """One packet of a scalable stream."""

    rung: Rung
    starts_keyframe: bool
    ends_frame: bool
    detail: Vp9Descriptor | Frame | None
    """None where nothing says what it depends on: then all of it goes on."""
    number: int = 0
    """Of the frame, without its wrap, where the stream numbers frames."""
    dependency: bytes = b""
    """The dependency descriptor as it came."""


class Selection(Protocol):
    """What one viewer gets of one stream."""

    aim: Rung
    """What it should get as soon as that is possible."""

    @property
    def present(self) -> Rung:
        """What it gets."""

    @property
    def wants_keyframe(self) -> bool:
        """Only a key frame takes it where it should be."""

    def take(self, part: Part, extended: int, starts_picture: bool) -> bool:
        """Whether a packet goes on. Call it in order, from a key frame's first packet on."""

    def takes_late(self, part: Part, extended: int) -> bool:
        """The same for a packet that was overtaken: as it would have been decided then."""


class Vp9Selection:
    """By the layers of the VP9 payload descriptor (RFC 9628 section 4.2)."""

    __slots__ = ("_moves", "_whole", "aim", "present", "wants_keyframe")

    def __init__(self, aim: Rung = HIGHEST) -> None:
        self.aim = aim
        self.present = aim
        self.wants_keyframe = False
        self._whole = _ALL_LAYERS
        """A bit for each spatial layer of which every frame since the key frame went on: one can go down to those."""
        self._moves: deque[tuple[int, Rung]] = deque(maxlen=_MOVES_REMEMBERED)

    def take(self, part: Part, extended: int, starts_picture: bool) -> bool:
        descriptor = part.detail
        assert isinstance(descriptor, Vp9Descriptor)
        if part.starts_keyframe:
            self._whole = _ALL_LAYERS
            self._move(self.aim, extended)
        elif starts_picture and self.present != self.aim:
            self._move(Rung(self._next_spatial(), self._next_temporal(descriptor)), extended)
        self.wants_keyframe = self.present.spatial != self.aim.spatial
        if descriptor.temporal > self.present.temporal:
            return False
        if _needs(descriptor, self.present):
            return True
        self._whole &= ~(1 << descriptor.spatial)
        return False

    def _next_spatial(self) -> int:
        present, aim = self.present.spatial, self.aim.spatial
        return next((layer for layer in range(aim, -1, -1) if layer < present and self._whole >> layer & 1), present)

    def _next_temporal(self, descriptor: Vp9Descriptor) -> int:
        """Up where later pictures need no earlier one of a higher layer, or where this picture itself does not.

        The second is how libvpx sets the bit.
        """
        present, aim = self.present.temporal, self.aim.temporal
        if aim <= present:
            return aim
        if not descriptor.can_switch_up or descriptor.temporal > aim:
            return present
        return aim if descriptor.temporal <= present else descriptor.temporal

    def _move(self, rung: Rung, extended: int) -> None:
        self.present = rung
        self._moves.append((extended, rung))

    def takes_late(self, part: Part, extended: int) -> bool:
        descriptor = part.detail
        assert isinstance(descriptor, Vp9Descriptor)
        then = next((rung for since, rung in reversed(self._moves) if since <= extended), None)
        return then is not None and descriptor.temporal <= then.temporal and _needs(descriptor, then)


def _needs(descriptor: Vp9Descriptor, rung: Rung) -> bool:
    return descriptor.spatial == rung.spatial or (descriptor.spatial < rung.spatial and descriptor.is_layer_reference)


class DependencySelection:
    """By the decode targets of the dependency descriptor (AV1 RTP specification, appendix A.4)."""

    __slots__ = ("_active", "_structure", "_taken", "_target", "_wanted", "aim")

    def __init__(self, aim: Rung = HIGHEST) -> None:
        self.aim = aim
        self._structure: Structure | None = None
        self._active = 0
        self._target = 0
        self._wanted = 0
        self._taken: dict[int, bool] = {}
        """The decision on each frame, which all its packets share."""

    @property
    def present(self) -> Rung:
        return self.aim if self._structure is None else Rung(*self._structure.targets[self._target])

    @property
    def wants_keyframe(self) -> bool:
        structure = self._structure
        return structure is not None and structure.targets[self._wanted][0] != structure.targets[self._target][0]

    def take(self, part: Part, extended: int, starts_picture: bool) -> bool:
        frame = part.detail
        if frame is None:
            return True
        known = self._taken.get(part.number)
        if known is not None:
            return known
        assert isinstance(frame, Frame)
        if frame.structure is not None:
            self._structure = frame.structure
            self._taken.clear()
        if frame.active_targets is not None:
            self._active = frame.active_targets
        structure = self._structure
        if structure is None or len(frame.indications) != len(structure.targets):
            return False
        self._wanted = _find_target(structure, self._active, self.aim)
        if frame.structure is not None or self._can_switch(structure, frame, part.number, starts_picture):
            self._target = self._wanted
        return self._note(part.number, frame.indications[self._target] != NOT_PRESENT)

    def _note(self, number: int, taken: bool) -> bool:
        self._taken[number] = taken
        if len(self._taken) > _FRAMES_REMEMBERED:
            del self._taken[next(iter(self._taken))]
        return taken

    def _can_switch(self, structure: Structure, frame: Frame, number: int, starts_picture: bool) -> bool:
        """Down to what is a part of the present target; elsewhere at a decodable frame that indicates it (A.4.4)."""
        wanted, present = self._wanted, self._target
        if wanted == present:
            return False
        if starts_picture and _is_part(structure, wanted, present):
            return True
        if frame.indications[wanted] != SWITCH:
            return False
        return all(self._taken.get(number - difference) for difference in frame.differences)

    def takes_late(self, part: Part, extended: int) -> bool:
        frame = part.detail
        if frame is None:
            return True
        known = self._taken.get(part.number)
        if known is not None:
            return known
        assert isinstance(frame, Frame)
        # All of its packets were overtaken: there was no decision yet.
        structure = self._structure
        if structure is None or len(frame.indications) != len(structure.targets):
            return False
        return self._note(part.number, frame.indications[self._target] != NOT_PRESENT)


def _find_target(structure: Structure, active: int, aim: Rung) -> int:
    """The best decode target that is being sent and lies within the aim, else the least one that is being sent."""
    ranked = sorted((layers, index) for index, layers in enumerate(structure.targets) if active >> index & 1)
    if not ranked:
        return 0
    within = [index for (spatial, temporal), index in ranked if spatial <= aim.spatial and temporal <= aim.temporal]
    return within[-1] if within else ranked[0][1]


def _is_part(structure: Structure, less: int, more: int) -> bool:
    """Whether every frame of one decode target belongs to the other too."""
    return all(
        template.indications[more] != NOT_PRESENT
        for template in structure.templates
        if template.indications[less] != NOT_PRESENT
    )
