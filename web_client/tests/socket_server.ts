import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { Message } from '../src/protocol/shapes';

type Payload = { twinspace_id: string; client_message_id: string; text: string; seq: number };
type Acknowledge = (answer: object) => void;

/** A Socket.IO server that keeps a chat as PROTOCOL.md says and can be made to fail on purpose. */
export class ChatServer {
  readonly messages: Message[] = [];
  readonly entered: string[] = [];
  readonly sockets = new Set<Socket>();
  /** Events that get no acknowledgement although they are carried out. */
  readonly silent = new Set<string>();
  /** False: what is posted reaches others only when they ask. */
  announcing = true;
  refuse: { code: string; detail: string } | null = null;
  #io = new Server();
  url = '';

  async start(): Promise<void> {
    const http = createServer();
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    this.#io.attach(http);
    this.#io.on('connection', (socket) => this.#serve(socket));
  }

  async stop(): Promise<void> {
    await this.#io.close();
  }

  /** Cuts every connection as a lost line does. */
  cut(): void {
    for (const socket of this.sockets) socket.conn.close();
  }

  post(
    text: string,
    { announced = this.announcing, id = `m${this.messages.length + 1}`, user_id = 'other' } = {},
  ): Message {
    const known = this.messages.find((message) => message.client_message_id === id);
    if (known) return known;
    const message: Message = {
      seq: this.messages.length + 1,
      twinspace_id: 't',
      client_message_id: id,
      user_id,
      display_name: user_id,
      school_id: 's',
      text,
      posted_at_ms: 1_000 + this.messages.length,
      lane: 'all',
      edited_at_ms: null,
      reply: null,
      mentions: [],
      material_ids: [],
      reactions: [],
    };
    this.messages.push(message);
    if (announced) this.#io.emit('chat:posted', message);
    return message;
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('disconnect', () => this.sockets.delete(socket));
    const on = (event: string, act: (payload: Payload) => object) =>
      socket.on(event, (payload, acknowledge: Acknowledge) => {
        if (this.refuse) return acknowledge({ ok: false, error: this.refuse });
        const answer = act(payload);
        if (!this.silent.has(event)) acknowledge({ ok: true, ...answer });
      });
    on('twinspace:enter', ({ twinspace_id }) => {
      this.entered.push(twinspace_id);
      return { online: ['other'], latest_seq: this.messages.length };
    });
    on('twinspace:leave', () => ({}));
    on('chat:since', ({ seq }) => ({ messages: this.messages.filter((message) => message.seq > seq).slice(0, 2) }));
    on('chat:post', ({ client_message_id, text }) => this.post(text, { id: client_message_id, user_id: 'me' }));
  }
}
