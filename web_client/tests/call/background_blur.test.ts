import { expect, it } from 'vitest';
import { blurOf, isBlurred } from '../../src/call/background_blur';

const camera = (backgroundBlur?: boolean[]) => ({
  getCapabilities: () => (backgroundBlur ? { backgroundBlur } : {}) as MediaTrackCapabilities,
});

it('offers what the machine offers, and nothing else', () => {
  expect(blurOf(camera([false, true]))).toBe('choice');
  expect(blurOf(camera([true]))).toBe('always');
  expect(blurOf(camera([false]))).toBe('none');
  expect(blurOf(camera())).toBe('none');
  expect(blurOf({} as MediaStreamTrack)).toBe('none');
  expect(blurOf(null)).toBe('none');
});

it('reads what holds now', () => {
  expect(isBlurred({ getSettings: () => ({ backgroundBlur: true }) as MediaTrackSettings })).toBe(true);
  expect(isBlurred({ getSettings: () => ({}) })).toBe(false);
});
