import type { AnswerFault } from '../../docs/form_answers';
import type { Answer, Question } from '../../protocol/shapes';

/** What every field that takes an answer is given. */
export interface AnswerField {
  /** Begins the ids of its elements; those of a single control are `${id}-control`. */
  id: string;
  question: Question;
  answer: Answer | undefined;
  fault: AnswerFault | null;
  disabled: boolean;
  /** The ids of the hint and, if there is one, of what is wrong. */
  describedBy: string;
  onanswer: (answer: Answer | undefined) => void;
}
