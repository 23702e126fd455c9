import * as Y from 'yjs';
import type { Answer } from '../protocol/shapes';
import { keepOnDevice, type Kept } from './device_store';
import { isEmpty, type Answers } from './form_answers';

/** Answers that were not sent yet, kept on this device for one user and form. They never leave it but by being sent. */
export class FormDraft {
  readonly #doc = new Y.Doc();
  readonly #answers: Y.Map<Answer> = this.#doc.getMap('answers');
  #kept: Kept | undefined;

  private constructor() {}

  /** Opens the draft and reads what is there. Call `close` when done, after `clear` if they were sent. */
  static async open(userId: string, contentId: string): Promise<FormDraft> {
    const draft = new FormDraft();
    draft.#kept = await keepOnDevice(userId, `draft:${contentId}`, draft.#doc);
    return draft;
  }

  get isKept(): boolean {
    return this.#kept?.works ?? false;
  }

  read(): Answers {
    return this.#answers.toJSON() as Answers;
  }

  write(questionId: string, answer: Answer | undefined): void {
    if (answer === undefined) this.#answers.delete(questionId);
    else this.#answers.set(questionId, answer);
  }

  /** The hub has these: what did not change since is forgotten here, or it would come before what another device writes. */
  forget(taken: ReadonlyMap<string, Answer | null>): void {
    for (const [questionId, answer] of taken) {
      const kept = this.#answers.get(questionId);
      const same = isEmpty(kept) ? answer === null : JSON.stringify(kept) === JSON.stringify(answer);
      if (same) this.#answers.delete(questionId);
    }
  }

  async close(): Promise<void> {
    await this.#kept?.release();
    this.#doc.destroy();
  }

  /** The answers were sent: forget them here. */
  clear(): void {
    this.#answers.clear();
  }
}
