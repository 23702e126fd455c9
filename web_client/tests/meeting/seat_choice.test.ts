import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SeatChoice } from '../../src/meeting/seat_choice.svelte';

const pupils = [
  { pupil_id: 'a', name: 'Ola', class_name: '10a' },
  { pupil_id: 'b', name: 'Jan', class_name: '4b' },
  { pupil_id: 'c', name: 'Ewa', class_name: '' },
  { pupil_id: 'd', name: 'Iga', class_name: '4b' },
];

describe('the ticks of a class seat', () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
  });

  it('groups the list by class, and names pupils in its order', () => {
    const choice = new SeatChoice('space');
    choice.show(pupils, null);
    expect(choice.classes.map(({ name }) => name)).toEqual(['4b', '10a', '']);
    choice.tick(['d', 'a'], true);
    expect(choice.pupilIds).toEqual(['a', 'd']);
    choice.tick(['d'], false);
    expect(choice.fits).toBe(false);
  });

  it('remembers who sat here, and forgets who has left the TwinSpace', () => {
    const before = new SeatChoice('space');
    before.show(pupils, ['a', 'gone', 'b']);
    expect(before.pupilIds).toEqual(['a', 'b']);
    before.remember();
    const after = new SeatChoice('space');
    after.show(pupils, null);
    expect(after.pupilIds).toEqual(['a', 'b']);
    const elsewhere = new SeatChoice('another');
    elsewhere.show(pupils, null);
    expect(elsewhere.pupilIds).toEqual([]);
  });
});
