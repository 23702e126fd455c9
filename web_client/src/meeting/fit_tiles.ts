/** A camera's own shape; no tile is flatter. */
const WIDEST = 16 / 9;
/** How narrow a tile may be for its height: on a stage that lies, and on one that stands, as a phone's does. */
const NARROWEST_LYING = 4 / 3;
const NARROWEST_STANDING = 1;

/** Even rows, and sitting side by side, are worth it: for them tiles may have this much less than the largest area. */
const GOOD_ENOUGH = 0.8;

interface Box {
  width: number;
  height: number;
  gap: number;
}

export interface Fit {
  /** How many stand side by side. */
  columns: number;
  width: number;
  height: number;
}

/** Equal tiles, so many of which fill a box best: large, in even rows, none flatter than a camera's picture. */
export function fitTiles(count: number, box: Box): Fit {
  const fits = Array.from({ length: count }, (_, index) => fitColumns(count, index + 1, box));
  const areaOf = ({ width, height }: Fit) => width * height;
  const emptyIn = ({ columns }: Fit) => (columns - (count % columns)) % columns;
  const largest = Math.max(0, ...fits.map(areaOf));
  return fits
    .filter((fit) => areaOf(fit) > 0 && areaOf(fit) >= largest * GOOD_ENOUGH)
    .reduce<Fit>((best, fit) => (best.width === 0 || emptyIn(fit) <= emptyIn(best) ? fit : best), {
      columns: 1,
      width: 0,
      height: 0,
    });
}

/** How many of so many people a box shows at once, when no tile may be narrower than this; at least one. */
export function tilesPerPage(count: number, box: Box, narrowest: number): number {
  let fitting = count;
  while (fitting > 1 && fitTiles(fitting, box).width < narrowest) fitting -= 1;
  return Math.max(1, fitting);
}

function fitColumns(count: number, columns: number, { width, height, gap }: Box): Fit {
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(0, (height - gap * (rows - 1)) / rows);
  const narrowest = width < height ? NARROWEST_STANDING : NARROWEST_LYING;
  const shape = Math.min(WIDEST, Math.max(narrowest, cellHeight > 0 ? cellWidth / cellHeight : WIDEST));
  const tileWidth = Math.floor(Math.min(cellWidth, cellHeight * shape));
  return { columns, width: tileWidth, height: Math.floor(tileWidth / shape) };
}
