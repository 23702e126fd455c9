import type * as Y from 'yjs';
import type { Comment, Mark } from '../protocol/shapes';

/** What was said to a wall's cards, as the wall's document holds it (rules CW6 and CW7). The hub alone writes it. */

export const REACTIONS = ['heart', 'clap', 'laugh', 'wow', 'think', 'thanks'] as const;
export type Reaction = (typeof REACTIONS)[number];

/** By card, oldest first. */
export function readComments(map: Y.Map<unknown>): Map<string, Comment[]> {
  const found = new Map<string, Comment[]>();
  for (const [id, value] of map.entries()) {
    const raw = plain(value);
    if (!raw || typeof raw.card_id !== 'string') continue;
    const comment: Comment = {
      id,
      card_id: raw.card_id,
      text: words(raw.text),
      author_id: words(raw.author_id),
      author_name: words(raw.author_name),
      school_id: words(raw.school_id),
      created_at_ms: number(raw.created_at_ms),
      changed_at_ms: number(raw.changed_at_ms),
      waits: false,
    };
    found.set(comment.card_id, [...(found.get(comment.card_id) ?? []), comment]);
  }
  for (const comments of found.values()) comments.sort(byTime);
  return found;
}

export interface Marks {
  /** Reaction → how many gave it. */
  reactions: Partial<Record<Reaction, number>>;
  votes: number;
  /** How many gave stars, and how many stars all together. */
  starred: number;
  stars: number;
  /** Option of a poll → how many chose it. */
  choices: Record<string, number>;
  mine: Pick<Mark, 'reaction' | 'stars' | 'vote' | 'choice'>;
}

export const noMarks = (): Marks => ({
  reactions: {},
  votes: 0,
  starred: 0,
  stars: 0,
  choices: {},
  mine: { reaction: '', stars: 0, vote: false, choice: '' },
});

/** By card, counted; `userId` is whose own are told apart. */
export function readMarks(map: Y.Map<unknown>, userId: string): Map<string, Marks> {
  const found = new Map<string, Marks>();
  for (const value of map.values()) {
    const raw = plain(value);
    if (!raw || typeof raw.card_id !== 'string') continue;
    const marks = found.get(raw.card_id) ?? noMarks();
    const reaction = REACTIONS.find((known) => known === raw.reaction);
    const stars = Math.min(5, Math.max(0, Math.round(number(raw.stars))));
    const choice = words(raw.choice);
    if (reaction) marks.reactions[reaction] = (marks.reactions[reaction] ?? 0) + 1;
    if (raw.vote === true) marks.votes += 1;
    if (stars > 0) {
      marks.starred += 1;
      marks.stars += stars;
    }
    if (choice) marks.choices[choice] = (marks.choices[choice] ?? 0) + 1;
    if (raw.user_id === userId) marks.mine = { reaction: reaction ?? '', stars, vote: raw.vote === true, choice };
    found.set(raw.card_id, marks);
  }
  return found;
}

function byTime(a: Comment, b: Comment): number {
  return a.created_at_ms - b.created_at_ms || (a.id < b.id ? -1 : 1);
}

function plain(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return null;
  return (value as Y.Map<unknown>).toJSON() as Record<string, unknown>;
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
