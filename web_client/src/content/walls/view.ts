import type { Snippet } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { CardPlaces, ShownCard } from '../../docs/wall_cards';
import type { WallLayout } from '../../protocol/shapes';

/** What each view of a wall's cards is given. The same cards, in the wall's order; each view reads places of its own. */
export interface CardsView {
  cards: readonly ShownCard[];
  layout: WallLayout;
  /** A card as it looks in every view. */
  item: Snippet<[ShownCard]>;
  mayMove: (card: ShownCard) => boolean;
  /** Gives a card a place, says so, and leaves the focus on it. */
  onplace: (card: ShownCard, places: CardPlaces, said: string) => void;
  /** Puts it behind another one in the wall's order. */
  onorder: (card: ShownCard, afterCardId: string | null) => void;
  /** The pointer's way to move a card: called where it was let go. */
  dragTo: (cardId: string, drop: Drop) => Attachment<HTMLElement>;
  /** A new card that begins with these places. */
  onadd: ((places: CardPlaces) => void) | null;
}

/** The pointer, and the card's corner, in the window; the card under the pointer, if there is one. */
export type Drop = (at: { x: number; y: number }, corner: { x: number; y: number }, over: Over | null) => void;

export interface Over {
  cardId: string;
  behind: boolean;
}

const KEYS: Record<string, [across: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Steps to the right and down, for Alt with an arrow; null for every other key. */
export function stepOf(event: KeyboardEvent): [across: number, down: number] | null {
  const step = event.altKey ? KEYS[event.key] : undefined;
  if (!step) return null;
  event.preventDefault();
  return step;
}

/** `days` later than a day. */
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
