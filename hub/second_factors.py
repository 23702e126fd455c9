"""What proves a person beside the password, and what an account demands."""

from __future__ import annotations

from hub.context import Context
from hub.payloads.people import Factor, SecondFactor
from storage import ports
from storage.records import SignInWay, User

NEED_SECOND_FACTOR: frozenset[SignInWay] = frozenset({"password", "provider"})
"""Pupils' cards and guests' links open nothing that would need more than one proof; a passkey is two by itself."""


async def read_factors(context: Context, user: User) -> frozenset[Factor]:
    """What the account could be proved with."""
    factors: set[Factor] = set()
    try:
        if (await context.storage.proofs.second_factor(user.id)).confirmed_at_ms is not None:
            factors.add("code")
    except ports.NotFound:
        pass
    if any(passkey.copied_at_ms is None for passkey in await context.storage.passkeys.of_user(user.id)):
        factors.add("passkey")
    return frozenset(factors)


def demanded(user: User, factors: frozenset[Factor]) -> SecondFactor:
    """What a password alone leaves to be done: `on` asks for one of the factors, `set_up` for having one.

    Teachers who sign in by passkey may still use their password alone; who wants more takes codes as well.
    """
    if "code" in factors:
        return "on"
    if user.kind != "staff":
        return "off"
    return "on" if factors else "set_up"
