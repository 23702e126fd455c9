import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyEdit, editBetween } from './line_edits';
import { GATHER_MS, LineWriter } from './line_writer';

describe('an edit', () => {
  it.each([
    ['', 'H', { at: 0, removed: 0, inserted: 'H' }],
    ['Hello', 'Hell', { at: 4, removed: 1, inserted: '' }],
    ['Hallo', 'Hello', { at: 1, removed: 1, inserted: 'e' }],
    ['🎈a', '🎈b', { at: 1, removed: 1, inserted: 'b' }],
    ['aa', 'aaa', { at: 2, removed: 0, inserted: 'a' }],
  ])('makes “%s” into “%s”', (former, text, edit) => {
    expect(editBetween(former, text)).toEqual(edit);
    expect(applyEdit(former, edit)).toBe(text);
  });

  it('is none between the same', () => expect(editBetween('a', 'a')).toBeNull());
});

describe('a writer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gathers letters, says the difference, and finishes the line it said', async () => {
    const said: [string, Record<string, unknown>][] = [];
    const writer = new LineWriter(
      async <T>(event: string, payload: object) => {
        said.push([event, payload as Record<string, unknown>]);
        return undefined as T;
      },
      { room_id: 'r' },
      () => undefined,
    );
    for (const text of ['H', 'He', 'Hel']) writer.typed(text);
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    writer.typed('He');
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(
      said.map(([event, { revision, at, removed, inserted }]) => [event, revision, at, removed, inserted]),
    ).toEqual([
      ['text:type', 1, 0, 0, 'Hel'],
      ['text:type', 2, 2, 1, ''],
    ]);
    expect(await writer.finish()).toBe(said[0]?.[1].line_id);
    writer.typed('N');
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(said[2]?.[1]).toMatchObject({ revision: 1, inserted: 'N' });
    expect(said[2]?.[1].line_id).not.toBe(said[0]?.[1].line_id);
  });

  it('says the whole line after an edit that did not get through', async () => {
    const said: [string, Record<string, unknown>][] = [];
    let fails = 2;
    const problems: unknown[] = [];
    const writer = new LineWriter(
      async <T>(event: string, payload: object) => {
        said.push([event, payload as Record<string, unknown>]);
        if (fails-- > 0) throw new Error('no answer');
        return undefined as T;
      },
      { room_id: 'r' },
      (problem) => problems.push(problem),
    );
    writer.typed('Hello');
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    await vi.advanceTimersByTimeAsync(GATHER_MS * 10);
    expect(said.map(([event, { revision, text }]) => [event, revision, text])).toEqual([
      ['text:type', 1, undefined],
      ['text:line', 2, 'Hello'],
      ['text:line', 3, 'Hello'],
    ]);
    expect(problems.at(-1)).toBeNull();
  });
});
