import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A pace whose work takes `work_ms`, and the batches it handed on. */
function paced(work_ms: number) {
  const batches: number[][] = [];
  const pace = new Pace<number>((batch) => {
    batches.push(batch);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + work_ms);
  });
  return { batches, pace };
}

it('hands on at once what comes alone', () => {
  const { batches, pace } = paced(5);
  pace.push(1);
  expect(batches).toEqual([[1]]);
  vi.advanceTimersByTime(1_000);
  pace.push(2);
  expect(batches).toEqual([[1], [2]]);
});

it('gathers what comes while it rests, and keeps the order', () => {
  const { batches, pace } = paced(10);
  for (let i = 0; i < 5; i++) pace.push(i);
  expect(batches).toEqual([[0]]);
  vi.advanceTimersByTime(29);
  expect(batches).toEqual([[0]]);
  vi.advanceTimersByTime(10);
  expect(batches).toEqual([[0], [1, 2, 3, 4]]);
});

it('never keeps anything back for long', () => {
  const { batches, pace } = paced(10_000);
  pace.push(1);
  pace.push(2);
  vi.advanceTimersByTime(260);
  expect(batches).toEqual([[1], [2]]);
});

it('hands on what waits when it is asked to, and nothing once it was stopped', () => {
  const { batches, pace } = paced(10);
  pace.push(1);
  pace.push(2);
  pace.flush();
  expect(batches).toEqual([[1], [2]]);
  pace.push(3);
  pace.stop();
  vi.advanceTimersByTime(1_000);
  expect(batches).toEqual([[1], [2]]);
  pace.push(4);
  expect(batches.at(-1)).toEqual([4]);
});
