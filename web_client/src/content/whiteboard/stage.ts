import { isStroke, type Board, type Change, type Thing } from '../../docs/board';
import { drawThing, readInks, type Inks } from './pen';
import type { Pictures } from './pictures';
import { areaOf, frameOf, type Area } from './shapes';
import { Tiles, type View } from './tiles';

/** What grows or moves is drawn above the tiles, until it has been still for so long. */
const STILL_AFTER_MS = 400;
const BUDGET_MS = 6;
const HANDLE = 12;
const NEAREST = 8;
const FARTHEST = 0.1;

/** Two canvases over each other: what stands still, and what moves. They are painted only when something changed. */
export class Stage {
  readonly view: View = { x: 0, y: 0, scale: 1 };
  /** What this page is drawing or moving just now; it is in no document yet, or elsewhere in it. */
  held: readonly Thing[] = [];
  /** Not shown at all: it is being drawn or moved here, as `held`. */
  covered: ReadonlySet<string> = new Set();
  selected: Thing | null = null;
  /** Where keys draw; null while they don't. */
  cross: { x: number; y: number } | null = null;
  onmove: () => void = () => undefined;
  readonly #board: Board;
  readonly #ground: CanvasRenderingContext2D;
  readonly #above: CanvasRenderingContext2D;
  readonly #pictures: Pictures;
  readonly #tiles: Tiles;
  readonly #moving = new Map<string, { thing: Thing; until: number }>();
  readonly #stop: (() => void)[] = [];
  #below: readonly Thing[] = [];
  #inks: Inks;
  #size = { width: 1, height: 1 };
  #ratio = 1;
  #frame: number | undefined;
  #groundChanged = true;

  constructor(board: Board, ground: HTMLCanvasElement, above: HTMLCanvasElement, pictures: Pictures) {
    this.#board = board;
    this.#ground = ground.getContext('2d') as CanvasRenderingContext2D;
    this.#above = above.getContext('2d') as CanvasRenderingContext2D;
    this.#pictures = pictures;
    this.#inks = readInks(above.parentElement as Element);
    this.#tiles = new Tiles((context, thing) => drawThing(context, thing, this.#inks, pictures.of));
    for (const thing of board.things.values()) this.#tiles.apply({ before: undefined, after: thing });
    this.#stop.push(board.listen((changes) => this.#follow(changes)));
    this.#stop.push(
      pictures.listen((thing) => {
        this.#tiles.spoil(areaOf(thing));
        this.redraw();
      }),
    );
    const recolour = () => this.#recolour();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', recolour);
    const theme = new MutationObserver(recolour);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.#stop.push(() => dark.removeEventListener('change', recolour));
    this.#stop.push(() => theme.disconnect());
    // Letters that come late would stay drawn in the wrong font.
    void document.fonts.ready.then(recolour);
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = -1;
  }

  resize(width: number, height: number): void {
    this.#size = { width, height };
    this.#ratio = Math.min(devicePixelRatio || 1, 2);
    for (const { canvas } of [this.#ground, this.#above]) {
      canvas.width = Math.max(1, Math.round(width * this.#ratio));
      canvas.height = Math.max(1, Math.round(height * this.#ratio));
    }
    this.redraw();
    this.#paint(performance.now());
  }

  get size(): { width: number; height: number } {
    return this.#size;
  }

  /** A place on the screen, counted from the canvas's corner, as one on the board. */
  placeOf(x: number, y: number): { x: number; y: number } {
    return { x: this.view.x + x / this.view.scale, y: this.view.y + y / this.view.scale };
  }

  /** The middle of what is seen, on a whole point: what begins there has whole measures. */
  middle(): { x: number; y: number } {
    const { x, y } = this.placeOf(this.#size.width / 2, this.#size.height / 2);
    return { x: Math.round(x), y: Math.round(y) };
  }

  pan(dx: number, dy: number): void {
    this.view.x -= dx / this.view.scale;
    this.view.y -= dy / this.view.scale;
    this.redraw();
    this.onmove();
  }

  /** Nearer or farther, while the place under (x, y) stays where it is. */
  zoom(factor: number, x = this.#size.width / 2, y = this.#size.height / 2): void {
    const scale = Math.min(NEAREST, Math.max(FARTHEST, this.view.scale * factor));
    const { x: boardX, y: boardY } = this.placeOf(x, y);
    this.view.scale = scale;
    this.view.x = boardX - x / scale;
    this.view.y = boardY - y / scale;
    this.redraw();
    this.onmove();
  }

  /** Draws these under everything; they can't be taken. */
  lay(things: readonly Thing[]): void {
    for (const thing of this.#below) this.#tiles.apply({ before: thing, after: undefined });
    for (const thing of things) this.#tiles.apply({ before: undefined, after: thing });
    this.#below = things;
    this.#recolour();
  }

  /** All that is on the board; at natural size if that is enough. */
  fit(): void {
    const frames = [...this.#board.things.values()].map(areaOf);
    if (frames.length > 0)
      return this.show({
        left: Math.min(...frames.map((frame) => frame.left)),
        top: Math.min(...frames.map((frame) => frame.top)),
        right: Math.max(...frames.map((frame) => frame.right)),
        bottom: Math.max(...frames.map((frame) => frame.bottom)),
      });
    Object.assign(this.view, { x: 0, y: 0, scale: 1 });
    this.redraw();
    this.onmove();
  }

  /** This area from its upper edge on, as large as there is room, and at most so large. */
  show({ left, top, right, bottom }: Area, most = 1): void {
    const [width, height] = [right - left, bottom - top];
    const { width: w, height: h } = this.#size;
    const scale = Math.min(most, Math.max(FARTHEST, Math.min((w - 40) / width, (h - 40) / height)));
    Object.assign(this.view, { x: left - (w / scale - width) / 2, y: top, scale });
    this.redraw();
    this.onmove();
  }

  /** So far that this area is to be seen. */
  reveal({ left, top, right, bottom }: Area): void {
    const { x, y, scale } = this.view;
    const [seenRight, seenBottom] = [x + this.#size.width / scale, y + this.#size.height / scale];
    const margin = 24 / scale;
    if (left < x) this.view.x = left - margin;
    else if (right > seenRight) this.view.x = Math.min(left - margin, x + right - seenRight + margin);
    if (top < y) this.view.y = top - margin;
    else if (bottom > seenBottom) this.view.y = Math.min(top - margin, y + bottom - seenBottom + margin);
    this.redraw();
    this.onmove();
  }

  /** Things under a place, the topmost first. */
  at(area: Area): Thing[] {
    const found = this.#tiles.within(area).reverse();
    return this.#below.length > 0 ? found.filter((thing) => !this.#below.includes(thing)) : found;
  }

  /** What stands still has changed as well. */
  redraw(): void {
    this.#groundChanged = true;
    this.touch();
  }

  /** Paints what moves with the next frame. */
  touch(): void {
    this.#frame ??= requestAnimationFrame((now_ms) => {
      this.#frame = undefined;
      this.#paint(now_ms);
    });
  }

  #follow(changes: readonly Change[]): void {
    const until = performance.now() + STILL_AFTER_MS;
    // When much comes at once it is a board that was opened, or a class that comes back: drawn in one go.
    const isCrowd = changes.length > 200;
    for (const change of changes) {
      const { before, after } = change;
      const isAbove = after !== undefined && (before ? this.#moving.has(after.id) : isStroke(after)) && !isCrowd;
      this.#groundChanged ||= !isAbove;
      if (after && !isCrowd && (before || isStroke(after))) {
        this.#tiles.hide(after.id, before);
        this.#moving.set(after.id, { thing: after, until });
      } else if (!after && before) this.#moving.delete(before.id);
      this.#tiles.apply(change);
      if (!after && before) this.#tiles.show(before.id, undefined);
      if (this.selected && before?.id === this.selected.id) this.selected = after ?? null;
    }
    this.touch();
  }

  #paint(now_ms: number): void {
    for (const [id, { thing, until }] of this.#moving) {
      if (until > now_ms || this.covered.has(id)) continue;
      this.#moving.delete(id);
      this.#tiles.show(id, thing);
      this.#groundChanged = true;
    }
    if (this.#groundChanged)
      this.#groundChanged = this.#tiles.paint(this.#ground, this.view, this.#size, this.#ratio, now_ms, BUDGET_MS);
    const context = this.#above;
    const scale = this.view.scale * this.#ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(scale, 0, 0, scale, -this.view.x * scale, -this.view.y * scale);
    for (const { thing } of this.#moving.values())
      if (!this.covered.has(thing.id)) drawThing(context, thing, this.#inks, this.#pictures.of);
    for (const thing of this.held) drawThing(context, thing, this.#inks, this.#pictures.of);
    if (this.selected) this.#frameIn(context, this.held.find(({ id }) => id === this.selected?.id) ?? this.selected);
    if (this.cross) this.#crossIn(context, this.cross);
    if (this.#groundChanged || this.#moving.size > 0) this.touch();
  }

  /** Takes what is there out of the picture while this page moves it. */
  cover(ids: Iterable<string>): void {
    for (const id of this.covered) if (!this.#moving.has(id)) this.#tiles.show(id, this.#board.things.get(id));
    this.covered = new Set(ids);
    for (const id of this.covered) {
      const thing = this.#board.things.get(id);
      // What was only just put there is in no tile yet.
      if (thing) this.#tiles.hide(id, this.#moving.has(id) ? undefined : thing);
    }
    this.redraw();
  }

  /** The theme changed, or what is drawn on. */
  #recolour(): void {
    this.#inks = readInks(this.#above.canvas.parentElement as Element);
    this.#tiles.forget();
    this.redraw();
  }

  #frameIn(context: CanvasRenderingContext2D, thing: Thing): void {
    const { left, top, right, bottom } = frameOf(thing);
    const one = 1 / this.view.scale;
    context.strokeStyle = context.fillStyle = this.#inks.line[1] ?? this.#inks.ink;
    context.lineWidth = 2 * one;
    context.setLineDash([6 * one, 4 * one]);
    context.strokeRect(left - 4 * one, top - 4 * one, right - left + 8 * one, bottom - top + 8 * one);
    context.setLineDash([]);
    const side = HANDLE * one;
    context.fillRect(right + 4 * one - side / 2, bottom + 4 * one - side / 2, side, side);
  }

  #crossIn(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }): void {
    const arm = 12 / this.view.scale;
    context.strokeStyle = this.#inks.line[1] ?? this.#inks.ink;
    context.lineWidth = 2 / this.view.scale;
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    context.stroke();
  }
}
