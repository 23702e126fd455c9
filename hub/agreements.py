"""The founding agreement: which text would be signed now, and how far the founding has come with it.

Everything is worked out from the present text and the rows: a signature counts as long as the text it was given for is
the present one, so that no edit, however quick, can slip under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crdt_docs.content import KINDS
from hub.context import Context
from hub.payloads.foundings import FoundingState
from hub.roster import read_users
from storage.canonical_json import canonical_json
from storage.records import Founding, School, Signature, Twinspace, User, Verdict
from storage.snapshots import hash_blob

AGREEMENT_FILE = "agreement.json"
"""The signed agreement in the tree of the first snapshot."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One founding at one moment."""

    founding: Founding
    twinspace: Twinspace
    founders: tuple[tuple[User, School], ...]
    text: list[Any]
    blob: bytes
    """What is signed: plan, founders and text as canonical JSON."""
    agreement: str
    """The hash of that: what a signature names."""
    signatures: tuple[Signature, ...]
    verdicts: tuple[Verdict, ...]
    needs_approval: bool

    @property
    def countries(self) -> set[str]:
        return {school.country for _, school in self.founders}

    @property
    def is_national(self) -> bool:
        return len(self.countries) == 1

    def signature_of(self, user: User) -> Signature | None:
        """The one for the present text."""
        return next((s for s in self.signatures if s.user_id == user.id and s.agreement == self.agreement), None)

    @property
    def is_signed(self) -> bool:
        return all(self.signature_of(user) for user, _ in self.founders)

    @property
    def current_verdicts(self) -> dict[str, Verdict]:
        """By country, the newest of the present text."""
        return {verdict.country: verdict for verdict in self.verdicts if verdict.agreement == self.agreement}

    @property
    def approvals_needed(self) -> list[str]:
        if not self.needs_approval or self.twinspace.phase != "founding":
            return []
        approved = {country for country, verdict in self.current_verdicts.items() if verdict.approved}
        return sorted(self.countries - approved)

    @property
    def state(self) -> FoundingState:
        if self.twinspace.phase != "founding":
            return "open" if self.is_signed else "changed"
        if any(not verdict.approved for verdict in self.current_verdicts.values()):
            return "returned"
        if not self.is_signed:
            return "writing"
        return "waiting" if self.approvals_needed else "ready"


async def read_standing(context: Context, founding: Founding) -> Standing:
    storage = context.storage
    users = await read_users(storage, [founding.proposed_by, founding.partner_id])
    founders = tuple([(user, await storage.users.get_school(user.school_id)) for user in users.values()])
    text = await context.live_docs.read(founding.agreement_id, "document", KINDS["document"].blocks)
    signed = {
        "twinspace_id": founding.twinspace_id,
        "title": founding.title,
        "programme": founding.programme,
        "stage": founding.stage,
        "subjects": list(founding.subjects),
        "languages": list(founding.languages),
        "starts_on": founding.starts_on,
        "ends_on": founding.ends_on,
        "founders": [{"user_id": user.id, "school_id": school.id} for user, school in founders],
        "text": text,
    }
    blob = canonical_json(signed)
    return Standing(
        founding=founding,
        twinspace=await storage.twinspaces.get(founding.twinspace_id),
        founders=founders,
        text=text,
        blob=blob,
        agreement=hash_blob(blob),
        signatures=tuple(await storage.foundings.signatures(founding.twinspace_id)),
        verdicts=tuple(await storage.foundings.verdicts(founding.twinspace_id)),
        needs_approval=context.settings.founding_approval,
    )
