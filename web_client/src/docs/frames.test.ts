import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { readFrame } from './frames';

const NAME = 'a'.repeat(200);

/** A frame by hand: varString name (its length takes two bytes here), type, body. */
const frame = (...body: number[]) => new Uint8Array([0xc8, 0x01, ...new TextEncoder().encode(NAME), ...body]);

const kindOf = (bytes: Uint8Array) => readFrame(bytes).kind;

test('the frames that ask for an acknowledgement are told apart from the others', () => {
  const update = [...Y.encodeStateAsUpdate(new Y.Doc())];
  expect(kindOf(frame(0, 0, 1, 0))).toBe('other');
  expect(kindOf(frame(0, 1, update.length, ...update))).toBe('state');
  expect(kindOf(frame(0, 2, update.length, ...update))).toBe('change');
  expect(kindOf(frame(4, 1, update.length, ...update))).toBe('state');
  expect(kindOf(frame(8, 1))).toBe('acknowledged');
  expect(kindOf(frame(8, 0))).toBe('not_kept');
  expect(kindOf(frame(1, 3, 1, 2, 3))).toBe('other');
});

test('a frame cut anywhere is no acknowledgement and no error', () => {
  const whole = frame(8, 1);
  for (let end = 0; end < whole.length; end++) expect(kindOf(whole.slice(0, end))).toBe('other');
});

test('a frame says which document it is for', () => {
  expect(readFrame(frame(0, 0, 1, 0)).name).toBe(NAME);
});
