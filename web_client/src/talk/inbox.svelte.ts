import { get } from '../protocol/api';
import type { Conversation } from '../protocol/shapes';
import { on } from '../protocol/socket';

/** What teachers write to this one: the list, and how much of it is unread. It follows announcements once it was read. */
class Inbox {
  conversations = $state.raw<Conversation[] | null>(null);
  unread = $state(0);
  #following = false;

  /** Reads the list anew. Rejects with a ProblemError only when there was none before. */
  async look(): Promise<void> {
    this.#follow();
    try {
      const answer = await get<{ conversations: Conversation[]; unread: number }>('/api/v1/conversations');
      this.conversations = answer.conversations;
      this.unread = answer.unread;
    } catch (error) {
      if (this.conversations === null) throw error;
    }
  }

  forget(): void {
    this.conversations = null;
    this.unread = 0;
  }

  #follow(): void {
    if (this.#following) return;
    this.#following = true;
    const again = (): void => void this.look().catch(() => undefined);
    on('conversation:posted', again);
    on('conversation:changed', again);
    on('conversation:left', again);
  }
}

export const inbox = new Inbox();
