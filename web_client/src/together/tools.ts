import MonitorUp from '@lucide/svelte/icons/monitor-up';
import PictureInPicture from '@lucide/svelte/icons/picture-in-picture-2';
import Timer from '@lucide/svelte/icons/timer';
import UserStar from '@lucide/svelte/icons/user-star';
import { may } from '../app_state.svelte';
import type { Tool } from '../meeting/tools';
import OpenDialog from './open_dialog.svelte';
import { pictureInPicture } from './picture_in_picture.svelte.js';
import { sheets } from './sheets.svelte.js';
import SpotlightDialog from './spotlight_dialog.svelte';
import TimerDialog from './timer_dialog.svelte';

const forThoseWhoPresent = () => may('present');

export const openTool: Tool = {
  id: 'open_for_all',
  words: 'together_open',
  icon: MonitorUp,
  act: () => (sheets.opening = true),
  may: forThoseWhoPresent,
  dialog: OpenDialog,
};

export const timerTool: Tool = {
  id: 'timer',
  words: 'timer',
  icon: Timer,
  act: () => (sheets.timer = true),
  may: forThoseWhoPresent,
  dialog: TimerDialog,
};

export const spotlightTool: Tool = {
  id: 'spotlight',
  words: 'spotlight',
  icon: UserStar,
  act: () => (sheets.spotlight = true),
  may: forThoseWhoPresent,
  dialog: SpotlightDialog,
};

export const pictureTool: Tool = {
  id: 'picture_in_picture',
  words: 'picture_in_picture',
  icon: PictureInPicture,
  // A browser that refuses opens nothing, which is seen.
  act: () => void pictureInPicture.toggle().catch(() => undefined),
  isOn: () => pictureInPicture.open,
  may: () => pictureInPicture.possible,
};
