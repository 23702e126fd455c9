import type { Component } from 'svelte';
import type { QuestionType } from '../../protocol/shapes';
import type { AnswerField } from './answer_field';
import ChoiceAnswer from './choice_answer.svelte';
import DateAnswer from './date_answer.svelte';
import DrawingAnswer from './drawing_answer.svelte';
import FacesAnswer from './faces_answer.svelte';
import FileAnswer from './file_answer.svelte';
import GridAnswer from './grid_answer.svelte';
import NumberAnswer from './number_answer.svelte';
import PictureAnswer from './picture_answer.svelte';
import RankingAnswer from './ranking_answer.svelte';
import RubricAnswer from './rubric_answer.svelte';
import ScaleAnswer from './scale_answer.svelte';
import TextAnswer from './text_answer.svelte';

interface AnswerKind {
  field: Component<AnswerField>;
  /** `control`: one control that the question's words label; the others are groups that they head. */
  frame: 'control' | 'radiogroup' | 'group';
}

/** How each type of question is answered. */
export const ANSWERS: Record<Exclude<QuestionType, 'section'>, AnswerKind> = {
  short_text: { field: TextAnswer, frame: 'control' },
  long_text: { field: TextAnswer, frame: 'control' },
  number: { field: NumberAnswer, frame: 'control' },
  date: { field: DateAnswer, frame: 'control' },
  file: { field: FileAnswer, frame: 'control' },
  single_choice: { field: ChoiceAnswer, frame: 'radiogroup' },
  picture_choice: { field: PictureAnswer, frame: 'radiogroup' },
  consent: { field: ChoiceAnswer, frame: 'radiogroup' },
  scale: { field: ScaleAnswer, frame: 'radiogroup' },
  faces: { field: FacesAnswer, frame: 'radiogroup' },
  multiple_choice: { field: ChoiceAnswer, frame: 'group' },
  ranking: { field: RankingAnswer, frame: 'group' },
  matrix: { field: GridAnswer, frame: 'group' },
  rubric: { field: RubricAnswer, frame: 'group' },
  drawing: { field: DrawingAnswer, frame: 'group' },
};
