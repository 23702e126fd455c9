/** Said when it held for so long, and not sooner after the last. */
export const SETTLED_MS = 1_500;
export const PAUSE_MS = 5_000;

/** Which of many passing sentences a screen reader is given: those that last, a few a minute, each once. */
export class CalmWords {
  #now = '';
  #since_ms = 0;
  #said = '';
  #saidAt_ms = -Infinity;

  /** What is to be said at this moment; null: nothing new. */
  hear(words: string, now_ms: number): string | null {
    if (words !== this.#now) {
      this.#now = words;
      this.#since_ms = now_ms;
    }
    const isSettled = now_ms - this.#since_ms >= SETTLED_MS && now_ms - this.#saidAt_ms >= PAUSE_MS;
    if (words === '' || words === this.#said || !isSettled) return null;
    this.#said = words;
    this.#saidAt_ms = now_ms;
    return words;
  }
}
