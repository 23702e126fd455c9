import { formatDate, t, type Key } from '../catalogue';
import { get, post } from '../protocol/api';
import type * as hub from '../protocol/schema';
import { on } from '../protocol/socket';
import { paths } from '../routes';

export type Notice = hub.Notice;

interface Words {
  said: Key;
  kind: Key;
  path: (notice: Notice) => string;
}

const toPlan = ({ twinspace_id }: Notice): string => (twinspace_id ? paths.plan(twinspace_id) : paths.desk);
const toRoom = ({ twinspace_id, details }: Notice): string =>
  twinspace_id && typeof details.room_id === 'string' ? paths.room(twinspace_id, details.room_id) : paths.desk;
const toTalk = ({ twinspace_id }: Notice): string => (twinspace_id ? paths.talk(twinspace_id) : paths.desk);
const toQuestion = ({ subject_id }: Notice): string => paths.helpQuestion(subject_id);
const toReports = ({ twinspace_id }: Notice): string => (twinspace_id ? paths.moderation(twinspace_id) : paths.desk);
const toFounding = ({ subject_id }: Notice): string => paths.founding(subject_id);
const toApproval = (notice: Notice): string =>
  notice.details.what === 'founding' && notice.twinspace_id ? paths.founding(notice.twinspace_id) : toPlan(notice);
const toLife = ({ twinspace_id }: Notice): string => (twinspace_id ? paths.life(twinspace_id) : paths.desk);
const toRefused = ({ twinspace_id, subject_id, details }: Notice): string => {
  const kind = details.kind === 'rubric' ? 'rubric' : 'wall';
  return twinspace_id ? paths.content({ twinspace_id, kind, id: subject_id }) : paths.desk;
};
const toAssessment = ({ twinspace_id, subject_id, details }: Notice): string =>
  twinspace_id && typeof details.rubric_id === 'string'
    ? `${paths.content({ twinspace_id, kind: 'rubric', id: details.rubric_id })}/assess/${subject_id}`
    : paths.desk;

/** What each kind of notice says and where it leads. One line for each kind of `hub/notices.py`. */
export const KINDS: Record<string, Words> = {
  meeting_planned: { said: 'notice_meeting_planned', kind: 'kind_meeting_planned', path: toPlan },
  meeting_changed: { said: 'notice_meeting_changed', kind: 'kind_meeting_changed', path: toPlan },
  meeting_cancelled: { said: 'notice_meeting_cancelled', kind: 'kind_meeting_cancelled', path: toPlan },
  meeting_soon: { said: 'notice_meeting_soon', kind: 'kind_meeting_soon', path: toRoom },
  plan: { said: 'notice_plan', kind: 'kind_plan', path: toPlan },
  phase: { said: 'notice_phase', kind: 'kind_phase', path: toLife },
  succession: { said: 'notice_succession', kind: 'kind_succession', path: toFounding },
  flag: { said: 'notice_flag', kind: 'kind_flag', path: toReports },
  approval: { said: 'notice_approval', kind: 'kind_approval', path: toApproval },
  refused: { said: 'notice_refused', kind: 'kind_refused', path: toRefused },
  assess: { said: 'notice_assess', kind: 'kind_assess', path: toAssessment },
  assess_soon: { said: 'notice_assess_soon', kind: 'kind_assess_soon', path: toAssessment },
  assess_shown: { said: 'notice_assess_shown', kind: 'kind_assess_shown', path: toAssessment },
  answered: { said: 'notice_answered', kind: 'kind_answered', path: toQuestion },
  mentioned: { said: 'notice_mentioned', kind: 'kind_mentioned', path: toTalk },
};
const SOMETHING: Words = { said: 'notice_something', kind: 'kind_something', path: () => paths.desk };

export const wordsOf = (kind: string): Words => KINDS[kind] ?? SOMETHING;

/** The sentence of a notice, with when its meeting is, or until when something is asked. */
export function sentenceOf(notice: Notice): string {
  const { title, by, starts_at_ms, until_ms } = notice.details as Record<string, unknown>;
  const said = t(wordsOf(notice.kind).said, { title: String(title ?? ''), by: String(by ?? '') });
  if (typeof until_ms === 'number') return `${said} · ${t('notice_until', { when: formatDate(until_ms, true) })}`;
  return typeof starts_at_ms === 'number' ? `${said} · ${formatDate(starts_at_ms, true)}` : said;
}

/** The bell: what one was told, kept up to date as long as it is followed. */
export class Notices {
  list = $state.raw<Notice[] | null>(null);
  unread = $state(0);
  problem = $state.raw<unknown>(null);

  async look(): Promise<void> {
    try {
      const found = await get<hub.Notices>('/api/v1/me/notices');
      this.list = found.notices;
      this.unread = found.unread_count;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  async read(seqs: number[] | 'all'): Promise<void> {
    const body = seqs === 'all' ? { up_to: this.list?.[0]?.seq ?? 0 } : { seqs };
    try {
      this.unread = (await post<hub.Unread>('/api/v1/me/notices/read', body)).unread_count;
      await this.look();
    } catch (error) {
      this.problem = error;
    }
  }

  follow(): () => void {
    void this.look();
    const stops = [on('notice:added', () => void this.look()), on('notice:read', () => void this.look())];
    return () => stops.forEach((stop) => stop());
  }
}
