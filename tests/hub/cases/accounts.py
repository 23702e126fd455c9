"""Coming in."""

from __future__ import annotations

import secrets

from storage.records import Registration, SchoolId, SecondFactor, User, UserId
from tests.hub.cases.case import Case
from tests.hub.world import World


async def add_waiting(world: World) -> str:
    """A teacher of school a, in Andalucía, who waits for a service."""
    number, storage = secrets.token_hex(4), world.hub.context.storage
    user = User(
        UserId(f"waiting-{number}"),
        f"waiting.{number}@school.example",
        "Waiting",
        "teacher",
        SchoolId("school-a"),
        "es",
        1,
        email=f"waiting.{number}@school.example",
        state="unconfirmed",
    )
    await storage.services.register(user, Registration(user.id, "Let me in.", 1), password_hash="none")
    await storage.users.set_state(user.id, "waiting")
    return user.id


CREDENTIAL = {"id": "bm9uZQ", "rawId": "bm9uZQ", "type": "public-key"}
SIGNED = {**CREDENTIAL, "response": {"clientDataJSON": "", "authenticatorData": "", "signature": ""}}
MADE = {**CREDENTIAL, "response": {"clientDataJSON": "", "attestationObject": ""}}


async def add_with_factor(world: World) -> str:
    """The address of a teacher of school a who has codes."""
    number, storage = secrets.token_hex(4), world.hub.context.storage
    name = f"factor.{number}@school.example"
    user = User(UserId(f"factor-{number}"), name, "Coded", "teacher", SchoolId("school-a"), "es", 1, email=name)
    await storage.users.add_user(user)
    await storage.proofs.put_second_factor(SecondFactor(user.id, b"sealed", 1, confirmed_at_ms=1))
    return name


async def prepare(world: World, author: str) -> dict[str, str]:
    return {
        "country": "ES",
        "waiting_id": await add_waiting(world),
        "login_id": "a-login",
        "has_factor": await add_with_factor(world),
        "passkey_id": "a-passkey",
        "provider_id": "none",
    }


ROUTES: dict[str, Case] = {
    "POST /api/v1/login": Case(lambda ids: {"class_key": "no-such-card"}, succeeds=False),
    "POST /api/v1/logout": Case(lambda ids: {}),
    "GET /api/v1/me": Case(),
    "PATCH /api/v1/me": Case(lambda ids: {"language": "pl"}),
    "GET /api/v1/me/logins": Case(),
    "DELETE /api/v1/me/logins/{login_id}": Case(succeeds=False),
    "POST /api/v1/me/logins/end_others": Case(),
    "POST /api/v1/me/second_factor": Case(),
    "POST /api/v1/me/second_factor/proof": Case(lambda ids: {"code": "000000"}, succeeds=False),
    "DELETE /api/v1/me/second_factor": Case(),
    # tests/hub/test_passkeys.py makes and uses real ones.
    "POST /api/v1/login/passkey/challenge": Case(lambda ids: {}),
    "POST /api/v1/login/passkey": Case(lambda ids: {"credential": SIGNED}, succeeds=False),
    # tests/hub/test_identities.py has a real provider.
    "GET /api/v1/login/providers": Case(),
    "POST /api/v1/login/provider": Case(lambda ids: {"provider_id": "none"}, succeeds=False),
    "POST /api/v1/login/provider/answer": Case(
        lambda ids: {"secret": "none", "state": "none", "code": "none"}, succeeds=False
    ),
    "GET /api/v1/me/identities": Case(),
    "POST /api/v1/me/identities": Case(lambda ids: {"secret": "none"}, succeeds=False),
    "DELETE /api/v1/me/identities/{provider_id}": Case(succeeds=False),
    "POST /api/v1/registrations/provider": Case(
        lambda ids: {"secret": "none", "display_name": "Case", "language": "es", "school_id": "school-a"},
        succeeds=False,
    ),
    "GET /api/v1/me/passkeys": Case(),
    "POST /api/v1/me/passkeys/challenge": Case(lambda ids: {}),
    "POST /api/v1/me/passkeys": Case(lambda ids: {"title": "Phone", "credential": MADE}, succeeds=False),
    "PATCH /api/v1/me/passkeys/{passkey_id}": Case(lambda ids: {"title": "Phone"}, succeeds=False),
    "DELETE /api/v1/me/passkeys/{passkey_id}": Case(succeeds=False),
    "POST /api/v1/registrations": Case(
        lambda ids: {
            "email": "case@school.example",
            "password": "a long enough one",
            "display_name": "Case",
            "language": "es",
            "country": "ES",
            "school_id": "school-a",
        }
    ),
    "POST /api/v1/registrations/confirm": Case(lambda ids: {"secret": "none", "password": "none"}, succeeds=False),
    "POST /api/v1/password/forgotten": Case(lambda ids: {"email": "nobody@school.example"}),
    "POST /api/v1/password": Case(lambda ids: {"secret": "none", "password": "a long enough one"}, succeeds=False),
    "GET /api/v1/me/registration": Case(succeeds=False),
    "POST /api/v1/me/registration": Case(lambda ids: {"message": "Once more."}, succeeds=False),
    "POST /api/v1/me/class_card/wish": Case(succeeds=False),
    "GET /api/v1/registrations": Case(),
    "POST /api/v1/registrations/{user_id}/decision": Case(
        lambda ids: {"decision": "accepted"}, (("user_id", "waiting_id"),)
    ),
    "POST /api/v1/second_factors/reset": Case(lambda ids: {"email": ids["has_factor"], "reason": "Lost."}),
    "GET /api/v1/pupils": Case(),
    "POST /api/v1/pupils": Case(lambda ids: {"first_names": ["Olek"], "language": "pl"}),
    "POST /api/v1/pupils/class_cards": Case(lambda ids: {"user_ids": [ids["user_id"]]}),
    "POST /api/v1/pupils/class_cards/print": Case(
        lambda ids: {"language": "pl", "cards": [{"display_name": "Olek", "words": "a-b-c-1234"}]}
    ),
    "DELETE /api/v1/pupils/{user_id}": Case(),
}
