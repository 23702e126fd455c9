import { getStroke } from 'perfect-freehand';
import { isStroke, type Box, type Thing } from '../../docs/board';

/** Where things are and how they are outlined, in the board's own pixels. */

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What shows of a thing beyond its box: half a line, an arrow's head. */
const HEAD = 4;
export const HIT_SLACK = 8;

export const touches = (a: Area, b: Area): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

export const grown = (area: Area, by: number): Area => ({
  left: area.left - by,
  top: area.top - by,
  right: area.right + by,
  bottom: area.bottom + by,
});

const naturals = new WeakMap<readonly number[], Box>();

/** Where a stroke was drawn. */
function naturalBox({ points, pressed }: Thing): Box {
  let box = naturals.get(points);
  if (!box) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.length; i += pressed ? 3 : 2) {
      const [x, y] = [points[i] as number, points[i + 1] as number];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    box = points.length > 0 ? [left, top, right - left, bottom - top] : [0, 0, 0, 0];
    naturals.set(points, box);
  }
  return box;
}

export const boxOf = (thing: Thing): Box => thing.box ?? naturalBox(thing);

/** The box with its sides the right way round. */
export function frameOf(thing: Thing): Area {
  const [x, y, width, height] = boxOf(thing);
  return {
    left: Math.min(x, x + width),
    top: Math.min(y, y + height),
    right: Math.max(x, x + width),
    bottom: Math.max(y, y + height),
  };
}

/** Everything that shows of it. */
export function areaOf(thing: Thing): Area {
  const beyond = thing.type === 'arrow' ? thing.width * HEAD + 4 : thing.width / 2 + 2;
  return grown(frameOf(thing), isStroke(thing) ? thing.width + 2 : beyond);
}

/** A stroke's points where they are now. */
export function placedPoints(thing: Thing): [number, number, number][] {
  const step = thing.pressed ? 3 : 2;
  const placed: [number, number, number][] = [];
  const from = naturalBox(thing);
  const to = thing.box ?? from;
  const scaleX = from[2] ? to[2] / from[2] : 1;
  const scaleY = from[3] ? to[3] / from[3] : 1;
  for (let i = 0; i < thing.points.length; i += step) {
    const x = to[0] + ((thing.points[i] as number) - from[0]) * scaleX;
    const y = to[1] + ((thing.points[i + 1] as number) - from[1]) * scaleY;
    placed.push([x, y, thing.pressed ? (thing.points[i + 2] as number) / 31 : 0.5]);
  }
  return placed;
}

/** The outline of a stroke, to be filled: thicker where it was pressed, or drawn slowly. */
export function outlineOf(thing: Thing): number[][] {
  const isPen = thing.type === 'pen';
  return getStroke(placedPoints(thing), {
    size: thing.width * (isPen ? 1.6 : 1),
    thinning: isPen ? 0.5 : 0,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: isPen && !thing.pressed,
    last: true,
  });
}

/** Draws a stroke's outline with a pen that is a canvas path, or anything like one. */
export function traceStroke(thing: Thing, pen: Pick<CanvasPath, 'moveTo' | 'quadraticCurveTo' | 'closePath'>): void {
  const outline = outlineOf(thing);
  outline.forEach(([x = 0, y = 0], i) => {
    const [nextX = 0, nextY = 0] = outline[(i + 1) % outline.length] ?? [];
    // Through the middles of the outline's sides, bent at its corners: smooth without more points.
    if (i === 0) pen.moveTo((x + nextX) / 2, (y + nextY) / 2);
    else pen.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  pen.closePath();
}

/** Outline of an arrow's head: its tip and the two corners behind it. */
export function headOf(thing: Thing): [number, number][] {
  const [x, y, width, height] = boxOf(thing);
  const length = Math.hypot(width, height) || 1;
  const size = Math.min(thing.width * HEAD + 6, Math.max(length, 8));
  const [dx, dy] = [width / length, height / length];
  const [tipX, tipY] = [x + width, y + height];
  return [
    [tipX, tipY],
    [tipX - dx * size - (dy * size) / 2, tipY - dy * size + (dx * size) / 2],
    [tipX - dx * size + (dy * size) / 2, tipY - dy * size - (dx * size) / 2],
  ];
}

/** Whether a pointer at this place means the thing. `slack` is in the board's pixels. */
export function isHit(thing: Thing, x: number, y: number, slack = HIT_SLACK): boolean {
  const frame = grown(frameOf(thing), slack + thing.width / 2);
  if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) return false;
  const reach = slack + thing.width / 2;
  if (isStroke(thing)) return isNearLine(placedPoints(thing), x, y, reach);
  const [left, top, width, height] = boxOf(thing);
  if (thing.type === 'line' || thing.type === 'arrow')
    return (
      distance(x, y, left, top, left + width, top + height) <= reach + (thing.type === 'arrow' ? thing.width * 2 : 0)
    );
  if (thing.type === 'rectangle') {
    const inner = grown(frameOf(thing), -reach);
    return x < inner.left || x > inner.right || y < inner.top || y > inner.bottom;
  }
  if (thing.type === 'ellipse') {
    const [radiusX, radiusY] = [Math.abs(width) / 2 || 1, Math.abs(height) / 2 || 1];
    const away = Math.hypot((x - left - width / 2) / radiusX, (y - top - height / 2) / radiusY);
    return Math.abs(away - 1) * Math.min(radiusX, radiusY) <= reach;
  }
  return true;
}

function isNearLine(points: readonly (readonly number[])[], x: number, y: number, reach: number): boolean {
  const [first] = points;
  if (!first) return false;
  if (points.length === 1) return Math.hypot(x - (first[0] as number), y - (first[1] as number)) <= reach;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as number[], points[i] as number[]];
    if (distance(x, y, a[0] as number, a[1] as number, b[0] as number, b[1] as number) <= reach) return true;
  }
  return false;
}

function distance(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
