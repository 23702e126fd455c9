import { expect, test } from 'vitest';
import { amountOf, clockWords, momentPassed } from './countdown';

test('the clock shows the second that has begun', () => {
  expect(clockWords(245_000)).toBe('4:05');
  expect(clockWords(244_001)).toBe('4:05');
  expect(clockWords(1)).toBe('0:01');
  expect(clockWords(-5)).toBe('0:00');
  expect(clockWords(3_723_000)).toBe('1:02:03');
});

test('a moment is said once, when it is passed, and the end is one', () => {
  expect(momentPassed(60_500, 59_900)).toBe(60_000);
  expect(momentPassed(59_900, 59_300)).toBeNull();
  expect(momentPassed(200, -300)).toBe(0);
  expect(momentPassed(-300, -900)).toBeNull();
});

test('who was away is told the last moment that passed, not all', () => {
  expect(momentPassed(700_000, 50_000)).toBe(60_000);
});

test('a timer of exactly a minute does not begin by saying that a minute is left', () => {
  expect(momentPassed(60_000, 59_600)).toBeNull();
});

test('amounts are minutes while there are any', () => {
  expect(amountOf(300_000)).toEqual({ minutes: 5 });
  expect(amountOf(10_000)).toEqual({ seconds: 10 });
});
