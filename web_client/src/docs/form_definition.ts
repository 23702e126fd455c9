import * as Y from 'yjs';
import type { Question, QuestionType } from '../protocol/shapes';

/**
 * A form as teachers build it together: the Yjs types behind it, read as plain questions and changed by these verbs only.
 * Root map "form" {title}; root array "questions" of maps {id, type, label, required, options?, min?, max?}.
 */

export const QUESTION_TYPES: readonly QuestionType[] = [
  'short_text',
  'long_text',
  'single_choice',
  'multiple_choice',
  'scale',
  'faces',
];
export const SCALE_LIMITS = { min: 0, max: 10 } as const;

type YMap = Y.Map<unknown>;

export class FormDefinition {
  readonly #doc: Y.Doc;
  readonly #questions: Y.Array<YMap>;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#questions = doc.getArray<YMap>('questions');
  }

  /** Calls `changed` after every change from anywhere; returns how to stop. */
  observe(changed: () => void): () => void {
    this.#questions.observeDeep(changed);
    return () => this.#questions.unobserveDeep(changed);
  }

  /** The questions as they stand. Two people moving one question at once leave it twice; the first counts. */
  read(): Question[] {
    const seen = new Set<string>();
    return this.#questions.toArray().flatMap((map) => {
      const question = map instanceof Y.Map ? readQuestion(map) : null;
      if (!question || seen.has(question.id)) return [];
      seen.add(question.id);
      return [question];
    });
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
      if (hasOptions(type)) map.set('options', optionsOf(optionLabels, newId));
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

  addOption(questionId: string, newId: () => string, label = ''): string {
    const id = newId();
    const map = this.#find(questionId);
    if (!map) return id;
    this.#doc.transact(() => {
      const options = this.#options(questionId);
      if (options) options.push([optionOf(id, label)]);
      else map.set('options', Y.Array.from([optionOf(id, label)]));
    });
    return id;
  }

  setOption(questionId: string, optionId: string, label: string): void {
    const option = this.#options(questionId)
      ?.toArray()
      .find((map) => map.get('id') === optionId);
    if (option) this.#doc.transact(() => writeWords(option, 'label', label));
  }

  moveOption(questionId: string, optionId: string, steps: number): void {
    const options = this.#options(questionId);
    if (options) moveIn(options, placeOf(options, optionId), steps);
  }

  deleteOption(questionId: string, optionId: string): void {
    const options = this.#options(questionId);
    const index = options ? placeOf(options, optionId) : -1;
    if (options && index >= 0) options.delete(index);
  }

  #find(questionId: string): YMap | undefined {
    return this.#questions.toArray().find((map) => map.get('id') === questionId);
  }

  #places(questionId: string): number[] {
    return this.#questions.toArray().flatMap((map, index) => (map.get('id') === questionId ? [index] : []));
  }

  #options(questionId: string): Y.Array<YMap> | undefined {
    const options = this.#find(questionId)?.get('options');
    return options instanceof Y.Array ? (options as Y.Array<YMap>) : undefined;
  }
}

export const hasOptions = (type: QuestionType): boolean => type === 'single_choice' || type === 'multiple_choice';

/** What still keeps a form from being published, question by question; empty when it may be. */
export type DefinitionFault = 'no_questions' | 'no_label' | 'too_few_options' | 'empty_option';

export function definitionFaults(
  questions: readonly Question[],
): { questionId: string | null; fault: DefinitionFault }[] {
  if (questions.length === 0) return [{ questionId: null, fault: 'no_questions' }];
  return questions.flatMap((question) => {
    const fault = definitionFault(question);
    return fault ? [{ questionId: question.id, fault }] : [];
  });
}

function definitionFault({ label, type, options }: Question): DefinitionFault | null {
  if (!label.trim()) return 'no_label';
  if (!hasOptions(type)) return null;
  if (!options || options.length < 2) return 'too_few_options';
  return options.some((option) => !option.label.trim()) ? 'empty_option' : null;
}

function readQuestion(map: YMap): Question | null {
  const id = map.get('id');
  const type = map.get('type') as QuestionType;
  if (typeof id !== 'string' || !QUESTION_TYPES.includes(type)) return null;
  const question: Question = { id, type, label: readWords(map, 'label'), required: map.get('required') === true };
  if (hasOptions(type)) {
    const options = map.get('options');
    const maps = options instanceof Y.Array ? (options.toArray() as YMap[]) : [];
    question.options = maps.map((option) => ({ id: String(option.get('id')), label: readWords(option, 'label') }));
  }
  if (type === 'scale') {
    question.min = Number(map.get('min') ?? 1);
    question.max = Number(map.get('max') ?? 5);
  }
  return question;
}

function optionsOf(labels: readonly string[], newId: () => string): Y.Array<YMap> {
  return Y.Array.from(labels.map((label) => optionOf(newId(), label)));
}

function optionOf(id: string, label: string): YMap {
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
  const old = text.toString();
  let start = 0;
  while (start < old.length && start < words.length && old[start] === words[start]) start++;
  if (start > 0 && isHighSurrogate(old, start - 1)) start--;
  let end = 0;
  const rest = Math.min(old.length, words.length) - start;
  while (end < rest && old[old.length - 1 - end] === words[words.length - 1 - end]) end++;
  if (end > 0 && isLowSurrogate(old, old.length - end)) end--;
  if (old.length - start - end > 0) text.delete(start, old.length - start - end);
  if (words.length - start - end > 0) text.insert(start, words.slice(start, words.length - end));
}

// Half an emoji must never be kept apart from its other half.
const isHighSurrogate = (text: string, i: number): boolean => (text.charCodeAt(i) & 0xfc00) === 0xd800;
const isLowSurrogate = (text: string, i: number): boolean => (text.charCodeAt(i) & 0xfc00) === 0xdc00;
