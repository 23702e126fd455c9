import type { SchoolShape } from '../protocol/shapes';

/** Outlines in a 16 × 16 box, of about equal weight to the eye. */
export const SHAPE_PATHS: Record<SchoolShape, string> = {
  circle: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z',
  square: 'M3 1.8h10A1.2 1.2 0 0 1 14.2 3v10a1.2 1.2 0 0 1-1.2 1.2H3A1.2 1.2 0 0 1 1.8 13V3A1.2 1.2 0 0 1 3 1.8Z',
  triangle: 'M8.9 1.9 15 13a1 1 0 0 1-.9 1.5H1.9A1 1 0 0 1 1 13L7.1 1.9a1 1 0 0 1 1.8 0Z',
  hexagon: 'M8 .8 14.4 4.4v7.2L8 15.2 1.6 11.6V4.4Z',
  drop: 'M8 .6c3 3.7 5.4 6.2 5.4 9.1a5.4 5.4 0 1 1-10.8 0C2.6 6.8 5 4.3 8 .6Z',
  star: 'M8.00 0.90L10.06 5.77L15.32 6.22L11.33 9.68L12.53 14.83L8.00 12.10L3.47 14.83L4.67 9.68L0.68 6.22L5.94 5.77Z',
};

const COLOUR_NUMBERS: Record<SchoolShape, number> = { circle: 1, square: 2, triangle: 3, hexagon: 4, drop: 5, star: 6 };

/** The CSS colour that goes with a shape. */
export function colourOf(shape: SchoolShape | undefined, cover = false): string {
  if (!shape) return 'var(--ink-2)';
  return `var(--s${COLOUR_NUMBERS[shape]}${cover ? '-cover' : ''})`;
}

/** 1–6: which cover a TwinSpace wears, the same on every device. */
export function coverOf(id: string): number {
  let sum = 1;
  for (const character of id) sum = (sum * 33 + character.charCodeAt(0)) % 9973;
  return (sum % 6) + 1;
}
