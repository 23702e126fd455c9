import { ProblemError } from '../protocol/api';
import type * as hub from '../protocol/schema';
import type { Message } from '../protocol/shapes';
import type { HubSocket } from '../protocol/socket';
import { ChatLog, type Author, type Line } from './chat_log.svelte';

const AT_ONCE = 50;

export type Sign = hub.Reactions['sign'];
export interface PostedWith {
  reply_to?: number;
  mentions?: string[];
  material_ids?: string[];
}

/** What a conversation needs of the page it lives in. */
export interface Surroundings {
  socket: Pick<HubSocket, 'connection' | 'emit' | 'on' | 'setChatPosition' | 'forgetChatPosition'>;
  get: <T>(path: string) => Promise<T>;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Hears how far the chat was read, for the desk and other devices. */
  tellRead?: (seq: number) => void;
}

const unsentKey = (userId: string, twinspaceId: string) => `hub_unsent:${userId}:${twinspaceId}`;

/** Takes what a user did not send off this device, for when somebody else sits down at it. */
export function forgetConversations(userId: string, storage: Pick<Storage, 'key' | 'length' | 'removeItem'>): void {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  for (const key of keys) if (key.startsWith(unsentKey(userId, ''))) storage.removeItem(key);
}

/** The chat of one TwinSpace for one user; it outlives the page that shows it, and unsent texts outlive a reload. */
export class Conversation {
  readonly log = new ChatLog();
  /** False until the newest messages are here. */
  loaded = $state(false);
  /** True when there is nothing older. */
  complete = $state(false);
  latestSeq = $state(0);
  readSeq = $state(0);
  readonly #page: Surroundings;
  readonly #unsentKey: string;
  readonly #readKey: string;
  readonly #stop: (() => void)[];
  /** What goes with the messages that are still on their way. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nobody looks at it
  readonly #with = new Map<string, PostedWith>();

  constructor(
    readonly twinspaceId: string,
    readonly author: Author,
    page: Surroundings,
    readonly lane = 'all',
  ) {
    this.#page = page;
    const place = lane === 'all' ? twinspaceId : `${twinspaceId}:${lane}`;
    this.#unsentKey = unsentKey(author.user_id, place);
    this.#readKey = `hub_read:${author.user_id}:${place}`;
    this.readSeq = Number(this.#page.storage.getItem(this.#readKey) ?? 0);
    for (const { id, text, posted_at_ms } of this.#readUnsent()) {
      this.log.pend(id, text, author, posted_at_ms);
      this.log.mark(id, 'failed', 'no_answer');
    }
    this.#stop = [
      page.socket.on('chat:posted', (message) => this.#isHere(message) && this.#receive(message)),
      page.socket.on('chat:edited', (message) => this.#isHere(message) && this.log.replace(message)),
      page.socket.on('chat:reacted', (felt) => this.#isHere(felt) && this.log.feel(felt.seq, felt.reactions)),
      page.socket.on(
        'subject:changed',
        ({ twinspace_id, kind, subject_id }) =>
          twinspace_id === twinspaceId && kind === 'message' && this.#hiddenOrShown(subject_id),
      ),
      page.socket.connection.subscribe((state) => state === 'connected' && this.#sendLost()),
    ];
  }

  #isHere({ twinspace_id, lane }: { twinspace_id: string; lane: string }): boolean {
    return twinspace_id === this.twinspaceId && lane === this.lane;
  }

  /** A message of another lane than everybody's is called by its lane and number. */
  subjectOf(seq: number): string {
    return this.lane === 'all' ? String(seq) : `${this.lane}:${seq}`;
  }

  #hiddenOrShown(subjectId: string): void {
    const seq = Number(subjectId.split(':').at(-1));
    if (subjectId === this.subjectOf(seq)) void this.#readAgain(seq);
  }

  get hasUnread(): boolean {
    return this.latestSeq > this.readSeq;
  }

  /** What the hub said its newest message is; the chat itself may not be loaded yet. */
  noteLatest(seq: number): void {
    this.latestSeq = Math.max(this.latestSeq, seq);
  }

  markRead(): void {
    if (this.readSeq === this.latestSeq) return;
    this.readSeq = this.latestSeq;
    this.#page.storage.setItem(this.#readKey, String(this.readSeq));
    this.#page.tellRead?.(this.readSeq);
  }

  async loadLatest(): Promise<void> {
    if (this.loaded) return;
    const { messages } = await this.#fetch('');
    this.complete = messages.length < AT_ONCE;
    this.#page.socket.setChatPosition(this.twinspaceId, messages.at(-1)?.seq ?? 0, this.lane);
    this.loaded = true;
  }

  async loadOlder(): Promise<void> {
    const oldest = this.log.oldestSeq;
    if (this.complete || oldest === null) return;
    const { messages } = await this.#fetch(`&before=${oldest}`);
    this.complete = messages.length < AT_ONCE;
  }

  /** `more`: what it answers, whom it calls by name, which files go with it. */
  post(text: string, more: PostedWith = {}): void {
    const id = crypto.randomUUID();
    this.log.pend(id, text, this.author, Date.now());
    this.#with.set(id, more);
    this.#keepUnsent();
    void this.#send(id, text);
  }

  /** Rejects with a ProblemError. */
  async edit(seq: number, text: string): Promise<void> {
    this.log.replace(await this.#page.socket.emit<Message>('chat:edit', { ...this.#ref(seq), text }));
  }

  /** One sign each; null takes it back. Rejects with a ProblemError. */
  async react(seq: number, sign: Sign | null): Promise<void> {
    const felt = await this.#page.socket.emit<hub.Reacted>('chat:react', { ...this.#ref(seq), sign });
    this.log.feel(seq, felt.reactions);
  }

  #ref(seq: number): { twinspace_id: string; lane: string; seq: number } {
    return { twinspace_id: this.twinspaceId, lane: this.lane, seq };
  }

  retry(line: Line): void {
    this.log.mark(line.id, 'pending');
    void this.#send(line.id, line.text);
  }

  discard(line: Line): void {
    this.log.discard(line.id);
    this.#keepUnsent();
  }

  close(): void {
    for (const stop of this.#stop) stop();
    if (this.lane !== 'all') this.#page.socket.forgetChatPosition(this.twinspaceId, this.lane);
  }

  async #send(id: string, text: string): Promise<void> {
    try {
      const place = { twinspace_id: this.twinspaceId, lane: this.lane };
      const sent = { ...place, client_message_id: id, text, ...this.#with.get(id) };
      this.#receive(await this.#page.socket.emit<Message>('chat:post', sent));
      this.#with.delete(id);
    } catch (problem) {
      this.log.mark(id, 'failed', problem instanceof ProblemError ? problem.code : 'no_answer');
    }
  }

  #sendLost(): void {
    for (const line of this.log.unsent) if (line.problem === 'no_answer') this.retry(line);
  }

  #receive(message: Message): void {
    this.log.receive(message);
    this.noteLatest(message.seq);
    if (message.user_id === this.author.user_id) this.#keepUnsent();
  }

  async #readAgain(seq: number): Promise<void> {
    const path = `/api/v1/twinspaces/${this.twinspaceId}/messages?lane=${this.lane}&limit=1&since=${seq - 1}`;
    try {
      const { messages } = await this.#page.get<{ messages: Message[] }>(path);
      for (const message of messages) this.log.replace(message);
    } catch {
      // Without an answer nothing is shown that may be hidden; the next visit asks again.
      this.log.hide(seq);
    }
  }

  async #fetch(query: string): Promise<{ messages: Message[] }> {
    const path = `/api/v1/twinspaces/${this.twinspaceId}/messages?lane=${this.lane}&limit=${AT_ONCE}${query}`;
    const answer = await this.#page.get<{ messages: Message[] }>(path);
    for (const message of answer.messages) this.#receive(message);
    return answer;
  }

  #keepUnsent(): void {
    const unsent = this.log.unsent.map(({ id, text, posted_at_ms }) => ({ id, text, posted_at_ms }));
    if (unsent.length > 0) this.#page.storage.setItem(this.#unsentKey, JSON.stringify(unsent));
    else this.#page.storage.removeItem(this.#unsentKey);
  }

  #readUnsent(): Pick<Line, 'id' | 'text' | 'posted_at_ms'>[] {
    try {
      return JSON.parse(this.#page.storage.getItem(this.#unsentKey) ?? '[]');
    } catch {
      return []; // Written by something else than us: nothing that could be sent.
    }
  }
}
