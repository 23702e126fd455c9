"""How strict a meeting room begins: `stages.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from hub.lesson.powers import PARTS
from storage.records import RoomId, RoomRules

_STAGES = tomllib.loads(files("hub").joinpath("stages.toml").read_text("utf-8"))["stages"]
STAGES = frozenset(_STAGES)


def begin_strict(room_id: RoomId, stage: str) -> RoomRules:
    """The rules of a room that nobody has changed yet."""
    chosen = _STAGES.get(stage, _STAGES["unknown"])
    locked = tuple(sorted(chosen["locked"]))
    assert PARTS.issuperset(locked)
    return RoomRules(room_id, locked, has_lobby=chosen["lobby"])
