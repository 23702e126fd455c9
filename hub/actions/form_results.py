"""What a form's answers come to: counted by school, as a sheet, and before beside after."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from hub import form_sheet
from hub.access import Act
from hub.actions.form_sheets import read_sheet_answers
from hub.actions.forms import access_form, find_version, latest_version
from hub.context import Context, Session
from hub.errors import Conflict
from hub.form_tally import Sheet
from hub.payloads.contents import ContentRef
from hub.payloads.form_results import Comparison, ExportResults, Pair, QuestionResults, ReadResults, Results
from hub.payloads.operations import Download
from hub.phrases import phrase
from hub.signing import schools_asked
from hub.small_cells import SMALLEST
from storage.records import AnonymousResponse, ContentId, FormVersion, SchoolId

SHEETS = {
    "csv": (form_sheet.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (form_sheet.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


async def read_results(context: Context, session: Session, payload: ReadResults) -> Results:
    """By school and never by person; what is small is hidden."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    newest = await latest_version(context, content.id)
    version = await find_version(context, content.id, payload.version)
    tallies = await context.storage.forms.tallies(content.id, version.version)
    figures = await context.form_figures.read(context.storage.forms, version, tallies)
    return Results(
        content_id=content.id,
        version=version.version,
        newest_version=newest.version,
        round=version.definition.get("round"),
        anonymous=version.definition.get("anonymous", False),
        response_count=figures.response_count,
        tally_count=sum(each.pupils for each in tallies),
        waiting_count=figures.waiting_count,
        questions=figures.questions,
    )


async def export_results(context: Context, session: Session, payload: ExportResults) -> Download:
    """The answers of a version without names, or the sheet that was filled in together.

    What many wrote takes a while to put together, so a thread does it.
    Raise Conflict for an anonymous form that too few have answered.
    """
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    version = await find_version(context, content.id, payload.version)
    if version.definition.get("mode") == "together":
        # One row, of all schools: who wrote which of its fields is seen on the sheet.
        school_ids = await schools_asked(context, content.twinspace_id)
        asked = [await context.storage.users.get_school(school_id) for school_id in school_ids]
        all_of_them = SchoolId("")
        names = {all_of_them: ", ".join(sorted(school.name for school in asked))}
        answers: list[Sheet] = [(all_of_them, await read_sheet_answers(context, content, version))]
    else:
        answers, _ = await read_answers(context, version)
        if version.definition.get("anonymous") and not answers:
            raise Conflict(f"Anonymous answers can be fetched when {SMALLEST} of one school are there.")
        names = {school_id: (await context.storage.users.get_school(school_id)).name for school_id, _ in answers}
    sheet = form_sheet.make_sheet(
        version.definition,
        answers,
        school_word=phrase("sheet_school", session.user.language),
        school_names=names,
    )
    write, content_type = SHEETS[payload.format]
    written = await asyncio.to_thread(write, sheet)
    return Download(content_type=content_type, filename=f"answers.{payload.format}", content=written)


async def compare_results(context: Context, session: Session, payload: ContentRef) -> Comparison:
    """The questions that the newest versions before and after have in common, each with both results."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    newest = await latest_version(context, content.id)
    found: dict[str, FormVersion] = {}
    for number in range(newest.version, 0, -1):
        version = await context.storage.forms.get_version(content.id, number)
        if (name := version.definition.get("round")) is not None:
            found.setdefault(name, version)
    before, after = found.get("before"), found.get("after")
    pairs: list[Pair] = []
    if before is not None and after is not None:
        earlier = {each.id: each for each in await _tallied(context, content.id, before)}
        for each in await _tallied(context, content.id, after):
            if (former := earlier.get(each.id)) is not None and former.type == each.type:
                known = former.mean is not None and each.mean is not None
                change = each.mean - former.mean if known else None  # type: ignore[operator]
                pairs.append(Pair(before=former, after=each, change=change))
    return Comparison(
        before_version=before.version if before else None,
        after_version=after.version if after else None,
        pairs=pairs,
    )


async def _tallied(context: Context, content_id: ContentId, version: FormVersion) -> list[QuestionResults]:
    tallies = await context.storage.forms.tallies(content_id, version.version)
    return (await context.form_figures.read(context.storage.forms, version, tallies)).questions


async def read_answers(context: Context, version: FormVersion) -> tuple[list[Sheet], int]:
    """All that may be shown, and how many answers wait until more of their school are there."""
    forms = context.storage.forms
    if not version.definition.get("anonymous"):
        responses = await forms.responses(version.content_id, version.version)
        return [(each.school_id, each.answers) for each in responses], 0
    anonymous = await forms.anonymous_responses(version.content_id, version.version)
    shown = _of_whole_batches(anonymous)
    return [(each.school_id, each.answers) for each in shown], len(anonymous) - len(shown)


def _of_whole_batches(responses: Sequence[AnonymousResponse]) -> list[AnonymousResponse]:
    """Whoever looks before and after a classmate answered sees a difference of five people at least, or none."""
    sizes: Counter[tuple[SchoolId, int]] = Counter((each.school_id, each.batch) for each in responses)
    return [each for each in responses if sizes[each.school_id, each.batch] >= SMALLEST]
