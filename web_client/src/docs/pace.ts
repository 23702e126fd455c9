/** So much rest for each stretch of work: what others change takes at most a quarter of a tired laptop's time. */
const REST_PER_WORK = 3;
const LONGEST_REST_MS = 250;

/**
 * Hands things on at once while there is little to do, and in batches when handing them on takes long: what thirty
 * people write is drawn a few times a second on a slow machine, and each letter by itself on a quick one.
 */
export class Pace<T> {
  readonly #handOn: (batch: T[]) => void;
  #waiting: T[] = [];
  #resting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(handOn: (batch: T[]) => void) {
    this.#handOn = handOn;
  }

  push(thing: T): void {
    this.#waiting.push(thing);
    if (!this.#resting) this.#work();
  }

  /** Hands on what waits, without regard to the pace. */
  flush(): void {
    if (this.#waiting.length > 0) this.#handOn(this.#waiting.splice(0));
  }

  /** Forgets what waits. */
  stop(): void {
    this.#waiting = [];
    clearTimeout(this.#timer);
    this.#resting = false;
  }

  #work(): void {
    const began_ms = performance.now();
    this.#resting = true;
    this.flush();
    // What the work itself put off to a timer runs before this one, and is counted.
    this.#timer = setTimeout(() => this.#rest(performance.now() - began_ms));
  }

  #rest(work_ms: number): void {
    this.#timer = setTimeout(
      () => {
        this.#resting = false;
        if (this.#waiting.length > 0) this.#work();
      },
      Math.min(work_ms * REST_PER_WORK, LONGEST_REST_MS),
    );
  }
}
