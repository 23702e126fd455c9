import { onDestroy } from 'svelte';
import { session } from '../../app_state.svelte';
import { noMarks, readComments, readMarks, type Marks } from '../../docs/wall_talk';
import { del, post, put } from '../../protocol/api';
import type { Comment, HeldThing } from '../../protocol/shapes';
import type { HeldDoc } from '../held_doc.svelte';
import type { Gate } from './gate.svelte';

export interface ShownComment extends Comment {
  held: HeldThing | null;
}

export interface Talk {
  /** What was said to a card; one's own that wait come last. */
  commentsOf(cardId: string): ShownComment[];
  marksOf(cardId: string): Marks;
  say(cardId: string, text: string): Promise<void>;
  takeOff(commentId: string): Promise<void>;
  mark(cardId: string, given: Partial<Marks['mine']>): Promise<void>;
}

/** Follows what is said to a wall's cards, and asks the hub to add to it. */
export function followTalk(contentId: string, held: HeldDoc, gate: Gate): Talk {
  const commentMap = held.live.doc.getMap('comments');
  const markMap = held.live.doc.getMap('marks');
  const userId = session.user?.id ?? '';
  let comments = $state.raw(readComments(commentMap));
  let marks = $state.raw(readMarks(markMap, userId));
  const followComments = () => (comments = readComments(commentMap));
  const followMarks = () => (marks = readMarks(markMap, userId));
  commentMap.observeDeep(followComments);
  markMap.observeDeep(followMarks);
  onDestroy(() => {
    commentMap.unobserveDeep(followComments);
    markMap.unobserveDeep(followMarks);
  });

  const path = `/api/v1/walls/${contentId}`;

  function commentsOf(cardId: string): ShownComment[] {
    const shown: ShownComment[] = (comments.get(cardId) ?? []).map((comment) => ({ ...comment, held: null }));
    for (const thing of gate.mine) {
      if (thing.kind !== 'comment' || !thing.comment || thing.comment.card_id !== cardId) continue;
      const index = shown.findIndex(({ id }) => id === thing.id);
      if (index < 0) shown.push({ ...thing.comment, held: thing });
      else if (!thing.is_new) shown[index] = { ...thing.comment, held: thing };
    }
    return shown;
  }

  return {
    commentsOf,
    marksOf: (cardId) => marks.get(cardId) ?? noMarks(),
    async say(cardId, text) {
      const body = { client_comment_id: crypto.randomUUID(), text };
      const said = await post<Comment>(`${path}/cards/${cardId}/comments`, body);
      if (said.waits) await gate.look();
    },
    async takeOff(commentId) {
      await del(`${path}/comments/${commentId}`);
      await gate.look();
    },
    async mark(cardId, given) {
      await put(`${path}/cards/${cardId}/mark`, given);
    },
  };
}
