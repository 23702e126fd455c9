"""Time-limited credentials for a TURN server that shares a secret with the hub (draft-uberti-behave-turn-rest-00).

The hub and the TURN server never talk: the name says until when it holds, and the password proves that the hub gave it.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable

from hub.payloads.rooms import IceServer

LIFETIME_S = 3600
"""Long enough to connect and to come back; clients that stay in a meeting fetch new ones in time."""


class TurnServers:
    """`urls` is a comma-separated list, empty for none, as `hub.settings` checked it."""

    def __init__(self, urls: str, secret: str, now_s: Callable[[], float]) -> None:
        self._urls = [url.strip() for url in urls.split(",") if url.strip()]
        self._secret = secret.encode()
        self._now_s = now_s

    def ice_servers(self, peer_id: str) -> list[IceServer]:
        """What a peer hands to its RTCPeerConnection. Its random id is in the name, so quotas count per peer."""
        if not self._urls:
            return []
        username = f"{int(self._now_s()) + LIFETIME_S}:{peer_id}"
        digest = hmac.digest(self._secret, username.encode(), "sha1")
        return [IceServer(urls=self._urls, username=username, credential=b64encode(digest).decode())]
