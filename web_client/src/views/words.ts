import { t, type Key } from '../catalogue';
import type { ContentKind, JournalEntry, Role } from '../protocol/shapes';

const KINDS: Record<ContentKind, Key> = { document: 'kind_document', wall: 'kind_wall', form: 'kind_form' };
const ROLES: Record<Role, Key> = {
  founder: 'role_founder',
  teacher: 'role_teacher',
  pupil: 'role_pupil',
  visitor: 'role_visitor',
};
const VERBS: Record<string, Key> = {
  twinspace_opened: 'verb_twinspace_opened',
  content_created: 'verb_content_created',
  content_renamed: 'verb_content_renamed',
  snapshot_taken: 'verb_snapshot_taken',
  form_published: 'verb_form_published',
  meeting_started: 'verb_meeting_started',
  meeting_ended: 'verb_meeting_ended',
};

export const kindWord = (kind: ContentKind): string => t(KINDS[kind] ?? 'kind_other_thing');
export const roleWord = (role: Role): string => t(ROLES[role]);

/** A journal entry as a sentence without its subject's name: "made the wall “Our rivers”". */
export function entrySentence({ verb, details }: Pick<JournalEntry, 'verb' | 'details'>): string {
  const title = typeof details.title === 'string' ? details.title : '';
  return t(VERBS[verb] ?? 'verb_unknown', { title });
}

/** The beginning of a snapshot's hash, as people compare it: `7f3a 91c2`. */
export const shortId = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
