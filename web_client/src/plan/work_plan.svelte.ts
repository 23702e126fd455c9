import type * as hub from '../protocol/schema';
import { untrack } from 'svelte';
import { get } from '../protocol/api';
import { on } from '../protocol/socket';
import type { Key } from '../catalogue';
import { addDays, clockIn, type Day } from './days';

export type Activity = hub.Activity;
export type PlannedMeeting = hub.PlannedMeeting;
export type Team = hub.Team;
export type SchoolCalendar = hub.SchoolCalendar;
export type Change = hub.Change;

const LOADED_DAYS = 390;

export const STATES: Record<Activity['state'], Key> = {
  planned: 'plan_state_planned',
  running: 'plan_state_running',
  done: 'plan_state_done',
  dropped: 'plan_state_dropped',
};

export const FIELD_WORDS: Record<string, Key> = {
  title: 'plan_field_title',
  text: 'plan_field_text',
  state: 'plan_field_state',
  dates: 'plan_field_dates',
  subjects: 'plan_field_subjects',
  teams: 'plan_field_teams',
  contents: 'plan_field_contents',
  agenda: 'plan_field_agenda',
  time: 'plan_field_time',
  room: 'plan_field_room',
  invited: 'plan_field_invited',
  cancelled: 'plan_field_cancelled',
};

/** The plan of one TwinSpace, followed while somebody looks at it. */
export class Plan {
  activities = $state.raw<Activity[]>([]);
  meetings = $state.raw<PlannedMeeting[]>([]);
  teams = $state.raw<Team[]>([]);
  calendars = $state.raw<SchoolCalendar[]>([]);
  zone = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
  loaded = $state(false);
  problem = $state.raw<unknown>(null);
  readonly path: string;
  readonly #twinspaceId: string;

  constructor(twinspaceId: string) {
    this.#twinspaceId = twinspaceId;
    this.path = `/api/v1/twinspaces/${twinspaceId}`;
  }

  get today(): Day {
    return clockIn(this.zone, Date.now()).day;
  }

  async look(): Promise<void> {
    try {
      const since = addDays(this.today, -120);
      const until = addDays(since, LOADED_DAYS);
      const [plan, { teams }, { schools }, preferences] = await Promise.all([
        get<hub.Plan>(`${this.path}/plan`),
        get<hub.Teams>(`${this.path}/teams`),
        get<hub.Calendars>(`${this.path}/calendar?since=${since}&until=${until}`),
        get<hub.Preferences>('/api/v1/me/preferences'),
      ]);
      this.activities = plan.activities;
      this.meetings = plan.meetings;
      this.teams = teams;
      this.calendars = schools;
      this.zone = preferences.time_zone;
      this.loaded = true;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  /** Looks now and whenever something changes; returns how to stop. */
  follow(): () => void {
    // Whoever follows in an effect must not begin again with each answer.
    untrack(() => void this.look());
    const again = ({ twinspace_id }: { twinspace_id: string }): void => {
      if (twinspace_id === this.#twinspaceId) void this.look();
    };
    const stops = [on('plan:changed', again), on('twinspace:entered', again)];
    return () => stops.forEach((stop) => stop());
  }
}
