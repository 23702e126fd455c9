import { expect, test } from 'vitest';
import { pack, unpack } from './polyline';

test('what is packed in parts is what was drawn', () => {
  const points = [10, 20, 12, 19, -400, 100_000, 0, 0, 1, -1];
  for (let cut = 0; cut <= points.length; cut += 2) {
    const text = pack(points.slice(0, cut), 2) + pack(points.slice(cut), 2, points.slice(Math.max(0, cut - 2), cut));
    expect(unpack(text, 2, 100)).toEqual(points);
  }
});

test('the hub packs the same text', () => {
  // As crdt_docs/content/polyline.py packs these.
  expect(pack([10, 20, 16, 12, 19, 20, -400, 100_000, 0], 3)).toBe('Sg@_@C@GvXygbEf@');
  expect(pack([7, -9, 9, -3, -6, 12], 2)).toHaveLength(6);
});

test.each(['\n', '~~~~~~~~~~~', '_', 'é'])('%j is no packed text and ends there', (text) => {
  expect(unpack(text, 2, 10)).toEqual([]);
});

test('no more points than asked for are read', () => {
  expect(unpack(pack([1, 1, 2, 2, 3, 3], 2), 2, 2)).toEqual([1, 1, 2, 2]);
});
