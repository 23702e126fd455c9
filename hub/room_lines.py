"""How the lines of a meeting's people are, put together from what the media process measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hub.payloads import rooms as payloads
from hub.room_peers import RoomPeer


def lines_of(
    peers: Iterable[RoomPeer], measured: Sequence[dict[str, Any]], pictures: Sequence[dict[str, Any]]
) -> list[payloads.PeerLine]:
    """One entry a peer; None for a direction in which nothing was measured."""
    found: list[payloads.PeerLine] = []
    for peer in peers:
        own = {line["direction"]: line for line in measured if line["peer_id"] == peer.peer_id}
        ways = {way: payloads.LineFigures.of(own[way]) if way in own else None for way in ("up", "down")}
        shown = [payloads.ShownPicture.of(picture) for picture in pictures if picture["peer_id"] == peer.peer_id]
        found.append(payloads.PeerLine(peer_id=peer.peer_id, up=ways["up"], down=ways["down"], pictures=shown))
    return found
