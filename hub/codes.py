"""How far the schools are with their code of conduct: an acceptance counts while its text is the present one."""

from __future__ import annotations

from dataclasses import dataclass

from crdt_docs.content import KINDS
from hub.context import Context
from hub.roster import read_users
from storage import ports
from storage.canonical_json import canonical_json
from storage.records import Code, CodeAcceptance, SchoolId, TwinspaceId
from storage.snapshots import hash_blob


@dataclass(frozen=True, slots=True)
class CodeStanding:
    code: Code | None
    text_hash: str | None
    schools: tuple[SchoolId, ...]
    """Those with a teacher here."""
    acceptances: tuple[CodeAcceptance, ...]

    def acceptance_of(self, school_id: SchoolId) -> CodeAcceptance | None:
        """The one of the present text."""
        for each in self.acceptances:
            if each.school_id == school_id and each.text_hash == self.text_hash:
                return each
        return None

    @property
    def missing(self) -> int:
        """How many schools have not accepted the text as it is."""
        return sum(self.acceptance_of(school_id) is None for school_id in self.schools)


async def read_code_standing(context: Context, twinspace_id: TwinspaceId) -> CodeStanding:
    storage = context.storage
    users = await read_users(storage, [member.user_id for member in await storage.twinspaces.members(twinspace_id)])
    schools = tuple(sorted({user.school_id for user in users.values() if user.kind == "teacher"}))
    try:
        code = await storage.codes.get(twinspace_id)
    except ports.NotFound:
        return CodeStanding(None, None, schools, ())
    blocks = await context.live_docs.read(code.content_id, "document", KINDS["document"].blocks)
    text_hash = hash_blob(canonical_json({"twinspace_id": twinspace_id, "text": blocks}))
    return CodeStanding(code, text_hash, schools, tuple(await storage.codes.acceptances(twinspace_id)))
