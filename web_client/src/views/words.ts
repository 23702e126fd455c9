import { t, type Key } from '../catalogue';
import { kindOf } from '../content/kinds';
import type { ContentKind, JournalEntry, OpenPhase, Role, Snapshot } from '../protocol/shapes';

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
  debate_opened: 'verb_debate_opened',
  debate_closed: 'verb_debate_closed',
  poll_opened: 'verb_poll_opened',
  quiz_opened: 'verb_quiz_opened',
  form_published: 'verb_form_published',
  rubric_sealed: 'verb_rubric_sealed',
  assessment_moved: 'verb_assessment_moved',
  activity_planned: 'verb_activity_planned',
  activity_changed: 'verb_activity_changed',
  activity_removed: 'verb_activity_removed',
  meeting_planned: 'verb_meeting_planned',
  meeting_changed: 'verb_meeting_changed',
  meeting_cancelled: 'verb_meeting_cancelled',
  series_planned: 'verb_series_planned',
  meeting_started: 'verb_meeting_started',
  meeting_ended: 'verb_meeting_ended',
  breakouts_opened: 'verb_breakouts_opened',
  meeting_recorded: 'verb_meeting_recorded',
  recording_erased: 'verb_recording_erased',
  room_encrypted: 'verb_room_encrypted',
  room_unencrypted: 'verb_room_unencrypted',
  project_proposed: 'verb_project_proposed',
  agreement_signed: 'verb_agreement_signed',
  project_approved: 'verb_project_approved',
  project_returned: 'verb_project_returned',
  succession_proposed: 'verb_succession_proposed',
  succession_declined: 'verb_succession_declined',
  succession_stopped: 'verb_succession_stopped',
  founder_followed: 'verb_founder_followed',
  phase_moved: 'verb_phase_moved',
  reopening_asked: 'verb_reopening_asked',
  file_added: 'verb_file_added',
  file_replaced: 'verb_file_replaced',
  link_added: 'verb_link_added',
  entry_added: 'verb_entry_added',
  material_removed: 'verb_material_removed',
  visibility_changed: 'verb_visibility_changed',
  pages_arranged: 'verb_pages_arranged',
  share_made: 'verb_share_made',
  share_revoked: 'verb_share_revoked',
};

export const kindWord = (kind: ContentKind, isSlides = false): string =>
  t(isSlides ? 'kind_slides' : (kindOf(kind)?.word ?? 'kind_other_thing'));
export const roleWord = (role: Role): string => t(ROLES[role]);

/** A journal entry as a sentence without its subject's name: "made the wall “Our rivers”". */
export function entrySentence({ verb, details }: Pick<JournalEntry, 'verb' | 'details'>): string {
  const title = typeof details.title === 'string' ? details.title : '';
  const phase = isPhase(details.phase) ? phaseWord(details.phase) : '';
  const named = (value: unknown): string => (typeof value === 'string' ? value : '');
  const people = { leaving: named(details.leaving), successor: named(details.successor) };
  return t(VERBS[verb] ?? 'verb_unknown', { title, phase, ...people });
}

const PHASES: Record<OpenPhase, Key> = {
  idea: 'phase_idea',
  before: 'phase_before',
  during: 'phase_during',
  after: 'phase_after',
  closed: 'phase_closed',
  archived: 'phase_archived',
};
/** In the order in which a project goes through them. */
export const PHASE_ORDER = Object.keys(PHASES) as OpenPhase[];
export const isPhase = (value: unknown): value is OpenPhase => typeof value === 'string' && value in PHASES;
export const phaseWord = (phase: OpenPhase): string => t(PHASES[phase]);

/** What a snapshot is called: those that the hub takes by itself have no title of anybody's making. */
export function snapshotTitle({ cause, title }: Pick<Snapshot, 'cause' | 'title'>): string {
  if (cause === 'phase' && isPhase(title)) return t('snapshot_of_phase', { phase: phaseWord(title) });
  return cause === 'agreement' ? t('snapshot_of_agreement') : title;
}

/** The beginning of a snapshot's hash, as people compare it: `7f3a 91c2`. */
export const shortId = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
