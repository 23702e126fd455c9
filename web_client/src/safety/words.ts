import CircleHelp from '@lucide/svelte/icons/circle-help';
import Copy from '@lucide/svelte/icons/copy';
import Ghost from '@lucide/svelte/icons/ghost';
import HeartCrack from '@lucide/svelte/icons/heart-crack';
import Lock from '@lucide/svelte/icons/lock';
import Trash from '@lucide/svelte/icons/trash-2';
import type { Key } from '../catalogue';
import type { MutePart, ReportReason, SubjectKind } from '../protocol/shapes';

/** A picture and a word for every reason: six-year-olds choose by the picture. */
export const REASONS: Record<ReportReason, { word: Key; icon: typeof Copy }> = {
  mean: { word: 'reason_mean', icon: HeartCrack },
  scary: { word: 'reason_scary', icon: Ghost },
  private: { word: 'reason_private', icon: Lock },
  not_ours: { word: 'reason_not_ours', icon: Copy },
  spam: { word: 'reason_spam', icon: Trash },
  other: { word: 'reason_else', icon: CircleHelp },
};

export const KINDS: Record<SubjectKind, Key> = {
  message: 'kind_message',
  caption: 'kind_caption',
  content: 'kind_content',
  card: 'kind_card',
  comment: 'kind_comment',
  material: 'kind_material',
  recording: 'kind_recording',
  thread: 'kind_thread',
  post: 'kind_post',
  debate: 'kind_debate',
  member: 'kind_member',
  twinspace: 'kind_twinspace',
};

export const PARTS: Record<MutePart, Key> = { chat: 'part_chat', write: 'part_write', speak: 'part_speak' };

const DEEDS: Record<string, Key> = {
  reported: 'did_reported',
  claimed: 'did_claimed',
  answered: 'did_answered',
  hidden: 'did_hidden',
  shown: 'did_shown',
  muted: 'did_muted',
  unmuted: 'did_unmuted',
  removed: 'did_removed',
  approved: 'did_approved',
  refused: 'did_refused',
  erased: 'did_erased',
};
export const deedKey = (action: string): Key => DEEDS[action] ?? 'did_else';
export const kindKey = (kind: string): Key => KINDS[kind as SubjectKind] ?? 'kind_twinspace';
export const reasonKey = (reason: string): Key | null => REASONS[reason as ReportReason]?.word ?? null;
