import { expect, test } from 'vitest';
import type { Answer, Question } from '../protocol/shapes';
import { answersToSend, facesOf, faultOf, faultsOf, questionsAsked, toggleChoice } from './form_answers';

const OPTIONS = [
  { id: 'x', label: 'Bread' },
  { id: 'y', label: 'Olives' },
];
const question = (type: Question['type'], more: Partial<Question> = {}): Question => ({
  id: type,
  type,
  label: type,
  required: true,
  ...more,
});

test.each<[Question, Answer | undefined, string | null]>([
  [question('short_text'), undefined, 'required'],
  [question('short_text'), '   ', 'required'],
  [question('short_text', { required: false }), undefined, null],
  [question('short_text'), 'ñ'.repeat(200), null],
  [question('short_text'), '🙂'.repeat(200), null],
  [question('short_text'), 'ñ'.repeat(201), 'too_long'],
  [question('long_text'), 'a'.repeat(4_000), null],
  [question('long_text'), 'a'.repeat(4_001), 'too_long'],
  [question('single_choice', { options: OPTIONS }), 'y', null],
  [question('single_choice', { options: OPTIONS }), 'z', 'not_offered'],
  [question('multiple_choice', { options: OPTIONS }), [], 'required'],
  [question('multiple_choice', { options: OPTIONS }), ['x', 'y'], null],
  [question('multiple_choice', { options: OPTIONS }), ['x', 'z'], 'not_offered'],
  [question('scale', { min: 0, max: 10 }), 0, null],
  [question('scale', { min: 0, max: 10 }), 11, 'out_of_range'],
  [question('scale', { min: 0, max: 10 }), 2.5, 'not_whole'],
  [question('faces'), 5, null],
  [question('faces'), 6, 'out_of_range'],
  [question('faces', { max: 3 }), 4, 'out_of_range'],
  [question('ranking', { options: OPTIONS }), ['y', 'x'], null],
  [question('ranking', { options: OPTIONS }), ['y'], 'not_offered'],
  [question('ranking', { options: OPTIONS }), ['y', 'y'], 'not_offered'],
  [question('consent', { options: [{ id: 'yes', label: 'yes' }] }), 'yes', null],
  [question('number'), '12,', 'not_a_number'],
  [question('number'), 1.5, 'too_fine'],
  [question('number', { decimals: 1 }), 1.5, null],
  [question('number', { min: 2 }), 1, 'out_of_range'],
  [question('date'), '2028-02-29', null],
  [question('date'), '2027-02-29', 'not_a_date'],
  [question('matrix', { rows: OPTIONS, options: OPTIONS }), { x: 'y', y: 'y' }, null],
  [question('matrix', { rows: OPTIONS, options: OPTIONS }), { x: 'y' }, 'rows_missing'],
  [question('matrix', { rows: OPTIONS, options: OPTIONS, required: false }), { x: 'y' }, null],
  [question('matrix', { rows: OPTIONS, options: OPTIONS }), { x: 'z', y: 'x' }, 'not_offered'],
])('%# a $type answer', (asked, answer, fault) => {
  expect(faultOf(asked, answer)).toBe(fault);
});

test('faults come in the order of the form', () => {
  const questions = [question('faces'), question('short_text', { required: false }), question('long_text')];
  expect(faultsOf(questions, { short_text: 'a'.repeat(300) }).map(({ fault }) => fault)).toEqual([
    'required',
    'too_long',
    'required',
  ]);
});

test('only answers to this form are sent, trimmed, without the empty ones', () => {
  const questions = [question('short_text'), question('long_text'), question('scale')];
  expect(answersToSend(questions, { short_text: ' Ana ', long_text: ' ', scale: 0, gone: 'x' })).toEqual({
    short_text: 'Ana',
    scale: 0,
  });
});

test('a multiple choice keeps the order in which it is offered', () => {
  const asked = question('multiple_choice', { options: OPTIONS });
  expect(toggleChoice(asked, ['y'], 'x')).toEqual(['x', 'y']);
  expect(toggleChoice(asked, ['x', 'y'], 'x')).toEqual(['y']);
  expect(toggleChoice(asked, undefined, 'x')).toEqual(['x']);
});

test('three faces are the saddest, the middle and the gladdest', () => {
  expect(facesOf(question('faces', { max: 3 })).map(({ drawn }) => drawn)).toEqual([1, 3, 5]);
  expect(facesOf(question('faces', { max: 4 })).map(({ value }) => value)).toEqual([1, 2, 3, 4]);
});

test('what depends on an answer is asked only after it, and on a hidden one never', () => {
  const face = question('faces');
  const why = question('short_text', { show_if: { question_id: 'faces', any_of: [1, 2] } });
  const more = question('consent', { id: 'more', show_if: { question_id: 'short_text', any_of: ['x'] } });
  const all = [face, why, more];
  expect(questionsAsked(all, {}).map(({ id }) => id)).toEqual(['faces']);
  expect(questionsAsked(all, { faces: 1 }).map(({ id }) => id)).toEqual(['faces', 'short_text']);
  expect(questionsAsked(all, { faces: 5, short_text: 'x' })).toEqual([face]);
  expect(faultsOf(all, { faces: 5 })).toEqual([]);
  expect(answersToSend(all, { faces: 5, short_text: 'from before' })).toEqual({ faces: 5 });
});
