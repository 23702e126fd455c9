import { describe, expect, it } from 'vitest';
import { fitTiles } from '../../src/meeting/fit_tiles';

const fit = (count: number, width: number, height: number) => fitTiles(count, { width, height, gap: 12 });

describe('fitTiles', () => {
  it.each([
    [1, 1200, 700, 1],
    [2, 1400, 700, 2],
    [2, 400, 700, 1],
    [4, 1200, 700, 2],
    [9, 1200, 700, 3],
  ])('puts %i into %i × %i in %i columns', (count, width, height, columns) => {
    expect(fit(count, width, height).columns).toBe(columns);
  });

  it('never leaves the box', () => {
    for (let count = 1; count <= 9; count += 1) {
      const { columns, width } = fit(count, 900, 420);
      const rows = Math.ceil(count / columns);
      expect(columns * width + (columns - 1) * 12).toBeLessThanOrEqual(900);
      expect(rows * ((width * 9) / 16) + (rows - 1) * 12).toBeLessThanOrEqual(420);
    }
  });
});
