import { generateKeyBetween } from 'fractional-indexing';
import * as Y from 'yjs';
import { pack, unpack } from './polyline';
import { rewrite } from './shared_text';

/** What stands on a whiteboard: one Y.Map for each thing (crdt_docs/SPEC.md, rules CB). Others write it, so nothing is trusted. */

export const THING_TYPES = [
  'pen',
  'marker',
  'line',
  'arrow',
  'rectangle',
  'ellipse',
  'text',
  'note',
  'picture',
] as const;
export type ThingType = (typeof THING_TYPES)[number];
/** x, y, width, height; lines and arrows may go backwards. */
export type Box = readonly [number, number, number, number];

/** One thing as it was at a moment; a changed one is another object. */
export interface Thing {
  readonly id: string;
  readonly type: ThingType;
  readonly tint: number;
  readonly width: number;
  /** Points have a third number, how hard they were pressed: 0 to 31. */
  readonly pressed: boolean;
  /** Null of a stroke that is where it was drawn. */
  readonly box: Box | null;
  /** Of a stroke, one number after the other. */
  readonly points: readonly number[];
  readonly text: string;
  readonly order: string;
  readonly materialId: string | null;
  readonly page: number;
  /** The Yjs client that put it there; whose that is, the hub says. */
  readonly client: number;
}

export interface Look {
  type: ThingType;
  tint: number;
  width: number;
  pressed?: boolean;
  material_id?: string;
  page?: number;
}

export interface Change {
  before: Thing | undefined;
  after: Thing | undefined;
}

export const MAX_POINTS = 4_000;
export const MAX_TEXT_LENGTH = 4_000;
const FARTHEST = 1_000_000;
const TINTS = 6;
const WIDEST = 64;

export const isStroke = ({ type }: { type: ThingType }): boolean => type === 'pen' || type === 'marker';
const whole = (value: unknown, lowest: number, highest: number, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value)
    ? Math.min(highest, Math.max(lowest, Math.trunc(value)))
    : otherwise;
const near = (value: number): number => whole(Math.round(value), -FARTHEST, FARTHEST, 0);

/** Reads and writes a board's document. Things are kept read, so that a change costs what it changes. */
export class Board {
  readonly things = new Map<string, Thing>();
  readonly undoing: Y.UndoManager;
  readonly #doc: Y.Doc;
  readonly #objects: Y.Map<unknown>;
  readonly #listeners = new Set<(changes: Change[]) => void>();
  #sorted: Thing[] | undefined;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#objects = doc.getMap('objects');
    // Only what this page does itself, one gesture at a time: `begin` says where a new one starts.
    this.undoing = new Y.UndoManager(this.#objects, { trackedOrigins: new Set([this]), captureTimeout: 1e12 });
    for (const id of this.#objects.keys()) this.#read(id);
    this.#objects.observeDeep(this.#follow);
  }

  destroy(): void {
    this.#objects.unobserveDeep(this.#follow);
    this.undoing.destroy();
    this.#listeners.clear();
  }

  listen(listener: (changes: Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From the lowest to the topmost. */
  sorted(): readonly Thing[] {
    this.#sorted ??= [...this.things.values()].sort(byOrder);
    return this.#sorted;
  }

  /** What follows is one step to undo. */
  begin(): void {
    this.undoing.stopCapturing();
  }

  add(look: Look, box: Box | null, text = ''): string {
    const id = crypto.randomUUID().slice(0, 13);
    this.#change(() => {
      const map = new Y.Map<unknown>();
      map.set('look', look);
      if (box) map.set('box', box.map(near));
      if (isStroke(look)) map.set('points', new Y.Array<string>());
      if (text) map.set('words', new Y.Text(text));
      map.set('order', generateKeyBetween(this.#lastKey(), null));
      this.#objects.set(id, map);
    });
    return id;
  }

  /** Lets a stroke go on: `numbers` are its next points. */
  grow(id: string, numbers: readonly number[]): void {
    const map = this.#objects.get(id);
    const thing = this.things.get(id);
    const points = map instanceof Y.Map ? map.get('points') : undefined;
    if (!thing || !(points instanceof Y.Array) || numbers.length === 0) return;
    const dimensions = thing.pressed ? 3 : 2;
    const text = pack(numbers.map(Math.round), dimensions, thing.points.slice(-dimensions));
    this.#change(() => points.push([text]));
  }

  place(id: string, box: Box): void {
    this.#set(id, 'box', box.map(near));
  }

  recolour(id: string, tint: number): void {
    const map = this.#objects.get(id);
    if (map instanceof Y.Map) this.#set(id, 'look', { ...(map.get('look') as Look), tint });
  }

  write(id: string, words: string): void {
    const map = this.#objects.get(id);
    if (!(map instanceof Y.Map)) return;
    this.#change(() => {
      const text: unknown = map.get('words');
      if (text instanceof Y.Text) rewrite(text, words);
      else map.set('words', new Y.Text(words));
    });
  }

  /** Above everything, or below. */
  lift(id: string, up: boolean): void {
    const things = this.sorted();
    const end = things.at(up ? -1 : 0);
    if (!end || end.id === id) return;
    this.#set(id, 'order', up ? keyBetween(end.order, null) : keyBetween(null, end.order));
  }

  remove(ids: Iterable<string>): void {
    this.#change(() => {
      for (const id of ids) this.#objects.delete(id);
    });
  }

  /** Takes what the last step put there off again, as if there had been no such step. */
  takeBack(id: string): void {
    if (!this.things.has(id)) return;
    this.undoing.undo();
    this.undoing.clear(false, true);
  }

  #lastKey(): string | null {
    return validKey(this.sorted().at(-1)?.order ?? null);
  }

  #set(id: string, key: string, value: unknown): void {
    const map = this.#objects.get(id);
    if (map instanceof Y.Map) this.#change(() => map.set(key, value));
  }

  #change(work: () => void): void {
    this.#doc.transact(work, this);
  }

  readonly #follow = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const ids = new Set<string>();
    for (const event of events) {
      if (event.path.length === 0) for (const id of event.keys.keys()) ids.add(id);
      else ids.add(String(event.path[0]));
    }
    const changes: Change[] = [];
    for (const id of ids) {
      const before = this.things.get(id);
      const after = this.#read(id);
      if (before || after) changes.push({ before, after });
      this.#resort(before, after);
    }
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
  };

  /** Most changes add something on top or leave the order alone: sorting thousands anew for each would be felt. */
  #resort(before: Thing | undefined, after: Thing | undefined): void {
    const sorted = this.#sorted;
    if (!sorted) return;
    const last = sorted.at(-1);
    if (!before && after && (!last || byOrder(last, after) < 0)) sorted.push(after);
    else if (before && after && before.order === after.order) {
      const at = placeIn(sorted, before);
      if (sorted[at] === before) sorted[at] = after;
      else this.#sorted = undefined;
    } else this.#sorted = undefined;
  }

  #read(id: string): Thing | undefined {
    const thing = readThing(id, this.#objects.get(id), this.#objects._map.get(id)?.id.client ?? 0);
    if (thing) this.things.set(id, thing);
    else this.things.delete(id);
    return thing;
  }
}

function readThing(id: string, map: unknown, client: number): Thing | undefined {
  if (!(map instanceof Y.Map)) return undefined;
  const look = map.get('look') as Partial<Look> | undefined;
  if (typeof look !== 'object' || look === null || !THING_TYPES.includes(look.type as ThingType)) return undefined;
  const type = look.type as ThingType;
  const pressed = look.pressed === true;
  const points = isStroke({ type }) ? readPoints(map.get('points'), pressed) : [];
  const box = readBox(map.get('box'));
  if (!box && points.length === 0 && !isStroke({ type })) return undefined;
  const materialId = type === 'picture' && typeof look.material_id === 'string' ? look.material_id : null;
  if (type === 'picture' && materialId === null) return undefined;
  const words = map.get('words');
  const order = map.get('order');
  return {
    id,
    type,
    tint: whole(look.tint, 1, TINTS, 1),
    width: whole(look.width, 1, WIDEST, 4),
    pressed,
    box,
    points,
    text: (words instanceof Y.Text || typeof words === 'string' ? String(words) : '').slice(0, MAX_TEXT_LENGTH),
    order: typeof order === 'string' ? order : '',
    materialId,
    page: whole(look.page, 0, 10_000, 0),
    client,
  };
}

function readPoints(parts: unknown, pressed: boolean): number[] {
  if (!(parts instanceof Y.Array)) return [];
  const text = parts.toArray().filter((part): part is string => typeof part === 'string');
  return unpack(text.join(''), pressed ? 3 : 2, MAX_POINTS);
}

function readBox(value: unknown): Box | null {
  if (!Array.isArray(value) || value.length !== 4 || !value.every((each) => Number.isFinite(each))) return null;
  const [x, y, width, height] = (value as number[]).map(near);
  return [x ?? 0, y ?? 0, width ?? 0, height ?? 0];
}

/** By fractional index, compared by character code as the hub compares them; the id decides between equals. */
export function byOrder(a: Thing, b: Thing): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function placeIn(sorted: readonly Thing[], thing: Thing): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byOrder(sorted[middle] as Thing, thing) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A key that somebody made up would keep everybody from adding anything. */
function validKey(key: string | null): string | null {
  if (key === null) return null;
  try {
    generateKeyBetween(key, null);
    return key;
  } catch {
    return null;
  }
}

function keyBetween(low: string | null, high: string | null): string {
  try {
    return generateKeyBetween(low, high);
  } catch {
    return generateKeyBetween(null, null);
  }
}
