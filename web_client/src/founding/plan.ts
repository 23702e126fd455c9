import { languageName, type Key } from '../catalogue';
import type { Founding } from '../protocol/shapes';

/** What a project plans, as people type it. */
export interface Plan {
  title: string;
  programme: Founding['programme'];
  stage: Founding['stage'];
  subjects: string;
  languages: string[];
  starts_on: string;
  ends_on: string;
}

export const PROGRAMMES: Record<Plan['programme'], Key> = {
  etwinning: 'programme_etwinning',
  ka1: 'programme_ka1',
  ka2: 'programme_ka2',
  other: 'programme_else',
};
export const STAGES: Record<Plan['stage'], Key> = {
  early: 'stage_early',
  primary: 'stage_primary',
  lower_secondary: 'stage_lower_secondary',
  upper_secondary: 'stage_upper_secondary',
  vocational: 'stage_vocational',
};
export const STATES: Record<Founding['state'], Key> = {
  writing: 'founding_state_writing',
  waiting: 'founding_state_waiting',
  returned: 'founding_state_returned',
  ready: 'founding_state_ready',
  open: 'founding_state_open',
  changed: 'founding_state_changed',
};
/** Of the schools in the network, by their names in themselves when shown. */
export const PROJECT_LANGUAGES = [
  ...['bg', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fi', 'fr', 'ga', 'hr', 'hu', 'is', 'it', 'lt', 'lv', 'mk'],
  ...['mt', 'nb', 'nl', 'pl', 'pt', 'ro', 'sk', 'sl', 'sq', 'sr', 'sv', 'tr', 'uk'],
];

/** Those that browsers have no name for. */
const OWN_NAMES: Record<string, string> = { is: 'Íslenska', mk: 'Македонски', mt: 'Malti', sq: 'Shqip' };
export const ownName = (tag: string): string => OWN_NAMES[tag] ?? languageName(tag);

const DAY_MS = 86_400_000;
const dayOf = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 10);

/** A plan to begin with: today, for a school year. */
export const newPlan = (language: string): Plan => ({
  title: '',
  programme: 'etwinning',
  stage: 'lower_secondary',
  subjects: '',
  languages: PROJECT_LANGUAGES.includes(language) ? [language] : [],
  starts_on: dayOf(Date.now()),
  ends_on: dayOf(Date.now() + 270 * DAY_MS),
});

export const planOf = (founding: Founding): Plan => ({
  title: founding.title,
  programme: founding.programme,
  stage: founding.stage,
  subjects: founding.subjects.join(', '),
  languages: [...founding.languages],
  starts_on: founding.starts_on,
  ends_on: founding.ends_on,
});

/** As the hub wants it. */
export const planToSend = (plan: Plan) => ({
  ...plan,
  subjects: plan.subjects
    .split(/[,;\n]/)
    .map((subject) => subject.trim())
    .filter(Boolean),
});
