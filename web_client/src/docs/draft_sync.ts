import { ProblemError, put } from '../protocol/api';
import type { Answer } from '../protocol/shapes';
import { isEmpty, type Answers } from './form_answers';

/** Soon enough that a closed tab loses nothing that the device does not keep, seldom enough for a weak line. */
const SEND_AFTER_MS = 500;
const RETRY_AFTER_MS = [1_000, 2_000, 5_000, 15_000];

/**
 * Brings answers to the hub while they are written: what changed since it last took something, again and again until it
 * did. Whatever happens to this page, the device's own draft has them too.
 */
export class DraftSync {
  readonly #path: string;
  readonly #version: number;
  #changed = new Map<string, Answer | null>();
  /** What a request carries that was not answered yet. */
  #underWay: ReadonlyMap<string, Answer | null> = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #failures = 0;
  #stopped = false;
  readonly #tell: (state: 'saving' | 'saved' | 'waiting') => void;
  readonly #taken: (answers: ReadonlyMap<string, Answer | null>) => void;

  /** `taken` hears what the hub has from now on; null: no answer. */
  constructor(
    contentId: string,
    version: number,
    tell: (state: 'saving' | 'saved' | 'waiting') => void,
    taken: (answers: ReadonlyMap<string, Answer | null>) => void,
  ) {
    this.#path = `/api/v1/forms/${contentId}/draft`;
    this.#version = version;
    this.#tell = tell;
    this.#taken = taken;
    addEventListener('online', this.#now);
    addEventListener('pagehide', this.#last);
  }

  write(questionId: string, answer: Answer | undefined): void {
    this.#changed.set(questionId, answer === undefined || isEmpty(answer) ? null : answer);
    this.#tell('saving');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#now, SEND_AFTER_MS);
  }

  /** What the hub may not have. */
  writeAll(answers: Answers): void {
    for (const [questionId, answer] of Object.entries(answers)) this.write(questionId, answer);
  }

  /** Nothing more is sent; a request that is on its way is waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    removeEventListener('online', this.#now);
    removeEventListener('pagehide', this.#last);
    await this.#sending;
  }

  readonly #now = (): void => {
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
  };

  /** The page goes: the browser carries this one on behind it. */
  readonly #last = (): void => {
    const left = new Map([...this.#underWay, ...this.#changed]);
    if (left.size === 0 || this.#stopped) return;
    void fetch(this.#path, {
      method: 'PUT',
      keepalive: true,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ version: this.#version, answers: Object.fromEntries(left) }),
    }).catch(() => undefined);
  };

  async #send(): Promise<void> {
    while (this.#changed.size > 0 && !this.#stopped) {
      const changed = this.#changed;
      this.#changed = new Map();
      this.#underWay = changed;
      try {
        await put(this.#path, { version: this.#version, answers: Object.fromEntries(changed) });
        this.#failures = 0;
        this.#taken(changed);
      } catch (error) {
        // A refusal stays one; the answers are on the device and are refused again, with words, when they are sent.
        if (error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 429) return;
        this.#changed = new Map([...changed, ...this.#changed]);
        this.#tell('waiting');
        const delay = RETRY_AFTER_MS[Math.min(this.#failures, RETRY_AFTER_MS.length - 1)];
        this.#failures += 1;
        clearTimeout(this.#timer);
        if (!this.#stopped) this.#timer = setTimeout(this.#now, delay);
        return;
      } finally {
        this.#underWay = new Map();
      }
    }
    if (!this.#stopped) this.#tell('saved');
  }
}
