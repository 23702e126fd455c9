import * as Y from 'yjs';
import type { Answer, Question } from '../protocol/shapes';
import { isEmpty, type Answers } from './form_answers';
import { rewrite } from './shared_text';

/**
 * A sheet of answers that several schools fill in at once (rules CA in crdt_docs/SPEC.md): root map "answers", and for
 * each answer in words a root text, which merges letter by letter.
 */
export class SharedSheet {
  readonly #doc: Y.Doc;
  readonly #answers: Y.Map<Answer>;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#answers = doc.getMap('answers');
  }

  observe(changed: () => void): () => void {
    this.#doc.on('afterTransaction', changed);
    return () => this.#doc.off('afterTransaction', changed);
  }

  read(questions: readonly Question[]): Answers {
    const answers: Answers = {};
    for (const question of questions) {
      const answer = isText(question) ? this.#text(question.id).toString() : this.#answers.get(question.id);
      if (answer !== undefined && !isEmpty(answer)) answers[question.id] = answer;
    }
    return answers;
  }

  write(question: Question, answer: Answer | undefined): void {
    if (isText(question)) this.#doc.transact(() => rewrite(this.#text(question.id), String(answer ?? '')));
    else if (answer === undefined || isEmpty(answer)) this.#answers.delete(question.id);
    else this.#answers.set(question.id, answer);
  }

  /** The Yjs clients whose words stand in a field; who they are, the hub says. */
  writersOf(question: Question): number[] {
    const clients = new Set<number>();
    if (isText(question)) {
      for (let item = this.#text(question.id)._start; item; item = item.right)
        if (!item.deleted && item.countable) clients.add(item.id.client);
    } else {
      const item = this.#answers._map.get(question.id);
      if (item && !item.deleted) clients.add(item.id.client);
    }
    return [...clients];
  }

  #text(questionId: string): Y.Text {
    return this.#doc.getText(`text:${questionId}`);
  }
}

const isText = ({ type }: Question): boolean => type === 'short_text' || type === 'long_text';
