import { byOrder, type Change, type Thing } from '../../docs/board';
import { areaOf, grown, touches, type Area } from './shapes';

/**
 * What stands still on a board, drawn once: square bitmaps at the scale at which it is looked at. Drawing is cut into slices
 * of a few milliseconds, and a change draws anew what lies under it and nothing else; so moving the board, or thirty hands on it,
 * cost the same with five strokes as with five thousand.
 */

export interface View {
  /** The board's place that is at the canvas's upper left corner. */
  x: number;
  y: number;
  /** Pixels of the screen for one of the board. */
  scale: number;
}

const SIDE = 512;
const MOST_TILES = 96;
const CELL = 512;
/** More pieces of a tile than this are drawn anew as one. */
const MOST_PIECES = 12;
/** So many things are drawn between two looks at the clock. */
const AT_ONCE = 6;
/** After a change of scale, so long until tiles are drawn for the new one: until then the old ones are stretched. */
const SETTLED_AFTER_MS = 120;

interface Tile {
  canvas: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  area: Area;
  /** What has to be drawn anew, in the board's pixels. */
  dirty: Area[];
  /** Things that are left of the piece that is being drawn anew. */
  left: { things: Thing[]; next: number; clip: Area } | null;
  isComplete: boolean;
  usedAt: number;
}

export type DrawThing = (context: CanvasRenderingContext2D, thing: Thing) => void;

export class Tiles {
  readonly #draw: DrawThing;
  readonly #cells = new Map<string, Set<Thing>>();
  readonly #hidden = new Set<string>();
  #tiles = new Map<string, Tile>();
  #former = new Map<string, Tile>();
  #scale = 0;
  #wantedScale = 0;
  #wantedAt = 0;
  #ratio = 1;

  constructor(draw: DrawThing) {
    this.#draw = draw;
  }

  /** Everything anew: the theme changed, a picture came. */
  forget(): void {
    for (const tile of this.#tiles.values()) spoil(tile, tile.area);
  }

  spoil(area: Area): void {
    for (const tile of this.#tiles.values()) if (touches(tile.area, area)) spoil(tile, area);
  }

  apply({ before, after }: Change): void {
    if (before) this.#file(before, false);
    if (after) this.#file(after, true);
    if (before && !this.#hidden.has(before.id)) this.spoil(areaOf(before));
    if (after && !this.#hidden.has(after.id)) this.#show(after);
  }

  /** Leaves a thing out while it moves: it is drawn above the tiles then. `former`: as it is in them, if it is. */
  hide(id: string, former: Thing | undefined): void {
    if (this.#hidden.has(id)) return;
    this.#hidden.add(id);
    if (former) this.spoil(areaOf(former));
  }

  show(id: string, thing: Thing | undefined): void {
    if (this.#hidden.delete(id) && thing) this.#show(thing);
  }

  /** Things of which something may lie in the area, from the lowest up. */
  within(area: Area): Thing[] {
    const found = new Set<Thing>();
    const cells = cellsOf(area);
    for (const cell of cells[0] === EVERYWHERE ? this.#cells.keys() : [EVERYWHERE, ...cells])
      for (const thing of this.#cells.get(cell) ?? []) if (touches(areaOf(thing), area)) found.add(thing);
    return [...found].sort(byOrder);
  }

  /**
   * Puts what is drawn onto the canvas and draws on for at most `budget_ms`. Returns whether there is more to do: then call it
   * again with the next frame.
   */
  paint(
    context: CanvasRenderingContext2D,
    view: View,
    size: { width: number; height: number },
    ratio: number,
    now_ms: number,
    budget_ms: number,
  ): boolean {
    const isSettled = this.#settle(view.scale, ratio, now_ms);
    const seen: Area = {
      left: view.x,
      top: view.y,
      right: view.x + size.width / view.scale,
      bottom: view.y + size.height / view.scale,
    };
    const until = performance.now() + budget_ms;
    const wanted = this.#tilesOf(seen, now_ms);
    let isDone = isSettled;
    for (const tile of wanted) {
      if (performance.now() > until) {
        isDone &&= tile.dirty.length === 0 && !tile.left;
        continue;
      }
      if (!this.#work(tile, until)) isDone = false;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    if (wanted.some(({ isComplete }) => !isComplete)) this.#put(context, this.#former.values(), seen, view, ratio);
    else this.#former.clear();
    this.#put(context, wanted, seen, view, ratio);
    return !isDone;
  }

  #put(context: CanvasRenderingContext2D, tiles: Iterable<Tile>, seen: Area, view: View, ratio: number): void {
    const scale = view.scale * ratio;
    for (const { canvas, area } of tiles) {
      if (!touches(area, seen)) continue;
      const left = Math.round((area.left - view.x) * scale);
      const top = Math.round((area.top - view.y) * scale);
      const right = Math.round((area.right - view.x) * scale);
      const bottom = Math.round((area.bottom - view.y) * scale);
      context.drawImage(canvas, left, top, right - left, bottom - top);
    }
  }

  #settle(scale: number, ratio: number, now_ms: number): boolean {
    if (scale !== this.#wantedScale || ratio !== this.#ratio) {
      this.#wantedScale = scale;
      this.#wantedAt = now_ms;
      this.#ratio = ratio;
    }
    if (this.#scale === scale * ratio) return true;
    if (this.#scale !== 0 && now_ms - this.#wantedAt < SETTLED_AFTER_MS) return false;
    this.#scale = scale * ratio;
    // The old ones stand in until the new are drawn; of two changes in a row the drawn ones are worth more.
    if ([...this.#tiles.values()].some(({ isComplete }) => isComplete)) this.#former = this.#tiles;
    this.#tiles = new Map();
    return true;
  }

  #tilesOf(seen: Area, now_ms: number): Tile[] {
    const side = SIDE / this.#scale;
    const tiles: Tile[] = [];
    for (let row = Math.floor(seen.top / side); row * side < seen.bottom; row++)
      for (let column = Math.floor(seen.left / side); column * side < seen.right; column++) {
        const key = `${column} ${row}`;
        let tile = this.#tiles.get(key);
        if (!tile) {
          tile = makeTile({
            left: column * side,
            top: row * side,
            right: (column + 1) * side,
            bottom: (row + 1) * side,
          });
          this.#tiles.set(key, tile);
        }
        tile.usedAt = now_ms;
        tiles.push(tile);
      }
    this.#trim();
    return tiles;
  }

  #trim(): void {
    if (this.#tiles.size <= MOST_TILES) return;
    const oldest = [...this.#tiles].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key] of oldest.slice(0, this.#tiles.size - MOST_TILES)) this.#tiles.delete(key);
  }

  /** Draws on until the time is over; whether the tile is done. */
  #work(tile: Tile, until: number): boolean {
    while (tile.dirty.length > 0 || tile.left) {
      if (!tile.left) {
        const clip = tile.dirty.shift() as Area;
        const things = this.within(clip).filter(({ id }) => !this.#hidden.has(id));
        tile.left = { things, next: 0, clip };
        tile.context.save();
        this.#enter(tile, clip);
        tile.context.clearRect(clip.left, clip.top, clip.right - clip.left, clip.bottom - clip.top);
        tile.context.restore();
      }
      const left = tile.left;
      tile.context.save();
      this.#enter(tile, left.clip);
      while (left.next < left.things.length && performance.now() < until) {
        for (const thing of left.things.slice(left.next, left.next + AT_ONCE)) this.#draw(tile.context, thing);
        left.next += AT_ONCE;
        // Browsers draw when somebody looks: without this the clock would say nothing of what was drawn.
        tile.context.getImageData(0, 0, 1, 1);
      }
      tile.context.restore();
      if (left.next < left.things.length) return false;
      tile.left = null;
    }
    tile.isComplete = true;
    return true;
  }

  #enter({ context, area }: Tile, clip: Area): void {
    const scale = this.#scale;
    context.setTransform(scale, 0, 0, scale, -area.left * scale, -area.top * scale);
    context.beginPath();
    // Whole pixels, so that nothing of an edge is drawn twice.
    const left = Math.floor((clip.left - area.left) * scale) / scale + area.left;
    const top = Math.floor((clip.top - area.top) * scale) / scale + area.top;
    const right = Math.ceil((clip.right - area.left) * scale) / scale + area.left;
    const bottom = Math.ceil((clip.bottom - area.top) * scale) / scale + area.top;
    context.rect(left, top, right - left, bottom - top);
    context.clip();
  }

  #show(thing: Thing): void {
    const area = areaOf(thing);
    let isOnTop: boolean | undefined;
    for (const tile of this.#tiles.values()) {
      if (!touches(tile.area, area)) continue;
      if (tile.dirty.length > 0 || tile.left || !(isOnTop ??= this.#isOnTop(thing, area))) spoil(tile, area);
      else {
        // On top of everything: nothing under it has to be drawn again.
        tile.context.save();
        this.#enter(tile, tile.area);
        this.#draw(tile.context, thing);
        tile.context.restore();
      }
    }
  }

  #isOnTop(thing: Thing, area: Area): boolean {
    return this.within(area).findLast(({ id }) => !this.#hidden.has(id)) === thing;
  }

  #file(thing: Thing, isThere: boolean): void {
    for (const cell of cellsOf(areaOf(thing))) {
      let things = this.#cells.get(cell);
      if (!things && isThere) this.#cells.set(cell, (things = new Set()));
      if (isThere) things?.add(thing);
      else if (things?.delete(thing) && things.size === 0) this.#cells.delete(cell);
    }
  }
}

/** Something as large as the sea would fill the map: it is looked at wherever one looks. */
const EVERYWHERE = 'everywhere';
const MOST_CELLS = 1_024;

function cellsOf(area: Area): string[] {
  const [left, right] = [Math.floor(area.left / CELL), Math.floor(area.right / CELL)];
  const [top, bottom] = [Math.floor(area.top / CELL), Math.floor(area.bottom / CELL)];
  if ((right - left + 1) * (bottom - top + 1) > MOST_CELLS) return [EVERYWHERE];
  const cells: string[] = [];
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) cells.push(`${column} ${row}`);
  return cells;
}

function makeTile(area: Area): Tile {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  return { canvas, context, area, dirty: [area], left: null, isComplete: false, usedAt: 0 };
}

function spoil(tile: Tile, area: Area): void {
  const piece = intersection(tile.area, grown(area, 1));
  // One that is to be drawn as a whole anyway has no pieces.
  if (tile.dirty.some((other) => covers(other, piece))) return;
  tile.dirty.push(piece);
  if (tile.dirty.length > MOST_PIECES) tile.dirty = [tile.dirty.reduce(union)];
}

const covers = (a: Area, b: Area): boolean =>
  a.left <= b.left && a.top <= b.top && a.right >= b.right && a.bottom >= b.bottom;

const union = (a: Area, b: Area): Area => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});

const intersection = (a: Area, b: Area): Area => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
