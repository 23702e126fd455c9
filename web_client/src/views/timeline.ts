import type { JournalEntry, Snapshot } from '../protocol/shapes';

export interface TimelineItem {
  key: string;
  at_ms: number;
  /** Of something off the platform: when it was written down. */
  recorded_at_ms?: number;
  user_id: string | null;
  snapshot?: Snapshot;
  entry?: JournalEntry;
}

/** When what an entry tells of happened: off the platform, before it was written down. */
function happenedAt({ verb, details, happened_at_ms }: JournalEntry): number {
  const said = verb === 'entry_added' ? details.happened_at_ms : undefined;
  return typeof said === 'number' ? said : happened_at_ms;
}

/**
 * Journal entries and snapshots in one row, newest first by when they happened. A snapshot stands for the entry that
 * tells of it. While older entries are missing (`complete` is false), what happened before the oldest one waits for them.
 */
export function mergeTimeline(
  entries: readonly JournalEntry[],
  snapshots: readonly Snapshot[],
  complete: boolean,
): TimelineItem[] {
  const oldest_ms = complete ? -Infinity : (entries.at(-1)?.happened_at_ms ?? -Infinity);
  const kept = snapshots
    .filter((snapshot) => snapshot.taken_at_ms >= oldest_ms)
    .map((snapshot) => ({
      key: `s${snapshot.seq}`,
      at_ms: snapshot.taken_at_ms,
      user_id: snapshot.taken_by,
      snapshot,
    }));
  const told = entries
    .filter((entry) => entry.verb !== 'snapshot_taken')
    .map((entry) => {
      const item = { key: `e${entry.seq}`, at_ms: happenedAt(entry), user_id: entry.user_id, entry };
      return item.at_ms === entry.happened_at_ms ? item : { ...item, recorded_at_ms: entry.happened_at_ms };
    })
    .filter((item) => item.at_ms >= oldest_ms);
  return [...kept, ...told].sort((a, b) => b.at_ms - a.at_ms);
}

/** The same row cut into days of the reader's time zone. */
export function daysOf(items: readonly TimelineItem[]): { at_ms: number; items: TimelineItem[] }[] {
  const days: { at_ms: number; items: TimelineItem[] }[] = [];
  let day = '';
  for (const item of items) {
    const itsDay = new Date(item.at_ms).toDateString();
    if (itsDay !== day) days.push({ at_ms: new Date(item.at_ms).setHours(0, 0, 0, 0), items: [] });
    day = itsDay;
    days.at(-1)?.items.push(item);
  }
  return days;
}
