import type { Kind } from './kind';
import mark from './whiteboard_mark.svelte';

export const whiteboard: Kind = {
  name: 'whiteboard',
  word: 'kind_whiteboard',
  what: 'kind_whiteboard_what',
  mark,
  path: 'board',
  pages: [{ name: 'whiteboard', title: 'kind_whiteboard', load: () => import('../whiteboard/board_view.svelte') }],
};
