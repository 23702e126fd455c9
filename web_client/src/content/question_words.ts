import { t, type Key } from '../catalogue';
import type { AnswerFault } from '../docs/form_answers';
import { maxLengthOf } from '../docs/form_answers';
import type { DefinitionFault } from '../docs/definition_faults';
import type { LineFault, Question, QuestionLines, QuestionType } from '../protocol/shapes';

const TYPES: Record<QuestionType, Key> = {
  short_text: 'type_short_text',
  long_text: 'type_long_text',
  single_choice: 'type_single_choice',
  picture_choice: 'type_picture_choice',
  multiple_choice: 'type_multiple_choice',
  ranking: 'type_ranking',
  faces: 'type_faces',
  scale: 'type_scale',
  number: 'type_number',
  date: 'type_date',
  matrix: 'type_matrix',
  rubric: 'type_rubric',
  drawing: 'type_drawing',
  file: 'type_file',
  consent: 'type_consent',
  section: 'type_section',
};

const HINTS: Partial<Record<QuestionType, Key>> = {
  single_choice: 'pick_single',
  picture_choice: 'pick_single',
  rubric: 'grid_hint',
  multiple_choice: 'pick_several',
  ranking: 'ranking_hint',
  matrix: 'grid_hint',
};

const FACES: readonly Key[] = ['face_1', 'face_2', 'face_3', 'face_4', 'face_5'];

const FAULTS: Record<DefinitionFault, Key> = {
  no_questions: 'form_fault_no_questions',
  no_label: 'form_fault_no_label',
  too_few_options: 'form_fault_too_few_options',
  empty_option: 'form_fault_empty_option',
  no_rows: 'form_fault_no_rows',
  empty_row: 'form_fault_empty_row',
  bounds: 'form_fault_bounds',
  condition: 'form_fault_condition',
  loop: 'form_fault_loop',
  no_picture: 'form_fault_no_picture',
  no_key: 'form_fault_no_key',
};

export const typeWord = (type: QuestionType): string => t(TYPES[type]);
/** What a face says, from 1 (the saddest) to 5. */
export const faceWord = (drawn: number): string => t(FACES[drawn - 1] ?? 'face_3');
/** What to put right, with the question's number. */
export const faultWord = (fault: DefinitionFault, number: number, chain: readonly number[] = []): string =>
  t(FAULTS[fault], { number, chain: chain.join(' → ') });

/** How a question is answered, beside whether it must be. */
export function hintOf(question: Question): string {
  const hint = HINTS[question.type];
  if (hint) return t(hint);
  return question.type === 'number' ? boundsWord(question) : '';
}

function boundsWord({ min, max }: Question): string {
  if (typeof min === 'number' && typeof max === 'number') return t('number_between', { min, max });
  if (typeof min === 'number') return t('number_from', { min });
  return typeof max === 'number' ? t('number_up_to', { max }) : '';
}

/** What to do about an answer that can't be sent. */
export function answerFaultWord(fault: AnswerFault, question: Question): string {
  switch (fault) {
    case 'too_long':
      return t('fault_too_long', { count: maxLengthOf(question) });
    case 'required':
      return t(isWritten(question) ? 'fault_required_text' : 'fault_required_choice');
    case 'not_a_number':
      return t('fault_not_a_number');
    case 'too_fine':
      return question.decimals ? t('fault_too_fine', { count: question.decimals }) : t('fault_not_whole');
    case 'out_of_range':
      return question.type === 'number' ? boundsWord(question) : t('fault_not_offered');
    case 'not_a_date':
      return t('fault_not_a_date');
    case 'rows_missing':
      return t('fault_rows_missing');
    case 'not_offered':
    case 'not_whole':
      return t('fault_not_offered');
  }
}

const isWritten = ({ type }: Question): boolean => ['short_text', 'long_text', 'number', 'date'].includes(type);

/** A question's answers in words, for those who choose one: a face's word, yes and no, or what teachers wrote. */
export function answerWord(question: Question, value: string | number, label: string): string {
  if (question.type === 'consent') return t(value === 'yes' ? 'option_yes' : 'option_no');
  return label;
}

/** Why a sheet of questions can't be brought in at all. */
export const SHEET_PROBLEMS: Record<NonNullable<QuestionLines['problem']>, Key> = {
  empty: 'sheet_empty',
  no_title_column: 'sheet_no_title_column',
  too_many_lines: 'sheet_too_many_lines',
  form_full: 'sheet_form_full',
};

const LINE_FAULTS: Record<LineFault['code'], Key> = {
  missing: 'line_missing',
  too_long: 'line_too_long',
  blank: 'line_blank',
  too_many: 'line_more_items',
  unknown_type: 'line_unknown_type',
  not_yes_or_no: 'line_not_yes_or_no',
  not_a_number: 'line_not_a_number',
  not_offered: 'line_not_offered',
  not_earlier: 'line_not_earlier',
  not_for_type: 'line_not_for_type',
  too_many_cells: 'line_too_many_cells',
  wrong: 'line_wrong',
};

const COLUMNS: Record<string, Key> = {
  type: 'column_type',
  title: 'column_title',
  required: 'column_required',
  options: 'column_options',
  rows: 'column_rows',
  min: 'column_min',
  max: 'column_max',
  decimals: 'column_decimals',
  unit: 'column_unit',
  text: 'column_text',
  shown_if: 'column_shown_if',
  right: 'column_right',
  points: 'column_points',
  cells: 'column_cells',
  pictures: 'column_pictures',
  rubric: 'column_rubric',
};

/** What is wrong in a line of a sheet, with the column as the sheet may call it. */
export function lineFaultWord({ column, code, value }: LineFault): string {
  const named = COLUMNS[column];
  return t(LINE_FAULTS[code], { column: named ? t(named) : column, value });
}
