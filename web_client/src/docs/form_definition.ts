import * as Y from 'yjs';
import type { Condition, QuestionType } from '../protocol/shapes';
import { readQuestion, readTranslations, readWords, type YMap } from './question_reading';
import { hasOptions, hasRows, SCALE_LIMITS, type BuiltQuestion, type ListName, type QuizKey } from './question_types';
import { rewrite } from './shared_text';

/**
 * A form as teachers build it together: the Yjs types behind it, read as plain questions and changed by these verbs only.
 * Root map "form" {title}; root array "questions" of maps {id, type, label, required} and what the type adds (CF1 in
 * crdt_docs/SPEC.md).
 */

export type FormMode = 'alone' | 'together';
export interface FormSettings {
  mode: FormMode;
  anonymous: boolean;
  languages: string[];
  /** The form's title in other languages. */
  titles: Record<string, string>;
}

export class FormDefinition {
  readonly #doc: Y.Doc;
  readonly #questions: Y.Array<YMap>;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#questions = doc.getArray<YMap>('questions');
  }

  /** Calls `changed` after every change from anywhere; returns how to stop. */
  observe(changed: () => void): () => void {
    const form = this.#doc.getMap('form');
    this.#questions.observeDeep(changed);
    form.observeDeep(changed);
    return () => {
      this.#questions.unobserveDeep(changed);
      form.unobserveDeep(changed);
    };
  }

  /** The questions as they stand. Two people moving one question at once leave it twice; the first counts. */
  read(): BuiltQuestion[] {
    const seen = new Set<string>();
    return this.#questions.toArray().flatMap((map) => {
      const question = map instanceof Y.Map ? readQuestion(map) : null;
      if (!question || seen.has(question.id)) return [];
      seen.add(question.id);
      return [question];
    });
  }

  readSettings(): FormSettings {
    const form = this.#doc.getMap('form');
    const languages = form.get('languages');
    return {
      mode: form.get('mode') === 'together' ? 'together' : 'alone',
      anonymous: form.get('anonymous') === true,
      languages: languages instanceof Y.Array ? [...new Set(languages.toArray() as string[])] : [],
      titles: readTitles(form.get('words')),
    };
  }

  setMode(mode: FormMode): void {
    this.#doc.transact(() => {
      this.#doc.getMap('form').set('mode', mode);
      if (mode === 'together') this.#doc.getMap('form').set('anonymous', false);
    });
  }

  setAnonymous(anonymous: boolean): void {
    this.#doc.getMap('form').set('anonymous', anonymous);
  }

  setLanguages(languages: readonly string[]): void {
    this.#doc.getMap('form').set('languages', Y.Array.from([...languages]));
  }

  /** The form's title in one more language; empty takes it away. */
  setTitleIn(tag: string, title: string): void {
    this.#doc.transact(() => writeTranslation(this.#doc.getMap('form'), `${tag}|title`, title));
  }

  /** A text of a question in one more language; empty takes it away. Parts as in CF8 of crdt_docs/SPEC.md. */
  setTranslation(questionId: string, tag: string, part: string, text: string): void {
    const map = this.#find(questionId);
    if (!map) return;
    this.#doc.transact(() => writeTranslation(map, `${tag}|${part}`, text));
  }

  /** Asks by what was sealed there; null: by what is written in the question. */
  setRubric(questionId: string, rubricId: string | null): void {
    const map = this.#find(questionId);
    if (rubricId) map?.set('rubric_id', rubricId);
    else map?.delete('rubric_id');
  }

  /** What a level means for a criterion of a rubric. */
  setCell(questionId: string, rowId: string, optionId: string, text: string): void {
    const cells = this.#find(questionId)?.get('cells');
    if (cells instanceof Y.Map) cells.set(`${rowId}|${optionId}`, text);
  }

  setPicture(questionId: string, optionId: string, materialId: string): void {
    this.#items(questionId, 'options')
      ?.toArray()
      .find((item) => item.get('id') === optionId)
      ?.set('picture', materialId);
  }

  /** Null makes it a question without a right answer. */
  setKey(questionId: string, key: QuizKey | null): void {
    const map = this.#find(questionId);
    if (!map) return;
    if (!key) {
      map.delete('key');
      return;
    }
    const made: YMap = new Y.Map(Object.entries({ points: key.points, right: key.right, wrong: key.wrong }));
    made.set('any_of', Y.Array.from(key.any_of));
    map.set('key', made);
  }

  /** The title that is published with the questions. */
  setTitle(title: string): void {
    const form = this.#doc.getMap('form');
    if (readWords(form, 'title') !== title) this.#doc.transact(() => writeWords(form, 'title', title));
  }

  add(type: QuestionType, newId: () => string, optionLabels: readonly string[]): string {
    const id = newId();
    const map: YMap = new Y.Map();
    this.#doc.transact(() => {
      map.set('id', id);
      map.set('type', type);
      map.set('label', new Y.Text());
      map.set('required', false);
      if (hasOptions(type)) map.set('options', itemsOf(optionLabels, newId));
      if (hasRows(type)) map.set('rows', itemsOf(['', ''], newId));
      if (type === 'rubric') map.set('cells', new Y.Map());
      if (type === 'section') map.set('text', new Y.Text());
      if (type === 'scale') {
        map.set('min', 1);
        map.set('max', 5);
      }
      this.#questions.push([map]);
    });
    return id;
  }

  delete(questionId: string): void {
    this.#doc.transact(() =>
      this.#places(questionId)
        .reverse()
        .forEach((index) => this.#questions.delete(index)),
    );
  }

  /** Moves a question `steps` places towards the end. */
  move(questionId: string, steps: number): void {
    moveIn(this.#questions, this.#places(questionId)[0], steps);
  }

  setLabel(questionId: string, label: string): void {
    const map = this.#find(questionId);
    if (map) this.#doc.transact(() => writeWords(map, 'label', label));
  }

  setRequired(questionId: string, required: boolean): void {
    this.#find(questionId)?.set('required', required);
  }

  setRange(questionId: string, range: { min: number; max: number }): void {
    const map = this.#find(questionId);
    if (!map) return;
    const min = Math.min(SCALE_LIMITS.max - 1, Math.max(SCALE_LIMITS.min, Math.round(range.min)));
    const max = Math.max(min + 1, Math.min(SCALE_LIMITS.max, Math.round(range.max)));
    this.#doc.transact(() => {
      map.set('min', min);
      map.set('max', max);
    });
  }

  /** Three to five faces. */
  setFaces(questionId: string, count: number): void {
    this.#find(questionId)?.set('max', count);
  }

  /** What a number may be; undefined takes a bound away. */
  setNumber(questionId: string, name: 'min' | 'max' | 'decimals', value: number | undefined): void {
    const map = this.#find(questionId);
    if (value === undefined) map?.delete(name);
    else map?.set(name, Math.round(value));
  }

  setUnit(questionId: string, unit: string): void {
    this.#find(questionId)?.set('unit', unit);
  }

  /** The words under a heading. */
  setText(questionId: string, text: string): void {
    const map = this.#find(questionId);
    if (map) this.#doc.transact(() => writeWords(map, 'text', text));
  }

  /** Asks the question only of those who gave one of these answers to an earlier one; null asks everybody. */
  setCondition(questionId: string, condition: Condition | null): void {
    const map = this.#find(questionId);
    if (!map) return;
    if (!condition) {
      map.delete('show_if');
      return;
    }
    const made: YMap = new Y.Map();
    made.set('question_id', condition.question_id);
    made.set('any_of', Y.Array.from(condition.any_of));
    map.set('show_if', made);
  }

  addItem(questionId: string, list: ListName, newId: () => string, label = ''): string {
    const id = newId();
    const map = this.#find(questionId);
    if (!map) return id;
    this.#doc.transact(() => {
      const items = this.#items(questionId, list);
      if (items) items.push([itemOf(id, label)]);
      else map.set(list, Y.Array.from([itemOf(id, label)]));
    });
    return id;
  }

  setItem(questionId: string, list: ListName, itemId: string, label: string): void {
    const item = this.#items(questionId, list)
      ?.toArray()
      .find((map) => map.get('id') === itemId);
    if (item) this.#doc.transact(() => writeWords(item, 'label', label));
  }

  moveItem(questionId: string, list: ListName, itemId: string, steps: number): void {
    const items = this.#items(questionId, list);
    if (items) moveIn(items, placeOf(items, itemId), steps);
  }

  deleteItem(questionId: string, list: ListName, itemId: string): void {
    const items = this.#items(questionId, list);
    const index = items ? placeOf(items, itemId) : -1;
    if (items && index >= 0) items.delete(index);
  }

  #find(questionId: string): YMap | undefined {
    return this.#questions.toArray().find((map) => map.get('id') === questionId);
  }

  #places(questionId: string): number[] {
    return this.#questions.toArray().flatMap((map, index) => (map.get('id') === questionId ? [index] : []));
  }

  #items(questionId: string, list: ListName): Y.Array<YMap> | undefined {
    const items = this.#find(questionId)?.get(list);
    return items instanceof Y.Array ? (items as Y.Array<YMap>) : undefined;
  }
}

function itemsOf(labels: readonly string[], newId: () => string): Y.Array<YMap> {
  return Y.Array.from(labels.map((label) => itemOf(newId(), label)));
}

function itemOf(id: string, label: string): YMap {
  return new Y.Map<unknown>([
    ['id', id],
    ['label', new Y.Text(label)],
  ]);
}

function placeOf(array: Y.Array<YMap>, id: string): number {
  return array.toArray().findIndex((map) => map.get('id') === id);
}

/** Yjs has no move: a copy goes to the new place. */
function moveIn(array: Y.Array<YMap>, from: number | undefined, steps: number): void {
  if (from === undefined || from < 0) return;
  const to = Math.min(array.length - 1, Math.max(0, from + steps));
  if (to === from) return;
  array.doc?.transact(() => {
    const copy = array.get(from).clone();
    array.delete(from);
    array.insert(to, [copy]);
  });
}

/** Changes only what differs between the old and the new words, so that two people can type in one label. */
function writeWords(map: YMap, key: string, words: string): void {
  const text = map.get(key);
  if (!(text instanceof Y.Text)) {
    map.set(key, words);
    return;
  }
  rewrite(text, words);
}

function writeTranslation(map: YMap, key: string, text: string): void {
  let words = map.get('words');
  if (!(words instanceof Y.Map)) map.set('words', (words = new Y.Map()));
  if (text) (words as YMap).set(key, text);
  else (words as YMap).delete(key);
}

function readTitles(words: unknown): Record<string, string> {
  const found = readTranslations(words) ?? {};
  return Object.fromEntries(Object.entries(found).map(([tag, parts]) => [tag, parts.title ?? '']));
}
