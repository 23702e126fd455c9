import { describe, expect, it } from 'vitest';
import { rungOf } from '../../src/call/own_line.svelte';
import { Ladder, RUNGS, type Trouble } from '../../src/call/ladder';
import { LineWatch, MachineWatch } from '../../src/call/line_quality';

/** Judges every two seconds, and returns the rung after each. */
function walk(ladder: Ladder, trouble: Trouble, from_s: number, to_s: number): string[] {
  const rungs: string[] = [];
  for (let at_s = from_s; at_s < to_s; at_s += 2) rungs.push(ladder.judge(trouble, at_s * 1_000));
  return rungs;
}

describe('Ladder', () => {
  it('goes down one rung at a time, to the voice and no further while the voice is whole', () => {
    const rungs = walk(new Ladder(), 'pictures', 0, 60);
    expect([...new Set(rungs)]).toEqual(['whole', 'fewer', 'speaker', 'voice']);
    expect(rungs[1]).toBe('whole');
  });

  it('ends with the written word where the voice breaks too', () => {
    expect(walk(new Ladder(), 'voice', 0, 60).at(-1)).toBe('text');
  });

  it('comes up by itself, a rung after each calm', () => {
    const ladder = new Ladder();
    walk(ladder, 'pictures', 0, 20);
    const rungs = walk(ladder, 'none', 20, 120);
    expect([...new Set(rungs)]).toEqual(['voice', 'speaker', 'fewer', 'whole']);
  });

  it('waits longer after each step up that was too early', () => {
    const ladder = new Ladder();
    let at_s = 0;
    const waits: number[] = [];
    walk(ladder, 'pictures', at_s, (at_s += 20));
    for (let turn = 0; turn < 6; turn += 1) {
      const lowered = ladder.rung;
      const since_s = at_s;
      while (ladder.judge('none', at_s * 1_000) === lowered) at_s += 2;
      waits.push(at_s - since_s);
      walk(ladder, 'pictures', at_s + 2, (at_s += 20));
    }
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    expect(waits.every((wait, index) => index === 0 || wait >= (waits[index - 1] ?? 0))).toBe(true);
    expect(Math.max(...waits)).toBeLessThanOrEqual(124);
  });

  it('gives everything to who asks for it, and for a while goes on doing so', () => {
    const ladder = new Ladder();
    walk(ladder, 'voice', 0, 60);
    ladder.climb(60_000);
    expect(new Set(walk(ladder, 'voice', 60, 80))).toEqual(new Set(['whole']));
    expect(walk(ladder, 'voice', 80, 100)).toContain('speaker');
  });

  it('never leaves its rungs, whatever comes', () => {
    let dice = 7;
    const next = () => (dice = (dice * 48_271) % 2_147_483_647);
    const ladder = new Ladder();
    let before = 0;
    for (let at_s = 0; at_s < 4_000; at_s += 2) {
      const trouble = (['none', 'pictures', 'voice'] as const)[Math.floor(next() / 7) % 3] ?? 'none';
      const rung = RUNGS.indexOf(ladder.judge(trouble, at_s * 1_000));
      expect(rung).toBeGreaterThanOrEqual(0);
      expect(Math.abs(rung - before)).toBeLessThanOrEqual(1);
      before = rung;
    }
  });
});

describe('what the hub keeps back', () => {
  const told = (paused: number, narrowed: boolean, soundOnly = false) => ({
    soundOnly,
    narrowed,
    paused: new Set(Array.from({ length: paused }, (_, number) => `t${number}`)),
  });

  it('is a rung only where the line is the reason', () => {
    expect(rungOf(told(20, false), 24)).toBe('whole');
    expect(rungOf(told(0, true), 4)).toBe('fewer');
    expect(rungOf(told(3, true), 4)).toBe('speaker');
    expect(rungOf(told(4, true, true), 4)).toBe('voice');
  });
});

describe('what is wrong', () => {
  const sample = (second: number, lost: number, madeUp: number) => ({
    received: second * (100 - lost),
    lost: second * lost,
    upwardLoss: 0,
    roundTrip_ms: 50,
    played: second * 48_000,
    madeUp: second * madeUp,
  });

  it('tells lost pictures from a broken voice', () => {
    const watch = new LineWatch();
    for (const [lost, madeUp, trouble] of [
      [6, 0, 'none'],
      [20, 0, 'pictures'],
      [20, 20_000, 'voice'],
    ] as const) {
      watch.judge(sample(2, lost, madeUp));
      watch.judge(sample(4, lost, madeUp));
      expect(watch.downward).toBe(trouble);
    }
  });

  it('blames the machine only when it is busy for a while, and not for a line that loses pictures', () => {
    const watch = new MachineWatch();
    const idle = { encoderLimited: false, pictures: 0, dropped: 0 };
    expect([1, 2, 3, 4].map(() => watch.judge({ ...idle, encoderLimited: true }, 0))).not.toContain(true);
    expect([1, 2].map(() => watch.judge({ ...idle, encoderLimited: true }, 400))).toEqual([false, false]);
    expect(watch.judge({ ...idle, encoderLimited: true }, 400)).toBe(true);
    expect(watch.judge(idle, 0)).toBe(false);
    for (const pictures of [0, 50, 100, 150]) watch.judge({ ...idle, pictures, dropped: pictures / 2 }, 0);
    expect(watch.judge({ ...idle, pictures: 200, dropped: 100 }, 0)).toBe(true);
    for (const late_ms of [1_400, 1_400]) watch.judge({ ...idle, pictures: 250, dropped: 100 }, late_ms);
    expect(watch.judge({ ...idle, pictures: 300, dropped: 100 }, 1_400)).toBe(true);
  });
});
