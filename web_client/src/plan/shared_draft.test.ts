import { expect, test } from 'vitest';
import { SharedDraft } from './shared_draft.svelte';
import type { Change } from './work_plan.svelte';

interface Row {
  revision: number;
  changes: readonly Change[];
  title: string;
  day: string;
}

const begin = (row: Row | null) => ({ title: row?.title ?? '', day: row?.day ?? '2026-11-23' });
const change = (revision: number): Change => ({
  revision,
  user_id: 'm',
  display_name: 'Marek',
  at_ms: 0,
  fields: ['title', 'day'],
});

test('what I wrote stays, what I left becomes theirs, and both are shown', () => {
  const draft = new SharedDraft<Row, ReturnType<typeof begin>>(begin);
  draft.open({ revision: 3, changes: [change(3)], title: 'First', day: '2026-11-24' });
  draft.mine.title = 'Mine';
  draft.bringTogether({ revision: 4, changes: [change(3), change(4)], title: 'Theirs', day: '2026-11-25' });
  expect(draft.mine).toEqual({ title: 'Mine', day: '2026-11-25' });
  expect(draft.changes.map(({ revision }) => revision)).toEqual([4]);
  expect(draft.both.map(({ name, was }) => was[name])).toEqual(['Theirs']);
  expect(draft.revision).toBe(4);
});

test('nothing of the last row is left when the dialog opens again', () => {
  const draft = new SharedDraft<Row, ReturnType<typeof begin>>(begin);
  draft.open({ revision: 1, changes: [], title: 'First', day: '2026-11-24' });
  draft.mine.title = 'Mine';
  draft.bringTogether({ revision: 2, changes: [change(2)], title: 'Theirs', day: '2026-11-24' });
  draft.open(null);
  expect([draft.mine, draft.revision, draft.changes, draft.both]).toEqual([begin(null), 0, [], []]);
});
