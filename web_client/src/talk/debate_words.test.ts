import { describe, expect, it } from 'vitest';
import { clock } from './debate_words';

describe('the speaking clock', () => {
  it('counts down, and on beyond the end', () => {
    expect(clock(120_000)).toBe('2:00');
    expect(clock(64_100)).toBe('1:05');
    expect(clock(1)).toBe('0:01');
    expect(clock(0)).toBe('0:00');
    expect(clock(-61_000)).toBe('−1:01');
  });
});
