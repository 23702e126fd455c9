"""Which questions of the help desk wait for whom in the support services."""

from __future__ import annotations

from hub.context import Context
from hub.notices import tell_desk
from storage.records import HelpQuestion, User, UserId


async def read_queue(context: Context, user: User) -> list[HelpQuestion]:
    """What waits for somebody of a service, the longest first; not what is brought against themselves."""
    country = await country_answered_for(context, user)
    waiting = await context.storage.help_desk.all(country=country, states=["open", "taken"])
    return [question for question in waiting if not await is_against(context, question, user)]


async def is_against(context: Context, question: HelpQuestion, user: User) -> bool:
    thing = await context.storage.help_desk.brought(question.id)
    return thing is not None and thing.author_id == user.id


async def country_answered_for(context: Context, user: User) -> str | None:
    """By this person of a service; None: every one."""
    service = await context.storage.services.get(user.school_id)
    if service.level == "central":
        return None
    return (await context.storage.users.get_school(user.school_id)).country


async def people_answering(context: Context, country: str) -> list[UserId]:
    services = context.storage.services
    found = [
        *await services.find("regional", country),
        *await services.find("national", country),
        *await services.find("central", country),
    ]
    return await services.people([service.id for service in found])


async def tell_queue(context: Context, question: HelpQuestion) -> None:
    """After it was asked, taken or written to: on the desks of those who may answer, something is another."""
    await tell_desk(context, await people_answering(context, question.country), "help")
