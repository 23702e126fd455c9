import type { Key } from '../catalogue';
import type { HelpQuestion } from '../protocol/shapes';

export const QUESTION_STATES: Record<HelpQuestion['state'], Key> = {
  open: 'question_open',
  taken: 'question_taken',
  answered: 'question_answered',
  closed: 'question_closed',
};
