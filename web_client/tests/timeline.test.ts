import { expect, it } from 'vitest';
import type { JournalEntry, Snapshot } from '../src/protocol/shapes';
import { isBlank, safeLink, type Block } from '../src/views/blocks';
import { daysOf, mergeTimeline } from '../src/views/timeline';

const noon_ms = new Date(2026, 4, 20, 12).getTime();
const day_ms = 24 * 3_600_000;

const entry = (seq: number, happened_at_ms: number, verb = 'content_created') =>
  ({ seq, verb, user_id: 'u', happened_at_ms, details: {} }) as JournalEntry;
const snapshot = (seq: number, taken_at_ms: number) => ({ seq, id: `${seq}`, taken_by: 'u', taken_at_ms }) as Snapshot;

it('puts journal and snapshots in one row, newest first, each thing once', () => {
  const entries = [entry(3, noon_ms + 2, 'snapshot_taken'), entry(2, noon_ms), entry(1, noon_ms - 5)];
  const items = mergeTimeline(entries, [snapshot(1, noon_ms + 1)], true);
  expect(items.map((item) => item.key)).toEqual(['s1', 'e2', 'e1']);
});

it('holds back snapshots from before the oldest entry that is loaded', () => {
  const entries = [entry(9, noon_ms)];
  const snapshots = [snapshot(2, noon_ms + 1), snapshot(1, noon_ms - 1)];
  expect(mergeTimeline(entries, snapshots, false).map((item) => item.key)).toEqual(['s2', 'e9']);
  expect(mergeTimeline(entries, snapshots, true).map((item) => item.key)).toEqual(['s2', 'e9', 's1']);
});

it('cuts the row into days', () => {
  const items = mergeTimeline([entry(3, noon_ms + 60_000), entry(2, noon_ms), entry(1, noon_ms - day_ms)], [], true);
  expect(daysOf(items).map((day) => day.items.map((item) => item.key))).toEqual([['e3', 'e2'], ['e1']]);
});

it.each([
  ['https://example.org/a', true],
  ['mailto:a@example.org', true],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['/relative', false],
  [undefined, false],
])('follows %s: %s', (address, followed) => {
  expect(safeLink(address) !== null).toBe(followed);
});

it('knows a blank page', () => {
  const paragraph = (text: string): Block => ({ type: 'paragraph', spans: [{ text }] });
  expect([isBlank([]), isBlank([paragraph('  ')]), isBlank([paragraph('x')])]).toEqual([true, true, false]);
});
