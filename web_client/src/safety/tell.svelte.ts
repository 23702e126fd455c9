import type { SubjectKind } from '../protocol/shapes';

/** What somebody wants to tell the teachers about. */
export interface Told {
  kind: SubjectKind;
  subjectId: string;
  /** How the page calls it, read out with the button. */
  what: string;
}

/** What the page's one dialog is open for; null while it is closed. */
export const telling = $state<{ about: Told | null }>({ about: null });

export function tell(about: Told): void {
  telling.about = about;
}
