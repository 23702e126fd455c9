import { expect, test } from 'vitest';
import type { JournalEntry, Snapshot } from '../protocol/shapes';
import { daysOf, mergeTimeline } from './timeline';

const DAY = 24 * 60 * 60 * 1000;

const entry = (seq: number, happened_at_ms: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  seq,
  verb: 'content_created',
  user_id: 'ana',
  display_name: 'Ana',
  subject_id: '',
  details: {},
  happened_at_ms,
  ...more,
});
const outside = (seq: number, recorded_at_ms: number, happened_at_ms: number): JournalEntry =>
  entry(seq, recorded_at_ms, { verb: 'entry_added', details: { title: 'Birds', kind: 'entry', happened_at_ms } });
const keys = (entries: JournalEntry[], snapshots: Snapshot[], complete: boolean): string[] =>
  mergeTimeline(entries, snapshots, complete).map(({ key }) => key);

test('what happened off the platform stands where it happened, and says when it was written down', () => {
  const items = mergeTimeline([outside(3, 9 * DAY, 5 * DAY), entry(2, 7 * DAY), entry(1, 2 * DAY)], [], true);
  expect(items.map(({ key }) => key)).toEqual(['e2', 'e3', 'e1']);
  expect(items.map(({ recorded_at_ms }) => recorded_at_ms)).toEqual([undefined, 9 * DAY, undefined]);
  expect(daysOf(items).map(({ items }) => items.length)).toEqual([1, 1, 1]);
});

test('what happened before the oldest entry waits until the older ones are there', () => {
  const snapshot = { seq: 1, taken_at_ms: DAY, taken_by: 'ana' } as Snapshot;
  const newest = [outside(9, 9 * DAY, 2 * DAY), entry(8, 8 * DAY)];
  expect(keys(newest, [snapshot], false)).toEqual(['e8']);
  expect(keys([...newest, entry(1, DAY)], [snapshot], true)).toEqual(['e8', 'e9', 's1', 'e1']);
});

test('a snapshot stands for the entry that tells of it', () => {
  const snapshot = { seq: 4, taken_at_ms: 3 * DAY, taken_by: 'ana' } as Snapshot;
  expect(keys([entry(2, 3 * DAY, { verb: 'snapshot_taken' })], [snapshot], true)).toEqual(['s4']);
});
