"""Search: everything that one may see, by its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from hub.context import Context, Session
from hub.names import read_people
from hub.payloads.search import Find, Found, Hit, HitGroup, Piece
from hub.search_scope import read_scope
from hub.snippets import Part, excerpt, mark
from storage.records import SearchEntry, SearchKind, TwinspaceId, User, UserId
from storage.words import Term, terms_of

OVERVIEW = 5
"""Hits of each kind in the overview."""
AT_ONCE = 20
KINDS: tuple[SearchKind, ...] = get_args(SearchKind)


async def find(context: Context, session: Session, payload: Find) -> Found:
    """Of every kind the best hits, or of one kind more of them. Nothing of what the asker may not see is counted."""
    terms = terms_of(payload.q)
    if not terms:
        return Found(groups=[])
    scope, titles = await read_scope(context, session.user)
    limit = AT_ONCE if payload.kind else OVERVIEW
    groups: list[HitGroup] = []
    for kind in [payload.kind] if payload.kind else KINDS:
        found = await context.storage.search.find(
            payload.q,
            scope,
            kind,
            twinspace_id=TwinspaceId(payload.twinspace_id) if payload.twinspace_id else None,
            limit=limit + 1,
            offset=payload.offset,
        )
        users = await read_people(context, session.user, [entry.created_by for entry in found])
        hits = [_shown(entry, terms, users, titles) for entry in found[:limit]]
        if hits:
            groups.append(HitGroup(kind=kind, hits=hits, more=len(found) > limit))
    return Found(groups=groups)


def _shown(
    entry: SearchEntry, terms: Sequence[Term], users: Mapping[UserId, User], titles: Mapping[TwinspaceId, str]
) -> Hit:
    return Hit(
        kind=entry.kind,
        id=entry.id,
        twinspace_id=entry.twinspace_id,
        twinspace_title=titles.get(entry.twinspace_id) if entry.twinspace_id else None,
        place=entry.place,
        title=pieces(mark(entry.title, terms)),
        snippet=pieces(excerpt(entry.text, terms)),
        display_name=users[entry.created_by].display_name,
        at_ms=entry.at_ms,
    )


def pieces(parts: Sequence[Part]) -> list[Piece]:
    return [Piece(text=text, hit=is_hit) for text, is_hit in parts]
