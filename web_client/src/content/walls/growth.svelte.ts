import type { ShownCard } from '../../docs/wall_cards';
import { get } from '../../protocol/api';
import type { GrowthStep, WallGrowth } from '../../protocol/shapes';

export const SPEEDS = [0.5, 1, 2, 4] as const;
export type Speed = (typeof SPEEDS)[number];

/** At normal speed: a whole wall in about this long, but no card too quick to be seen or too slow to be waited for. */
const WHOLE_MS = 30_000;
const QUICKEST_MS = 150;
const SLOWEST_MS = 1_200;
/** For those who asked for stillness: so many stops at most, each long enough to look around. */
const STOPS = 10;
const STOP_MS = 3_000;

/** How far playing goes with each beat, and how long a beat is. */
export function beatOf(steps: number, speed: Speed, isStill: boolean): { by: number; length_ms: number } {
  if (isStill) return { by: Math.max(1, Math.ceil(steps / STOPS)), length_ms: STOP_MS / speed };
  const length_ms = Math.min(SLOWEST_MS, Math.max(QUICKEST_MS, WHOLE_MS / Math.max(1, steps)));
  return { by: 1, length_ms: length_ms / speed };
}

/** A wall as it was made: which of its cards are there at a moment that is played. */
export class Growth {
  /** How many steps have been played: 0 is the empty wall; it begins with the whole one. */
  at = $state(0);
  plays = $state(false);
  speed = $state<Speed>(1);
  readonly steps: readonly GrowthStep[];
  readonly #stepOf: Readonly<Record<string, number | undefined>>;

  constructor({ steps }: WallGrowth) {
    this.steps = steps;
    this.#stepOf = Object.fromEntries(steps.map(({ card_id }, step) => [card_id, step + 1]));
    this.at = steps.length;
  }

  static async read(contentId: string): Promise<Growth> {
    return new Growth(await get<WallGrowth>(`/api/v1/walls/${contentId}/growth`));
  }

  /** What was made last; undefined: nothing yet. */
  get step(): GrowthStep | undefined {
    return this.steps[this.at - 1];
  }

  get isAtEnd(): boolean {
    return this.at >= this.steps.length;
  }

  /** What came after this was read is not played. */
  has(card: ShownCard): boolean {
    return (this.#stepOf[card.id] ?? Infinity) <= this.at;
  }

  /** By then, of a card that is there. */
  said(comments: readonly { created_at_ms: number }[]): number {
    const now = this.step?.at_ms ?? 0;
    return comments.filter(({ created_at_ms }) => created_at_ms <= now).length;
  }

  /** How many cards each school had made by then, most first. */
  get bySchool(): { schoolId: string; cards: number }[] {
    const counts: Record<string, number> = {};
    for (const { card_id, school_id } of this.steps.slice(0, this.at))
      if (card_id) counts[school_id] = (counts[school_id] ?? 0) + 1;
    return Object.entries(counts)
      .map(([schoolId, cards]) => ({ schoolId, cards }))
      .sort((a, b) => b.cards - a.cards);
  }

  /** From the beginning, where it has come to its end. */
  play(): void {
    if (this.isAtEnd) this.at = 0;
    this.plays = true;
  }

  go(by: number): void {
    this.at = Math.min(this.steps.length, this.at + by);
    if (this.isAtEnd) this.plays = false;
  }
}
