"""Credentials for TURN servers: what the hub gives out, and what an operator may set."""

from __future__ import annotations

import hmac
from base64 import b64encode

import pytest
from pydantic import SecretStr, ValidationError

from hub.settings import Settings
from hub.turn import LIFETIME_S, TurnServers
from tests.webrtc.meeting import ROOM, open_meeting, user

SECRET = "a secret of the school"
URLS = "turn:turn.school.example:3478?transport=udp, turns:turn.school.example:443?transport=tcp"


def test_the_name_says_until_when_and_the_password_proves_it() -> None:
    (server,) = TurnServers(URLS, SECRET, lambda: 1_000_000.7).ice_servers("peer-1")
    assert server.urls == [
        "turn:turn.school.example:3478?transport=udp",
        "turns:turn.school.example:443?transport=tcp",
    ]
    assert server.username == f"{1_000_000 + LIFETIME_S}:peer-1"
    expected = b64encode(hmac.digest(SECRET.encode(), server.username.encode(), "sha1")).decode()
    assert server.credential == expected


def test_without_servers_there_is_nothing_to_give() -> None:
    assert TurnServers("", "", lambda: 0.0).ice_servers("peer-1") == []


async def test_every_peer_of_a_room_gets_its_own() -> None:
    turn = TurnServers(URLS, SECRET, lambda: 0.0)
    async with open_meeting(ice_servers=turn.ice_servers) as meeting:
        peer_id = meeting.rooms.join(ROOM, "s-ana", user("ana"), None)
        (server,) = meeting.rooms.ice_servers(peer_id)
        assert server.username.endswith(f":{peer_id}")


@pytest.mark.parametrize(
    ("urls", "secret", "field"),
    [
        ("http://turn.school.example", SECRET, "turn_urls"),
        ("turn:", SECRET, "turn_urls"),
        ("turn:host:3478?transport=sctp", SECRET, "turn_urls"),
        ("turn:host,nonsense", SECRET, "turn_urls"),
        ("turn:host", "", "turn_secret"),
        ("turn:host", "short", "turn_secret"),
    ],
)
def test_what_cannot_be_right_is_refused_at_the_start(urls: str, secret: str, field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(turn_urls=urls, turn_secret=SecretStr(secret))
    assert [error["loc"] for error in refusal.value.errors()] == [(field,)]


def test_the_secret_is_not_shown() -> None:
    settings = Settings(turn_urls=URLS, turn_secret=SecretStr(SECRET))
    assert SECRET not in f"{settings!r} {settings.turn_secret}"
