import { generateKeyBetween } from 'fractional-indexing';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ProblemError } from '../protocol/problem';
import type { Card, HeldThing } from '../protocol/shapes';
import {
  cardName,
  dropShown,
  NOTHING_MORE,
  NOWHERE,
  placeAfter,
  readCards,
  showCards,
  type CardChange,
} from './wall_cards';
import { readLayout } from './wall_layout';

const card = (id: string, position: string, more: Partial<Card> = {}): Card => ({
  id,
  title: id,
  text: '',
  tint: 1,
  author_id: 'ana',
  author_name: 'Ana',
  school_id: 'es',
  position,
  created_at_ms: 1,
  changed_at_ms: 1,
  waits: false,
  ...NOTHING_MORE,
  ...NOWHERE,
  ...more,
});
const ids = (cards: { id: string }[]) => cards.map(({ id }) => id).join('');
const ABC = [card('a', 'a0'), card('b', 'a1'), card('c', 'a2')];
const waiting = { key: 1, failed: null, confirmed: null };

test('cards come in the order of their positions, by character code, the id deciding between equals', () => {
  const map = new Y.Doc().getMap<unknown>('cards');
  const first = generateKeyBetween(null, null);
  const before = generateKeyBetween(null, first);
  for (const [id, position] of [
    ['c', first],
    ['b', first],
    ['z', before],
    ['a', generateKeyBetween(first, null)],
  ])
    map.set(id as string, new Y.Map(Object.entries(card(id as string, position as string))));
  map.set('no card', 'words');
  map.set('no place', new Y.Map([['title', 'x']]));
  expect(before < first).toBe(true);
  expect(ids(readCards(map))).toBe('zbca');
});

test('a tint that does not exist becomes the first', () => {
  const map = new Y.Doc().getMap<unknown>('cards');
  map.set(
    'a',
    new Y.Map<unknown>([
      ['position', 'a0'],
      ['tint', 9],
    ]),
  );
  expect(readCards(map)[0]?.tint).toBe(1);
});

test('a new card stands at the end until the document has it, marked as waiting', () => {
  const add: CardChange = { ...waiting, type: 'add', cardId: 'new', card: card('new', '') };
  const shown = showCards(ABC, [add]);
  expect(ids(shown)).toBe('abcnew');
  expect(shown[3]?.change).toBe(add);
  const confirmed: CardChange = { ...add, confirmed: card('d', 'a3', { changed_at_ms: 5 }) };
  expect(ids(showCards(ABC, [confirmed]))).toBe('abcd');
  expect(showCards(ABC, [confirmed])[3]?.change).toBeNull();
  expect(dropShown([confirmed], ABC)).toHaveLength(1);
  expect(dropShown([confirmed], [...ABC, card('d', 'a3', { changed_at_ms: 5 })])).toHaveLength(0);
});

test('a move is shown at once and falls back when the hub refuses', () => {
  const move: CardChange = { ...waiting, type: 'move', cardId: 'c', afterCardId: null };
  expect(ids(showCards(ABC, [move]))).toBe('cab');
  const failed = { ...move, failed: new ProblemError({ code: 'not_found', detail: '' }) };
  expect(ids(showCards(ABC, [failed]))).toBe('abc');
  const behindNobody: CardChange = { ...move, afterCardId: 'gone' };
  expect(ids(showCards(ABC, [behindNobody]))).toBe('abc');
});

test('an edit keeps its words until the document is at least as new', () => {
  const fields = { title: 'A', text: 'words', tint: 3 } as const;
  const edit: CardChange = { ...waiting, type: 'edit', cardId: 'a', fields };
  expect(showCards(ABC, [edit])[0]).toMatchObject(fields);
  const failed = { ...edit, failed: new ProblemError({ code: 'unavailable', detail: '' }) };
  expect(showCards(ABC, [failed])[0]).toMatchObject({ ...fields, change: failed });
  const confirmed: CardChange = { ...edit, confirmed: card('a', 'a0', { ...fields, changed_at_ms: 9 }) };
  expect(dropShown([edit, confirmed], ABC)).toEqual([edit, confirmed]);
  expect(dropShown([confirmed], [card('a', 'a0', { changed_at_ms: 9 })])).toEqual([]);
  expect(dropShown([confirmed], [])).toEqual([]);
});

test('a deleted card is gone at once and comes back when the hub refuses', () => {
  const del: CardChange = { ...waiting, type: 'delete', cardId: 'b', done: false };
  expect(ids(showCards(ABC, [del]))).toBe('ac');
  expect(ids(showCards(ABC, [{ ...del, failed: new ProblemError({ code: 'not_found', detail: '' }) }]))).toBe('abc');
  expect(dropShown([{ ...del, done: true }], ABC)).toHaveLength(1);
  expect(dropShown([{ ...del, done: true }], [ABC[0] as Card])).toHaveLength(0);
});

test('steps are turned into the card to come behind, and cut at the ends', () => {
  expect(placeAfter(ABC, 'b', -1)).toBeNull();
  expect(placeAfter(ABC, 'b', 1)).toBe('c');
  expect(placeAfter(ABC, 'a', 1)).toBe('b');
  expect(placeAfter(ABC, 'c', -1)).toBe('a');
  expect(placeAfter(ABC, 'c', -9)).toBeNull();
  expect(placeAfter(ABC, 'c', 1)).toBeUndefined();
  expect(placeAfter(ABC, 'x', 1)).toBeUndefined();
});

const held = (id: string, fields: Partial<HeldThing> = {}): HeldThing => ({
  twinspace_id: 's',
  content_id: 'w',
  content_title: 'Wall',
  content_kind: 'wall',
  kind: 'card',
  id,
  revision: 1,
  is_new: true,
  state: 'waiting',
  reason: '',
  card: card(id, '', { title: 'mine', waits: true }),
  comment: null,
  former: null,
  former_comment: null,
  author_id: 'ana',
  author_name: 'Ana',
  school_id: 'es',
  held_at_ms: 1,
  place_after: null,
  ...fields,
});

test('what waits of one’s own stands at the end, and a change stands in its card’s place', () => {
  const fresh = held('new');
  const change = held('b', { is_new: false });
  const shown = showCards(ABC, [], [fresh, change, held('k', { kind: 'comment' })]);
  expect(ids(shown)).toBe('abcnew');
  expect(shown[1]).toMatchObject({ title: 'mine', position: 'a1', held: change });
  expect(shown[3]?.held).toBe(fresh);
  expect(ids(showCards(ABC, [], [{ ...fresh, place_after: 'a' }]))).toBe('anewbc');
  expect(ids(showCards(ABC, [], [{ ...fresh, place_after: '' }]))).toBe('newabc');
});

test('what was let through is what the wall says, whatever this page still holds of it', () => {
  const shown = showCards(ABC, [], [held('a'), held('gone', { is_new: false })]);
  expect(ids(shown)).toBe('abc');
  expect(shown[0]).toMatchObject({ title: 'a', held: null });
});

test('what a card holds is read as it was made, and what makes no sense as nothing', () => {
  const doc = new Y.Doc();
  const map = doc.getMap<unknown>('cards');
  const drawing = { strokes: [{ tint: 1, width: 4, points: [1, 2] }] };
  const given = {
    kind: 'drawing',
    drawing: JSON.stringify(drawing),
    x: 3,
    y: 4,
    east: 'no',
    options: 7,
    begins_on: '2026-05-09',
  };
  map.set('a', new Y.Map(Object.entries({ position: 'a0', ...given })));
  map.set('b', new Y.Map(Object.entries({ position: 'a1', kind: 'hologram', drawing: '{', url: 5, text: 'words' })));
  const [a, b] = readCards(map);
  expect(a).toMatchObject({ kind: 'drawing', drawing, x: 3, y: 4, east: null, options: [], begins_on: '2026-05-09' });
  expect(b).toMatchObject({ ...NOTHING_MORE, text: 'words' });
  expect(cardName({ title: '', text: '', alt: 'A dog' })).toBe('A dog');
});

test('a card is shown where it was put until the hub has answered, and where it was when the hub refuses', () => {
  const place: CardChange = { ...waiting, type: 'place', cardId: 'b', places: { x: 10, y: 20, section: null } };
  const [, b] = showCards([card('a', 'a0'), card('b', 'a1', { section: 's' })], [place]);
  expect(b).toMatchObject({ x: 10, y: 20, section: '', change: place });
  const refused = { ...place, failed: new ProblemError({ code: 'not_found', detail: '' }) };
  expect(showCards(ABC, [refused])[1]).toMatchObject({ x: null, y: null });
});

test('a wall opens with the view it was given, and its columns stand in their order', () => {
  const doc = new Y.Doc();
  const [layout, sections] = [doc.getMap<unknown>('layout'), doc.getMap<unknown>('sections')];
  expect(readLayout(layout, sections)).toEqual({ view: 'wall', all_move: false, sections: [] });
  layout.set('view', 'map');
  sections.set('b', new Y.Map(Object.entries({ title: 'Evening', place: 1 })));
  sections.set('a', new Y.Map(Object.entries({ title: 'Morning', place: 0 })));
  expect(readLayout(layout, sections)).toMatchObject({ view: 'map', sections: [{ id: 'a' }, { title: 'Evening' }] });
});
