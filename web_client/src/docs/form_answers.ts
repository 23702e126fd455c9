import type { Answer, Question } from '../protocol/shapes';

/** What is wrong with an answer before it is sent; the hub checks the same again. */
export type AnswerFault = 'required' | 'too_long' | 'not_offered' | 'not_whole' | 'out_of_range';
export type Answers = Record<string, Answer>;

export const SHORT_TEXT_LENGTH = 200;
export const LONG_TEXT_LENGTH = 4_000;
export const FACES = [1, 2, 3, 4, 5] as const;

export function isEmpty(answer: Answer | undefined): boolean {
  if (answer === undefined) return true;
  if (typeof answer === 'string') return answer.trim() === '';
  return Array.isArray(answer) && answer.length === 0;
}

/** What is wrong with this answer, or null. */
export function faultOf(question: Question, answer: Answer | undefined): AnswerFault | null {
  if (isEmpty(answer)) return question.required ? 'required' : null;
  switch (question.type) {
    case 'short_text':
    case 'long_text':
      return characters(answer) > maxLengthOf(question) ? 'too_long' : null;
    case 'single_choice':
      return isOffered(question, answer) ? null : 'not_offered';
    case 'multiple_choice':
      return Array.isArray(answer) && answer.every((id) => isOffered(question, id)) ? null : 'not_offered';
    case 'scale':
      return faultOfNumber(answer, question.min ?? 1, question.max ?? 5);
    case 'faces':
      return faultOfNumber(answer, 1, 5);
  }
}

export const maxLengthOf = (question: Question): number =>
  question.type === 'short_text' ? SHORT_TEXT_LENGTH : LONG_TEXT_LENGTH;

/** Length in characters as the hub counts them, not in UTF-16 units. */
const characters = (answer: Answer | undefined): number => (typeof answer === 'string' ? [...answer].length : 0);

const isOffered = (question: Question, id: unknown): boolean =>
  (question.options ?? []).some((option) => option.id === id);

function faultOfNumber(answer: Answer | undefined, min: number, max: number): AnswerFault | null {
  if (typeof answer !== 'number' || !Number.isInteger(answer)) return 'not_whole';
  return answer < min || answer > max ? 'out_of_range' : null;
}

/** Every question whose answer can't be sent, in the form's order. */
export function faultsOf(
  questions: readonly Question[],
  answers: Answers,
): { question: Question; fault: AnswerFault }[] {
  return questions.flatMap((question) => {
    const fault = faultOf(question, answers[question.id]);
    return fault ? [{ question, fault }] : [];
  });
}

/** The answers as they are sent: of this form's questions only, without empty ones, text trimmed. */
export function answersToSend(questions: readonly Question[], answers: Answers): Answers {
  const sent: Answers = {};
  for (const { id } of questions) {
    const answer = answers[id];
    if (answer === undefined || isEmpty(answer)) continue;
    sent[id] = typeof answer === 'string' ? answer.trim() : answer;
  }
  return sent;
}

/** The multiple choice after pressing one option, in the order in which they are offered. */
export function toggleChoice(question: Question, answer: Answer | undefined, optionId: string): string[] {
  const chosen = new Set(Array.isArray(answer) ? answer : []);
  if (!chosen.delete(optionId)) chosen.add(optionId);
  return (question.options ?? []).map(({ id }) => id).filter((id) => chosen.has(id));
}
