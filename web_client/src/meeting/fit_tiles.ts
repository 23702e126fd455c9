const WIDTH_TO_HEIGHT = 16 / 9;

/** Side by side is how people sit: for it, tiles may be this much smaller than they could be. */
const SIDE_BY_SIDE = 0.92;

/** The largest equal 16:9 tiles, so many of which fit into a box: how many stand side by side, and how wide each is. */
export function fitTiles(
  count: number,
  box: { width: number; height: number; gap: number },
): { columns: number; width: number } {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (box.width - box.gap * (columns - 1)) / columns;
    const byHeight = ((box.height - box.gap * (rows - 1)) / rows) * WIDTH_TO_HEIGHT;
    const width = Math.floor(Math.min(byWidth, byHeight));
    if (width >= best.width * SIDE_BY_SIDE && width > 0) best = { columns, width };
  }
  return best;
}
