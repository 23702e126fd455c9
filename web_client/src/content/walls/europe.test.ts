import { expect, test } from 'vitest';
import { COUNTRIES, fromMap, MAP_HEIGHT, MAP_WIDTH, toMap, TOWNS, within } from './europe';

test('every place on the map is found again where it lies', () => {
  for (const [x, y] of [
    [10, 10],
    [500, 500],
    [MAP_WIDTH - 10, MAP_HEIGHT - 10],
  ] as const) {
    const found = toMap(fromMap(x, y));
    expect(Math.abs(found.x - x)).toBeLessThan(0.1);
    expect(Math.abs(found.y - y)).toBeLessThan(0.1);
  }
  expect(within({ east: 170_000, north: -5_000 })).toEqual({ east: 46_000, north: 27_000 });
});

test('every town lies on the map', () => {
  for (const towns of Object.values(TOWNS))
    for (const [name, east, north] of towns) {
      const place = { east: east * 10, north: north * 10 };
      expect(within(place), name).toEqual(place);
    }
  expect(COUNTRIES.length).toBeGreaterThan(44);
});
