"""The contract of codes of conduct, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Code, CodeAcceptance, ContentId, SchoolId
from tests.storage.people import ANA, DOCUMENT, FORM, OTHER_SPACE, SCHOOL, SPACE, settle

CODE = Code(SPACE.id, DOCUMENT.id)
YES = CodeAcceptance(SPACE.id, SCHOOL.id, "hash", ANA.id, 10)


async def test_a_twinspace_has_one_code(storage: Storage) -> None:
    await settle(storage)
    await storage.codes.add(CODE)
    assert await storage.codes.get(SPACE.id) == CODE
    with pytest.raises(Conflict):
        await storage.codes.add(replace(CODE, content_id=FORM.id))
    with pytest.raises(NotFound):
        await storage.codes.get(OTHER_SPACE.id)
    with pytest.raises(NotFound):
        await storage.codes.add(Code(OTHER_SPACE.id, ContentId("absent")))


async def test_a_school_accepts_a_text_once_and_another_text_anew(storage: Storage) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await storage.codes.accept(YES)
    await storage.codes.add(CODE)
    assert await storage.codes.accept(YES)
    assert not await storage.codes.accept(replace(YES, accepted_at_ms=99))
    later = replace(YES, text_hash="other", accepted_at_ms=20)
    assert await storage.codes.accept(later)
    assert await storage.codes.acceptances(SPACE.id) == [YES, later]
    with pytest.raises(NotFound):
        await storage.codes.accept(replace(YES, school_id=SchoolId("absent")))
