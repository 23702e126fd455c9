"""Foundings and the phases of projects in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict
from storage.records import (
    Founding,
    KeptAgreement,
    Phase,
    PhaseMove,
    Reopening,
    Signature,
    TwinspaceId,
    UserId,
    Verdict,
)


class MemoryFoundings:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, founding: Founding) -> None:
        self._rows.check_open()
        _check(founding)
        find(self._rows.twinspaces, founding.twinspace_id)
        find(self._rows.contents, founding.agreement_id)
        for user_id in (founding.proposed_by, founding.partner_id):
            find(self._rows.users, user_id)
        add(self._rows.foundings, founding.twinspace_id, founding)

    async def get(self, twinspace_id: TwinspaceId) -> Founding:
        return find(self._rows.foundings, twinspace_id)

    async def change(self, founding: Founding) -> None:
        self._rows.check_open()
        _check(founding)
        former = find(self._rows.foundings, founding.twinspace_id)
        self._rows.foundings[founding.twinspace_id] = replace(
            founding,
            agreement_id=former.agreement_id,
            proposed_by=former.proposed_by,
            partner_id=former.partner_id,
            proposed_at_ms=former.proposed_at_ms,
        )

    async def of_user(self, user_id: UserId) -> list[Founding]:
        mine = [each for each in self._rows.foundings.values() if user_id in (each.proposed_by, each.partner_id)]
        return sorted(mine, key=lambda each: (-each.proposed_at_ms, each.twinspace_id))

    async def unopened(self) -> list[Founding]:
        waiting = [
            each
            for each in self._rows.foundings.values()
            if self._rows.twinspaces[each.twinspace_id].phase == "founding"
        ]
        return sorted(waiting, key=lambda each: (each.proposed_at_ms, each.twinspace_id))

    async def sign(self, signature: Signature) -> bool:
        self._rows.check_open()
        check_texts(signature.agreement)
        find(self._rows.foundings, signature.twinspace_id)
        find(self._rows.users, signature.user_id)
        key = (signature.twinspace_id, signature.user_id, signature.agreement)
        if key in self._rows.signatures:
            return False
        self._rows.signatures[key] = signature
        return True

    async def signatures(self, twinspace_id: TwinspaceId) -> list[Signature]:
        here = [each for each in self._rows.signatures.values() if each.twinspace_id == twinspace_id]
        return sorted(here, key=lambda each: (each.signed_at_ms, each.user_id))

    async def kept_agreement(self, twinspace_id: TwinspaceId) -> tuple[int, KeptAgreement | None]:
        doc = self._rows.docs.get(find(self._rows.foundings, twinspace_id).agreement_id)
        return doc.last_seq if doc is not None else 0, self._rows.kept_agreements.get(twinspace_id)

    async def keep_agreement(self, kept: KeptAgreement) -> None:
        self._rows.check_open()
        find(self._rows.foundings, kept.twinspace_id)
        self._rows.kept_agreements[kept.twinspace_id] = kept

    async def decide(
        self,
        twinspace_id: TwinspaceId,
        *,
        agreement: str,
        country: str,
        decided_by: UserId,
        approved: bool,
        reason: str,
        at_ms: int,
    ) -> Verdict:
        self._rows.check_open()
        check_texts(agreement, country, reason)
        find(self._rows.foundings, twinspace_id)
        find(self._rows.users, decided_by)
        verdicts = self._rows.verdicts.setdefault(twinspace_id, [])
        verdict = Verdict(twinspace_id, len(verdicts) + 1, agreement, country, decided_by, approved, reason, at_ms)
        verdicts.append(verdict)
        return verdict

    async def verdicts(self, twinspace_id: TwinspaceId) -> list[Verdict]:
        return list(self._rows.verdicts.get(twinspace_id, []))


class MemoryPhases:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def move(
        self,
        twinspace_id: TwinspaceId,
        *,
        former: Phase,
        phase: Phase,
        moved_by: UserId,
        missing: Sequence[str],
        at_ms: int,
    ) -> PhaseMove:
        self._rows.check_open()
        check_texts(*missing)
        twinspace = find(self._rows.twinspaces, twinspace_id)
        find(self._rows.users, moved_by)
        if twinspace.phase != former:
            raise Conflict(f"The project is in the phase {twinspace.phase}.")
        moves = self._rows.moves.setdefault(twinspace_id, [])
        move = PhaseMove(twinspace_id, len(moves) + 1, former, phase, moved_by, tuple(missing), at_ms)
        moves.append(move)
        self._rows.twinspaces[twinspace_id] = replace(twinspace, phase=phase)
        for stored in self._rows.members.values():
            if stored.present and stored.member.twinspace_id == twinspace_id:
                stored.member = replace(stored.member, epoch=stored.member.epoch + 1)
        for key in [key for key in self._rows.reopenings if key[0] == twinspace_id]:
            del self._rows.reopenings[key]
        return move

    async def moves(self, twinspace_id: TwinspaceId) -> list[PhaseMove]:
        return list(self._rows.moves.get(twinspace_id, []))

    async def ask_reopening(self, reopening: Reopening) -> None:
        self._rows.check_open()
        find(self._rows.twinspaces, reopening.twinspace_id)
        find(self._rows.users, reopening.user_id)
        find(self._rows.schools, reopening.school_id)
        self._rows.reopenings.setdefault((reopening.twinspace_id, reopening.user_id), reopening)

    async def reopenings(self, twinspace_id: TwinspaceId) -> list[Reopening]:
        here = [each for each in self._rows.reopenings.values() if each.twinspace_id == twinspace_id]
        return sorted(here, key=lambda each: (each.asked_at_ms, each.user_id))


def _check(founding: Founding) -> None:
    check_texts(
        founding.title,
        founding.programme,
        founding.stage,
        founding.starts_on,
        founding.ends_on,
        *founding.subjects,
        *founding.languages,
    )
