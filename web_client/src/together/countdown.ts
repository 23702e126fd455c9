const MINUTE_MS = 60_000;
/** What is left when it is said aloud; not each second. */
const MOMENTS_MS = [600_000, 300_000, 60_000, 10_000];
/** A timer that ran out stands there for so long. */
export const OVER_FOR_MS = 60_000;

/** As clocks show it: `4:05`, and with hours `1:02:03`. The second that has begun counts. */
export function clockWords(left_ms: number): string {
  const seconds = Math.max(0, Math.ceil(left_ms / 1_000));
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The moment that was passed between two looks at the clock; 0: it ran out; null: none. */
export function momentPassed(before_ms: number, left_ms: number): number | null {
  if (before_ms > 0 && left_ms <= 0) return 0;
  return MOMENTS_MS.filter((moment) => moment < before_ms && left_ms <= moment).at(-1) ?? null;
}

/** Whole minutes while there are any, else seconds. */
export const amountOf = (ms: number): { minutes: number } | { seconds: number } =>
  ms >= MINUTE_MS ? { minutes: Math.round(ms / MINUTE_MS) } : { seconds: Math.max(0, Math.round(ms / 1_000)) };
