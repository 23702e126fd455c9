import type { Question, QuestionType } from '../protocol/shapes';

/** The types of questions, and what a question of each can hold while it is built. */

export const QUESTION_TYPES: readonly QuestionType[] = [
  'short_text',
  'long_text',
  'single_choice',
  'picture_choice',
  'multiple_choice',
  'ranking',
  'faces',
  'scale',
  'number',
  'date',
  'matrix',
  'rubric',
  'drawing',
  'file',
  'consent',
  'section',
];
export const SCALE_LIMITS = { min: 0, max: 10 } as const;
export const FACE_COUNTS = [3, 4, 5] as const;
export const MAX_DECIMALS = 3;
export const LABEL_LENGTH = 500;
export const TEXT_LENGTH = 2_000;
export const UNIT_LENGTH = 20;
/** What a question offers: answers, or in a grid also the things that are asked about. */
export type ListName = 'options' | 'rows';

/** What makes a quiz of a question: what is right, what it is worth, and what is said about it. */
export interface QuizKey {
  any_of: (string | number)[];
  points: number;
  right: string;
  wrong: string;
}
/** A question with what only those see who build it. */
export type BuiltQuestion = Question & { key?: QuizKey };
/** Types that have right answers. */
export const KEYED: readonly QuestionType[] = [
  'single_choice',
  'picture_choice',
  'multiple_choice',
  'short_text',
  'number',
  'scale',
];
const WITH_OPTIONS: readonly QuestionType[] = [
  'single_choice',
  'picture_choice',
  'multiple_choice',
  'ranking',
  'matrix',
  'rubric',
];
export const hasRows = (type: QuestionType): boolean => type === 'matrix' || type === 'rubric';
/** Whether teachers write what can be answered. */
export const hasOptions = (type: QuestionType): boolean => WITH_OPTIONS.includes(type);
