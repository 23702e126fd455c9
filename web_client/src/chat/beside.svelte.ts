import { here, session } from '../app_state.svelte';
import { Captioning } from '../captions/captioning.svelte';
import { get, put } from '../protocol/api';
import type * as hub from '../protocol/schema';
import { hubSocket, on } from '../protocol/socket';
import { Conversation } from '../talk/conversation.svelte';
import { LiveLines } from './live_lines.svelte';

/** Everything that is written beside one meeting: its chat, lines as they are typed, captions. */
class Beside {
  /** The lanes that are open here, the meeting's first. */
  lanes = $state.raw<readonly hub.LaneShown[]>([]);
  live = $state.raw<LiveLines | null>(null);
  captioning = $state.raw<Captioning | null>(null);
  #chats = $state.raw<readonly Conversation[]>([]);

  /** Call it in an effect of the meeting; it ends with what is returned. */
  follow(twinspaceId: string, roomId: string): () => void {
    const live = (this.live = new LiveLines(hubSocket, roomId));
    const captioning = (this.captioning = new Captioning(hubSocket, roomId));
    const stops = [live.follow(), captioning.follow()];
    const look = () => void this.#look(twinspaceId, roomId);
    look();
    stops.push(
      on('chat:posted', (message) => {
        const known = this.lanes.some(({ lane }) => lane === message.lane);
        if (message.twinspace_id === twinspaceId && !known) look();
      }),
    );
    return () => {
      stops.forEach((stop) => stop());
      for (const chat of this.#chats) chat.close();
      this.#chats = [];
      this.lanes = [];
      this.live = this.captioning = null;
    };
  }

  async #look(twinspaceId: string, roomId: string): Promise<void> {
    const own = { lane: `room:${roomId}`, kind: 'room', title: '', latest_seq: 0, unread: 0 } as const;
    try {
      const { lanes } = await get<hub.Lanes>(`/api/v1/twinspaces/${twinspaceId}/lanes`);
      const others = lanes.filter(({ lane, kind }) => lane !== own.lane && kind !== 'room');
      this.lanes = [lanes.find(({ lane }) => lane === own.lane) ?? own, ...others];
    } catch {
      if (this.lanes.length === 0) this.lanes = [own];
    }
    for (const { lane, latest_seq, unread } of this.lanes) this.#chatOf(twinspaceId, lane, latest_seq, unread);
  }

  chat(lane: string): Conversation | null {
    if (lane === 'all') return here.conversation;
    return this.#chats.find((chat) => chat.lane === lane) ?? null;
  }

  #chatOf(twinspaceId: string, lane: string, latestSeq: number, unread: number): void {
    if (lane === 'all' || !session.user || this.chat(lane)) return;
    const user = session.user;
    const author = { user_id: user.id, display_name: user.display_name, school_id: user.school.id };
    const chat = new Conversation(
      twinspaceId,
      author,
      {
        socket: hubSocket,
        get,
        storage: localStorage,
        // If it does not arrive, the lane counts some messages too many until it is read again.
        tellRead: (seq) =>
          void put(`/api/v1/twinspaces/${twinspaceId}/messages/read`, { seq, lane }).catch(() => undefined),
      },
      lane,
    );
    if (chat.readSeq === 0) chat.readSeq = Math.max(0, latestSeq - unread);
    chat.noteLatest(latestSeq);
    this.#chats = [...this.#chats, chat];
  }

  unreadOf(lane: string): number {
    const chat = this.chat(lane);
    return chat ? Math.max(0, chat.latestSeq - chat.readSeq) : 0;
  }

  get unread(): number {
    return this.lanes.reduce((sum, { lane }) => sum + this.unreadOf(lane), 0);
  }

  get writing(): number {
    return this.live?.lines.filter(({ language }) => language === '').length ?? 0;
  }
}

export const beside = new Beside();
