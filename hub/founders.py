"""Who may found a project with whom, and which support services speak for a founder."""

from __future__ import annotations

from hub.access import Duty, duties_of
from hub.auth import normalise_name
from hub.context import Context
from hub.errors import Invalid
from storage import ports
from storage.records import Succession, TwinspaceId, User, UserId

NO_SUCH_TEACHER = "No teacher of another school has this name or address here."


async def find_teacher(context: Context, name: str) -> User | None:
    """By sign-in name, e-mail address or id: somebody who may found projects. None: nobody like that."""
    users = context.storage.users
    try:
        teacher = await (users.find_by_email(name.lower()) if "@" in name else users.find_user(normalise_name(name)))
    except ports.NotFound:
        try:
            # From somebody's project idea one comes with their id.
            teacher = await users.get_user(UserId(name))
        except ports.NotFound:
            return None
    return teacher if Duty.FOUND in await duties_of(context, teacher) else None


async def country_of(context: Context, user: User) -> str:
    return (await context.storage.users.get_school(user.school_id)).country


async def check_countries(context: Context, *founders: User, field: str = "partner") -> None:
    """Raise Invalid unless every country takes part and one of them is a full member."""
    table = context.countries.at(context.now_ms())
    statuses = []
    for user in founders:
        country = await country_of(context, user)
        if country not in table:
            raise Invalid(f"No project can be founded in {country}: it takes no part here.", field=field)
        statuses.append(table[country].status)
    if "full" not in statuses:
        raise Invalid("At least one of the two schools has to be in a full country of the network.", field=field)


async def speaks_for(context: Context, user: User, country: str) -> bool:
    """A national service for its own country, the central one for all."""
    if Duty.APPROVE not in await duties_of(context, user):
        return False
    service = await context.storage.services.get(user.school_id)
    return service.level == "central" or await country_of(context, user) == country


async def people_speaking_for(context: Context, country: str) -> list[UserId]:
    """Everybody of whom `speaks_for` is true."""
    services = await context.storage.services.find("national", country)
    services += await context.storage.services.find("central", country)
    return await context.storage.services.people([service.id for service in services])


async def open_succession(context: Context, twinspace_id: TwinspaceId) -> Succession | None:
    for each in await context.storage.successions.of_twinspace(twinspace_id):
        if each.state == "open":
            return each
    return None


async def may_stop(context: Context, user: User, succession: Succession) -> bool:
    """Whether the user speaks for the country of the founder who is to leave."""
    if user.kind != "staff":
        return False
    leaving = await context.storage.users.get_user(succession.leaving_id)
    return await speaks_for(context, user, await country_of(context, leaving))
