/** What still comes, from everything down to the written word. */
export const RUNGS = ['whole', 'fewer', 'speaker', 'voice', 'text'] as const;
export type Rung = (typeof RUNGS)[number];

/** How far something is wrong: pictures can be given up for it, or the voice itself breaks. */
export type Trouble = 'none' | 'pictures' | 'voice';

const DOWN_AFTER_MS = 4_000;
const UP_AFTER_MS = 15_000;
const UP_AFTER_MOST_MS = 120_000;
/** Trouble that comes so soon after a step up shows that the step was too early. */
const TOO_EARLY_MS = 20_000;
/** Who asked for everything gets it for so long, whatever the line does. */
const BY_HAND_MS = 20_000;

/**
 * Steps down one rung after trouble that lasts, and up again after a calm; each step up that was too early doubles the
 * calm that the next one waits for. `judge` is called every few seconds.
 */
export class Ladder {
  #at = 0;
  readonly #lowest: number;
  #troubledSince_ms: number | null = null;
  #calmSince_ms: number | null = null;
  #wentUpAt_ms = -Infinity;
  #upAfter_ms = UP_AFTER_MS;
  #heldUntil_ms = -Infinity;

  constructor(lowest: Rung = 'text') {
    this.#lowest = RUNGS.indexOf(lowest);
  }

  get rung(): Rung {
    return RUNGS[this.#at] ?? 'whole';
  }

  judge(trouble: Trouble, now_ms: number): Rung {
    const lowest = { none: 0, pictures: RUNGS.indexOf('voice'), voice: RUNGS.indexOf('text') }[trouble];
    // Without pictures, the loss that cost them is no trouble: sound gets through, and only calm lets pictures return.
    if (trouble === 'none') {
      this.#troubledSince_ms = null;
      this.#calmSince_ms ??= now_ms;
      if (this.#at > 0 && now_ms - this.#calmSince_ms >= this.#upAfter_ms) this.#up(now_ms);
      if (this.#at === 0 && now_ms - this.#wentUpAt_ms > UP_AFTER_MOST_MS) this.#upAfter_ms = UP_AFTER_MS;
    } else if (now_ms >= this.#heldUntil_ms) {
      this.#calmSince_ms = null;
      this.#troubledSince_ms ??= now_ms;
      const further = this.#at < Math.min(lowest, this.#lowest);
      if (further && now_ms - this.#troubledSince_ms >= DOWN_AFTER_MS) this.#down(now_ms);
    }
    return this.rung;
  }

  /** The person wants everything back, now. */
  climb(now_ms: number): void {
    this.#at = 0;
    this.#troubledSince_ms = this.#calmSince_ms = null;
    this.#wentUpAt_ms = now_ms;
    this.#heldUntil_ms = now_ms + BY_HAND_MS;
  }

  #down(now_ms: number): void {
    if (now_ms - this.#wentUpAt_ms < TOO_EARLY_MS) {
      this.#upAfter_ms = Math.min(UP_AFTER_MOST_MS, this.#upAfter_ms * 2);
    }
    this.#at += 1;
    this.#troubledSince_ms = now_ms;
  }

  #up(now_ms: number): void {
    this.#at -= 1;
    this.#wentUpAt_ms = this.#calmSince_ms = now_ms;
  }
}

/** The lower of two rungs. */
export const lower = (one: Rung, other: Rung): Rung => (RUNGS.indexOf(one) > RUNGS.indexOf(other) ? one : other);
