"""The dependency descriptor: which frame needs which, and who needs it (AV1 RTP specification, appendix A).

Rule: any bytes give a frame or a ProtocolError; a structure counts only once all of it was read.
"""

from __future__ import annotations

from typing import NamedTuple

from webrtc.bits import BitReader
from webrtc.errors import ProtocolError

EXTENSION = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"

NOT_PRESENT, DISCARDABLE, SWITCH, REQUIRED = range(4)
"""Decode target indications (table A.1)."""

_MANDATORY_BYTES = 3
_MAX_TEMPLATES = 64
_MAX_SPATIAL_LAYERS = 4
_MAX_TEMPORAL_LAYERS = 8
_MAX_DIFFERENCES = 16


class Template(NamedTuple):
    spatial: int
    temporal: int
    indications: tuple[int, ...]
    """For each decode target."""
    differences: tuple[int, ...]
    """How many frames ago those are that it is predicted from."""
    chain_differences: tuple[int, ...]


class Structure(NamedTuple):
    """Attached to the first packet of a coded video sequence; explains the template numbers of all that follow."""

    first_template: int
    templates: tuple[Template, ...]
    targets: tuple[tuple[int, int], ...]
    """The highest spatial and temporal layer of each decode target."""
    heights: tuple[int, ...]
    """Of each spatial layer; empty when not said."""


class Frame(NamedTuple):
    """What one packet says of the frame it belongs to."""

    number: int
    starts_frame: bool
    ends_frame: bool
    spatial: int
    temporal: int
    indications: tuple[int, ...]
    differences: tuple[int, ...]
    active_targets: int | None
    """A bit for each decode target that is being sent; None: as before."""
    structure: Structure | None
    """A new one, attached here."""


def parse_descriptor(data: bytes, known: Structure | None) -> Frame:
    """`known` is the structure attached last. Raise ProtocolError when it is missing, or the bytes do not fit."""
    bits = BitReader(data)
    starts, ends, template_id, number = bits.flag(), bits.flag(), bits.read(6), bits.read(16)
    has_structure = has_active = has_indications = has_differences = has_chains = False
    if len(data) > _MANDATORY_BYTES:
        has_structure, has_active, has_indications, has_differences, has_chains = (bits.flag() for _ in range(5))
    structure = _read_structure(bits) if has_structure else known
    if structure is None:
        raise ProtocolError("a dependency descriptor before its structure")
    count = len(structure.targets)
    active = (1 << count) - 1 if has_structure else None
    if has_active:
        active = bits.read(count)
    index = (template_id - structure.first_template) % 64
    if index >= len(structure.templates):
        raise ProtocolError("a dependency descriptor names a template that is not there")
    template = structure.templates[index]
    indications, differences = template.indications, template.differences
    if has_indications:
        indications = tuple(bits.read(2) for _ in range(count))
    if has_differences:
        differences = _read_differences(bits)
    if has_chains:
        bits.read(8 * len(template.chain_differences))
    attached = structure if has_structure else None
    return Frame(number, starts, ends, template.spatial, template.temporal, indications, differences, active, attached)


def _read_differences(bits: BitReader) -> tuple[int, ...]:
    found: list[int] = []
    while size := bits.read(2):
        if len(found) == _MAX_DIFFERENCES:
            raise ProtocolError("a frame depends on more than 16 others")
        found.append(bits.read(4 * size) + 1)
    return tuple(found)


def _read_structure(bits: BitReader) -> Structure:
    first_template, count = bits.read(6), bits.read(5) + 1
    layers = _read_layers(bits)
    indications = [tuple(bits.read(2) for _ in range(count)) for _ in layers]
    differences = [_read_template_differences(bits) for _ in layers]
    chains = bits.read_below(count + 1)
    chain_differences: list[tuple[int, ...]] = [() for _ in layers]
    if chains:
        for _ in range(count):
            bits.read_below(chains)
        chain_differences = [tuple(bits.read(4) for _ in range(chains)) for _ in layers]
    heights = []
    if bits.flag():
        for _ in range(layers[-1][0] + 1):
            bits.read(16)
            heights.append(bits.read(16) + 1)
    templates = tuple(
        Template(spatial, temporal, *rest)
        for (spatial, temporal), *rest in zip(layers, indications, differences, chain_differences, strict=True)
    )
    targets = tuple(_layers_of_target(templates, target) for target in range(count))
    return Structure(first_template, templates, targets, tuple(heights))


def _read_layers(bits: BitReader) -> list[tuple[int, int]]:
    spatial = temporal = 0
    layers = [(0, 0)]
    while step := (bits.read(2) + 1) % 4:
        if step == 2:
            temporal += 1
        elif step == 3:
            spatial, temporal = spatial + 1, 0
        if len(layers) == _MAX_TEMPLATES or spatial == _MAX_SPATIAL_LAYERS or temporal == _MAX_TEMPORAL_LAYERS:
            raise ProtocolError("a dependency structure has too many templates or layers")
        layers.append((spatial, temporal))
    return layers


def _read_template_differences(bits: BitReader) -> tuple[int, ...]:
    found: list[int] = []
    while bits.flag():
        if len(found) == _MAX_DIFFERENCES:
            raise ProtocolError("a frame depends on more than 16 others")
        found.append(bits.read(4) + 1)
    return tuple(found)


def _layers_of_target(templates: tuple[Template, ...], target: int) -> tuple[int, int]:
    present = [(t.spatial, t.temporal) for t in templates if t.indications[target] != NOT_PRESENT]
    return max((spatial for spatial, _ in present), default=0), max((temporal for _, temporal in present), default=0)
