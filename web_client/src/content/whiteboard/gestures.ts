import { isStroke, MAX_POINTS, type Board, type Box, type Look, type Thing, type ThingType } from '../../docs/board';
import { boxOf, frameOf, isHit } from './shapes';
import type { Stage } from './stage';
import type { ToolName } from './tools';

/** What a hand does from when it is put down until it is lifted; pointers and keys drive the same gestures. */
export interface Gesture {
  move(x: number, y: number, pressure: number): void;
  /** The last place; `kept` is false when it was broken off. */
  end(kept: boolean): void;
}

/** A stroke goes to the document this often while it is drawn: not a message for each point. */
const GROW_EVERY_MS = 100;
const PLACE_EVERY_MS = 150;
const APART = 1.5;
const SMALLEST = 6;

export function drawStroke(board: Board, stage: Stage, look: Look, x: number, y: number, pressure: number): Gesture {
  board.begin();
  const pressed = look.pressed === true;
  const numbersOf = (px: number, py: number, force: number) =>
    pressed ? [Math.round(px), Math.round(py), Math.round(force * 31)] : [Math.round(px), Math.round(py)];
  const step = pressed ? 3 : 2;
  let points = numbersOf(x, y, pressure);
  let written = 0;
  const id = board.add(look, null);
  stage.cover([id]);
  const write = () => {
    board.grow(id, points.slice(written));
    written = points.length;
  };
  const show = () => {
    const thing = board.things.get(id);
    // Whoever took it away meanwhile wins; the hand goes on without leaving anything.
    stage.held = thing ? [{ ...thing, points }] : [];
    stage.touch();
  };
  write();
  show();
  const timer = setInterval(write, GROW_EVERY_MS);
  return {
    move(px, py, force) {
      const [lastX = 0, lastY = 0] = points.slice(-step);
      if (Math.hypot(px - lastX, py - lastY) * stage.view.scale < APART) return;
      if (points.length / step >= MAX_POINTS) return;
      points = [...points, ...numbersOf(px, py, force)];
      show();
    },
    end(kept) {
      clearInterval(timer);
      write();
      stage.held = [];
      stage.cover([]);
      if (!kept) board.takeBack(id);
    },
  };
}

export function drawShape(
  board: Board,
  stage: Stage,
  look: Look,
  x: number,
  y: number,
  made: (id: string) => void,
): Gesture {
  let box: Box = [x, y, 0, 0];
  const thing = (): Thing => ({
    id: '',
    type: look.type,
    tint: look.tint,
    width: look.width,
    pressed: false,
    box,
    points: [],
    text: '',
    order: '',
    materialId: null,
    page: 0,
    client: 0,
  });
  return {
    move(px, py) {
      box = [x, y, px - x, py - y];
      stage.held = [thing()];
      stage.touch();
    },
    end(kept) {
      stage.held = [];
      stage.touch();
      if (!kept) return;
      // A mere tap makes one of a useful size.
      if (Math.hypot(box[2], box[3]) < SMALLEST)
        box = [x, y, 120, look.type === 'line' || look.type === 'arrow' ? 0 : 80];
      board.begin();
      made(board.add(look, box));
    },
  };
}

export function erase(board: Board, stage: Stage, x: number, y: number): Gesture {
  board.begin();
  const wipe = (px: number, py: number) => {
    const reach = 10 / stage.view.scale;
    const near = stage.at({ left: px - reach, top: py - reach, right: px + reach, bottom: py + reach });
    const hit = near.filter((thing) => isHit(thing, px, py, reach));
    if (hit.length > 0) board.remove(hit.map(({ id }) => id));
  };
  wipe(x, y);
  return { move: wipe, end: () => undefined };
}

/** Moves a thing, or by its corner makes it larger or smaller. */
export function shift(board: Board, stage: Stage, thing: Thing, x: number, y: number, byCorner: boolean): Gesture {
  const start = boxOf(thing);
  let box = start;
  let moved = false;
  let placed_ms = 0;
  const place = () => {
    board.place(thing.id, box);
    placed_ms = performance.now();
  };
  return {
    move(px, py) {
      if (!moved && Math.hypot(px - x, py - y) * stage.view.scale < 3) return;
      if (!moved) {
        moved = true;
        board.begin();
        stage.cover([thing.id]);
      }
      box = byCorner ? resized(thing, px - x, py - y) : [start[0] + px - x, start[1] + py - y, start[2], start[3]];
      stage.held = [{ ...thing, box }];
      stage.touch();
      if (performance.now() - placed_ms > PLACE_EVERY_MS) place();
    },
    end(kept) {
      if (!moved) return;
      if (!kept) box = start;
      place();
      stage.held = [];
      stage.cover([]);
    },
  };
}

export function resized(thing: Thing, dx: number, dy: number): Box {
  const [x, y, width, height] = boxOf(thing);
  if (thing.type === 'line' || thing.type === 'arrow') {
    const [right, bottom] = [width >= 0, height >= 0];
    return [
      right ? x : x + dx,
      bottom ? y : y + dy,
      right ? width + dx : width - dx,
      bottom ? height + dy : height - dy,
    ];
  }
  const { left, top, right, bottom } = frameOf(thing);
  const [newWidth, newHeight] = [Math.max(SMALLEST, right - left + dx), Math.max(SMALLEST, bottom - top + dy)];
  if (thing.type !== 'picture') return [left, top, newWidth, newHeight];
  // A picture keeps its shape.
  const times = Math.max(newWidth / (right - left || 1), newHeight / (bottom - top || 1));
  return [left, top, (right - left) * times, (bottom - top) * times];
}

export const isShape = (type: ThingType): boolean =>
  !isStroke({ type }) && type !== 'text' && type !== 'note' && type !== 'picture';

/** Drawn from one place to another, rather than done at one. */
export const isDrawn = (tool: ToolName): boolean =>
  tool !== 'select' && tool !== 'hand' && tool !== 'eraser' && (isStroke({ type: tool }) || isShape(tool));
