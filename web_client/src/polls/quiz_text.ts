/** How a teacher writes a quiz: a question, its answers below it, an empty line before the next question. */

export interface WrittenQuestion {
  question: string;
  options: string[];
  /** The places of the right answers: a star stands before them. */
  right: number[];
}

export function readQuiz(text: string): WrittenQuestion[] {
  return text
    .split(/\n[^\S\n]*(?:\n[^\S\n]*)+/)
    .map((block) =>
      block
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    )
    .filter((lines) => lines.length > 0)
    .map(([question = '', ...lines]) => ({
      question,
      options: lines.map((line) => line.replace(/^\*\s*/, '')),
      right: lines.flatMap((line, place) => (line.startsWith('*') ? [place] : [])),
    }));
}

export interface QuizFault {
  key: 'quiz_few_options' | 'quiz_no_right';
  /** Of the question, from 1. */
  place: number;
}

/** What keeps it from being asked; the hub says the rest. */
export function faultOf(questions: readonly WrittenQuestion[]): QuizFault | null {
  for (const [at, { options, right }] of questions.entries()) {
    if (options.length < 2) return { key: 'quiz_few_options', place: at + 1 };
    if (right.length === 0) return { key: 'quiz_no_right', place: at + 1 };
  }
  return null;
}
