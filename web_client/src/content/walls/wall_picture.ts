import { cardName } from '../../docs/wall_cards';
import type { Card, Drawing, WallLayout } from '../../protocol/shapes';
import { COUNTRIES, MAP_HEIGHT, MAP_WIDTH, OTHERS, toMap } from './europe';

/** A wall as a drawing of its own (SVG): its cards in one of its views, with lines broken here and nothing fetched. */

export interface PictureWords {
  title: string;
  /** Who made a card, of which school. */
  who: (card: Card) => string;
  kind: (card: Card) => string;
  /** What stands over the cards of a day, by its first card. */
  day: (card: Card) => string;
  noColumn: string;
  noDay: string;
  noPlace: string;
}

export interface WallPicture {
  svg: string;
  width: number;
  height: number;
}

/** How wide words are in these letters. */
export type Measure = (words: string, size: number, bold: boolean) => number;
type View = WallLayout['view'];

export const MOST_CARDS = 300;
const WIDTH = 260;
const GAP = 20;
const PADDING = 14;
const INSIDE = WIDTH - 2 * PADDING;
const IN_ROW = 4;
const PICTURE_MOST = 220;
const CANVAS_ROOM = 900;
const CANVAS_ROW = 320;
const MIDDLE = 1_000;
const LINE = 1.35;
const [INK, SOFT, EDGE, PAPER] = ['#16282c', '#46595c', '#7b8784', '#f7f4ec'];
const NOTES = ['#fff3c9', '#ddf0ea', '#f9e0da', '#e6e2f5', '#e3edd3', '#ffffff'];
const INKS = ['#16282c', '#0f4c5c', '#b4431f', '#3c6e1f', '#8a5a00', '#6a4c93'];

interface Piece {
  height: number;
  /** Drawn from 0, 0. */
  svg: string;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML knows no other control characters than line breaks and tabs, not even written as entities. */
const clean = (words: string): string =>
  words.replace(/[^\P{Cc}\n\r\t]|[\ufffe\uffff]/gu, '').replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');

/** Broken at spaces, and within a word that is longer than a line. */
export function wrap(words: string, width: number, measure: (words: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of words.split(/\r?\n/)) {
    let line = '';
    for (const word of paragraph.split(/\s+/)) {
      const longer = line ? `${line} ${word}` : word;
      if (measure(longer) <= width) {
        line = longer;
        continue;
      }
      if (line) lines.push(line);
      line = '';
      for (const sign of word) {
        if (line && measure(line + sign) > width) {
          lines.push(line);
          line = '';
        }
        line += sign;
      }
    }
    lines.push(line);
  }
  return lines;
}

export function drawWall(
  cards: readonly Card[],
  view: View,
  layout: WallLayout,
  words: PictureWords,
  /** Card id → address of its picture, as data. */
  pictures: Readonly<Record<string, string>>,
  measure: Measure,
): WallPicture {
  const text = (said: string, y: number, size: number, width: number, more: { bold?: boolean; fill?: string } = {}) => {
    const bold = more.bold ?? false;
    const lines = wrap(said, width, (part) => measure(part, size, bold));
    const svg = lines
      .map((line, i) => `<tspan x="0" y="${round(y + size + i * size * LINE)}">${clean(line)}</tspan>`)
      .join('');
    const weight = bold ? ' font-weight="700"' : '';
    return {
      height: lines.length * size * LINE,
      svg: `<text font-size="${size}" fill="${more.fill ?? INK}"${weight} style="unicode-bidi:plaintext">${svg}</text>`,
    };
  };

  function drawCard(card: Card, number?: number): Piece {
    let y = PADDING;
    let inside = '';
    const add = (piece: Piece, gap = 6) => {
      inside += piece.svg;
      y += piece.height + gap;
    };
    const title = [number ? `${number}.` : '', card.title].filter(Boolean).join(' ');
    if (title) add(text(title, y, 17, INSIDE, { bold: true }));
    const picture = pictures[card.id];
    if (card.kind === 'image' && picture) {
      const height = Math.min(PICTURE_MOST, card.width ? (INSIDE * card.height) / card.width : PICTURE_MOST);
      const about = clean(card.alt || cardName(card));
      add({
        height,
        svg: `<image x="0" y="${round(y)}" width="${INSIDE}" height="${round(height)}" href="${picture}"><title>${about}</title></image>`,
      });
    } else if (card.kind === 'drawing' && card.drawing) add(drawStrokes(card.drawing, y));
    else if (card.kind !== 'text') add(text(words.kind(card), y, 13, INSIDE, { fill: SOFT }));
    for (const option of card.options ?? []) add(text(`○ ${option}`, y, 14, INSIDE), 2);
    if (card.text) add(text(card.text, y, 14, INSIDE));
    if (card.alt && !(card.kind === 'image' && picture)) add(text(card.alt, y, 13, INSIDE, { fill: SOFT }));
    add(text(words.who(card), y, 12, INSIDE, { fill: SOFT }), 0);
    const height = round(y + PADDING);
    const paper = `<rect width="${WIDTH}" height="${height}" rx="8" fill="${NOTES[card.tint - 1] ?? NOTES[0]}" stroke="${EDGE}"/>`;
    return { height, svg: `${paper}<g transform="translate(${PADDING} 0)">${inside}</g>` };
  }

  /** In rows, each as high as its highest card. */
  function rows(these: readonly Piece[], inRow = IN_ROW): Piece {
    let y = 0;
    let svg = '';
    for (let i = 0; i < these.length; i += inRow) {
      const row = these.slice(i, i + inRow);
      row.forEach((piece, n) => (svg += at(n * (WIDTH + GAP), y, piece)));
      y += Math.max(...row.map(({ height }) => height)) + GAP;
    }
    return { height: y, svg };
  }

  function stack(these: readonly Piece[]): Piece {
    let y = 0;
    let svg = '';
    for (const piece of these) {
      svg += at(0, y, piece);
      y += piece.height;
    }
    return { height: y, svg };
  }

  const heading = (said: string, width: number): Piece => {
    const piece = text(said, 0, 18, width, { bold: true });
    return { height: piece.height + 10, svg: piece.svg };
  };
  const all = (these: readonly Card[]) => these.map((card) => drawCard(card));
  const wide = (count: number) => count * (WIDTH + GAP) - GAP;

  function columns(): { body: Piece; width: number } {
    const known = layout.sections.map(({ id }) => id);
    const groups = [{ id: '', title: words.noColumn }, ...layout.sections]
      .map(({ id, title }) => ({
        title,
        these: cards.filter(({ section }) => (section && known.includes(section) ? section : '') === id),
        id,
      }))
      .filter(({ id, these }) => id || these.length > 0);
    const drawn = groups.map(({ title, these }) => stack([heading(title, WIDTH), rows(all(these), 1)]));
    const svg = drawn.map((piece, i) => at(i * (WIDTH + GAP), 0, piece)).join('');
    return {
      body: { height: Math.max(0, ...drawn.map(({ height }) => height)), svg },
      width: wide(Math.max(1, groups.length)),
    };
  }

  function timeline(): Piece {
    const dayOf = ({ begins_on, ends_on }: Card) => (begins_on ? `${begins_on} ${ends_on ?? ''}` : '');
    const days = [...new Set(cards.map(dayOf))].sort((a, b) => (!a ? 1 : !b ? -1 : a < b ? -1 : 1));
    return stack(
      days.flatMap((day) => {
        const these = cards.filter((card) => dayOf(card) === day);
        const [first] = these;
        return [heading(day && first ? words.day(first) : words.noDay, wide(IN_ROW)), rows(all(these))];
      }),
    );
  }

  function map(): Piece {
    const isPlaced = ({ east, north }: Card) => typeof east === 'number' && typeof north === 'number';
    const placed = cards.filter(isPlaced);
    const without = cards.filter((card) => !isPlaced(card));
    const land = [...COUNTRIES.map(([, path]) => path), OTHERS]
      .map((path) => `<path d="${path}" fill="#e3edd3" stroke="${EDGE}"/>`)
      .join('');
    const pins = placed
      .map((card, i) => {
        const { x, y } = toMap({ east: card.east ?? 0, north: card.north ?? 0 });
        return `<g transform="translate(${round(x)} ${round(y)})"><circle r="15" fill="#b4431f" stroke="#ffffff" stroke-width="2"/><text y="6" font-size="16" font-weight="700" text-anchor="middle" fill="#ffffff">${i + 1}</text></g>`;
      })
      .join('');
    const sheet = {
      height: MAP_HEIGHT + GAP,
      svg: `<svg width="${MAP_WIDTH}" height="${MAP_HEIGHT}" viewBox="0 0 ${MAP_WIDTH} ${MAP_HEIGHT}"><rect width="100%" height="100%" fill="#ddf0ea"/>${land}${pins}</svg>`,
    };
    const rest = without.length > 0 ? [heading(words.noPlace, wide(IN_ROW)), rows(all(without))] : [];
    return stack([sheet, rows(placed.map((card, i) => drawCard(card, i + 1))), ...rest]);
  }

  function canvas(): { body: Piece; width: number } {
    const inRow = Math.max(1, Math.floor((CANVAS_ROOM - GAP) / (WIDTH + GAP)));
    const laid = cards
      .map((card, i) => ({
        piece: drawCard(card),
        x: card.x ?? GAP + (i % inRow) * (WIDTH + GAP),
        y: card.y ?? GAP + Math.floor(i / inRow) * CANVAS_ROW,
        z: card.z || MIDDLE,
      }))
      .sort((a, b) => a.z - b.z);
    // The empty part of the sheet above and before the first card is left out.
    const left = Math.min(...laid.map(({ x }) => x));
    const top = Math.min(...laid.map(({ y }) => y));
    return {
      body: {
        height: Math.max(0, ...laid.map(({ y, piece }) => y - top + piece.height)),
        svg: laid.map(({ x, y, piece }) => at(x - left, y - top, piece)).join(''),
      },
      width: Math.max(WIDTH, ...laid.map(({ x }) => x - left + WIDTH)),
    };
  }

  const drawn = {
    wall: () => ({ body: rows(all(cards)), width: wide(IN_ROW) }),
    columns,
    timeline: () => ({ body: timeline(), width: wide(IN_ROW) }),
    map: () => ({ body: map(), width: wide(IN_ROW) }),
    canvas,
  }[view]();
  const name = text(words.title, 0, 26, drawn.width, { bold: true });
  const whole = stack([{ height: name.height + GAP, svg: name.svg }, drawn.body]);
  const [width, height] = [Math.ceil(drawn.width + 2 * GAP), Math.ceil(whole.height + 2 * GAP)];
  const about = cards.map((card) => [cardName(card), words.who(card)].join(' · ')).join('\n');
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">` +
    `<title>${clean(words.title)}</title><desc>${clean(about)}</desc>` +
    `<rect width="100%" height="100%" fill="${PAPER}"/>${at(GAP, GAP, whole)}</svg>`;
  return { svg, width, height };
}

const round = (value: number): number => Math.round(value * 10) / 10;
const at = (x: number, y: number, piece: Piece): string =>
  `<g transform="translate(${round(x)} ${round(y)})">${piece.svg}</g>`;

/** On a sheet of 1000 by 750, as drawings are made. */
function drawStrokes({ strokes }: Drawing, y: number): Piece {
  const height = (INSIDE * 3) / 4;
  const paths = strokes.map(({ tint, width, points }) => {
    const pairs = points.flatMap((x, i) => (i % 2 === 0 ? [`${x} ${points[i + 1] ?? 0}`] : []));
    const path = pairs.length > 1 ? `M${pairs.join('L')}` : `M${pairs[0] ?? '0 0'}h0.1`;
    return `<path d="${path}" stroke="${INKS[tint - 1] ?? INK}" stroke-width="${width}"/>`;
  });
  return {
    height,
    svg: `<svg x="0" y="${round(y)}" width="${INSIDE}" height="${height}" viewBox="0 0 1000 750" fill="none" stroke-linecap="round" stroke-linejoin="round"><rect width="1000" height="750" fill="#fffdf8"/>${paths.join('')}</svg>`,
  };
}
