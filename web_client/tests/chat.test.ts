import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '../src/protocol/shapes';
import { HubSocket } from '../src/protocol/socket';
import { ChatLog } from '../src/talk/chat_log.svelte';
import { Conversation, forgetConversations } from '../src/talk/conversation.svelte';
import { ChatServer } from './socket_server';

const me = { user_id: 'me', display_name: 'Me', school_id: 's' };

function message(seq: number, changes: Partial<Message> = {}): Message {
  const base = { twinspace_id: 't', user_id: 'other', display_name: 'Other', school_id: 's', posted_at_ms: seq };
  const plain = { lane: 'all', edited_at_ms: null, reply: null, mentions: [], material_ids: [], reactions: [] };
  return { ...base, ...plain, seq, client_message_id: `m${seq}`, text: `text ${seq}`, ...changes };
}

describe('ChatLog', () => {
  it('keeps the order of the hub, whatever order the messages come in', () => {
    const log = new ChatLog();
    for (const seq of [3, 1, 4, 2, 3]) log.receive(message(seq));
    expect(log.lines.map((line) => line.seq)).toEqual([1, 2, 3, 4]);
    expect([log.oldestSeq, log.latestSeq]).toEqual([1, 4]);
  });

  it('puts what is still on its way last, and in its place once the hub took it', () => {
    const log = new ChatLog();
    log.pend('mine', 'hello', me, 10);
    log.receive(message(1));
    expect(log.lines.map((line) => line.state)).toEqual(['sent', 'pending']);
    log.receive(message(2, { client_message_id: 'mine', user_id: 'me' }));
    log.receive(message(3));
    expect(log.lines.map((line) => [line.seq, line.state])).toEqual([
      [1, 'sent'],
      [2, 'sent'],
      [3, 'sent'],
    ]);
  });

  it('does not take the message of somebody else for its own, though it has the same id', () => {
    const log = new ChatLog();
    log.pend('same', 'mine', me, 10);
    log.receive(message(1, { client_message_id: 'same' }));
    expect(log.lines.map((line) => line.state)).toEqual(['sent', 'pending']);
  });

  it('marks and throws away only what was not sent', () => {
    const log = new ChatLog();
    log.receive(message(1, { client_message_id: 'a' }));
    log.pend('b', 'later', me, 10);
    log.mark('a', 'failed');
    log.mark('b', 'failed', 'no_answer');
    expect(log.lines.map((line) => line.state)).toEqual(['sent', 'failed']);
    log.discard('a');
    log.discard('b');
    expect(log.lines.map((line) => line.id)).toEqual(['a']);
  });
});

describe('Conversation', () => {
  let server: ChatServer;
  let socket: HubSocket;
  let stored: Map<string, string>;
  let conversation: Conversation;

  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };

  /** The hub's answer to reading older messages. */
  async function get<T>(path: string): Promise<T> {
    const query = new URL(path, 'http://hub').searchParams;
    const before = Number(query.get('before') ?? Infinity);
    const older = server.messages.filter((candidate) => candidate.seq < before);
    return { messages: older.slice(-Number(query.get('limit'))) } as T;
  }

  const converse = () => new Conversation('t', me, { socket, get, storage });
  const states = () => conversation.log.lines.map((line) => `${line.text} ${line.state}`);

  beforeEach(async () => {
    stored = new Map();
    server = new ChatServer();
    await server.start();
    socket = new HubSocket(server.url, { answerWithin_ms: 300 });
    socket.connect();
    conversation = converse();
    await socket.enterTwinspace('t');
  });

  afterEach(async () => {
    conversation.close();
    socket.disconnect();
    await server.stop();
  });

  it('loads the newest messages, then older ones, until there are none', async () => {
    for (let i = 1; i <= 120; i++) server.post(`${i}`, { announced: false });
    await conversation.loadLatest();
    expect([conversation.log.oldestSeq, conversation.complete]).toEqual([71, false]);
    await conversation.loadOlder();
    await conversation.loadOlder();
    expect([conversation.log.oldestSeq, conversation.complete]).toEqual([1, true]);
    expect(conversation.log.lines).toHaveLength(120);
  });

  it('shows a text at once and marks it sent when the hub took it', async () => {
    await conversation.loadLatest();
    conversation.post('hello');
    expect(states()).toEqual(['hello pending']);
    await vi.waitFor(() => expect(states()).toEqual(['hello sent']));
    expect(stored.has('hub_unsent:me:t')).toBe(false);
  });

  it('sends again by itself after a lost connection, and the hub keeps one message only', async () => {
    await conversation.loadLatest();
    server.silent.add('chat:post');
    server.announcing = false;
    conversation.post('hello');
    await vi.waitFor(() => expect(states()).toEqual(['hello failed']));
    server.silent.clear();
    server.cut();
    await vi.waitFor(() => expect(states()).toEqual(['hello sent']), { timeout: 5_000 });
    expect(server.messages).toHaveLength(1);
  });

  it('keeps what could not be sent over a reload of the page', async () => {
    await server.stop();
    conversation.post('kept');
    await vi.waitFor(() => expect(states()).toEqual(['kept failed']));
    conversation.close();
    conversation = converse();
    expect(states()).toEqual(['kept failed']);
    const [line] = conversation.log.lines;
    if (line) conversation.discard(line);
    expect(stored.has('hub_unsent:me:t')).toBe(false);
  });

  it('leaves nothing unsent of a user who signed out, and all of another', () => {
    for (const key of ['hub_unsent:me:t', 'hub_unsent:me:u', 'hub_unsent:menno:t', 'hub_theme']) stored.set(key, 'x');
    forgetConversations('me', {
      key: (i) => [...stored.keys()][i] ?? null,
      get length() {
        return stored.size;
      },
      removeItem: (key) => void stored.delete(key),
    });
    expect([...stored.keys()]).toEqual(['hub_unsent:menno:t', 'hub_theme']);
  });

  it('says why a text was refused and sends it on retry', async () => {
    server.refuse = { code: 'too_many', detail: 'Wait a moment.' };
    conversation.post('again');
    await vi.waitFor(() => expect(conversation.log.lines[0]).toMatchObject({ state: 'failed', problem: 'too_many' }));
    server.refuse = null;
    const [line] = conversation.log.lines;
    if (line) conversation.retry(line);
    await vi.waitFor(() => expect(states()).toEqual(['again sent']));
  });

  it('knows what was not read yet, on the next visit too', async () => {
    server.post('one');
    await vi.waitFor(() => expect(conversation.hasUnread).toBe(true));
    conversation.markRead();
    expect(conversation.hasUnread).toBe(false);
    conversation.close();
    conversation = converse();
    conversation.noteLatest(1);
    expect(conversation.hasUnread).toBe(false);
    conversation.noteLatest(2);
    expect(conversation.hasUnread).toBe(true);
  });
});
