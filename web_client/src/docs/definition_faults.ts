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
  | 'no_picture'
  | 'no_key';

export function definitionFaults(
  questions: readonly BuiltQuestion[],
): { questionId: string | null; fault: DefinitionFault }[] {
  if (questions.every(({ type }) => type === 'section')) return [{ questionId: null, fault: 'no_questions' }];
  return questions.flatMap((question, place) => {
    const fault = definitionFault(question, questions.slice(0, place));
    return fault ? [{ questionId: question.id, fault }] : [];
  });
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
