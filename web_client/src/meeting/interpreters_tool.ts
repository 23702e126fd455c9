import Languages from '@lucide/svelte/icons/languages';
import { may } from '../app_state.svelte';
import { channels } from './channels.svelte.js';
import InterpretersDialog from './interpreters_dialog.svelte';
import { interpretersSheet } from './interpreters_sheet.svelte.js';
import type { Tool } from './tools';

/** Which language one hears, who interprets into it, and one's own channel. */
export const interpretersTool: Tool = {
  id: 'interpreters',
  words: 'interpreters',
  icon: Languages,
  act: () => (interpretersSheet.open = true),
  may: () => may('moderate') || channels.offered.length > 0 || channels.mine !== '',
  dialog: InterpretersDialog,
};
