import { editBetween } from './line_edits';

/** Letters are gathered for so long: the others see them well within half a second, and nobody floods the line. */
export const GATHER_MS = 150;

type Emit = <T>(event: string, payload: object) => Promise<T>;

/** Says one's own line as it is typed. What could not be said is said as a whole as soon as the hub answers again. */
export class LineWriter {
  #lineId: string | null = null;
  #revision = 0;
  #said = '';
  #wanted = '';
  #inStep = true;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sending: Promise<void> | null = null;

  constructor(
    private readonly emit: Emit,
    private readonly place: { room_id: string; language?: string },
    /** Hears whether the letters reach the others. */
    private readonly tell: (problem: unknown) => void,
  ) {}

  /** The text of the field, whenever it changed. */
  typed(text: string): void {
    this.#wanted = text;
    if (text !== '' || this.#lineId !== null) this.#timer ??= setTimeout(() => void this.#flush(), GATHER_MS);
  }

  /** The line is whole: the id under which it is finished, once everything of it was said. */
  async finish(): Promise<string> {
    await this.#flush();
    const lineId = this.#lineId ?? crypto.randomUUID();
    this.forget();
    return lineId;
  }

  /** The next letter begins another line. */
  forget(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#lineId = null;
    this.#revision = 0;
    this.#said = this.#wanted = '';
    this.#inStep = true;
  }

  #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sending ??= this.#say().finally(() => (this.#sending = null));
    return this.#sending;
  }

  /** One message at a time, so that none overtakes another. */
  async #say(): Promise<void> {
    while (this.#wanted !== this.#said || !this.#inStep) {
      this.#lineId ??= crypto.randomUUID();
      const line = { ...this.place, line_id: this.#lineId, revision: this.#revision + 1 };
      const text = this.#wanted;
      const edit = editBetween(this.#said, text);
      try {
        if (this.#inStep && edit) await this.emit('text:type', { ...line, ...edit });
        else await this.emit('text:line', { ...line, text });
        this.#inStep = true;
        this.tell(null);
      } catch (problem) {
        const again = this.#inStep;
        this.#inStep = false;
        this.#revision++;
        this.tell(problem);
        if (again) continue;
        this.#timer ??= setTimeout(() => void this.#flush(), GATHER_MS * 10);
        return;
      }
      this.#revision++;
      this.#said = text;
    }
  }
}
