import type { Key } from '../catalogue';
import type { Debate } from '../protocol/shapes';

export const DEBATE_STATES: Record<Debate['state'], Key> = {
  before: 'debate_state_before',
  speaking: 'debate_state_speaking',
  after: 'debate_state_after',
  closed: 'debate_state_closed',
};

export const NEXT_STEP: Partial<Record<Debate['state'], { state: Debate['state']; word: Key }>> = {
  before: { state: 'speaking', word: 'debate_to_speaking' },
  speaking: { state: 'after', word: 'debate_to_after' },
  after: { state: 'closed', word: 'debate_to_closed' },
};

export const CHOICES = ['for', 'against', 'undecided'] as const;
export const CHOICE_WORDS: Record<(typeof CHOICES)[number], Key> = {
  for: 'debate_for',
  against: 'debate_against',
  undecided: 'debate_undecided',
};

/** 1:05, and with a minus once the time is over. */
export function clock(left_ms: number): string {
  const seconds = Math.ceil(Math.abs(left_ms) / 1000);
  const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return left_ms < 0 ? `−${shown}` : shown;
}
