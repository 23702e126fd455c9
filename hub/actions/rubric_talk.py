"""What is said to a rubric while it is negotiated: by the comments of walls, through the same gate.

Changing, taking off and letting through are the routes of walls, with the talk's id (`hub/rubric_talk.py`).
"""

from __future__ import annotations

from crdt_docs.content import rubric_talk
from hub.access import Act
from hub.actions.rubrics import access_rubric, find_rubric_seal
from hub.actions.wall_talk import say
from hub.audience import tell
from hub.context import Context, Session
from hub.errors import Conflict, Invalid
from hub.payloads.rubrics import PostRubricComment, TalkBegun
from hub.payloads.walls import Comment
from hub.rubric_talk import begin_talk, read_places


async def comment_rubric(context: Context, session: Session, payload: PostRubricComment) -> Comment:
    """Raise Conflict once the rubric is sealed, Invalid when it has no such criterion or level."""
    access, content = await access_rubric(context, session, payload.content_id, Act.WRITE)
    if await find_rubric_seal(context, content) is not None:
        raise Conflict("This rubric is sealed, and what was said to it stays as it is.")
    card_id = rubric_talk.place_of(payload.criterion_id, payload.level_id)
    if card_id not in await read_places(context, content.id):
        raise Invalid("The rubric has no such criterion or level.", field="criterion_id")
    talk, is_new = await begin_talk(context, content)
    if is_new:
        begun = TalkBegun(content_id=content.id, talk_id=talk.id)
        await tell(context, content.twinspace_id, content, "rubric:talk", begun)
    return await say(context, access, talk, comment_id=payload.client_comment_id, card_id=card_id, text=payload.text)
