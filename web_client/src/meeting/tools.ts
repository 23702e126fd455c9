import type { Component } from 'svelte';
import { breakoutsTool } from '../breakouts/tool';
import type { Key } from '../catalogue';
import { interpretersTool } from './interpreters_tool';
import { openTool, pictureTool, spotlightTool, timerTool } from '../together/tools';
import { locksTool } from './locks_tool';
import { seatTool } from './seat_tool';

/** Where a tool works. */
export interface ToolPlace {
  twinspaceId: string;
  roomId: string;
}

export interface Tool {
  id: string;
  words: Key | (() => Key);
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  icon: Component<any>;
  /** What choosing it in the menu does: mostly opening its dialog. */
  act: (place: ToolPlace) => void;
  /** For a tool that is on or off. */
  isOn?: () => boolean;
  /** Left out: everybody in the meeting. */
  may?: () => boolean;
  /** Stands in the page as long as the meeting does, given a ToolPlace; it opens itself when `act` says so. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  dialog?: Component<any>;
}

/** What the dock's menu "More" offers. A new tool is a file and a line here. */
export const TOOLS: readonly Tool[] = [
  openTool,
  timerTool,
  spotlightTool,
  pictureTool,
  locksTool,
  seatTool,
  breakoutsTool,
  interpretersTool,
];

/** Those that are open to this person. */
export const toolsNow = (): readonly Tool[] => TOOLS.filter(({ may }) => may?.() ?? true);
