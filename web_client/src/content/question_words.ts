import { t, type Key } from '../catalogue';
import type { DefinitionFault } from '../docs/form_definition';
import type { QuestionType } from '../protocol/shapes';

const TYPES: Record<QuestionType, Key> = {
  short_text: 'type_short_text',
  long_text: 'type_long_text',
  single_choice: 'type_single_choice',
  multiple_choice: 'type_multiple_choice',
  scale: 'type_scale',
  faces: 'type_faces',
};

const FAULTS: Record<DefinitionFault, Key> = {
  no_questions: 'form_fault_no_questions',
  no_label: 'form_fault_no_label',
  too_few_options: 'form_fault_too_few_options',
  empty_option: 'form_fault_empty_option',
};

export const typeWord = (type: QuestionType): string => t(TYPES[type]);
/** What to put right, with the question's number. */
export const faultWord = (fault: DefinitionFault, number: number): string => t(FAULTS[fault], { number });
