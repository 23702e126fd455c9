import ArrowUpRight from '@lucide/svelte/icons/arrow-up-right';
import Circle from '@lucide/svelte/icons/circle';
import Eraser from '@lucide/svelte/icons/eraser';
import Hand from '@lucide/svelte/icons/hand';
import Highlighter from '@lucide/svelte/icons/highlighter';
import ImageIcon from '@lucide/svelte/icons/image';
import MousePointer from '@lucide/svelte/icons/mouse-pointer-2';
import Pencil from '@lucide/svelte/icons/pencil';
import Slash from '@lucide/svelte/icons/slash';
import Square from '@lucide/svelte/icons/square';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Type from '@lucide/svelte/icons/type';
import type { Component } from 'svelte';
import type { Key } from '../../catalogue';
import type { ThingType } from '../../docs/board';

export type ToolName = 'select' | 'hand' | 'eraser' | ThingType;

export interface Tool {
  name: ToolName;
  word: Key;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  icon: Component<any>;
  /** The key that takes it. */
  key: string;
  /** Whoever only reads has it too. */
  reads?: boolean;
}

export const TOOLS: readonly Tool[] = [
  { name: 'select', word: 'board_select', icon: MousePointer, key: 'v', reads: true },
  { name: 'hand', word: 'board_hand', icon: Hand, key: 'h', reads: true },
  { name: 'pen', word: 'board_pen', icon: Pencil, key: 'p' },
  { name: 'marker', word: 'board_marker', icon: Highlighter, key: 'm' },
  { name: 'eraser', word: 'board_eraser', icon: Eraser, key: 'e' },
  { name: 'line', word: 'board_line', icon: Slash, key: 'l' },
  { name: 'arrow', word: 'board_arrow', icon: ArrowUpRight, key: 'a' },
  { name: 'rectangle', word: 'board_rectangle', icon: Square, key: 'r' },
  { name: 'ellipse', word: 'board_ellipse', icon: Circle, key: 'o' },
  { name: 'text', word: 'board_text', icon: Type, key: 't' },
  { name: 'note', word: 'board_note', icon: StickyNote, key: 'n' },
  { name: 'picture', word: 'board_picture', icon: ImageIcon, key: 'i' },
];

export const WIDTHS = [4, 8, 16] as const;
export const MARKER_TIMES = 4;
/** How large letters are, beside the pens' widths. */
export const LETTERS = [20, 28, 44] as const;

export const WORD_OF: Record<ThingType, Key> = {
  pen: 'board_pen_stroke',
  marker: 'board_marker_stroke',
  line: 'board_line',
  arrow: 'board_arrow',
  rectangle: 'board_rectangle',
  ellipse: 'board_ellipse',
  text: 'board_text',
  note: 'board_note',
  picture: 'board_picture',
};
