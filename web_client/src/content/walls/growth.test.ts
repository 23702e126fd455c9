import { expect, test } from 'vitest';
import type { ShownCard } from '../../docs/wall_cards';
import { beatOf, Growth } from './growth.svelte';

const step = (at_ms: number, card_id: string, school_id: string, cards: number, comments = 0) => ({
  at_ms,
  card_id,
  author_id: 'somebody',
  author_name: 'Somebody',
  school_id,
  cards,
  comments,
});
const growth = () => new Growth({ steps: [step(10, 'a', 'es', 1), step(20, 'b', 'pl', 2), step(30, '', '', 2, 3)] });
const card = (id: string) => ({ id }) as ShownCard;

test('cards come one after another, and what came later is not there', () => {
  const wall = growth();
  expect([wall.has(card('a')), wall.isAtEnd]).toEqual([true, true]);
  wall.play();
  expect([wall.has(card('a')), wall.step]).toEqual([false, undefined]);
  wall.go(1);
  expect([wall.has(card('a')), wall.has(card('b')), wall.has(card('new'))]).toEqual([true, false, false]);
  expect(wall.said([{ created_at_ms: 9 }, { created_at_ms: 11 }])).toBe(1);
  wall.go(5);
  expect([wall.isAtEnd, wall.plays, wall.step?.comments]).toEqual([true, false, 3]);
  expect(wall.bySchool).toEqual([
    { schoolId: 'es', cards: 1 },
    { schoolId: 'pl', cards: 1 },
  ]);
  wall.play();
  expect(wall.at).toBe(0);
});

test('a long wall is played quicker, and who asked for stillness gets a few stops', () => {
  expect(beatOf(3, 1, false)).toEqual({ by: 1, length_ms: 1_200 });
  expect(beatOf(2_000, 1, false)).toEqual({ by: 1, length_ms: 150 });
  expect(beatOf(3, 2, false).length_ms).toBe(600);
  expect(beatOf(100, 1, true)).toEqual({ by: 10, length_ms: 3_000 });
  expect(beatOf(3, 1, true).by).toBe(1);
});
