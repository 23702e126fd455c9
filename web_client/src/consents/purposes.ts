import type { Key } from '../catalogue';
import type { ConsentEntry, Purpose } from '../protocol/shapes';

export const PURPOSES: Record<Purpose, Key> = {
  account: 'purpose_account',
  live_voice: 'purpose_live_voice',
  live_camera: 'purpose_live_camera',
  recording: 'purpose_recording',
  image_public: 'purpose_image_public',
  first_name_to_partner: 'purpose_first_name_to_partner',
  external_tool: 'purpose_external_tool',
};
export const PURPOSE_ORDER = Object.keys(PURPOSES) as Purpose[];

const HOW: Record<string, Key> = { paper: 'how_paper', in_person: 'how_in_person', online: 'how_online' };
export const howKey = (how: string): Key => HOW[how] ?? 'how_online';
export const byKey = (givenBy: string): Key => (givenBy === 'self' ? 'consents_by_self' : 'consents_by_guardian');

export type Answer = 'yes' | 'no' | 'over' | 'unasked';

/** What an entry says now; `now_ms` because a consent may have an end. */
export function answerOf(entry: ConsentEntry | undefined, now_ms: number): Answer {
  if (!entry) return 'unasked';
  if (!entry.granted) return 'no';
  return entry.until_ms !== null && entry.until_ms <= now_ms ? 'over' : 'yes';
}

export const ANSWERS: Record<Answer, Key> = {
  yes: 'consents_yes',
  no: 'consents_no',
  over: 'consents_over',
  unasked: 'consents_unasked',
};
