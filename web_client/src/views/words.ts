import { t, type Key } from '../catalogue';
import { kindOf } from '../content/kinds';
import type { ContentKind, JournalEntry, Role } from '../protocol/shapes';

const ROLES: Record<Role, Key> = {
  founder: 'role_founder',
  teacher: 'role_teacher',
  librarian: 'role_librarian',
  pupil_editor: 'role_pupil_editor',
  pupil: 'role_pupil',
  head_teacher: 'role_head_teacher',
  adviser: 'role_adviser',
  lecturer: 'role_lecturer',
  expert: 'role_expert',
  ambassador: 'role_ambassador',
  inspector: 'role_inspector',
  family: 'role_family',
  visitor: 'role_visitor',
  regional_staff: 'role_regional_staff',
  national_staff: 'role_national_staff',
  central_staff: 'role_central_staff',
};
/** From those who lead to those who look on. */
export const ROLE_ORDER = Object.keys(ROLES) as Role[];
const VERBS: Record<string, Key> = {
  twinspace_opened: 'verb_twinspace_opened',
  content_created: 'verb_content_created',
  content_renamed: 'verb_content_renamed',
  snapshot_taken: 'verb_snapshot_taken',
  form_published: 'verb_form_published',
  meeting_started: 'verb_meeting_started',
  meeting_ended: 'verb_meeting_ended',
  meeting_recorded: 'verb_meeting_recorded',
  recording_erased: 'verb_recording_erased',
};

export const kindWord = (kind: ContentKind): string => t(kindOf(kind)?.word ?? 'kind_other_thing');
export const roleWord = (role: Role): string => t(ROLES[role]);

/** A journal entry as a sentence without its subject's name: "made the wall “Our rivers”". */
export function entrySentence({ verb, details }: Pick<JournalEntry, 'verb' | 'details'>): string {
  const title = typeof details.title === 'string' ? details.title : '';
  return t(VERBS[verb] ?? 'verb_unknown', { title });
}

/** The beginning of a snapshot's hash, as people compare it: `7f3a 91c2`. */
export const shortId = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
