import { expect, test } from 'vitest';
import { extentOf, strokeData, thingOf, type DrawnBlock } from './kept_thing';

const stroke: DrawnBlock = {
  type: 'drawn',
  id: 'a',
  shape: 'pen',
  tint: 1,
  width: 4,
  points: [0, 0, 0, 50, 0, 0, 100, 40, 0],
};

test('a stroke without pressure loses its third numbers, one with it keeps them', () => {
  expect(thingOf(stroke)).toMatchObject({ pressed: false, points: [0, 0, 50, 0, 100, 40], box: null });
  const points = [0, 0, 9, 50, 0, 20];
  expect(thingOf({ ...stroke, points })).toMatchObject({ pressed: true, points });
});

test('what can not be drawn is nothing', () => {
  expect(thingOf({ ...stroke, shape: 'spiral' })).toBeNull();
  expect(thingOf({ type: 'drawn', id: 'b', shape: 'note', tint: 1, width: 20 })).toBeNull();
});

test('all of it lies within the extent, and a stroke is one closed outline of numbers', () => {
  const note = thingOf({ type: 'drawn', id: 'n', shape: 'note', tint: 1, width: 20, box: [300, -50, 200, 100] });
  const drawn = thingOf(stroke);
  if (!note || !drawn) throw new Error('both can be drawn');
  const { left, top, right, bottom } = extentOf([drawn, note]);
  expect(left).toBeLessThan(0);
  expect(top).toBeLessThan(-50);
  expect(right).toBeGreaterThan(500);
  expect(bottom).toBeGreaterThan(50);
  expect(strokeData(drawn)).toMatch(/^M[-\d. ]+(Q[-\d. ]+)+Z$/);
});
