"""Codes of conduct, in memory."""

from __future__ import annotations

from storage.memory.rows import Rows, add, find
from storage.records import Code, CodeAcceptance, TwinspaceId


class MemoryCodes:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, code: Code) -> None:
        self._rows.check_open()
        find(self._rows.twinspaces, code.twinspace_id)
        find(self._rows.contents, code.content_id)
        add(self._rows.codes, code.twinspace_id, code)

    async def get(self, twinspace_id: TwinspaceId) -> Code:
        return find(self._rows.codes, twinspace_id)

    async def accept(self, acceptance: CodeAcceptance) -> bool:
        self._rows.check_open()
        find(self._rows.codes, acceptance.twinspace_id)
        find(self._rows.schools, acceptance.school_id)
        find(self._rows.users, acceptance.user_id)
        key = acceptance.twinspace_id, acceptance.school_id, acceptance.text_hash
        return self._rows.code_acceptances.setdefault(key, acceptance) is acceptance

    async def acceptances(self, twinspace_id: TwinspaceId) -> list[CodeAcceptance]:
        here = [each for each in self._rows.code_acceptances.values() if each.twinspace_id == twinspace_id]
        return sorted(here, key=lambda each: (each.accepted_at_ms, each.school_id))
