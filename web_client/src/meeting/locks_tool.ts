import LockKeyhole from '@lucide/svelte/icons/lock-keyhole';
import { may } from '../app_state.svelte';
import LocksDialog from './locks_dialog.svelte';
import { locksSheet } from './locks_sheet.svelte.js';
import type { Tool } from './tools';

/** What pupils may do in this meeting, for those who lead it. */
export const locksTool: Tool = {
  id: 'locks',
  words: 'room_locks',
  icon: LockKeyhole,
  act: () => (locksSheet.open = true),
  may: () => may('moderate'),
  dialog: LocksDialog,
};
