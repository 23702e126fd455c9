import type { RubricWords } from '../../protocol/shapes';
import type { ShownComment, Talk } from '../walls/talk.svelte';

/** Where comments on a rubric stand (rule CT1 in crdt_docs/SPEC.md): on a criterion, or on what a level means for it. */
export const placeOf = (criterionId: string, levelId: string | null): string =>
  levelId === null ? criterionId : `${criterionId}|${levelId}`;

export const levelOf = (cardId: string): string | null => cardId.split('|')[1] ?? null;

/** All that was said to a criterion and its levels, oldest first; one's own that wait come where they will stand. */
export function commentsOf(talk: Talk | null, rubric: RubricWords, criterionId: string): ShownComment[] {
  if (!talk) return [];
  return [null, ...rubric.levels.map(({ id }) => id)]
    .flatMap((levelId) => talk.commentsOf(placeOf(criterionId, levelId)))
    .sort((a, b) => a.created_at_ms - b.created_at_ms || (a.id < b.id ? -1 : 1));
}
