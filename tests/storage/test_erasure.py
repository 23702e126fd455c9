"""The contract of erasure over every implementation; and that no byte is left in the database's own files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from storage import Storage, open_storage
from storage.ports import Conflict, NotFound
from storage.records import (
    ContentId,
    Debate,
    DebateId,
    ErasureJob,
    ErasureJobId,
    FormResponse,
    Hidden,
    Login,
    LoginId,
    Member,
    Redaction,
    Report,
    ReportId,
    UserId,
)
from storage.sql.personal import BLANKED, DELETED, DELETED_WITH_TEXTS, KEPT
from storage.sql.tables import metadata
from tests.storage.people import ANA, DOCUMENT, FORM, LUCIA, SPACE, settle

SECRET = "a word nobody else says: ąęźń"


async def write_about(storage: Storage) -> None:
    """Lucía chats, answers, is reported and hidden; the hub writes her name into the journal."""
    await settle(storage)
    await storage.twinspaces.add_member(Member(SPACE.id, LUCIA.id, "pupil", 1, 5))
    await storage.logins.add(Login(LoginId("l"), LUCIA.id, "browser", b"hash", 1, 2))
    for user, text in ((LUCIA, SECRET), (ANA, "Hello")):
        await storage.messages.append(SPACE.id, client_message_id=user.id, user_id=user.id, text=text, at_ms=1)
    await storage.forms.publish(FORM.id, {"questions": []}, published_by=ANA.id, at_ms=1)
    response = FormResponse(FORM.id, 1, LUCIA.id, LUCIA.school_id, {"q": SECRET}, 1)
    await storage.forms.put_response(response)
    await storage.forms.put_response(replace(response, user_id=ANA.id, answers={"q": "mine"}))
    report = Report(ReportId("r"), SPACE.id, ANA.id, "message", "1", LUCIA.id, "mean", "Look", SECRET, 1)
    await storage.safety.add_report(report)
    await storage.safety.add_report(
        replace(report, id=ReportId("r2"), reporter_id=LUCIA.id, author_id=ANA.id, words=SECRET, excerpt="Ana's")
    )
    await storage.safety.hide(Hidden(SPACE.id, "card", "w:c", LUCIA.id, SECRET, {"title": SECRET}, ANA.id, 1))
    await storage.journal.record(
        SPACE.id,
        verb="came",
        user_id=LUCIA.id,
        subject_id=None,
        details={"who": LUCIA.display_name, "with": [ANA.display_name]},
        at_ms=1,
    )


async def test_a_persons_texts_and_name_go_and_others_stay(storage: Storage) -> None:
    await write_about(storage)
    await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=True)
    user = await storage.users.get_user(LUCIA.id)
    assert (user.display_name, user.state, user.class_name, user.email) == ("Pupil", "closed", "", None)
    with pytest.raises(NotFound):
        await storage.users.find_user(LUCIA.name)
    assert await storage.logins.of_user(LUCIA.id) == []
    with pytest.raises(NotFound):
        await storage.twinspaces.get_member(SPACE.id, LUCIA.id)
    assert [message.text for message in await storage.messages.since(SPACE.id, 0, 9)] == ["", "Hello"]
    assert [each.user_id for each in await storage.forms.responses(FORM.id, 1)] == [ANA.id]
    reports = {report.id: report for report in await storage.safety.reports([SPACE.id])}
    assert (reports[ReportId("r")].excerpt, reports[ReportId("r")].words) == ("", "Look")
    assert (reports[ReportId("r2")].excerpt, reports[ReportId("r2")].words) == ("Ana's", "")
    (hidden,) = await storage.safety.hidden(SPACE.id)
    assert (hidden.excerpt, hidden.kept) == ("", None)
    (entry,) = await storage.journal.latest(SPACE.id, 9)
    assert entry.details == {"who": "Pupil", "with": ["Ana"]}
    with pytest.raises(NotFound):
        await storage.erasure.erase_person(UserId("absent"), display_name="", texts=True)


async def test_an_account_can_go_while_what_was_written_stays(storage: Storage) -> None:
    await write_about(storage)
    await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=False)
    assert (await storage.users.get_user(LUCIA.id)).display_name == "Pupil"
    assert [message.text for message in await storage.messages.since(SPACE.id, 0, 9)] == [SECRET, "Hello"]


async def test_a_message_and_a_content_are_erased(storage: Storage) -> None:
    await write_about(storage)
    await storage.erasure.erase_message(SPACE.id, 1)
    assert [message.text for message in await storage.messages.since(SPACE.id, 0, 9)] == ["", "Hello"]
    with pytest.raises(NotFound):
        await storage.erasure.erase_message(SPACE.id, 7)
    await storage.doc_log.append(DOCUMENT.id, [b"1", b"2"], user_id=ANA.id, at_ms=1)
    await storage.doc_log.compact(DOCUMENT.id, b"state", 1)
    for content_id in (DOCUMENT.id, FORM.id):
        await storage.erasure.erase_content(content_id)
    stored = await storage.doc_log.load(DOCUMENT.id)
    assert (stored.state, stored.entries) == (None, ())
    assert await storage.doc_log.append(DOCUMENT.id, [b"3"], user_id=ANA.id, at_ms=1) == 3
    assert (await storage.contents.get(DOCUMENT.id)).title == ""
    assert await storage.forms.responses(FORM.id, 1) == []
    with pytest.raises(NotFound):
        await storage.erasure.erase_content(ContentId("absent"))


async def test_a_motion_is_erased_where_it_stands_and_where_it_is_quoted(storage: Storage) -> None:
    await settle(storage)
    for debate_id in ("one", "two"):
        await storage.debates.add(Debate(DebateId(debate_id), SPACE.id, SECRET, 60, "before", ANA.id, 1))
        await storage.journal.record(
            SPACE.id, verb="debate_opened", user_id=ANA.id, subject_id=debate_id, details={"title": SECRET}, at_ms=1
        )
    await storage.erasure.erase_debate(DebateId("one"))
    motions = {debate.id: debate.motion for debate in await storage.debates.of_twinspace(SPACE.id)}
    assert motions == {"one": "", "two": SECRET}
    assert {entry.subject_id: entry.details for entry in await storage.journal.latest(SPACE.id, 9)} == {
        "one": {},
        "two": {"title": SECRET},
    }
    with pytest.raises(NotFound):
        await storage.erasure.erase_debate(DebateId("absent"))
    await storage.erasure.erase_person(ANA.id, display_name="Teacher", texts=True)
    assert (await storage.debates.get(DebateId("two"))).motion == ""
    assert [entry.details for entry in await storage.journal.latest(SPACE.id, 9)] == [{}, {}]


async def test_a_scrubbed_state_is_not_replaced_by_one_of_the_same_log(storage: Storage) -> None:
    await storage.doc_log.append(DOCUMENT.id, [b"1", b"2"], user_id=ANA.id, at_ms=1)
    await storage.doc_log.compact(DOCUMENT.id, b"scrubbed", 2)
    with pytest.raises(Conflict):
        await storage.doc_log.compact(DOCUMENT.id, b"merged before", 2)
    assert (await storage.doc_log.load(DOCUMENT.id)).state == b"scrubbed"


async def test_redactions_are_kept_by_their_blob(storage: Storage) -> None:
    first, second = Redaction("aa", "bb", 1), Redaction("aa", None, 2)
    await storage.erasure.redact(first)
    assert await storage.erasure.redactions() == {"aa": first}
    await storage.erasure.redact(second)
    assert await storage.erasure.redactions() == {"aa": second}


async def test_what_there_is_about_a_person(storage: Storage) -> None:
    await write_about(storage)
    rows = await storage.erasure.person_rows(LUCIA.id)
    assert rows["users"][0]["display_name"] == "Lucía" and not {"password_hash", "class_key_hash"} & {*rows["users"][0]}
    assert [row["text"] for row in rows["messages"]] == [SECRET]
    assert [row["role"] for row in rows["members"]] == ["pupil"]
    with pytest.raises(NotFound):
        await storage.users.get_user(UserId("absent"))


def test_every_reference_to_a_person_is_decided_about() -> None:
    pointing = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "users.id" for key in column.foreign_keys)
    }
    decided = {*BLANKED, *KEPT, *DELETED.items(), *DELETED_WITH_TEXTS.items()}
    assert pointing - decided == set(), "say in storage/sql/personal.py what becomes of these when a person is erased"
    assert decided - pointing == set()


def forms_of(text: str) -> list[bytes]:
    """As a file may hold it: plain, and escaped in JSON."""
    import json

    return [text.encode(), json.dumps(text)[1:-1].encode()]


async def test_no_byte_is_left_in_the_files_of_sqlite(data_dir: Path) -> None:
    storage = await open_storage(data_dir=data_dir, database_url="")
    try:
        await write_about(storage)
        # Enough beside it that pages are freed and reused.
        for number in range(200):
            await storage.messages.append(
                SPACE.id, client_message_id=str(number), user_id=ANA.id, text=f"{number} " * 80, at_ms=1
            )
        needles = [*forms_of(SECRET), *forms_of(LUCIA.display_name)]
        assert all(found_in(data_dir, needle) for needle in needles[:1])
        await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=True)
        await storage.erasure.scrub()
        assert not [needle for needle in needles if found_in(data_dir, needle)]
    finally:
        await storage.close()


@pytest.mark.services
async def test_no_byte_is_left_in_the_tables_of_postgresql(data_dir: Path, postgres_url: str) -> None:
    """Of its heap, index and TOAST files; what the write-ahead log still holds is the server's to recycle."""
    storage = await open_storage(data_dir=data_dir, database_url=postgres_url)
    try:
        await write_about(storage)
        server = await asyncpg.connect(postgres_url)
        base = Path(await server.fetchval("SHOW data_directory")) / "base"
        database = base / str(await server.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()"))
        await server.execute("CHECKPOINT")
        await server.close()
        needles = [*forms_of(SECRET), *forms_of(LUCIA.display_name)]
        assert found_in(database, needles[0])
        await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=True)
        await storage.erasure.scrub()
        assert not [needle for needle in needles if found_in(database, needle)]
    finally:
        await storage.close()


def found_in(folder: Path, needle: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


async def test_erasures_that_were_asked_for_are_taken_one_after_the_other(storage: Storage) -> None:
    await settle(storage)
    first = ErasureJob(ErasureJobId("one"), LUCIA.id, True, ANA.id, 10)
    assert await storage.erasure.add_job(first) == first
    assert await storage.erasure.add_job(replace(first, id=ErasureJobId("same"))) == first
    second = replace(first, id=ErasureJobId("two"), user_id=None, texts=False, asked_at_ms=11)
    assert await storage.erasure.add_job(second) == second
    taken = await storage.erasure.take_job(20, 100)
    assert taken == replace(first, state="working", taken_until_ms=100)
    await storage.erasure.note_job(first.id, 40, 110)
    assert await storage.erasure.take_job(105, 200) == replace(second, state="working", taken_until_ms=200)
    assert await storage.erasure.take_job(105, 200) is None
    again = await storage.erasure.take_job(110, 200)
    assert again is not None and (again.id, again.done) == ("one", 40)
    await storage.erasure.finish_job(first.id, 150)
    done = await storage.erasure.get_job(first.id)
    assert (done.state, done.done, done.ended_at_ms) == ("done", 100, 150)
    assert (await storage.erasure.take_job(999, 1000)) == replace(second, state="working", taken_until_ms=1000)
    assert await storage.erasure.add_job(replace(first, id=ErasureJobId("later"))) != first
    for absent in (
        storage.erasure.get_job(ErasureJobId("absent")),
        storage.erasure.finish_job(ErasureJobId("absent"), 1),
        storage.erasure.add_job(replace(first, id=ErasureJobId("who"), user_id=UserId("absent"))),
    ):
        with pytest.raises(NotFound):
            await absent
