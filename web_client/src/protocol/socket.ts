import { io, type Socket } from 'socket.io-client';
import { readonly, writable, type Readable } from 'svelte/store';
import { noAnswer, ProblemError } from './problem';
import type { Announcements, Message } from './shapes';

export type ConnectionState = 'connected' | 'connecting' | 'offline';
/** Sent to our own listeners when a TwinSpace was entered on a connection that was not there when they began to read. */
export type Entered = { twinspace_id: string; online: string[]; latest_seq: number };
type Heard = Announcements & { 'twinspace:entered': Entered };
type Acknowledgement = { ok: true } | { ok: false; error: { code: string; detail: string; field?: string } };

const ANSWER_WITHIN_MS = 10_000;
const RETURN_AFTER_MS = 1_000;

/**
 * The one Socket.IO connection of a page. It remembers which TwinSpaces were entered and how far each chat was read;
 * after a lost connection it enters them again and hands the missed messages to the `chat:posted` listeners, in order.
 */
export class HubSocket {
  readonly connection: Readable<ConnectionState>;
  readonly #state = writable<ConnectionState>('connecting');
  readonly #socket: Socket;
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  readonly #entered = new Set<string>();
  readonly #entering = new Set<string>();
  readonly #followed = new Set<string>();
  /** How far each lane was read, by TwinSpace. */
  readonly #chatPositions = new Map<string, Map<string, number>>();
  #wanted = false;
  readonly #catchingUp = new Map<string, Promise<void>>();

  constructor(url?: string, options: { answerWithin_ms?: number; path?: string } = {}) {
    this.connection = readonly(this.#state);
    const { answerWithin_ms = ANSWER_WITHIN_MS, ...rest } = options;
    const settings = {
      autoConnect: false,
      ackTimeout: answerWithin_ms,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      ...rest,
    };
    this.#socket = url === undefined ? io(settings) : io(url, settings);
    this.#socket.on('connect', () => void this.#resume());
    this.#socket.on('disconnect', () => {
      this.#followed.clear();
      this.#state.set('connecting');
      if (!this.#socket.active && this.#wanted)
        setTimeout(() => this.#wanted && this.#socket.connect(), RETURN_AFTER_MS);
    });
    this.#socket.on('connect_error', (error: Error & { data?: { code?: string } }) => {
      if (error.data?.code === 'not_signed_in') {
        this.disconnect();
        this.#tell('session:ended', { reason: 'expired' });
        return;
      }
      this.#state.set('offline');
      if (!this.#socket.active && this.#wanted)
        setTimeout(() => this.#wanted && this.#socket.connect(), RETURN_AFTER_MS);
    });
    this.#socket.onAny((event: string, payload: unknown) => this.#hear(event, payload));
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  /** Whether what the hub says comes at once, and not by asking again and again. */
  get isWebSocket(): boolean {
    return this.#socket.connected && this.#socket.io.engine.transport.name === 'websocket';
  }

  connect(): void {
    this.#wanted = true;
    this.#socket.connect();
  }

  /** Ends the connection and forgets what was entered: for signing out. */
  disconnect(): void {
    this.#wanted = false;
    this.#entered.clear();
    this.#followed.clear();
    this.#chatPositions.clear();
    this.#socket.disconnect();
    this.#state.set('connecting');
  }

  /** Sends an event and waits for its acknowledgement; rejects with a ProblemError (`no_answer` when none came). */
  async emit<T>(event: string, payload: object): Promise<T> {
    let answer: Acknowledgement;
    try {
      answer = (await this.#socket.emitWithAck(event, payload)) as Acknowledgement;
    } catch {
      throw noAnswer();
    }
    if (!answer.ok) throw new ProblemError(answer.error);
    return answer as T;
  }

  /** Calls `handler` for each announcement of that name until the returned function is called. */
  on<E extends keyof Heard>(event: E, handler: (payload: Heard[E]) => void): () => void {
    const handlers = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, handlers);
    handlers.add(handler as (payload: never) => void);
    return () => handlers.delete(handler as (payload: never) => void);
  }

  /**
   * From now on, also after a lost connection, the announcements of that TwinSpace come. Where there was no connection
   * yet, `twinspace:entered` says when: what was read until then may be out of date.
   */
  async enterTwinspace(twinspace_id: string): Promise<Entered> {
    const late = !this.#socket.connected;
    const entered = await this.#enter(twinspace_id);
    if (late && this.follows(twinspace_id)) this.#tell('twinspace:entered', entered);
    return entered;
  }

  async #enter(twinspace_id: string): Promise<Entered> {
    this.#entered.add(twinspace_id);
    this.#entering.add(twinspace_id);
    try {
      const answer = await this.emit<Omit<Entered, 'twinspace_id'>>('twinspace:enter', { twinspace_id });
      if (this.#socket.connected && this.#entered.has(twinspace_id)) this.#followed.add(twinspace_id);
      return { ...answer, twinspace_id };
    } finally {
      this.#entering.delete(twinspace_id);
    }
  }

  /** Whether the hub said that the announcements of that TwinSpace come: what is read from now on misses none. */
  follows(twinspace_id: string): boolean {
    return this.#followed.has(twinspace_id);
  }

  async leaveTwinspace(twinspace_id: string): Promise<void> {
    this.#entered.delete(twinspace_id);
    this.#followed.delete(twinspace_id);
    this.#chatPositions.delete(twinspace_id);
    await this.emit('twinspace:leave', { twinspace_id });
  }

  /** Tells how far the chat has been read over HTTP, so that a resume knows what is missing. */
  setChatPosition(twinspace_id: string, seq: number, lane = 'all'): void {
    const lanes = this.#chatPositions.get(twinspace_id) ?? new Map<string, number>();
    this.#chatPositions.set(twinspace_id, lanes.set(lane, Math.max(seq, lanes.get(lane) ?? 0)));
  }

  /** Nobody reads that lane here any more. */
  forgetChatPosition(twinspace_id: string, lane: string): void {
    this.#chatPositions.get(twinspace_id)?.delete(lane);
  }

  #chatPosition(twinspace_id: string, lane: string): number | undefined {
    return this.#chatPositions.get(twinspace_id)?.get(lane);
  }

  async #resume(): Promise<void> {
    this.#state.set('connected');
    // What is being entered just now was kept by Socket.IO and goes out by itself.
    const lost = [...this.#entered].filter((twinspace_id) => !this.#entering.has(twinspace_id));
    await Promise.all(lost.map((twinspace_id) => this.#enterAgain(twinspace_id)));
  }

  async #enterAgain(twinspace_id: string): Promise<void> {
    try {
      const entered = await this.#enter(twinspace_id);
      this.#tell('twinspace:entered', entered);
      if (entered.latest_seq > (this.#chatPosition(twinspace_id, 'all') ?? Infinity))
        await this.#catchUp(twinspace_id, 'all');
      // How far the other lanes have got is told to nobody but who asks.
      const others = [...(this.#chatPositions.get(twinspace_id)?.keys() ?? [])].filter((lane) => lane !== 'all');
      await Promise.all(others.map((lane) => this.#catchUp(twinspace_id, lane)));
    } catch (problem) {
      const lost = problem instanceof ProblemError && problem.code === 'not_found';
      if (lost) this.#entered.delete(twinspace_id);
    }
  }

  #hear(event: string, payload: unknown): void {
    if (event === 'chat:posted') this.#hearMessage(payload as Message);
    else this.#tell(event as keyof Heard, payload as never);
  }

  #hearMessage(message: Message): void {
    const { twinspace_id, lane } = message;
    const position = this.#chatPosition(twinspace_id, lane);
    if (position !== undefined && message.seq > position + 1) {
      void this.#catchUp(twinspace_id, lane);
      return;
    }
    if (position !== undefined) this.setChatPosition(twinspace_id, message.seq, lane);
    this.#tell('chat:posted', message);
  }

  #catchUp(twinspace_id: string, lane: string): Promise<void> {
    const chat = `${twinspace_id} ${lane}`;
    const running = this.#catchingUp.get(chat);
    if (running) return running;
    const run = this.#fetchMissed(twinspace_id, lane).finally(() => this.#catchingUp.delete(chat));
    this.#catchingUp.set(chat, run);
    return run;
  }

  async #fetchMissed(twinspace_id: string, lane: string): Promise<void> {
    for (;;) {
      const seq = this.#chatPosition(twinspace_id, lane);
      if (seq === undefined) return;
      let messages: Message[];
      try {
        ({ messages } = await this.emit<{ messages: Message[] }>('chat:since', { twinspace_id, seq, lane }));
      } catch {
        return; // The next connection or the next message asks again.
      }
      if (messages.length === 0) return;
      for (const message of messages) {
        this.setChatPosition(twinspace_id, message.seq, lane);
        this.#tell('chat:posted', message);
      }
    }
  }

  #tell<E extends keyof Heard>(event: E, payload: Heard[E]): void {
    for (const handler of [...(this.#listeners.get(event) ?? [])]) handler(payload as never);
  }
}

/** The page's connection: `connect` after signing in, then `emit` and `on`. */
export const hubSocket = new HubSocket();
export const connection = hubSocket.connection;
export const connect = () => hubSocket.connect();
export const disconnect = () => hubSocket.disconnect();
export const emit = <T>(event: string, payload: object) => hubSocket.emit<T>(event, payload);
export const on: HubSocket['on'] = (event, handler) => hubSocket.on(event, handler);
export const enterTwinspace = (twinspace_id: string) => hubSocket.enterTwinspace(twinspace_id);
export const leaveTwinspace = (twinspace_id: string) => hubSocket.leaveTwinspace(twinspace_id);
export const setChatPosition = (twinspace_id: string, seq: number) => hubSocket.setChatPosition(twinspace_id, seq);
