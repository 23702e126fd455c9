import { expect, test } from 'vitest';
import type { WrittenContent, WrittenRun } from '../protocol/schema';
import { lineOf, paragraphsOf, sharesOf } from './written_text';

const MINUTE_MS = 60_000;
const run = (text: string, userId: string | null, minute = 0, more: Partial<WrittenRun> = {}): WrittenRun => ({
  text,
  user_id: userId,
  written_by: userId,
  written_at_ms: minute * MINUTE_MS,
  begins_text: false,
  ...more,
});

test('a text begins a paragraph, and neighbours of one person are one passage', () => {
  const paragraphs = paragraphsOf([
    run('Ho', 'ana', 0, { begins_text: true }),
    run('la', 'ana', 1),
    run(', cześć', 'bea', 1),
    run('!', 'ana', 2),
    run('Next', 'ana', 2, { begins_text: true }),
  ]);
  expect(paragraphs.map((paragraph) => paragraph.map(({ text, number }) => [number, text]))).toEqual([
    [
      [0, 'Hola'],
      [1, ', cześć'],
      [2, '!'],
    ],
    [[3, 'Next']],
  ]);
});

test('what was written on another day, or brought for another person, stands alone', () => {
  const [paragraph] = paragraphsOf([
    run('one', 'ana', 0, { begins_text: true }),
    run('two', 'ana', 24 * 60),
    run('three', 'ana', 24 * 60, { written_by: 'bea' }),
    run('four', 'ana', 0, { written_at_ms: null }),
  ]);
  expect(paragraph?.map(({ text, broughtFor }) => [text, broughtFor])).toEqual([
    ['one', 'ana'],
    ['two', 'ana'],
    ['three', 'bea'],
    ['four', 'ana'],
  ]);
});

test('schools have shares and their people lines', () => {
  const content: WrittenContent = {
    runs: [run('x', 'ana'), run('y', 'bea'), run('z', 'cora'), run('h', null)],
    writers: [
      { user_id: 'ana', display_name: 'Ana', school_id: 'a', characters: 5 },
      { user_id: 'bea', display_name: 'Bea', school_id: 'a', characters: 3 },
      { user_id: 'cora', display_name: 'Cora', school_id: 'b', characters: 1 },
      { user_id: null, display_name: null, school_id: null, characters: 1 },
      { user_id: 'lost', display_name: 'Lost', school_id: 'b', characters: 0 },
    ],
    schools: [
      { school_id: 'a', characters: 8 },
      { school_id: null, characters: 1 },
      { school_id: 'b', characters: 1 },
    ],
  };
  const shares = sharesOf(content);
  expect(shares.map(({ percent, writers }) => [percent, writers.map(({ name }) => name)])).toEqual([
    [80, ['Ana', 'Bea']],
    [10, ['Cora']],
    [10, [null]],
  ]);
  expect(['ana', 'bea', 'cora', null].map((id) => lineOf(id, shares))).toEqual([0, 1, 0, 0]);
  expect(sharesOf({ runs: [], writers: [], schools: [] })).toEqual([]);
});
