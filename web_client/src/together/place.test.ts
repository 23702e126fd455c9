import { expect, test } from 'vitest';
import { placeAt, wayTo } from './place';

const part = (name: string, top: number, height: number) => ({ name, box: { top, height } });
const WIDE = [part('a', -300, 100), part('b', -200, 400), part('c', 200, 100)];
/** The same page on a phone: other heights, other places. */
const NARROW = [part('a', 10, 300), part('b', 310, 900), part('c', 1_210, 500)];

test('a place is the part at the upper edge and how much of it is above', () => {
  expect(placeAt(WIDE, 0)).toEqual({ anchor: 'b', offset: 0.5 });
  expect(placeAt([], 0)).toBeNull();
});

test('whose page is laid out otherwise goes to the same part', () => {
  const place = placeAt(WIDE, 0);
  if (!place) throw new Error('no place');
  expect(wayTo(NARROW, 10, place)).toBe(310 + 450 - 10);
  expect(wayTo(WIDE, 0, place)).toBe(0);
});

test('a part that is not on this page moves nobody', () => {
  expect(wayTo(NARROW, 0, { anchor: 'elsewhere', offset: 0 })).toBeNull();
});

test('below the last part is still a place, and no part is too low for the hub', () => {
  expect(placeAt(WIDE, 5_000)?.anchor).toBe('c');
  expect(placeAt([part('thin', 0, 0.001)], 900)?.offset).toBe(1_000);
  expect(placeAt([part('empty', 0, 0)], 900)?.offset).toBe(0);
});
