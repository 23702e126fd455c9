/** A calendar's days, as ISO dates: `2026-10-25`. */
export type Day = string;

const DAY_MS = 86_400_000;

export const isoOf = (date: Date): Day => date.toISOString().slice(0, 10);
export const dateOf = (day: Day): Date => new Date(`${day}T00:00:00Z`);
export const addDays = (day: Day, count: number): Day => isoOf(new Date(dateOf(day).getTime() + count * DAY_MS));

/** The day and the hour that the clocks of a zone show. */
export function clockIn(zone: string, at_ms: number): { day: Day; time: string } {
  const parts = new Intl.DateTimeFormat('sv', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at_ms);
  const [day = '', time = ''] = parts.split(' ');
  return { day, time };
}

/** Monday of the week that the day is in. */
export function mondayOf(day: Day): Day {
  return addDays(day, -((dateOf(day).getUTCDay() + 6) % 7));
}

/** The weeks that a month touches, each of seven days from Monday. */
export function weeksOf(day: Day, span: 'month' | 'week'): Day[][] {
  const first = span === 'week' ? day : `${day.slice(0, 7)}-01`;
  const weeks: Day[][] = [];
  let monday = mondayOf(first);
  do {
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((offset) => addDays(monday, offset)));
    monday = addDays(monday, 7);
  } while (span === 'month' && monday.slice(0, 7) === day.slice(0, 7));
  return weeks;
}

/** The same day of the month before or after, or its last. */
export function stepMonth(day: Day, step: number): Day {
  const date = dateOf(`${day.slice(0, 7)}-01`);
  date.setUTCMonth(date.getUTCMonth() + step);
  return isoOf(date);
}
