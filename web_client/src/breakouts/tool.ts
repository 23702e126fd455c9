import Rows3 from '@lucide/svelte/icons/rows-3';
import { may } from '../app_state.svelte';
import type { Tool } from '../meeting/tools';
import { go } from '../router';
import { paths } from '../routes';

/** Leads to the page of all rooms; the meeting goes on in its corner. */
export const breakoutsTool: Tool = {
  id: 'breakouts',
  words: 'title_breakouts',
  icon: Rows3,
  act: ({ twinspaceId }) => go(paths.breakouts(twinspaceId)),
  may: () => may('breakouts'),
};
