import { SvelteMap } from 'svelte/reactivity';
import { may, memberOf, session } from '../app_state.svelte';
import { t, type Key } from '../catalogue';
import { del, get, post, put } from '../protocol/api';
import type { RecordingState } from '../protocol/shapes';
import { connection, on } from '../protocol/socket';

const ENDINGS: Partial<Record<NonNullable<RecordingState['reason']>, Key>> = {
  time_over: 'recording_ended_time',
  disk_full: 'recording_ended_disk_full',
  disk_slow: 'recording_ended_disk',
  disk_error: 'recording_ended_disk',
  interrupted: 'recording_ended_interrupted',
};

const path = (roomId: string): string => `/api/v1/rooms/${roomId}/recording`;

/** Which meetings are recorded, as the hub told last. */
class Recordings {
  #states = new SvelteMap<string, RecordingState>();
  /** Endings that somebody has read. */
  #read = new SvelteMap<string, RecordingState>();

  of(roomId: string | undefined): RecordingState | undefined {
    return roomId === undefined ? undefined : this.#states.get(roomId);
  }

  note(state: RecordingState): void {
    const known = this.#states.get(state.room_id);
    if (known && known.revision > state.revision) return;
    this.#states.set(state.room_id, state);
  }

  /** Asks the hub; afterwards announcements keep it true. Without an answer nothing is known, and nothing is shown. */
  async look(roomId: string): Promise<void> {
    const state = await get<RecordingState>(path(roomId)).catch(() => undefined);
    if (!state) return;
    this.note(state);
    // What ended before one came is no news.
    if (!state.running) this.#read.set(roomId, state);
  }

  lookAgain(): void {
    for (const roomId of this.#states.keys()) void this.look(roomId);
  }

  /** An ending that somebody has to know of: other than by being stopped. */
  endingOf(roomId: string): string | null {
    const state = this.#states.get(roomId);
    const words = state && !state.running && state.reason ? ENDINGS[state.reason] : undefined;
    return words && this.#read.get(roomId) !== state ? t(words) : null;
  }

  dismiss(roomId: string): void {
    const state = this.#states.get(roomId);
    if (state) this.#read.set(roomId, state);
  }

  /** Each rejects with a ProblemError. */
  async start(roomId: string, includeMe: boolean): Promise<void> {
    this.note(await post<RecordingState>(path(roomId), { include_me: includeMe }));
  }

  async stop(roomId: string): Promise<void> {
    await del(path(roomId));
  }

  async choose(roomId: string, includeMe: boolean): Promise<void> {
    this.note(await put<RecordingState>(`${path(roomId)}/me`, { include_me: includeMe }));
  }
}

export const recordings = new Recordings();
on('room:recording', (state) => recordings.note(state));
connection.subscribe((state) => {
  if (state === 'connected') recordings.lookAgain();
});

/** Whether this person agreed, or somebody who may did for them. */
export const agreed = (state: RecordingState): boolean => state.agreed_user_ids.includes(session.user?.id ?? '');

/** Whose picture can't be recorded, in words for oneself or for who records; empty: nobody's. */
export function unreadableWords(state: RecordingState): string {
  const ids = state.unreadable_user_ids;
  if (ids.includes(session.user?.id ?? '')) return t('recording_unreadable_you');
  if (ids.length === 0 || !may('record')) return '';
  return t('recording_unreadable_others', { names: ids.map((id) => memberOf(id)?.display_name ?? '?').join(', ') });
}

/** What somebody has to know who is in the meeting. */
export function recordingWords(state: RecordingState): string {
  const name = state.started_by ?? '';
  if (agreed(state)) return t('recording_runs_with_you', { name });
  return t('recording_runs_without_you', { name });
}

/** The same before somebody comes in, when nobody has asked them yet. */
export const recordingWarning = (state: RecordingState): string =>
  session.user?.kind === 'pupil'
    ? t('recording_before_pupil', { name: state.started_by ?? '' })
    : t('recording_before', { name: state.started_by ?? '' });
