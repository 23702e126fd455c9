import { expect, test } from 'vitest';
import { anchorOf, walkedCard } from './walk';

test('a place is walked to, or scrolled to', () => {
  expect(walkedCard(anchorOf('card-7'))).toBe('card-7');
  for (const anchor of ['card:card-7', 'slide:2', '', undefined]) expect(walkedCard(anchor)).toBeNull();
});
