import type { Answer, Drawing, Question } from '../protocol/shapes';

/** What is wrong with an answer before it is sent; the hub checks the same again. */
export type AnswerFault =
  | 'required'
  | 'too_long'
  | 'not_offered'
  | 'not_whole'
  | 'out_of_range'
  | 'not_a_number'
  | 'too_fine'
  | 'not_a_date'
  | 'rows_missing';
export type Answers = Record<string, Answer>;

export const SHORT_TEXT_LENGTH = 200;
export const LONG_TEXT_LENGTH = 4_000;
export const CONSENT_ANSWERS = ['yes', 'no'] as const;
const MOST_FACES = 5;

/** The faces of a question, from the saddest to the gladdest: the value that is answered and which face is drawn. */
export function facesOf(question: Question): { value: number; drawn: number }[] {
  const count = question.max ?? MOST_FACES;
  const drawn = { 3: [1, 3, 5], 4: [1, 2, 4, 5] }[count] ?? [1, 2, 3, 4, 5];
  return drawn.map((face, i) => ({ value: i + 1, drawn: face }));
}

export function isEmpty(answer: Answer | undefined): boolean {
  if (answer === undefined) return true;
  if (typeof answer === 'string') return answer.trim() === '';
  if (typeof answer === 'number') return false;
  if (isDrawing(answer)) return answer.strokes.length === 0;
  return Object.keys(answer).length === 0;
}

/** What is wrong with this answer, or null. */
export function faultOf(question: Question, answer: Answer | undefined): AnswerFault | null {
  if (isEmpty(answer)) return question.required ? 'required' : null;
  switch (question.type) {
    case 'short_text':
    case 'long_text':
      return characters(answer) > maxLengthOf(question) ? 'too_long' : null;
    case 'file':
      return typeof answer === 'string' ? null : 'not_offered';
    case 'drawing':
      return isDrawing(answer) ? null : 'not_offered';
    case 'single_choice':
    case 'picture_choice':
    case 'consent':
      return isOffered(question, answer) ? null : 'not_offered';
    case 'multiple_choice':
      return Array.isArray(answer) && answer.every((id) => isOffered(question, id)) ? null : 'not_offered';
    case 'ranking':
      return isOrder(question, answer) ? null : 'not_offered';
    case 'scale':
    case 'faces':
      return faultOfStep(answer, question.min ?? 1, question.max ?? 5);
    case 'number':
      return faultOfAmount(question, answer);
    case 'date':
      return isDay(answer) ? null : 'not_a_date';
    case 'matrix':
    case 'rubric':
      return faultOfGrid(question, answer);
    case 'section':
      return null;
  }
}

export const maxLengthOf = (question: Question): number =>
  question.type === 'short_text' ? SHORT_TEXT_LENGTH : LONG_TEXT_LENGTH;

/** Length in characters as the hub counts them, not in UTF-16 units. */
const characters = (answer: Answer | undefined): number => (typeof answer === 'string' ? [...answer].length : 0);

const isOffered = (question: Question, id: unknown): boolean =>
  (question.options ?? []).some((option) => option.id === id);

function faultOfStep(answer: Answer | undefined, min: number, max: number): AnswerFault | null {
  if (typeof answer !== 'number' || !Number.isInteger(answer)) return 'not_whole';
  return answer < min || answer > max ? 'out_of_range' : null;
}

function isOrder(question: Question, answer: Answer | undefined): boolean {
  const offered = (question.options ?? []).length;
  return (
    Array.isArray(answer) &&
    answer.length === offered &&
    new Set(answer).size === offered &&
    answer.every((id) => isOffered(question, id))
  );
}

function faultOfAmount({ min, max, decimals }: Question, answer: Answer | undefined): AnswerFault | null {
  if (typeof answer !== 'number' || !Number.isFinite(answer)) return 'not_a_number';
  if (Number(answer.toFixed(decimals ?? 0)) !== answer) return 'too_fine';
  return answer < (min ?? -Infinity) || answer > (max ?? Infinity) ? 'out_of_range' : null;
}

/** A day that the calendar has, as `2027-05-31`. */
function isDay(answer: Answer | undefined): boolean {
  if (typeof answer !== 'string' || !/^[12]\d{3}-\d\d-\d\d$/.test(answer)) return false;
  const day = new Date(`${answer}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(answer);
}

function faultOfGrid(question: Question, answer: Answer | undefined): AnswerFault | null {
  const given = rowsGiven(answer);
  if (Object.values(given).some((column) => !isOffered(question, column))) return 'not_offered';
  return question.required && (question.rows ?? []).some(({ id }) => !(id in given)) ? 'rows_missing' : null;
}

/** The answer to a grid: row id → column id. */
export const rowsGiven = (answer: Answer | undefined): Record<string, string> =>
  typeof answer === 'object' && !Array.isArray(answer) && !isDrawing(answer) ? answer : {};

export const isDrawing = (answer: Answer | undefined): answer is Drawing =>
  typeof answer === 'object' && !Array.isArray(answer) && Array.isArray(answer.strokes);

/** The question with its words in a language; where there are none, those of the first language stay. */
export function inLanguage<Q extends Pick<Question, 'label' | 'words' | 'text' | 'options' | 'rows' | 'cells'>>(
  question: Q,
  tag: string,
): Q {
  const words = question.words?.[tag];
  if (!words) return question;
  const named = <Item extends { id: string; label: string }>(items: Item[] | null | undefined, part: string) =>
    items?.map((item) => ({ ...item, label: words[`${part}|${item.id}`] ?? item.label }));
  const translated = { ...question, label: words.label ?? question.label };
  if (question.text) translated.text = words.text ?? question.text;
  if (question.options) translated.options = named(question.options, 'option') ?? null;
  if (question.rows) translated.rows = named(question.rows, 'row') ?? null;
  if (question.cells)
    translated.cells = Object.fromEntries(
      Object.entries(question.cells).map(([row, cells]) => [
        row,
        Object.fromEntries(
          Object.entries(cells ?? {}).map(([option, text]) => [option, words[`cell|${row}|${option}`] ?? text]),
        ),
      ]),
    );
  return translated;
}

/** Which questions these answers make somebody see: those that depend on no other, or on one that was answered so. */
export function questionsAsked(questions: readonly Question[], answers: Answers): Question[] {
  const asked = new Set<string>();
  return questions.filter((question) => {
    const { show_if: condition } = question;
    const answer = condition && asked.has(condition.question_id) ? answers[condition.question_id] : undefined;
    const given = Array.isArray(answer) ? answer : [answer];
    const isAsked = !condition || condition.any_of.some((value) => given.includes(value as string));
    if (isAsked) asked.add(question.id);
    return isAsked;
  });
}

/** Every question that is asked and whose answer can't be sent, in the form's order. */
export function faultsOf(
  questions: readonly Question[],
  answers: Answers,
): { question: Question; fault: AnswerFault }[] {
  return questionsAsked(questions, answers).flatMap((question) => {
    const fault = faultOf(question, answers[question.id]);
    return fault ? [{ question, fault }] : [];
  });
}

/** The answers as they are sent: to the questions that are asked, without empty ones, text trimmed. */
export function answersToSend(questions: readonly Question[], answers: Answers): Answers {
  const sent: Answers = {};
  for (const { id } of questionsAsked(questions, answers)) {
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
