/** What the hub answers instead of a result (PROTOCOL.md, Errors), or `no_answer` when nothing came back. */
export class ProblemError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly field: string | undefined;
  readonly status: number;

  constructor(problem: { code: string; detail: string; field?: string | undefined; status?: number | undefined }) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.code = problem.code;
    this.detail = problem.detail;
    this.field = problem.field;
    this.status = problem.status ?? 0;
  }
}

export const noAnswer = () => new ProblemError({ code: 'no_answer', detail: 'The hub did not answer.' });
