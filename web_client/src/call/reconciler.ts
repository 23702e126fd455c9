const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;

/**
 * Brings something into the wanted state by running one `step` at a time. A step reads what is wanted when it starts, so
 * any number of `request`s during a run lead to one more run. A failed step runs again, after a delay that doubles.
 * It starts held: `release` it when the other side can be reached.
 */
export class Reconciler {
  readonly #step: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #wanted = false;
  #running = false;
  #held = true;
  #closed = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(step: () => Promise<void>, onFailure: (error: unknown) => void = () => undefined) {
    this.#step = step;
    this.#onFailure = onFailure;
  }

  request(): void {
    this.#wanted = true;
    void this.#run();
  }

  /** Runs nothing until `release`; a step that is under way ends by itself. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    void this.#run();
  }

  /** Forgets the delay of earlier failures: the next request runs at once. */
  hurry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failures = 0;
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    if (!this.#wanted || this.#running || this.#held || this.#closed || this.#timer !== undefined) return;
    this.#running = true;
    this.#wanted = false;
    try {
      await this.#step();
      this.#failures = 0;
    } catch (error) {
      this.#wanted = true;
      if (!this.#closed) {
        this.#delay();
        this.#onFailure(error);
      }
    }
    this.#running = false;
    void this.#run();
  }

  #delay(): void {
    const delay_ms = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS);
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, delay_ms);
  }
}
