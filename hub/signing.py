"""Schools agree on what they wrote together: each gives its word for one digest, and with the last it is sealed."""

from __future__ import annotations

from hub.access import MATRIX, Act
from hub.context import Context
from hub.errors import NotFound
from hub.names import read_people
from hub.payloads.form_sheets import SheetSigned
from hub.roster import read_users
from storage.records import Content, ContentId, SchoolId, SheetSignature, TwinspaceId, User


async def schools_asked(context: Context, twinspace_id: TwinspaceId) -> set[SchoolId]:
    """Schools that have somebody here who builds forms and rubrics: their word it takes."""
    members = await context.storage.twinspaces.members(twinspace_id)
    building = [member.user_id for member in members if Act.BUILD in MATRIX[member.role]]
    return {user.school_id for user in (await read_users(context.storage, building)).values()}


async def sign(context: Context, content: Content, user: User, digest: str) -> bool:
    """Give the word of the user's school; True when all schools agree now. Raise NotFound when it is not asked."""
    asked = await schools_asked(context, content.twinspace_id)
    if user.school_id not in asked:
        raise NotFound
    signature = SheetSignature(content.id, user.school_id, user.id, digest, context.now_ms())
    await context.storage.seals.sign(signature)
    signed = await context.storage.seals.signatures(content.id)
    return {each.school_id for each in signed if each.digest == digest} >= asked


async def read_signed(context: Context, viewer: User, content_id: ContentId, digest: str) -> list[SheetSigned]:
    """Whose word is in, and whether it still counts while this is the digest."""
    signed = await context.storage.seals.signatures(content_id)
    users = await read_people(context, viewer, [each.user_id for each in signed])
    return [
        SheetSigned(
            school_id=each.school_id,
            user_id=each.user_id,
            display_name=users[each.user_id].display_name,
            signed_at_ms=each.signed_at_ms,
            is_current=each.digest == digest,
        )
        for each in signed
    ]
