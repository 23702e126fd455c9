import type accounts from './en/accounts.json';
import type breakouts from './en/breakouts.json';
import type call from './en/call.json';
import type cards from './en/cards.json';
import type content from './en/content.json';
import type finding from './en/finding.json';
import type formTemplates from './en/form_templates.json';
import type gallery from './en/gallery.json';
import type plan from './en/plan.json';
import type questions from './en/questions.json';
import type doors from './en/doors.json';
import type encryption from './en/encryption.json';
import type interpreters from './en/interpreters.json';
import type lines from './en/lines.json';
import type lesson_text from './en/lesson_text.json';
import type materials from './en/materials.json';
import type polls from './en/polls.json';
import type powers from './en/powers.json';
import type questionSheets from './en/question_sheets.json';
import type reactions from './en/reactions.json';
import type recording from './en/recording.json';
import type rubrics from './en/rubrics.json';
import type safety from './en/safety.json';
import type seats from './en/seats.json';
import type shell from './en/shell.json';
import type speaking from './en/speaking.json';
import type spine from './en/spine.json';
import type succession from './en/succession.json';
import type together from './en/together.json';
import type walls from './en/walls.json';
import type whiteboard from './en/whiteboard.json';

export const LANGUAGES = ['en', 'es', 'pl'] as const;
export type Language = (typeof LANGUAGES)[number];

type RawKey =
  | keyof typeof accounts
  | keyof typeof breakouts
  | keyof typeof seats
  | keyof typeof shell
  | keyof typeof content
  | keyof typeof finding
  | keyof typeof formTemplates
  | keyof typeof gallery
  | keyof typeof plan
  | keyof typeof questions
  | keyof typeof questionSheets
  | keyof typeof doors
  | keyof typeof encryption
  | keyof typeof interpreters
  | keyof typeof lines
  | keyof typeof lesson_text
  | keyof typeof materials
  | keyof typeof polls
  | keyof typeof powers
  | keyof typeof reactions
  | keyof typeof recording
  | keyof typeof rubrics
  | keyof typeof safety
  | keyof typeof call
  | keyof typeof speaking
  | keyof typeof spine
  | keyof typeof succession
  | keyof typeof cards
  | keyof typeof together
  | keyof typeof walls
  | keyof typeof whiteboard;
type WithoutPlural<K extends string> = K extends `${infer B}_zero`
  ? B
  : K extends `${infer B}_one`
    ? B
    : K extends `${infer B}_two`
      ? B
      : K extends `${infer B}_few`
        ? B
        : K extends `${infer B}_many`
          ? B
          : K extends `${infer B}_other`
            ? B
            : K;
/** Every key `t` knows: `cards_one` and `cards_other` are asked for as `cards`, with a `count`. */
export type Key = WithoutPlural<RawKey>;
export type Params = Record<string, string | number>;

const files = import.meta.glob<Record<string, string>>('./*/*.json', { import: 'default' });

/** The interface's language now. Read `language.current` in markup to follow it. */
export const language = $state<{ current: Language }>({ current: 'en' });
let entries = $state.raw<Record<string, string>>({});

async function load(tag: Language): Promise<Record<string, string>> {
  const areas = Object.keys(files).filter((path) => path.startsWith(`./${tag}/`));
  const catalogues = await Promise.all(areas.map((path) => (files[path] as () => Promise<Record<string, string>>)()));
  return Object.assign({}, ...catalogues);
}

/** Loads a language's catalogues and then switches to it; anything but a language we have becomes English. */
export async function setLanguage(tag: string): Promise<void> {
  const short = tag.toLowerCase().split('-')[0] as Language;
  const chosen = LANGUAGES.includes(short) ? short : 'en';
  entries = await load(chosen);
  language.current = chosen;
}

/** Which way a language is written; all of ours go from left to right. */
export function direction(tag: string): 'ltr' | 'rtl' {
  return ['ar', 'fa', 'he', 'ur'].includes(tag) ? 'rtl' : 'ltr';
}

/** The sentence for a key, with `{{name}}` filled in and the plural form that `count` asks for. */
export function t(key: Key, params: Params = {}): string {
  const tag = language.current;
  const count = params.count;
  const form = typeof count === 'number' ? `${key}_${new Intl.PluralRules(tag).select(count)}` : key;
  const sentence = entries[form] ?? entries[key] ?? key;
  return sentence.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = params[name];
    return typeof value === 'number' ? new Intl.NumberFormat(tag).format(value) : (value ?? whole);
  });
}

// English without a country would be American, with months before days.
const locale = (): string => (language.current === 'en' ? 'en-GB' : language.current);

/** 14:05 */
export function formatTime(at_ms: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(at_ms);
}

/** 3 Sept, with the year when it is another one, and with the time when `withTime` is set. */
export function formatDate(at_ms: number, withTime = false): string {
  const yearOf = new Intl.DateTimeFormat('en', { year: 'numeric' });
  const thisYear = yearOf.format(at_ms) === yearOf.format(Date.now());
  const year = thisYear ? {} : ({ year: 'numeric' } as const);
  const time = withTime ? ({ hour: '2-digit', minute: '2-digit' } as const) : {};
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', ...year, ...time }).format(at_ms);
}

/** Thursday 3 September: the heading of a day. */
export function formatDay(at_ms: number): string {
  const day = new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long' }).format(at_ms);
  return day.charAt(0).toLocaleUpperCase(locale()) + day.slice(1);
}

/** 5 Oct, of an ISO date, wherever one is; `wide` says the weekday too. */
export function formatDayOnly(day: string, wide = false): string {
  const weekday = wide ? ({ weekday: 'long' } as const) : {};
  const options = { day: 'numeric', month: wide ? 'long' : 'short', timeZone: 'UTC', ...weekday } as const;
  return new Intl.DateTimeFormat(locale(), options).format(Date.parse(`${day}T00:00:00Z`));
}

/** October 2026, of an ISO date. */
export function formatMonth(day: string): string {
  const options = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const name = new Intl.DateTimeFormat(locale(), options).format(Date.parse(`${day}T00:00:00Z`));
  return name.charAt(0).toLocaleUpperCase(locale()) + name.slice(1);
}

/** Mon, of an ISO date. */
export function formatWeekday(day: string): string {
  return new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}

/** 14:05 as the clocks of a zone show it. */
export function formatClock(at_ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(at_ms);
}

/** Browsers do not know every language's own name for itself. */
const OWN_NAMES: Record<string, string> = { ga: 'Gaeilge' };

/** A language's name in that language: Polski. */
export function languageName(tag: string): string {
  const name = OWN_NAMES[tag] ?? new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/** A country's name in the interface's language, by its ISO code: Hiszpania. */
export function regionName(code: string): string {
  return new Intl.DisplayNames([locale()], { type: 'region' }).of(code) ?? code;
}
