/** Something that a person asked for and that can fail: one at a time, with what went wrong. */
export class Attempt {
  #busy = $state(false);
  #problem = $state.raw<unknown>(null);

  get busy(): boolean {
    return this.#busy;
  }

  /** What the last one was rejected with; null while none was. */
  get problem(): unknown {
    return this.#problem;
  }

  forget(): void {
    this.#problem = null;
  }

  /** Does nothing while another one goes on. */
  async make(work: () => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      this.#problem = error;
    } finally {
      this.#busy = false;
    }
  }
}
