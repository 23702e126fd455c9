import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { Board, type Change } from './board';

const PEN = { type: 'pen', tint: 2, width: 4 } as const;
const NOTE = { type: 'note', tint: 1, width: 20 } as const;

/** Two pages of one board that hear each other at once. */
function pair(): [Board, Board, Y.Doc, Y.Doc] {
  const [one, two] = [new Y.Doc(), new Y.Doc()];
  one.on('update', (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(two, update, 'wire'));
  two.on('update', (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(one, update, 'wire'));
  return [new Board(one), new Board(two), one, two];
}

test('a stroke grows by its parts, and the other page sees whose it is', () => {
  const [mine, theirs, doc] = pair();
  const id = mine.add(PEN, null);
  mine.grow(id, [10, 10, 14, 12]);
  mine.grow(id, [20, 15]);
  expect(theirs.things.get(id)).toMatchObject({ type: 'pen', points: [10, 10, 14, 12, 20, 15], client: doc.clientID });
});

test('what a stroke adds to the document is little', () => {
  const [mine, , doc] = pair();
  const id = mine.add(PEN, null);
  let bytes = 0;
  doc.on('update', (update: Uint8Array) => (bytes += update.length));
  for (let part = 0; part < 10; part++)
    mine.grow(
      id,
      Array.from({ length: 12 }, (_, i) => 100 + part * 60 + i * 5 + (i % 3)),
    );
  // 60 points in ten parts.
  expect(bytes).toBeLessThan(600);
  expect(Y.encodeStateAsUpdate(doc).length).toBeLessThan(400);
});

test('undoing takes back one gesture of this page and nothing of the other', () => {
  const [mine, theirs] = pair();
  mine.begin();
  const stroke = mine.add(PEN, null);
  mine.grow(stroke, [1, 1]);
  mine.grow(stroke, [9, 9]);
  const other = theirs.add(NOTE, [0, 0, 100, 80], 'Otters');
  mine.begin();
  mine.place(other, [50, 50, 100, 80]);
  mine.undoing.undo();
  expect(mine.things.get(other)?.box).toEqual([0, 0, 100, 80]);
  mine.undoing.undo();
  expect([...mine.things.keys()]).toEqual([other]);
  expect([...theirs.things.keys()]).toEqual([other]);
  mine.undoing.redo();
  expect(theirs.things.get(stroke)?.points).toEqual([1, 1, 9, 9]);
});

test('a stroke that is broken off is gone, and leaves no step to undo', () => {
  const [mine, theirs] = pair();
  mine.begin();
  const kept = mine.add(NOTE, [0, 0, 100, 80]);
  mine.begin();
  const stroke = mine.add(PEN, null);
  mine.grow(stroke, [1, 1]);
  mine.takeBack(stroke);
  expect([...theirs.things.keys()]).toEqual([kept]);
  expect(mine.undoing.canRedo()).toBe(false);
  // Somebody else was quicker: what was done before it stays.
  mine.begin();
  const other = mine.add(PEN, null);
  theirs.remove([other]);
  mine.takeBack(other);
  expect([...mine.things.keys()]).toEqual([kept]);
  mine.undoing.undo();
  mine.undoing.undo();
  expect(theirs.things.size).toBe(0);
});

test('the order is the same on both pages and kept up with every change', () => {
  const [mine, theirs] = pair();
  const ids = [mine.add(NOTE, [0, 0, 1, 1]), theirs.add(NOTE, [0, 0, 1, 1]), mine.add(NOTE, [0, 0, 1, 1])];
  const order = (board: Board) => board.sorted().map(({ id }) => ids.indexOf(id));
  expect([order(mine), order(theirs)]).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
  theirs.lift(ids[0] as string, true);
  mine.lift(ids[2] as string, false);
  mine.recolour(ids[1] as string, 5);
  expect([order(mine), order(theirs)]).toEqual([
    [2, 1, 0],
    [2, 1, 0],
  ]);
  expect(theirs.sorted()[1]?.tint).toBe(5);
});

test('what others made up is left out or put into bounds, and nobody is kept from drawing', () => {
  const doc = new Y.Doc();
  const objects = doc.getMap('objects');
  const put = (id: string, fields: object) => objects.set(id, new Y.Map(Object.entries(fields)));
  objects.set('text', 'no thing');
  put('unknown', { look: { type: 'hologram' }, box: [0, 0, 1, 1] });
  put('nowhere', { look: { type: 'note' } });
  put('odd', { look: { type: 'ellipse', tint: 99, width: -1 }, box: [1e12, 2.6, Infinity, 0], order: 'zzz' });
  put('far', { look: { type: 'ellipse', tint: 99, width: -1 }, box: [1e12, 2.6, 5, 0], order: '~~not a key~~' });
  const board = new Board(doc);
  expect([...board.things.values()]).toMatchObject([{ id: 'far', tint: 6, width: 1, box: [1_000_000, 3, 5, 0] }]);
  const changes: Change[] = [];
  board.listen((told) => changes.push(...told));
  const id = board.add(NOTE, [0, 0, 1, 1], 'Still here');
  expect(changes).toMatchObject([{ after: { id, text: 'Still here' } }]);
});

test('two write on one note at the same moment', () => {
  const [mine, theirs] = pair();
  const id = mine.add(NOTE, [0, 0, 1, 1], 'Two rivers');
  mine.write(id, 'Two rivers meet');
  theirs.write(id, 'Our Two rivers meet');
  expect(mine.things.get(id)?.text).toBe('Our Two rivers meet');
});
