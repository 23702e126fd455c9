"""The tree of pages: read it, arrange it. A page is a document; who sees it is the document's own affair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from crdt_docs.content import KINDS
from hub.access import Access, Act, access_twinspace, read_sight
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Conflict, Invalid
from hub.payloads.pages import ArrangePages, FrontPage, Page, Pages, PagesArranged, PlacedPage
from hub.payloads.twinspaces import TwinspaceRef
from storage import ports, records
from storage.canonical_json import canonical_json
from storage.records import Content, ContentId, TwinspaceId

DEEPEST = 5
DOCUMENT = "document"
FRONT_BLOCKS = 12
"""How much of the first page the home shows."""


async def read_pages(context: Context, session: Session, payload: TwinspaceRef) -> Pages:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    return await _shown(context, access, await context.storage.pages.of_twinspace(access.twinspace.id))


async def read_front_page(context: Context, session: Session, payload: TwinspaceRef) -> FrontPage:
    """The first page that the member sees, as far as a home shows it."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    shown = await _shown(context, access, await context.storage.pages.of_twinspace(access.twinspace.id))
    if not shown.pages:
        return FrontPage(page=None, blocks=[], more=False)
    front = shown.pages[0]
    blocks = await context.live_docs.read(ContentId(front.content_id), DOCUMENT, KINDS[DOCUMENT].blocks)
    return FrontPage(page=front, blocks=blocks[:FRONT_BLOCKS], more=len(blocks) > FRONT_BLOCKS)


async def arrange_pages(context: Context, session: Session, payload: ArrangePages) -> Pages:
    """Put the tree that one sees in this form; pages that one does not see stay. Raise Conflict from a stale page."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.ARRANGE)
    twinspace_id = access.twinspace.id
    former = await context.storage.pages.of_twinspace(twinspace_id)
    if payload.revision != _revision(former):
        raise Conflict("Somebody arranged the pages in the meantime. Look at them again.", field="revision")
    seen = await _seen_documents(context, access)
    _check(payload.pages, seen)
    unseen = [page for page in former if page.content_id not in seen]
    arranged = _place(twinspace_id, payload.pages, unseen)
    try:
        await context.storage.pages.arrange(twinspace_id, former, arranged)
    except ports.Conflict:
        raise Conflict("Somebody arranged the pages in the meantime. Look at them again.", field="revision") from None
    await context.announce.to_twinspace(twinspace_id, "pages:arranged", PagesArranged(twinspace_id=twinspace_id))
    await record(context, twinspace_id, "pages_arranged", session.user, twinspace_id, {"count": len(arranged)})
    return await _shown(context, access, arranged)


async def _seen_documents(context: Context, access: Access) -> dict[ContentId, Content]:
    found = await context.storage.contents.of_twinspace(access.twinspace.id, await read_sight(context, access))
    hidden = await context.storage.safety.hidden_ids(access.twinspace.id, "content")
    return {content.id: content for content in found if content.kind == DOCUMENT and content.id not in hidden}


async def _shown(context: Context, access: Access, pages: Sequence[records.Page]) -> Pages:
    """What stands below a page that one does not see is shown where that page would be."""
    seen = await _seen_documents(context, access)
    below: dict[ContentId | None, list[records.Page]] = {}
    for page in pages:
        below.setdefault(page.parent_id, []).append(page)
    shown: list[Page] = []

    def walk(parent_id: ContentId | None, shown_parent_id: ContentId | None) -> None:
        for page in sorted(below.get(parent_id, ()), key=lambda each: each.position):
            content = seen.get(page.content_id)
            if content is None:
                walk(page.content_id, shown_parent_id)
                continue
            shown.append(
                Page(
                    content_id=content.id,
                    parent_id=shown_parent_id,
                    title=content.title,
                    visibility=content.visibility,
                    changed_at_ms=content.changed_at_ms,
                )
            )
            walk(page.content_id, page.content_id)

    walk(None, None)
    return Pages(pages=shown, revision=_revision(pages))


def _check(placed: Sequence[PlacedPage], seen: dict[ContentId, Content]) -> None:
    """Raise Invalid unless every page is a document here, stands once, and below one that stands before it."""
    depth: dict[str, int] = {}
    for page in placed:
        if ContentId(page.content_id) not in seen:
            raise Invalid("A page has to be a document of this TwinSpace.", field="pages")
        if page.content_id in depth:
            raise Invalid("A document stands once in the tree.", field="pages")
        if page.parent_id is not None and page.parent_id not in depth:
            raise Invalid("A page stands behind the one that it is below.", field="pages")
        depth[page.content_id] = 1 + (depth[page.parent_id] if page.parent_id is not None else 0)
        if depth[page.content_id] > DEEPEST:
            raise Invalid(f"Pages stand at most {DEEPEST} deep.", field="pages")


def _place(
    twinspace_id: TwinspaceId, placed: Iterable[PlacedPage], unseen: Iterable[records.Page]
) -> list[records.Page]:
    counts: dict[str | None, int] = {}
    pages: list[records.Page] = []

    def put(content_id: str, parent_id: str | None) -> None:
        position = counts.get(parent_id, 0)
        counts[parent_id] = position + 1
        parent = ContentId(parent_id) if parent_id is not None else None
        pages.append(records.Page(ContentId(content_id), twinspace_id, parent, position))

    for page in placed:
        put(page.content_id, page.parent_id)
    kept = [page for page in unseen]
    there = {page.content_id for page in [*pages, *kept]}
    for hidden in kept:
        put(hidden.content_id, hidden.parent_id if hidden.parent_id in there else None)
    return pages


def _revision(pages: Sequence[records.Page]) -> str:
    tree = sorted([page.content_id, page.parent_id or "", page.position] for page in pages)
    return sha256(canonical_json(tree)).hexdigest()[:16]
