import { get } from 'svelte/store';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Message } from '../src/protocol/shapes';
import { HubSocket } from '../src/protocol/socket';
import { ChatServer } from './socket_server';

let server: ChatServer;
let socket: HubSocket;
let heard: number[];

beforeEach(async () => {
  server = new ChatServer();
  await server.start();
  socket = new HubSocket(server.url, { answerWithin_ms: 400 });
  heard = [];
  socket.on('chat:posted', (message: Message) => heard.push(message.seq));
  socket.connect();
});

afterEach(async () => {
  socket.disconnect();
  await server.stop();
});

const connected = () => vi.waitFor(() => expect(get(socket.connection)).toBe('connected'));
const interrupted = () => vi.waitFor(() => expect(get(socket.connection)).not.toBe('connected'));

it('waits for the acknowledgement', async () => {
  server.post('first');
  expect(await socket.enterTwinspace('t')).toMatchObject({ online: ['other'], latest_seq: 1 });
});

it('rejects with the problem in the acknowledgement', async () => {
  server.refuse = { code: 'not_found', detail: 'There is nothing here.' };
  await expect(socket.emit('twinspace:enter', { twinspace_id: 't' })).rejects.toMatchObject({ code: 'not_found' });
});

it('rejects with no_answer when no acknowledgement comes', async () => {
  server.silent.add('chat:post');
  await expect(socket.emit('chat:post', { client_message_id: 'a', text: 'hi' })).rejects.toMatchObject({
    code: 'no_answer',
  });
});

it('stops telling a listener that left', async () => {
  const other: number[] = [];
  const stop = socket.on('chat:posted', (message) => other.push(message.seq));
  await connected();
  server.post('one');
  await vi.waitFor(() => expect(other).toEqual([1]));
  stop();
  server.post('two');
  await vi.waitFor(() => expect(heard).toEqual([1, 2]));
  expect(other).toEqual([1]);
});

it('enters again after a lost connection and hands over what was missed, in order and once', async () => {
  for (const text of ['a', 'b']) server.post(text, { announced: false });
  await socket.enterTwinspace('t');
  socket.setChatPosition('t', 2);
  server.cut();
  await interrupted();
  for (const text of ['c', 'd', 'e', 'f', 'g']) server.post(text);
  await vi.waitFor(() => expect(heard).toEqual([3, 4, 5, 6, 7]), { timeout: 5_000 });
  expect(server.entered).toEqual(['t', 't']);
  server.post('h');
  await vi.waitFor(() => expect(heard).toEqual([3, 4, 5, 6, 7, 8]));
});

it('tells its own listeners who is there after coming back', async () => {
  const entered: string[][] = [];
  socket.on('twinspace:entered', ({ online }) => entered.push(online));
  await connected();
  await socket.enterTwinspace('t');
  expect(entered).toEqual([]);
  server.cut();
  await vi.waitFor(() => expect(entered).toEqual([['other']]), { timeout: 5_000 });
});

it('tells its own listeners when the connection came after they began to read', async () => {
  const entered: string[][] = [];
  socket.on('twinspace:entered', ({ online }) => entered.push(online));
  expect(socket.follows('t')).toBe(false);
  await socket.enterTwinspace('t');
  expect(entered).toEqual([['other']]);
  expect(socket.follows('t')).toBe(true);
  server.cut();
  await interrupted();
  expect(socket.follows('t')).toBe(false);
});

it('does not enter again what was left', async () => {
  await socket.enterTwinspace('t');
  await socket.leaveTwinspace('t');
  server.cut();
  await interrupted();
  await connected();
  await socket.emit('chat:since', { seq: 0 });
  expect(server.entered).toEqual(['t']);
});

it('fetches what is missing when a message shows a hole', async () => {
  await socket.enterTwinspace('t');
  socket.setChatPosition('t', 0);
  server.post('a', { announced: false });
  server.post('b', { announced: false });
  server.post('c');
  await vi.waitFor(() => expect(heard).toEqual([1, 2, 3]));
});

it('says offline while the hub cannot be reached, and connected when it is back', async () => {
  await connected();
  await server.stop();
  await vi.waitFor(() => expect(get(socket.connection)).toBe('offline'), { timeout: 5_000 });
});
