"""Where I am signed in, and the second factor that proves it is me."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.payloads.fields import STORABLE, Id, Payload, Reply
from storage import records


class Login(Reply):
    id: str
    way: records.SignInWay
    device: str
    created_at_ms: int
    last_used_at_ms: int | None
    is_this_one: bool


class Logins(Reply):
    logins: list[Login]


class LoginRef(Payload):
    login_id: Id


class NewSecondFactor(Reply):
    """Shown once: the hub can't show them again, and they count from the first code that is typed."""

    secret: str
    app_url: str
    qr_svg: str
    recovery_codes: list[str]


class OneTimeCode(Payload):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40), STORABLE]
    """Six digits of the app, or one of the recovery codes; spaces don't matter."""
