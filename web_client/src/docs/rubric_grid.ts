import * as Y from 'yjs';
import type { RubricWords } from '../protocol/shapes';
import { rewrite } from './shared_text';

/**
 * A rubric as both classes write it (rules CR in crdt_docs/SPEC.md): arrays "levels" and "criteria" of ids, and a root text
 * for each word, so that what somebody is writing stays while its row or column moves.
 */

export const MAX_CRITERIA = 12;
export const MAX_LEVELS = 6;
export const NAME_LENGTH = 200;
export const CELL_LENGTH = 500;

export type ListName = 'criteria' | 'levels';

export const textName = {
  level: (id: string) => `level:${id}`,
  criterion: (id: string) => `criterion:${id}`,
  cell: (criterion: string, level: string) => `cell:${criterion}|${level}`,
};

/** What keeps a rubric from being sealed: a row or column without a name, or too few of them. */
export type RubricFault =
  | { fault: 'no_criteria' | 'too_few_levels' }
  | { fault: 'criterion_blank' | 'level_blank'; id: string; number: number };

export class RubricGrid {
  readonly #doc: Y.Doc;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** Calls `changed` after every change from anywhere; returns how to stop. */
  observe(changed: () => void): () => void {
    this.#doc.on('afterTransaction', changed);
    return () => this.#doc.off('afterTransaction', changed);
  }

  /** As it stands. Two who move one row at once leave it twice; the first place counts. */
  read(): RubricWords {
    const levels = this.#ids('levels').map((id) => ({ id, label: this.#words(textName.level(id)) }));
    const criteria = this.#ids('criteria').map((id) => ({
      id,
      label: this.#words(textName.criterion(id)),
      cells: Object.fromEntries(levels.map((level) => [level.id, this.#words(textName.cell(id, level.id))])),
    }));
    return { levels, criteria };
  }

  write(name: string, words: string): void {
    this.#doc.transact(() => rewrite(this.#doc.getText(name), words));
  }

  /** Puts a new row or column at the end and returns its id. */
  add(list: ListName, newId: () => string): string {
    const id = newId();
    this.#array(list).push([id]);
    return id;
  }

  /** Its words stay in the document, but belong to nothing any more. */
  remove(list: ListName, id: string): void {
    this.#doc.transact(() => this.#takeOut(list, id));
  }

  /** Moves it to the place that it has among the others, counted from 0. */
  move(list: ListName, id: string, to: number): void {
    const ids = this.#ids(list);
    const from = ids.indexOf(id);
    const place = Math.max(0, Math.min(to, ids.length - 1));
    if (from < 0 || place === from) return;
    const next = ids.filter((other) => other !== id)[place];
    this.#doc.transact(() => {
      this.#takeOut(list, id);
      const array = this.#array(list);
      array.insert(next === undefined ? array.length : array.toArray().indexOf(next), [id]);
    });
  }

  #takeOut(list: ListName, id: string): void {
    const array = this.#array(list);
    for (let i = array.length - 1; i >= 0; i--) if (array.get(i) === id) array.delete(i);
  }

  #array(list: ListName): Y.Array<string> {
    return this.#doc.getArray(list);
  }

  #ids(list: ListName): string[] {
    return [...new Set(this.#array(list).toArray())].filter((id) => /^[\w-]{1,36}$/.test(id));
  }

  #words(name: string): string {
    return this.#doc.getText(name).toString();
  }
}

export function rubricFaults({ levels, criteria }: RubricWords): RubricFault[] {
  const faults: RubricFault[] = [];
  if (criteria.length === 0) faults.push({ fault: 'no_criteria' });
  if (levels.length < 2) faults.push({ fault: 'too_few_levels' });
  levels.forEach(({ id, label }, i) => {
    if (!label.trim()) faults.push({ fault: 'level_blank', id, number: i + 1 });
  });
  criteria.forEach(({ id, label }, i) => {
    if (!label.trim()) faults.push({ fault: 'criterion_blank', id, number: i + 1 });
  });
  return faults;
}
