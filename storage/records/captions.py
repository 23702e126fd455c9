"""Captions typed by people, kept as a transcript."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.ids import RoomId, TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class Caption:
    room_id: RoomId
    seq: int
    """1, 2, 3 … within the room, whatever the language."""
    twinspace_id: TwinspaceId
    language: str
    user_id: UserId
    """Who typed it; not who spoke."""
    client_line_id: str
    text: str
    began_at_ms: int
    """When its first letter was typed."""
    ended_at_ms: int
