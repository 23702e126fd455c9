"""What the media process says of rooms, told to those whom it concerns: what a viewer's line carries, who speaks."""

from __future__ import annotations

from typing import Any

from hub.payloads import rooms as payloads
from hub.room_peers import RoomPeer
from hub.room_roster import RoomRoster
from storage.records import RoomId


class RoomNews:
    def __init__(self, roster: RoomRoster) -> None:
        self._roster = roster
        self._speakers: dict[RoomId, str] = {}
        """Who has the floor, where anybody has."""

    def note_line(self, room_id: RoomId, peer: RoomPeer, event: dict[str, Any]) -> None:
        told = {name: event[name] for name in ("sound_only", "paused", "narrowed")}
        line = payloads.LineTold(room_id=room_id, **told)
        if line != peer.line and (peer.line is not None or line.sound_only or line.paused or line.narrowed):
            peer.line = line
            self._roster.tell_peer(peer, "room:line", line)

    def note_speaker(self, room_id: RoomId, peer_id: str | None) -> None:
        if not self._roster.peers(room_id):
            return
        if peer_id is None:
            self._speakers.pop(room_id, None)
        else:
            self._speakers[room_id] = peer_id
        self._roster.tell(room_id, "room:speaker", payloads.SpeakerTold(room_id=room_id, peer_id=peer_id))

    def speaker(self, room_id: RoomId) -> str | None:
        return self._speakers.get(room_id)

    def tell_again(self, room_id: RoomId, peer: RoomPeer) -> None:
        """What somebody who has just come, or was away for a moment, can't know."""
        if peer.line is not None:
            self._roster.tell_peer(peer, "room:line", peer.line)
        speaker = self._speakers.get(room_id)
        if speaker is not None:
            self._roster.tell_peer(peer, "room:speaker", payloads.SpeakerTold(room_id=room_id, peer_id=speaker))

    def forget_room(self, room_id: RoomId) -> None:
        self._speakers.pop(room_id, None)

    def forget_all(self) -> None:
        """The media process came back empty."""
        self._speakers.clear()
        for _, peer in self._roster.everybody():
            peer.line = None
