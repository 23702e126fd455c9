"""Letters to people who have an address, in their language; their words are in phrases.toml."""

from __future__ import annotations

import logging

from hub.context import Context
from hub.errors import Unavailable
from hub.mail import Letter
from hub.phrases import phrase
from storage.records import User

logger = logging.getLogger(__name__)


async def write_letter(context: Context, user: User, what: str, **values: str) -> None:
    """`what` names a subject and a text. Raise Unavailable when it can't be sent; who has no address gets none."""
    if user.email is None:
        return
    values = {"name": user.display_name, **values}
    text = phrase(f"{what}_text", user.language, **values).strip() + "\n"
    subject = phrase(f"{what}_subject", user.language)
    await context.mailer.send(Letter(user.email, subject, text, user.language))


async def tell_by_letter(context: Context, user: User, what: str, **values: str) -> None:
    """For what is done already and holds whether or not the letter goes out."""
    try:
        await write_letter(context, user, what, **values)
    except Unavailable:
        logger.warning("the letter “%s” to %s could not be sent", what, user.id)
