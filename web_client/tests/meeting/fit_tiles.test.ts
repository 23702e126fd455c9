import { describe, expect, it } from 'vitest';
import { fitTiles, tilesPerPage } from '../../src/meeting/fit_tiles';

const GAP = 12;
const fit = (count: number, width: number, height: number) => fitTiles(count, { width, height, gap: GAP });
const BOXES = [
  [1030, 560],
  [900, 388],
  [332, 430],
  [200, 560],
] as const;

describe('fitTiles', () => {
  it.each([
    [1, 1200, 700, 1],
    [2, 1400, 700, 2],
    [2, 400, 700, 1],
    [4, 1200, 700, 2],
    [9, 1200, 700, 3],
    // A low stage: three even rows rather than two of four and one alone.
    [9, 900, 388, 3],
    [8, 900, 388, 4],
    // A phone's stage.
    [6, 332, 430, 2],
  ])('puts %i into %i × %i in %i columns', (count, width, height, columns) => {
    expect(fit(count, width, height).columns).toBe(columns);
  });

  it('never leaves the box, and keeps the shape of faces', () => {
    for (const [boxWidth, boxHeight] of BOXES) {
      for (let count = 1; count <= 9; count += 1) {
        const { columns, width, height } = fit(count, boxWidth, boxHeight);
        const rows = Math.ceil(count / columns);
        expect(columns * width + (columns - 1) * GAP).toBeLessThanOrEqual(boxWidth);
        expect(rows * height + (rows - 1) * GAP).toBeLessThanOrEqual(boxHeight);
        expect(width / height).toBeLessThan(16 / 9 + 0.05);
        expect(width / height).toBeGreaterThan((boxWidth < boxHeight ? 1 : 4 / 3) - 0.05);
      }
    }
  });

  it('gives nothing where there is no room yet', () => {
    expect(fit(3, 0, 0)).toEqual({ columns: 1, width: 0, height: 0 });
  });
});

describe('tilesPerPage', () => {
  it('shows so many that every name can be read', () => {
    const box = { width: 332, height: 430, gap: 8 };
    const count = tilesPerPage(9, box, 148);
    expect(count).toBe(8);
    expect(fitTiles(count, box).width).toBeGreaterThanOrEqual(148);
    expect(tilesPerPage(4, box, 148)).toBe(4);
  });

  it('shows one where there is room for none', () => {
    expect(tilesPerPage(9, { width: 0, height: 0, gap: 8 }, 148)).toBe(1);
  });
});
