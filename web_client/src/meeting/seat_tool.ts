import School from '@lucide/svelte/icons/school';
import { may } from '../app_state.svelte';
import SeatDialogs from './seat_dialogs.svelte';
import { seatSheet } from './seat_sheet.svelte.js';
import type { Tool } from './tools';

/** Who sits before this device, for those who may bring in their school's pupils. */
export const seatTool: Tool = {
  id: 'seat',
  words: 'seat_title',
  icon: School,
  act: () => (seatSheet.open = 'pupils'),
  may: () => may('invite'),
  dialog: SeatDialogs,
};
