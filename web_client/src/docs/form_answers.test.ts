import { expect, test } from 'vitest';
import type { Answer, Question } from '../protocol/shapes';
import { answersToSend, faultOf, faultsOf, toggleChoice } from './form_answers';

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
