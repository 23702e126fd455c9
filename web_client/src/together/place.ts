import { tell } from '../content/whiteboard/slide_turns';

/** Where in what is open somebody is: a part that everybody has, and how far below its beginning. */
export interface Place {
  anchor: string;
  /** In heights of the part. */
  offset: number;
}

export interface Box {
  top: number;
  height: number;
}

/** The parts by which a place is named, as the kinds of content write them into the page. */
const NAMED = '[data-card], [data-question]';
const BLOCKS = '.ProseMirror > *';
const MOST = 1_000;

/** The first part that reaches below the upper edge, and how much of it is above; null when there are no parts. */
export function placeAt(parts: readonly { name: string; box: Box }[], edge: number): Place | null {
  const part = parts.find(({ box }) => box.top + box.height > edge) ?? parts.at(-1);
  if (!part) return null;
  const offset = part.box.height > 0 ? (edge - part.box.top) / part.box.height : 0;
  return { anchor: part.name, offset: Math.round(Math.max(-MOST, Math.min(MOST, offset)) * 1_000) / 1_000 };
}

/** How far the upper edge has to go for the place to be there; null when its part is not on this page. */
export function wayTo(parts: readonly { name: string; box: Box }[], edge: number, place: Place): number | null {
  const part = parts.find(({ name }) => name === place.anchor);
  return part ? part.box.top + place.offset * part.box.height - edge : null;
}

function partsOf(scroller: HTMLElement): { name: string; box: Box }[] {
  const boxOf = (element: Element): Box => {
    const { top, height } = element.getBoundingClientRect();
    return { top, height };
  };
  const named = [...scroller.querySelectorAll<HTMLElement>(NAMED)].map((element) => ({
    name: element.dataset['card'] ? `card:${element.dataset['card']}` : `question:${element.dataset['question'] ?? ''}`,
    box: boxOf(element),
  }));
  if (named.length > 0) return named;
  const blocks = [...scroller.querySelectorAll(BLOCKS)].map((element, n) => ({
    name: `block:${n}`,
    box: boxOf(element),
  }));
  if (blocks.length > 0) return blocks;
  const inside = scroller.firstElementChild;
  return inside ? [{ name: 'all', box: boxOf(inside) }] : [];
}

const slidesIn = (scroller: HTMLElement) => scroller.querySelector<HTMLElement>('[data-slide]');

/** Where the reader of this box is; in slides that is their page, wherever it is scrolled to. */
export function placeIn(scroller: HTMLElement): Place | null {
  const slides = slidesIn(scroller);
  if (slides) return { anchor: `slide:${slides.dataset['slide'] ?? ''}`, offset: 0 };
  return placeAt(partsOf(scroller), scroller.getBoundingClientRect().top);
}

/** Brings the reader of this box to a place; nothing moves when its part isn't there, or is where it should be. */
export function goTo(scroller: HTMLElement, place: Place, smooth: boolean): void {
  const slides = slidesIn(scroller);
  const number = /^slide:(\d+)$/.exec(place.anchor)?.[1];
  if (slides && number) return tell(slides, Number(number));
  const way = wayTo(partsOf(scroller), scroller.getBoundingClientRect().top, place);
  if (way !== null && Math.abs(way) > 2) scroller.scrollBy({ top: way, behavior: smooth ? 'smooth' : 'auto' });
}
