import { isStroke, type Thing } from '../../docs/board';
import { boxOf, frameOf, headOf, traceStroke } from './shapes';

/** Draws single things onto a canvas that is already scaled and moved. */

export interface Inks {
  line: readonly string[];
  note: readonly string[];
  ink: string;
  edge: string;
  font: string;
}

const LINES = ['--ink', '--lake', '--signal', '--s4', '--s5', '--s3'];
const NOTES = ['--note-1', '--note-2', '--note-3', '--note-4', '--note-5', '--note-6'];
const MARKER_SEES_THROUGH = 0.4;
const NOTE_PADDING = 12;
const LINE_HEIGHT = 1.3;

/** The theme's colours as a canvas needs them. */
export function readInks(element: Element): Inks {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const inks = {
    line: LINES.map(colour),
    note: NOTES.map(colour),
    ink: colour('--ink'),
    edge: colour('--edge'),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return inks;
}

/** Pictures by their address; `undefined` while one is on its way or when there is none. */
export type PictureOf = (thing: Thing) => CanvasImageSource | undefined;

const paths = new WeakMap<Thing, Path2D>();

export function drawThing(context: CanvasRenderingContext2D, thing: Thing, inks: Inks, pictureOf: PictureOf): void {
  const colour = inks.line[thing.tint - 1] ?? inks.ink;
  const [x, y, width, height] = boxOf(thing);
  context.lineWidth = thing.width;
  context.lineCap = context.lineJoin = 'round';
  context.strokeStyle = context.fillStyle = colour;
  if (isStroke(thing)) {
    if (thing.type === 'marker') context.globalAlpha = MARKER_SEES_THROUGH;
    context.fill(strokePath(thing));
    context.globalAlpha = 1;
  } else if (thing.type === 'rectangle') context.strokeRect(x, y, width, height);
  else if (thing.type === 'ellipse') {
    context.beginPath();
    context.ellipse(x + width / 2, y + height / 2, Math.abs(width) / 2, Math.abs(height) / 2, 0, 0, Math.PI * 2);
    context.stroke();
  } else if (thing.type === 'line' || thing.type === 'arrow') {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + width, y + height);
    context.stroke();
    if (thing.type === 'arrow') {
      const [tip, ...corners] = headOf(thing);
      context.beginPath();
      context.moveTo(...(tip as [number, number]));
      for (const corner of corners) context.lineTo(...corner);
      context.closePath();
      context.fill();
      context.lineWidth = 1;
      context.stroke();
    }
  } else if (thing.type === 'picture') drawPicture(context, thing, inks, pictureOf);
  else drawWords(context, thing, inks, colour);
}

function strokePath(thing: Thing): Path2D {
  let path = paths.get(thing);
  if (!path) {
    path = new Path2D();
    traceStroke(thing, path);
    paths.set(thing, path);
  }
  return path;
}

function drawPicture(context: CanvasRenderingContext2D, thing: Thing, inks: Inks, pictureOf: PictureOf): void {
  const { left, top, right, bottom } = frameOf(thing);
  const picture = pictureOf(thing);
  if (picture) {
    context.drawImage(picture, left, top, right - left, bottom - top);
    return;
  }
  context.strokeStyle = context.fillStyle = inks.edge;
  context.lineWidth = 2;
  context.strokeRect(left, top, right - left, bottom - top);
  context.font = `16px ${inks.font}`;
  context.textBaseline = 'top';
  context.fillText(thing.text.slice(0, 60), left + 8, top + 8, right - left - 16);
}

function drawWords(context: CanvasRenderingContext2D, thing: Thing, inks: Inks, colour: string): void {
  const { left, top, right, bottom } = frameOf(thing);
  const isNote = thing.type === 'note';
  if (isNote) {
    context.fillStyle = inks.note[thing.tint - 1] ?? inks.note[0] ?? 'white';
    context.fillRect(left, top, right - left, bottom - top);
    context.strokeStyle = inks.edge;
    context.lineWidth = 1;
    context.strokeRect(left, top, right - left, bottom - top);
  }
  const padding = isNote ? NOTE_PADDING : 0;
  const size = thing.width;
  context.font = `${size}px ${inks.font}`;
  context.textBaseline = 'top';
  context.direction = 'inherit';
  context.fillStyle = isNote ? inks.ink : colour;
  let y = top + padding;
  for (const line of wrapped(context, thing, right - left - 2 * padding)) {
    if (isNote && y + size > bottom) break;
    context.fillText(line, left + padding, y);
    y += size * LINE_HEIGHT;
  }
}

const wraps = new WeakMap<Thing, string[]>();

function wrapped(context: CanvasRenderingContext2D, thing: Thing, width: number): string[] {
  let lines = wraps.get(thing);
  if (!lines) {
    lines = thing.text
      .split('\n')
      .flatMap((paragraph) => wrap(paragraph, width, (text) => context.measureText(text).width));
    wraps.set(thing, lines);
  }
  return lines;
}

/** Lines of at most this width; a word that is longer is cut. */
export function wrap(paragraph: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    let rest = word;
    const longer = line ? `${line} ${rest}` : rest;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    while (rest.length > 1 && measure(rest) > width) {
      let fits = rest.length - 1;
      while (fits > 1 && measure(rest.slice(0, fits)) > width) fits--;
      lines.push(rest.slice(0, fits));
      rest = rest.slice(fits);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}
