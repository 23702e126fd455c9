/** How long something may move: not at all for those who asked their system for stillness. */
export const motionMs = (wished_ms: number): number =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : wished_ms;
