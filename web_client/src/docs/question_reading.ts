import * as Y from 'yjs';
import type { Condition, Question, QuestionType } from '../protocol/shapes';
import { CONSENT_ANSWERS } from './form_answers';
import { hasOptions, hasRows, QUESTION_TYPES, type BuiltQuestion, type ListName, type QuizKey } from './question_types';

export type YMap = Y.Map<unknown>;

/** A question as it stands in the document; null for what is none (CF2 in crdt_docs/SPEC.md). */
export function readQuestion(map: YMap): BuiltQuestion | null {
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

export function readTranslations(value: unknown): Record<string, Record<string, string>> | null {
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

export function readWords(map: YMap, key: string): string {
  const value = map.get(key);
  if (value instanceof Y.Text) return value.toString();
  return typeof value === 'string' ? value : '';
}
