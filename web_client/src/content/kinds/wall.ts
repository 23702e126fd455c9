import type { Kind } from './kind';
import mark from './wall_mark.svelte';

export const wall: Kind = {
  name: 'wall',
  word: 'kind_wall',
  what: 'kind_wall_what',
  mark,
  path: 'wall',
  pages: [{ name: 'wall', title: 'title_wall', load: () => import('../wall_view.svelte') }],
};
