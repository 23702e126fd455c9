import { describe, expect, it } from 'vitest';
import { clockIn, mondayOf, stepMonth, weeksOf } from './days';
import { merge } from './merge';

describe('days', () => {
  it('come in whole weeks from Monday, for every month', () => {
    for (let month = 0; month < 48; month += 1) {
      const first = new Date(Date.UTC(2026, month, 1)).toISOString().slice(0, 10);
      const weeks = weeksOf(first, 'month');
      const days = weeks.flat();
      expect(weeks.every((week) => week.length === 7 && mondayOf(week[3] ?? '') === week[0])).toBe(true);
      const last = new Date(Date.UTC(2026, month + 1, 0)).getUTCDate();
      expect(days.filter((day) => day.startsWith(first.slice(0, 7)))).toHaveLength(last);
      expect(new Set(days).size).toBe(days.length);
    }
  });

  it('step by months from the last of one', () => {
    expect(stepMonth('2026-01-31', 1)).toBe('2026-02-01');
    expect(stepMonth('2026-01-31', -1)).toBe('2025-12-01');
  });
});

describe('clocks', () => {
  it('show each zone its own day and hour', () => {
    const at_ms = Date.UTC(2026, 9, 24, 22, 30);
    expect(clockIn('Europe/Madrid', at_ms)).toEqual({ day: '2026-10-25', time: '00:30' });
    expect(clockIn('Atlantic/Canary', at_ms)).toEqual({ day: '2026-10-24', time: '23:30' });
    expect(clockIn('Europe/Athens', at_ms + 3_600_000 * 4)).toEqual({ day: '2026-10-25', time: '04:30' });
  });
});

describe('two who edit at once', () => {
  const base = { title: 'Bake', text: 'Bread', teams: ['a'] };

  it('keep what each of them changed', () => {
    const { merged, both } = merge(base, { ...base, text: 'Mine' }, { ...base, title: 'Theirs', teams: ['b'] });
    expect(merged).toEqual({ title: 'Theirs', text: 'Mine', teams: ['b'] });
    expect(both).toEqual([]);
  });

  it('are told where both changed the same, and lose nothing of theirs', () => {
    const { merged, both } = merge(base, { ...base, text: 'Mine' }, { ...base, text: 'Theirs' });
    expect(merged.text).toBe('Mine');
    expect(both).toEqual(['text']);
    expect(merge(base, { ...base, text: 'Same' }, { ...base, text: 'Same' }).both).toEqual([]);
  });
});
