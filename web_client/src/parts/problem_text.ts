import { t, type Key } from '../catalogue';
import { ProblemError } from '../protocol/api';

const KNOWN: Record<string, Key> = {
  invalid: 'problem_invalid',
  not_signed_in: 'problem_not_signed_in',
  account_rests: 'problem_account_rests',
  wrong_secret: 'problem_wrong_secret',
  foreign_origin: 'problem_foreign_origin',
  not_found: 'problem_not_found',
  conflict: 'problem_conflict',
  part_locked: 'problem_part_locked',
  pupils_alone: 'room_paused',
  too_large: 'problem_too_large',
  old_client: 'problem_old_client',
  too_many: 'problem_rate',
  unavailable: 'problem_unavailable',
  no_answer: 'problem_no_answer',
};

/** What went wrong and what to do now, in the reader's language. */
export function problemText(problem: unknown): string {
  const code = problem instanceof ProblemError ? problem.code : '';
  return t(KNOWN[code] ?? 'problem_unknown');
}
