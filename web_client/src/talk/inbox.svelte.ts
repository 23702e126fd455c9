import { get } from '../protocol/api';
import type { Conversation } from '../protocol/shapes';
import { connection, on } from '../protocol/socket';

/** What teachers write to this one: the list, and how much of it is unread. It follows announcements once it was read. */
class Inbox {
  conversations = $state.raw<Conversation[] | null>(null);
  unread = $state(0);
  #following = false;
  #turn = 0;

  /** Reads the list anew. Rejects with a ProblemError only when there was none before. */
  async look(): Promise<void> {
    this.#follow();
    const turn = ++this.#turn;
    try {
      const answer = await get<{ conversations: Conversation[]; unread: number }>('/api/v1/conversations');
      // An answer that a later question has overtaken may be older than what is here.
      if (turn !== this.#turn) return;
      this.conversations = answer.conversations;
      this.unread = answer.unread;
    } catch (error) {
      if (this.conversations === null) throw error;
    }
  }

  forget(): void {
    this.#turn++;
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
    // What was said while the connection was lost was not announced to this page.
    connection.subscribe((state) => state === 'connected' && this.conversations !== null && again());
  }
}

export const inbox = new Inbox();
