"""What is being written in meetings at this moment. Nothing of it outlives the process: finished lines are stored."""

from __future__ import annotations

from collections.abc import Collection

from hub.lesson.captions import Captioning
from hub.lesson.live_text import LiveText
from storage.records import RoomId, UserId


class LiveWriting:
    """Each question brings who is in the room, so that nobody has to say when somebody leaves."""

    def __init__(self) -> None:
        self._text: dict[RoomId, LiveText] = {}
        self._captioning: dict[RoomId, Captioning] = {}

    def text_in(self, room_id: RoomId, peer_ids: Collection[str]) -> LiveText:
        live = self._text.setdefault(room_id, LiveText())
        live.keep_only(peer_ids)
        return live

    def captioning_in(self, room_id: RoomId, user_ids: Collection[UserId]) -> Captioning:
        captioning = self._captioning.setdefault(room_id, Captioning())
        captioning.keep_only(user_ids)
        return captioning
