"""Class tallies: a teacher counts the hands of a class, which stand for as many answers."""

from __future__ import annotations

from crdt_docs.content import form
from hub.access import Act
from hub.actions.forms import access_form, find_version
from hub.audience import tell
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.form_tally import hand_values, takes_hands
from hub.payloads.form_results import ClassTallies, ClassTally, PutTally, ReadResults, TallyRef
from hub.payloads.forms import FormAnswered
from storage import ports, records
from storage.records import Content, TallyId


async def list_tallies(context: Context, session: Session, payload: ReadResults) -> ClassTallies:
    """Those of one's own school."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    version = await find_version(context, content.id, payload.version)
    found = await context.storage.forms.tallies(content.id, version.version)
    return ClassTallies(tallies=[_shown(session, each) for each in found if each.school_id == session.user.school_id])


async def put_tally(context: Context, session: Session, payload: PutTally) -> ClassTally:
    """Enter a class, or put right what was entered for it. Raise Invalid for what can't be counted by hands."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    version = await find_version(context, content.id, payload.version)
    if version.definition.get("mode") == "together":
        raise Invalid("This form is filled in together, on its sheet.", field="content_id")
    tally_id = TallyId(payload.tally_id)
    await _check_mine(context, session, content, tally_id, may_be_new=True)
    counts = _check_counts(version.definition, payload.counts)
    pupils = max(max(each.values()) if several else sum(each.values()) for each, several in counts.values())
    kept = records.ClassTally(
        id=tally_id,
        content_id=content.id,
        version=version.version,
        school_id=session.user.school_id,
        entered_by=session.user.id,
        title=payload.title,
        pupils=pupils,
        counts={question_id: each for question_id, (each, _) in counts.items()},
        entered_at_ms=context.now_ms(),
    )
    await context.storage.forms.put_tally(kept)
    await _tell(context, content, version.version)
    return _shown(session, kept)


async def remove_tally(context: Context, session: Session, payload: TallyRef) -> None:
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    tally_id = TallyId(payload.tally_id)
    former = await _check_mine(context, session, content, tally_id, may_be_new=False)
    await context.storage.forms.remove_tally(tally_id)
    if former is not None:
        await _tell(context, content, former.version)


def _check_counts(
    definition: form.Definition, given: dict[str, dict[str, int]]
) -> dict[str, tuple[dict[str, int], bool]]:
    """Question id → hands for each answer, and whether one may raise a hand for several."""
    questions = {question["id"]: question for question in definition["questions"]}
    counts: dict[str, tuple[dict[str, int], bool]] = {}
    for question_id, by_answer in given.items():
        question = questions.get(question_id)
        if question is None or not takes_hands(question):
            raise Invalid("Hands can't be counted for this question.", field=question_id)
        offered = {str(value) for value in hand_values(question)}
        if any(answer not in offered for answer in by_answer):
            raise Invalid("Hands were counted for an answer that is not offered.", field=question_id)
        if raised := {answer: number for answer, number in by_answer.items() if number}:
            counts[question_id] = raised, question["type"] == "multiple_choice"
    if not counts:
        raise Invalid("Count the hands of one question at least.", field="counts")
    return counts


async def _check_mine(
    context: Context, session: Session, content: Content, tally_id: TallyId, *, may_be_new: bool
) -> records.ClassTally | None:
    try:
        former = await context.storage.forms.get_tally(tally_id)
    except ports.NotFound:
        if may_be_new:
            return None
        raise NotFound from None
    if former.content_id != content.id or former.school_id != session.user.school_id:
        raise NotFound
    return former


async def _tell(context: Context, content: Content, version: int) -> None:
    count = await context.storage.forms.count_responses(content.id, version)
    answered = FormAnswered(content_id=content.id, version=version, response_count=count)
    await tell(context, content.twinspace_id, content, "form:answered", answered)


def _shown(session: Session, tally: records.ClassTally) -> ClassTally:
    return ClassTally(
        tally_id=tally.id,
        version=tally.version,
        school_id=tally.school_id,
        title=tally.title,
        pupils=tally.pupils,
        counts=tally.counts,
        entered_at_ms=tally.entered_at_ms,
        is_mine=tally.school_id == session.user.school_id,
    )
