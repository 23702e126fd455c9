import type { Question } from '../protocol/shapes';
import { CONSENT_ANSWERS } from './form_answers';
import { hasOptions, hasRows, type BuiltQuestion } from './question_types';

/** What still keeps a form from being published, question by question; empty when it may be. */
export type DefinitionFault =
  | 'no_questions'
  | 'no_label'
  | 'too_few_options'
  | 'empty_option'
  | 'no_rows'
  | 'empty_row'
  | 'bounds'
  | 'condition'
  | 'loop'
  | 'no_picture'
  | 'no_key';

export interface FoundFault {
  questionId: string | null;
  fault: DefinitionFault;
  /** Of a loop, the numbers of the questions that wait for each other, the first one again at the end. */
  chain?: number[];
}

export function definitionFaults(questions: readonly BuiltQuestion[]): FoundFault[] {
  if (questions.every(({ type }) => type === 'section')) return [{ questionId: null, fault: 'no_questions' }];
  const chain = loopOf(questions);
  const first = questions[(chain[0] ?? 0) - 1];
  const others = questions.flatMap((question, place): FoundFault[] => {
    const fault = definitionFault(question, questions.slice(0, place));
    // That it waits for a later one is said with the loop.
    if (!fault || (fault === 'condition' && chain.includes(place + 1))) return [];
    return [{ questionId: question.id, fault }];
  });
  return first ? [{ questionId: first.id, fault: 'loop', chain }, ...others] : others;
}

/** The numbers of questions that wait for each other's answers, so that nobody would ever see them; empty: none do. */
function loopOf(questions: readonly BuiltQuestion[]): number[] {
  const ids = questions.map(({ id }) => id);
  for (const question of questions) {
    const path: string[] = [];
    let at: string | undefined = question.id;
    while (at !== undefined && ids.includes(at) && !path.includes(at)) {
      path.push(at);
      at = questions.find(({ id }) => id === at)?.show_if?.question_id;
    }
    const from = at === undefined ? -1 : path.indexOf(at);
    if (from >= 0) return [...path.slice(from), path[from] ?? ''].map((id) => ids.indexOf(id) + 1);
  }
  return [];
}

function definitionFault(question: BuiltQuestion, earlier: readonly Question[]): DefinitionFault | null {
  const { label, type, options, rows, min, max } = question;
  if (!label.trim()) return 'no_label';
  if (question.rubric_id) return conditionFault(question, earlier);
  if (hasRows(type)) {
    if (!rows || rows.length === 0) return 'no_rows';
    if (rows.some((row) => !row.label.trim())) return 'empty_row';
  }
  if (hasOptions(type)) {
    if (!options || options.length < 2) return 'too_few_options';
    if (options.some((option) => !option.label.trim())) return 'empty_option';
    if (type === 'picture_choice' && options.some((option) => !option.picture)) return 'no_picture';
  }
  if (type === 'number' && typeof min === 'number' && typeof max === 'number' && min >= max) return 'bounds';
  if (question.key && question.key.any_of.length === 0) return 'no_key';
  return conditionFault(question, earlier);
}

function conditionFault({ show_if: condition }: BuiltQuestion, earlier: readonly Question[]): DefinitionFault | null {
  if (!condition) return null;
  const asked = earlier.find(({ id }) => id === condition.question_id);
  const offered = asked ? answersOf(asked).map(({ value }) => value) : [];
  return condition.any_of.length > 0 && condition.any_of.every((value) => offered.includes(value)) ? null : 'condition';
}

/** The answers that others can hang on, with their words where teachers wrote some. */
export function answersOf({ type, options, min, max }: Question): { value: string | number; label: string }[] {
  if (type === 'consent') return CONSENT_ANSWERS.map((value) => ({ value, label: value }));
  if (type === 'single_choice' || type === 'picture_choice' || type === 'multiple_choice')
    return (options ?? []).map(({ id, label }) => ({ value: id, label }));
  if (type !== 'scale' && type !== 'faces') return [];
  const first = min ?? 1;
  const last = max ?? 5;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    value: first + i,
    label: String(first + i),
  }));
}
