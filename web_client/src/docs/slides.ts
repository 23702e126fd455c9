import * as Y from 'yjs';
import type { Thing } from './board';

/** The pages of a PDF that lie under a board (crdt_docs/SPEC.md, CB6 and CB7). Others write it, so nothing is trusted. */

export interface Page {
  /** From 1. */
  number: number;
  top: number;
  height: number;
  text: string;
}

export interface Slides {
  materialId: string;
  version: number;
  pages: readonly Page[];
}

const MAX_PAGES = 200;
const MAX_TEXT_LENGTH = 2_000;
export const PAGE_WIDTH = 1_000;
const GAP = 80;

export function readSlides(doc: Y.Doc): Slides | null {
  const kept = doc.getMap<unknown>('slides');
  const materialId = kept.get('material_id');
  const version = kept.get('version');
  const given = kept.get('pages');
  if (typeof materialId !== 'string' || typeof version !== 'number' || !(version >= 1)) return null;
  if (!Array.isArray(given) || given.length === 0) return null;
  let top = 0;
  const pages = given.slice(0, MAX_PAGES).map((each: unknown, i): Page => {
    const { height, text } = (typeof each === 'object' && each !== null ? each : {}) as Record<string, unknown>;
    const page = {
      number: i + 1,
      top,
      height: heightOf(height),
      text: typeof text === 'string' ? text.slice(0, MAX_TEXT_LENGTH) : '',
    };
    top += page.height + GAP;
    return page;
  });
  return { materialId, version: Math.trunc(version), pages };
}

const heightOf = (value: unknown): number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? Math.min(PAGE_WIDTH * 8, Math.max(PAGE_WIDTH / 8, Math.trunc(value)))
    : PAGE_WIDTH;

/** The page that lies at this height of the board, or last above it. */
export const pageAt = ({ pages }: Slides, y: number): Page =>
  pages.findLast(({ top }) => top - GAP / 2 <= y) ?? (pages[0] as Page);

/** The pages as things that the board draws under all others, and that nobody can take. */
export const groundOf = ({ materialId, pages }: Slides): Thing[] =>
  pages.map(({ number, top, height, text }) => ({
    id: `slide:${number}`,
    type: 'picture',
    tint: 1,
    width: 1,
    pressed: false,
    box: [0, top, PAGE_WIDTH, height],
    points: [],
    text,
    order: '',
    materialId,
    page: number,
    client: 0,
  }));
