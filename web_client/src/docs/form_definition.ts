import * as Y from 'yjs';
import type { Condition, Question, QuestionType } from '../protocol/shapes';
import { CONSENT_ANSWERS } from './form_answers';
import { rewrite } from './shared_text';

/**
 * A form as teachers build it together: the Yjs types behind it, read as plain questions and changed by these verbs only.
 * Root map "form" {title}; root array "questions" of maps {id, type, label, required} and what the type adds (CF1 in
 * crdt_docs/SPEC.md).
 */

export const QUESTION_TYPES: readonly QuestionType[] = [
  'short_text',
  'long_text',
  'single_choice',
  'picture_choice',
  'multiple_choice',
  'ranking',
  'faces',
  'scale',
  'number',
  'date',
  'matrix',
  'rubric',
  'drawing',
  'file',
  'consent',
  'section',
];
export const SCALE_LIMITS = { min: 0, max: 10 } as const;
export const FACE_COUNTS = [3, 4, 5] as const;
export const MAX_DECIMALS = 3;
export const LABEL_LENGTH = 500;
export const TEXT_LENGTH = 2_000;
export const UNIT_LENGTH = 20;
/** What a question offers: answers, or in a grid also the things that are asked about. */
export type ListName = 'options' | 'rows';

type YMap = Y.Map<unknown>;

/** What makes a quiz of a question: what is right, what it is worth, and what is said about it. */
export interface QuizKey {
  any_of: (string | number)[];
  points: number;
  right: string;
  wrong: string;
}
/** A question with what only those see who build it. */
export type BuiltQuestion = Question & { key?: QuizKey };
/** Types that have right answers. */
export const KEYED: readonly QuestionType[] = [
  'single_choice',
  'picture_choice',
  'multiple_choice',
  'short_text',
  'number',
  'scale',
];
export type FormMode = 'alone' | 'together';
export interface FormSettings {
  mode: FormMode;
  anonymous: boolean;
  languages: string[];
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

  /** A text of a question in one more language; empty takes it away. Parts as in CF8 of crdt_docs/SPEC.md. */
  setTranslation(questionId: string, tag: string, part: string, text: string): void {
    const map = this.#find(questionId);
    if (!map) return;
    this.#doc.transact(() => {
      let words = map.get('words');
      if (!(words instanceof Y.Map)) map.set('words', (words = new Y.Map()));
      if (text) (words as YMap).set(`${tag}|${part}`, text);
      else (words as YMap).delete(`${tag}|${part}`);
    });
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

const WITH_OPTIONS: readonly QuestionType[] = [
  'single_choice',
  'picture_choice',
  'multiple_choice',
  'ranking',
  'matrix',
  'rubric',
];
export const hasRows = (type: QuestionType): boolean => type === 'matrix' || type === 'rubric';
/** Whether teachers write what can be answered. */
export const hasOptions = (type: QuestionType): boolean => WITH_OPTIONS.includes(type);

/** What still keeps a form from being published, question by question; empty when it may be. */
export type DefinitionFault =
  | 'no_questions'
  | 'no_label'
  | 'too_few_options'
  | 'empty_option'
  | 'no_rows'
  | 'empty_row'
  | 'bounds'
  | 'condition'
  | 'no_picture'
  | 'no_key';

export function definitionFaults(
  questions: readonly BuiltQuestion[],
): { questionId: string | null; fault: DefinitionFault }[] {
  if (questions.every(({ type }) => type === 'section')) return [{ questionId: null, fault: 'no_questions' }];
  return questions.flatMap((question, place) => {
    const fault = definitionFault(question, questions.slice(0, place));
    return fault ? [{ questionId: question.id, fault }] : [];
  });
}

function definitionFault(question: BuiltQuestion, earlier: readonly Question[]): DefinitionFault | null {
  const { label, type, options, rows, min, max } = question;
  if (!label.trim()) return 'no_label';
  if (question.rubric_id) return conditionFault(question, earlier);
  if (hasRows(type)) {
    if (!rows || rows.length === 0) return 'no_rows';
    if (rows.some((row) => !row.label.trim())) return 'empty_row';
  }
  if (hasOptions(type)) {
    if (!options || options.length < 2) return 'too_few_options';
    if (options.some((option) => !option.label.trim())) return 'empty_option';
    if (type === 'picture_choice' && options.some((option) => !option.picture)) return 'no_picture';
  }
  if (type === 'number' && typeof min === 'number' && typeof max === 'number' && min >= max) return 'bounds';
  if (question.key && question.key.any_of.length === 0) return 'no_key';
  return conditionFault(question, earlier);
}

function conditionFault({ show_if: condition }: BuiltQuestion, earlier: readonly Question[]): DefinitionFault | null {
  if (!condition) return null;
  const asked = earlier.find(({ id }) => id === condition.question_id);
  const offered = asked ? answersOf(asked).map(({ value }) => value) : [];
  return condition.any_of.length > 0 && condition.any_of.every((value) => offered.includes(value)) ? null : 'condition';
}

/** The answers that others can hang on, with their words where teachers wrote some. */
export function answersOf({ type, options, min, max }: Question): { value: string | number; label: string }[] {
  if (type === 'consent') return CONSENT_ANSWERS.map((value) => ({ value, label: value }));
  if (type === 'single_choice' || type === 'picture_choice' || type === 'multiple_choice')
    return (options ?? []).map(({ id, label }) => ({ value: id, label }));
  if (type !== 'scale' && type !== 'faces') return [];
  const first = min ?? 1;
  const last = max ?? 5;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    value: first + i,
    label: String(first + i),
  }));
}

function readQuestion(map: YMap): BuiltQuestion | null {
  const id = map.get('id');
  const type = map.get('type') as QuestionType;
  if (typeof id !== 'string' || !QUESTION_TYPES.includes(type)) return null;
  const question: BuiltQuestion = { id, type, label: readWords(map, 'label'), required: map.get('required') === true };
  if (hasOptions(type)) question.options = readItems(map, 'options');
  if (type === 'consent') question.options = CONSENT_ANSWERS.map((answer) => ({ id: answer, label: answer }));
  if (hasRows(type)) question.rows = readItems(map, 'rows');
  const rubricId = map.get('rubric_id');
  if (type === 'rubric') question.cells = readCells(map, question);
  if (type === 'rubric' && typeof rubricId === 'string') question.rubric_id = rubricId;
  const key = readKey(map.get('key'));
  if (key) question.key = key;
  const words = readTranslations(map.get('words'));
  if (words) question.words = words;
  if (type === 'section') question.text = readWords(map, 'text');
  if (type === 'scale') {
    question.min = Number(map.get('min') ?? 1);
    question.max = Number(map.get('max') ?? 5);
  }
  if (type === 'faces') {
    question.min = 1;
    question.max = Number(map.get('max') ?? 5);
  }
  if (type === 'number') {
    question.min = readBound(map, 'min');
    question.max = readBound(map, 'max');
    question.decimals = Number(map.get('decimals') ?? 0);
    question.unit = readWords(map, 'unit');
  }
  const condition = readCondition(map.get('show_if'));
  if (condition) question.show_if = condition;
  return question;
}

function readItems(map: YMap, list: ListName): NonNullable<Question['options']> {
  const items = map.get(list);
  const maps = items instanceof Y.Array ? (items.toArray() as YMap[]) : [];
  return maps.map((item) => {
    const picture = item.get('picture');
    const read = { id: String(item.get('id')), label: readWords(item, 'label') };
    return typeof picture === 'string' ? { ...read, picture } : read;
  });
}

function readCells(map: YMap, { rows, options }: Question): Record<string, Record<string, string>> {
  const cells = map.get('cells');
  const textOf = (key: string) => (cells instanceof Y.Map ? readWords(cells as YMap, key) : '');
  return Object.fromEntries(
    (rows ?? []).map((row) => [
      row.id,
      Object.fromEntries((options ?? []).map((option) => [option.id, textOf(`${row.id}|${option.id}`)])),
    ]),
  );
}

function readKey(value: unknown): QuizKey | null {
  if (!(value instanceof Y.Map)) return null;
  const map = value as YMap;
  const anyOf = map.get('any_of');
  return {
    any_of: anyOf instanceof Y.Array ? (anyOf.toArray() as (string | number)[]) : [],
    points: Number(map.get('points') ?? 1),
    right: readWords(map, 'right'),
    wrong: readWords(map, 'wrong'),
  };
}

function readTranslations(value: unknown): Record<string, Record<string, string>> | null {
  if (!(value instanceof Y.Map)) return null;
  const found: Record<string, Record<string, string>> = {};
  for (const key of value.keys()) {
    const [tag = '', ...part] = key.split('|');
    (found[tag] ??= {})[part.join('|')] = readWords(value as YMap, key);
  }
  return found;
}

function readBound(map: YMap, name: string): number | null {
  const bound = map.get(name);
  return typeof bound === 'number' ? bound : null;
}

function readCondition(value: unknown): Condition | null {
  if (!(value instanceof Y.Map)) return null;
  const questionId: unknown = value.get('question_id');
  const anyOf: unknown = value.get('any_of');
  if (typeof questionId !== 'string' || !(anyOf instanceof Y.Array)) return null;
  return { question_id: questionId, any_of: anyOf.toArray() as (string | number)[] };
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

function readWords(map: YMap, key: string): string {
  const value = map.get(key);
  if (value instanceof Y.Text) return value.toString();
  return typeof value === 'string' ? value : '';
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
