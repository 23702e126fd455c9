import { expect, test } from 'vitest';
import { extentOf, pictureOf, strokeData, thingOf, type DrawnBlock } from './kept_thing';

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

test('a picture is where people outside may see it, or for members where its file is; a page of a PDF is nowhere', () => {
  const picture: DrawnBlock = { type: 'drawn', id: 'p', shape: 'picture', tint: 1, width: 1, box: [0, 0, 9, 9] };
  expect(pictureOf(picture)).toBeNull();
  expect(pictureOf({ ...picture, preview_url: '/shared/1' })).toBe('/shared/1');
  expect(pictureOf({ ...picture, material_id: 'm', page: 0 })).toBe('/api/v1/materials/m/preview');
  expect(pictureOf({ ...picture, material_id: 'm', page: 3 })).toBeNull();
  expect(pictureOf({ ...picture, shape: 'note', preview_url: '/shared/1' })).toBeNull();
});
