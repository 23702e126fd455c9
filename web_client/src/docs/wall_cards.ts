import type * as Y from 'yjs';
import type { Card, CardKind, Drawing, HeldThing } from '../protocol/shapes';
import type { ProblemError } from '../protocol/problem';

/**
 * The cards of a wall: what the wall's document holds, and over it the changes this page has asked the hub for. The hub alone
 * writes the document, so a change is `pending` until the hub answered and leaves the overlay when the document shows it.
 */

export type CardText = Pick<Card, 'title' | 'text' | 'tint'>;
type BodyName =
  | 'kind'
  | 'file_id'
  | 'file_name'
  | 'media_type'
  | 'size_bytes'
  | 'width'
  | 'height'
  | 'has_preview'
  | 'nobody_pictured'
  | 'alt'
  | 'url'
  | 'drawing'
  | 'target_kind'
  | 'target_id'
  | 'options';
type PlaceName = 'section' | 'begins_on' | 'ends_on' | 'country' | 'east' | 'north' | 'x' | 'y' | 'z';
/** What a card holds beside its words. */
export type CardBody = Pick<Card, BodyName>;
/** Where it stands in each view; null takes it from there. */
export type CardPlaces = { [name in PlaceName]?: Card[name] | null };
/** What a person may say of a card that is there. */
export type CardFields = CardText & Partial<Pick<Card, 'alt' | 'url' | 'drawing' | 'nobody_pictured'>>;

const KINDS: readonly CardKind[] = ['text', 'image', 'file', 'audio', 'drawing', 'link', 'pointer', 'poll'];

export const NOTHING_MORE: CardBody = {
  kind: 'text',
  file_id: '',
  file_name: '',
  media_type: '',
  size_bytes: 0,
  width: 0,
  height: 0,
  has_preview: false,
  nobody_pictured: false,
  alt: '',
  url: '',
  drawing: null,
  target_kind: '',
  target_id: '',
  options: [],
};
export const NOWHERE = {
  section: '',
  begins_on: '',
  ends_on: '',
  country: '',
  east: null,
  north: null,
  x: null,
  y: null,
  z: 0,
} as const satisfies CardPlaces;

export type CardChange = { key: number; failed: ProblemError | null; confirmed: Card | null } & (
  | { type: 'add'; cardId: string; card: Card }
  | { type: 'edit'; cardId: string; fields: CardFields }
  | { type: 'place'; cardId: string; places: CardPlaces }
  | { type: 'move'; cardId: string; afterCardId: string | null }
  | { type: 'delete'; cardId: string; done: boolean }
);

export interface ShownCard extends Card {
  /** The change that the hub has not answered yet, or refused. */
  change: CardChange | null;
  /** Not on the wall, or not like this: it waits for a teacher, or was sent back. */
  held: HeldThing | null;
}

/** The cards of the document's map in the wall's order; what is no card is left out. */
export function readCards(map: Y.Map<unknown>): Card[] {
  const cards: Card[] = [];
  for (const [id, value] of map.entries()) {
    const card = readCard(id, value);
    if (card) cards.push(card);
  }
  return cards.sort(byPosition);
}

/** By fractional index, compared by character code as the hub compares them; the id decides between equals. */
function byPosition(a: Card, b: Card): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function readCard(id: string, value: unknown): Card | null {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return null;
  const raw = (value as Y.Map<unknown>).toJSON() as Record<string, unknown>;
  if (typeof raw.position !== 'string') return null;
  const words = (key: string) => (typeof raw[key] === 'string' ? raw[key] : '');
  const time = (key: string) => (typeof raw[key] === 'number' ? raw[key] : 0);
  return {
    id,
    title: words('title'),
    text: words('text'),
    tint: tintOf(raw.tint),
    author_id: words('author_id'),
    author_name: words('author_name'),
    school_id: words('school_id'),
    position: raw.position,
    created_at_ms: time('created_at_ms'),
    changed_at_ms: time('changed_at_ms'),
    waits: false,
    ...readMore(raw),
  };
}

function readMore(raw: Record<string, unknown>): CardBody & Required<Pick<Card, PlaceName>> {
  const more: Record<string, unknown> = { ...NOTHING_MORE, ...NOWHERE };
  for (const [name, nothing] of Object.entries(more)) {
    const value = raw[name];
    if (typeof value === typeof nothing || (nothing === null && typeof value === 'number')) more[name] = value;
  }
  more.kind = KINDS.includes(raw.kind as CardKind) ? raw.kind : 'text';
  more.options = Array.isArray(raw.options) ? raw.options.map(String) : [];
  more.drawing = readDrawing(raw.drawing);
  return more as ReturnType<typeof readMore>;
}

/** In the wall's document it is text. */
function readDrawing(text: unknown): Drawing | null {
  if (typeof text !== 'string' || !text) return null;
  try {
    const drawing: unknown = JSON.parse(text);
    return typeof drawing === 'object' && drawing !== null && 'strokes' in drawing ? (drawing as Drawing) : null;
  } catch {
    return null;
  }
}

/** What a card is called where there is little room. */
export const cardName = (card: Pick<Card, 'title' | 'text'> & Partial<CardBody>): string =>
  card.title || card.text.slice(0, 40) || card.alt || card.file_name || card.url || '';

export function tintOf(value: unknown): Card['tint'] {
  const tint = Math.round(Number(value));
  return tint >= 1 && tint <= 6 ? (tint as Card['tint']) : 1;
}

/** The wall as this page shows it; `held` are one's own things before the gate. */
export function showCards(
  cards: readonly Card[],
  changes: readonly CardChange[],
  held: readonly HeldThing[] = [],
): ShownCard[] {
  const shown: ShownCard[] = cards.map((card) => ({ ...card, change: null, held: null }));
  for (const thing of held) {
    if (thing.kind !== 'card') continue;
    const index = shown.findIndex(({ id }) => id === thing.id);
    const there = shown[index];
    // It may have been let through before this page hears that it waits no more: then the wall is right.
    if (there && thing.is_new) continue;
    if (there) shown[index] = { ...thing.card, position: there.position, change: null, held: thing };
    else if (thing.is_new) shown.splice(placeOf(thing, shown), 0, { ...thing.card, change: null, held: thing });
  }
  for (const change of changes) overlay(shown, change);
  return shown;
}

/** Where a new card's author has put it; at the end when they have not, or what it was put behind is gone. */
function placeOf({ place_after }: HeldThing, shown: readonly ShownCard[]): number {
  if (place_after === '') return 0;
  const after = shown.findIndex(({ id }) => id === place_after);
  return after < 0 ? shown.length : after + 1;
}

function overlay(shown: ShownCard[], change: CardChange): void {
  const waiting = change.confirmed ? null : change;
  const index = shown.findIndex((card) => card.id === (change.confirmed?.id ?? change.cardId));
  if (change.type === 'add') {
    if (index < 0) shown.push({ ...(change.confirmed ?? change.card), change: waiting, held: null });
    return;
  }
  const card = shown[index];
  if (!card) return;
  if (change.type === 'delete') {
    if (change.failed) shown[index] = { ...card, change };
    else shown.splice(index, 1);
  } else if (change.type === 'edit') {
    shown[index] = { ...card, ...change.fields, change: waiting };
  } else if (change.type === 'place') {
    if (!change.failed) shown[index] = { ...card, ...placed(change.places), change: waiting };
    else shown[index] = { ...card, change };
  } else if (!change.failed) {
    shown.splice(index, 1);
    const after = shown.findIndex((other) => other.id === change.afterCardId);
    // The card it was put behind may be gone meanwhile; then it stays where it is until the hub has answered.
    if (change.afterCardId !== null && after < 0) shown.splice(index, 0, { ...card, change: waiting });
    else shown.splice(after + 1, 0, { ...card, change: waiting });
  }
}

function placed(places: CardPlaces): Partial<Card> {
  return Object.fromEntries(
    Object.entries(places).map(([name, value]) => [name, value ?? NOWHERE[name as keyof CardPlaces]]),
  );
}

/** The changes that the document does not show yet: those the hub has not answered, and those whose answer came first. */
export function dropShown(changes: readonly CardChange[], cards: readonly Card[]): CardChange[] {
  return changes.filter((change) => {
    if (change.type === 'delete') return !change.done || cards.some((card) => card.id === change.cardId);
    if (!change.confirmed) return true;
    const confirmed = change.confirmed;
    const card = cards.find((other) => other.id === confirmed.id);
    if (!card) return change.type === 'add';
    if (change.type === 'move')
      return card.position !== confirmed.position && card.changed_at_ms <= confirmed.changed_at_ms;
    return card.changed_at_ms < confirmed.changed_at_ms;
  });
}

/**
 * Where a move puts a card: the card it comes behind (null: to the front), or undefined when nothing would change.
 * `steps` is how many places towards the end; it is cut at the ends.
 */
export function placeAfter(cards: readonly { id: string }[], cardId: string, steps: number): string | null | undefined {
  const from = cards.findIndex((card) => card.id === cardId);
  if (from < 0) return undefined;
  const to = Math.min(cards.length - 1, Math.max(0, from + steps));
  if (to === from) return undefined;
  const others = cards.filter((card) => card.id !== cardId);
  return to === 0 ? null : (others[to - 1] as { id: string }).id;
}
