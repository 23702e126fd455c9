import type { Page } from '../protocol/shapes';

export interface Placed {
  content_id: string;
  parent_id: string | null;
}

/** How deep a page stands: 0 at the top. */
export function depthOf(pages: readonly Placed[], page: Placed): number {
  const parent = pages.find(({ content_id }) => content_id === page.parent_id);
  return parent ? depthOf(pages, parent) + 1 : 0;
}

/** Reading order: every page, then those below it. */
function inOrder(pages: readonly Placed[], parent: string | null = null): Placed[] {
  return pages
    .filter(({ parent_id }) => parent_id === parent)
    .flatMap((page) => [page, ...inOrder(pages, page.content_id)]);
}

export type Move = 'up' | 'down' | 'in' | 'out';

/** The pages after one was moved, with everything below it; null where that move goes nowhere. */
export function moved(pages: readonly Placed[], id: string, move: Move): Placed[] | null {
  const page = pages.find(({ content_id }) => content_id === id);
  if (!page) return null;
  const siblings = pages.filter(({ parent_id }) => parent_id === page.parent_id);
  const at = siblings.indexOf(page);
  if (move === 'in' || move === 'out') {
    const before = siblings[at - 1];
    const parent = pages.find(({ content_id }) => content_id === page.parent_id);
    if (move === 'in' ? !before : !parent) return null;
    const parent_id = move === 'in' ? (before?.content_id ?? null) : (parent?.parent_id ?? null);
    const others = pages.filter((other) => other !== page);
    const behind = move === 'out' && parent ? others.indexOf(parent) + 1 : others.length;
    others.splice(behind, 0, { content_id: id, parent_id });
    return inOrder(others);
  }
  const other = siblings[at + (move === 'up' ? -1 : 1)];
  if (!other) return null;
  const swapped = pages.map((each) => (each === page ? other : each === other ? page : each));
  return inOrder(swapped);
}

/** The pages without one; what stood below it goes up to its place. */
export function without(pages: readonly Placed[], id: string): Placed[] {
  const page = pages.find(({ content_id }) => content_id === id);
  return inOrder(
    pages
      .filter((each) => each !== page)
      .map((each) => (each.parent_id === id ? { ...each, parent_id: page?.parent_id ?? null } : each)),
  );
}

export const placedOf = (pages: readonly Page[]): Placed[] =>
  pages.map(({ content_id, parent_id }) => ({ content_id, parent_id }));
