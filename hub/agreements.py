"""The founding agreement: which text would be signed now, and how far the founding has come with it.

Everything is worked out from the present text and the rows: a signature counts as long as the text it was given for is
the present one, so that no edit, however quick, can slip under it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from crdt_docs.content import KINDS
from crdt_docs.stored_blocks import read_blocks
from hub.context import Context
from hub.payloads.foundings import FoundingState
from hub.roster import read_users
from storage import ports
from storage.canonical_json import canonical_json
from storage.records import Content, Founding, KeptAgreement, School, Signature, Twinspace, User, Verdict
from storage.snapshots import hash_blob

AGREEMENT_FILE = "agreement.json"
"""The signed agreement in the tree of the first snapshot."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One founding at one moment."""

    founding: Founding
    twinspace: Twinspace
    founders: tuple[tuple[User, School], ...]
    agreement: str
    """The hash of plan, founders and text: what a signature names."""
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


@dataclass(frozen=True, slots=True)
class ReadStanding(Standing):
    """With what is signed, as it stands now in the open document."""

    text: list[Any]
    blob: bytes
    """Plan, founders and text as canonical JSON."""


async def read_standing(context: Context, founding: Founding) -> ReadStanding:
    founders = await _read_founders(context, founding)
    text = await context.live_docs.read(founding.agreement_id, "document", KINDS["document"].blocks)
    blob = canonical_json({**_plan_of(founding, founders), "text": text})
    about = await _about(context, founding, founders)
    return ReadStanding(**about, agreement=hash_blob(blob), text=text, blob=blob)


async def read_stored_standing(context: Context, founding: Founding) -> Standing:
    """The standing by what is stored of the text, without opening the document: for lists.

    The hash that was kept counts as long as plan, founders and log are those it was made of; else it is made anew.
    """
    founders = await _read_founders(context, founding)
    plan = _plan_of(founding, founders)
    position, kept = await context.storage.foundings.kept_agreement(founding.twinspace_id)
    if kept is None or kept.made_of != _made_of(plan, position):
        kept = await _keep(context, founding, plan)
    return Standing(**await _about(context, founding, founders), agreement=kept.agreement)


async def keep_agreement(context: Context, content: Content) -> None:
    """Somebody wrote in this content: if it is an agreement, its hash is kept for the lists."""
    if content.kind != "document":
        return
    try:
        founding = await context.storage.foundings.get(content.twinspace_id)
    except ports.NotFound:
        return
    if founding.agreement_id == content.id:
        await read_stored_standing(context, founding)


async def _keep(context: Context, founding: Founding, plan: dict[str, Any]) -> KeptAgreement:
    """From the log and not from the open document: which position of the log a text belongs to must be certain."""
    stored = await context.storage.doc_log.load(founding.agreement_id)
    position = stored.entries[-1].seq if stored.entries else stored.state_seq
    updates = [entry.update for entry in stored.entries]
    blocks = KINDS["document"].blocks
    text = await asyncio.to_thread(read_blocks, stored.state, updates, context.live_docs.limits, blocks)
    agreement = hash_blob(canonical_json({**plan, "text": text}))
    kept = KeptAgreement(founding.twinspace_id, _made_of(plan, position), agreement)
    await context.storage.foundings.keep_agreement(kept)
    return kept


def _made_of(plan: dict[str, Any], position: int) -> str:
    return hash_blob(canonical_json({**plan, "position": position}))


def _plan_of(founding: Founding, founders: tuple[tuple[User, School], ...]) -> dict[str, Any]:
    """What is signed beside the text."""
    return {
        "twinspace_id": founding.twinspace_id,
        "title": founding.title,
        "programme": founding.programme,
        "stage": founding.stage,
        "subjects": list(founding.subjects),
        "languages": list(founding.languages),
        "starts_on": founding.starts_on,
        "ends_on": founding.ends_on,
        "founders": [{"user_id": user.id, "school_id": school.id} for user, school in founders],
    }


async def _read_founders(context: Context, founding: Founding) -> tuple[tuple[User, School], ...]:
    users = await read_users(context.storage, [founding.proposed_by, founding.partner_id])
    return tuple([(user, await context.storage.users.get_school(user.school_id)) for user in users.values()])


async def _about(context: Context, founding: Founding, founders: tuple[tuple[User, School], ...]) -> dict[str, Any]:
    storage = context.storage
    return {
        "founding": founding,
        "twinspace": await storage.twinspaces.get(founding.twinspace_id),
        "founders": founders,
        "signatures": tuple(await storage.foundings.signatures(founding.twinspace_id)),
        "verdicts": tuple(await storage.foundings.verdicts(founding.twinspace_id)),
        "needs_approval": context.settings.founding_approval,
    }
