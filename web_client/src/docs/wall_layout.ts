import type * as Y from 'yjs';
import type { WallLayout } from '../protocol/shapes';

export const VIEWS: readonly WallLayout['view'][] = ['wall', 'columns', 'timeline', 'map', 'canvas'];

/** How a wall is seen: the view it opens with, its columns, and who moves cards. The hub alone writes it. */
export function readLayout(layout: Y.Map<unknown>, sections: Y.Map<unknown>): WallLayout {
  const view = layout.get('view') as WallLayout['view'];
  const columns: { id: string; title: string; place: number }[] = [];
  for (const [id, value] of sections.entries()) {
    if (typeof value !== 'object' || value === null || !('get' in value)) continue;
    const section = value as Y.Map<unknown>;
    const title = section.get('title');
    columns.push({ id, title: typeof title === 'string' ? title : '', place: Number(section.get('place')) || 0 });
  }
  columns.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  return {
    view: VIEWS.includes(view) ? view : 'wall',
    all_move: layout.get('all_move') === true,
    sections: columns.map(({ id, title }) => ({ id, title })),
  };
}
