import type { WrittenContent, WrittenRun } from '../protocol/schema';

/** The text of a content by who wrote it, made ready to be shown: paragraphs of passages, each of one person. */

/** Who brought a passage to the hub: a user's id, or null for the hub itself. */
export type WriterId = string | null;

export interface Passage {
  /** Its place among all passages, from 0. */
  number: number;
  text: string;
  writerId: WriterId;
  /** Another than `writerId`: it is this person's, and was only brought back by the writer after a failure. */
  broughtFor: WriterId;
  writtenAt_ms: number | null;
}

export type Paragraph = Passage[];

/** Neighbours of one person become one passage: what was written within an hour is told with its beginning. */
const SAME_PASSAGE_MS = 3_600_000;

export function paragraphsOf(runs: readonly WrittenRun[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let number = 0;
  for (const run of runs) {
    if (run.begins_text || paragraphs.length === 0) paragraphs.push([]);
    const paragraph = paragraphs[paragraphs.length - 1] as Paragraph;
    const last = paragraph[paragraph.length - 1];
    if (last && joins(last, run)) last.text += run.text;
    else
      paragraph.push({
        number: number++,
        text: run.text,
        writerId: run.user_id,
        broughtFor: run.written_by,
        writtenAt_ms: run.written_at_ms,
      });
  }
  return paragraphs;
}

function joins(passage: Passage, run: WrittenRun): boolean {
  if (passage.writerId !== run.user_id || passage.broughtFor !== run.written_by) return false;
  if (passage.writtenAt_ms === null || run.written_at_ms === null) return passage.writtenAt_ms === run.written_at_ms;
  return Math.abs(passage.writtenAt_ms - run.written_at_ms) < SAME_PASSAGE_MS;
}

export interface SchoolShare {
  schoolId: string | null;
  characters: number;
  /** Of all characters, in whole percent. */
  percent: number;
  writers: { id: WriterId; name: string | null; characters: number }[];
}

/** The schools, most first, each with its people who have text here; at the end who belongs to none, as the hub. */
export function sharesOf({ schools, writers, runs }: WrittenContent): SchoolShare[] {
  const total = schools.reduce((sum, { characters }) => sum + characters, 0);
  const present = new Set(runs.map(({ user_id }) => user_id));
  const last = ({ school_id }: { school_id: string | null }) => (school_id === null ? 1 : 0);
  const ordered = [...schools].sort((one, other) => last(one) - last(other));
  return ordered.map(({ school_id, characters }) => ({
    schoolId: school_id,
    characters,
    percent: total > 0 ? Math.round((100 * characters) / total) : 0,
    writers: writers
      .filter((writer) => writer.school_id === school_id && present.has(writer.user_id))
      .map(({ user_id, display_name, characters }) => ({ id: user_id, name: display_name, characters })),
  }));
}

/** 0–3: which line goes under a person's text, so that two of one school can be told apart without colours. */
export function lineOf(writerId: WriterId, shares: readonly SchoolShare[]): number {
  const school = shares.find(({ writers }) => writers.some(({ id }) => id === writerId));
  return Math.max(0, school?.writers.findIndex(({ id }) => id === writerId) ?? 0) % 4;
}
