// Stock Yjs clients on a lead: one JSON command per line on stdin, one JSON answer per line on stdout.
// A command is {"seq", "do", "client", …}; the answer {"seq", "result"} or {"seq", "error"}.
import { createInterface } from 'node:readline';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const clients = new Map();
const sockets = new Map();

// y-websocket prints every denial; the test reads it from the client's events.
console.warn = () => {};
console.error = () => {};

function socketWith(cookie) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, cookie ? { headers: { cookie } } : {});
    }
  };
}

function openYWebsocket(client, { url, name, params, cookie }) {
  const provider = new WebsocketProvider(url, name, client.doc, {
    params,
    disableBc: true,
    WebSocketPolyfill: socketWith(cookie),
    maxBackoffTime: 200,
  });
  const denied = provider.messageHandlers[2];
  provider.messageHandlers[2] = (encoder, decoder, ...rest) => {
    const copy = decoder.arr.subarray(decoder.pos + 2);
    client.events.push(['denied', new TextDecoder().decode(copy)]);
    denied(encoder, decoder, ...rest);
  };
  provider.on('status', ({ status }) => client.events.push(['status', status]));
  provider.on('connection-close', (event) => event && client.events.push(['closed', event.code, event.reason]));
  client.provider = provider;
  client.awareness = provider.awareness;
  client.read = { synced: () => provider.synced, connected: () => provider.wsconnected };
}

function openHocuspocus(client, { url, name, token, cookie, socket, session_awareness }) {
  const shared = socket ?? `own-${name}-${clients.size}`;
  if (!sockets.has(shared)) {
    sockets.set(
      shared,
      new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: socketWith(cookie), delay: 100, minDelay: 100, maxDelay: 200 }),
    );
  }
  const provider = new HocuspocusProvider({
    name,
    document: client.doc,
    token: token ?? '',
    websocketProvider: sockets.get(shared),
    sessionAwareness: session_awareness ?? false,
    onAuthenticated: ({ scope }) => client.events.push(['scope', scope]),
    onAuthenticationFailed: ({ reason }) => client.events.push(['denied', reason]),
    onClose: ({ event }) => client.events.push(['closed', event.code, event.reason]),
    onStateless: ({ payload }) => client.events.push(['stateless', payload]),
    onSynced: () => client.events.push(['synced']),
  });
  provider.attach();
  client.provider = provider;
  client.socket = sockets.get(shared);
  client.awareness = provider.awareness;
  client.read = {
    synced: () => client.events.some(([word]) => word === 'synced'),
    unsynced: () => provider.unsyncedChanges,
    connected: () => client.socket.status === 'connected',
  };
}

const commands = {
  open({ client: id, protocol, ...options }) {
    const client = { id, protocol, doc: new Y.Doc(), events: [] };
    clients.set(id, client);
    (protocol === 'hocuspocus' ? openHocuspocus : openYWebsocket)(client, options);
    return client.doc.clientID;
  },
  insert: ({ client, index, text }) => {
    const shared = of(client).doc.getText('t');
    shared.insert(index ?? shared.length, text);
  },
  // A patched client: it goes on under a client id that is not its own.
  pretend: ({ client, yjs_id }) => void (of(client).doc.clientID = yjs_id),
  remove: ({ client, index, length }) => of(client).doc.getText('t').delete(index, length),
  replay({ client, edits }) {
    const { doc } = of(client);
    const text = doc.getText('t');
    for (const [position, removed, inserted] of edits) {
      doc.transact(() => {
        if (removed) text.delete(position, removed);
        if (inserted) text.insert(position, inserted);
      });
    }
  },
  paragraphs: ({ client }) => of(client).doc.getXmlFragment('default').toString(),
  map: ({ client, name }) => of(client).doc.getMap(name).toJSON(),
  set: ({ client, name, key, value }) => void of(client).doc.getMap(name).set(key, value),
  state: ({ client }) => Buffer.from(Y.encodeStateAsUpdate(of(client).doc)).toString('hex'),
  describe: ({ client, state }) => of(client).awareness.setLocalState(state),
  states: ({ client }) => Object.fromEntries(of(client).awareness.getStates()),
  events: ({ client }) => of(client).events,
  forget: ({ client }) => void (of(client).events.length = 0),
  disconnect: ({ client }) => (of(client).socket ?? of(client).provider).disconnect(),
  connect: ({ client }) => void (of(client).socket ?? of(client).provider).connect(),
  // As a laptop that closes its lid: no goodbye, the socket just goes.
  cut: ({ client }) => (of(client).socket?.webSocket ?? of(client).provider.ws).terminate(),
  destroy: ({ client }) => {
    of(client).provider.destroy();
    clients.delete(client);
  },
  until: ({ client, timeout_ms = 8000, ...wanted }) => until(of(client), wanted, timeout_ms),
  many: ({ clients: number, url, prefix, socket }) => openMany(number, url, prefix, socket),
};

function of(id) {
  const client = clients.get(id);
  if (!client) throw new Error(`no client ${id}`);
  return client;
}

function look(client, { what, word, key }) {
  if (what === 'text') return client.doc.getText('t').toString();
  if (what === 'text_length') return client.doc.getText('t').length;
  if (what === 'map') return client.doc.getMap(key).toJSON();
  if (what === 'users') {
    return [...client.awareness.getStates().values()].map((state) => state.user?.name ?? '').sort();
  }
  if (what === 'event') return client.events.find((event) => event[0] === word) ?? null;
  return client.read[what]();
}

async function until(client, wanted, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  const goal = stable(wanted.value);
  for (;;) {
    const found = look(client, wanted);
    if (wanted.value === undefined ? found !== null : stable(found) === goal) return found;
    if (Date.now() > deadline) {
      const text = JSON.stringify({ found, events: client.events });
      throw new Error(`${client.id} never came to ${JSON.stringify(wanted)}: ${text.slice(0, 2000)}`);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
}

// Maps of Yjs come in any order.
function stable(value) {
  return JSON.stringify(value, (_key, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

async function openMany(number, url, prefix, socket) {
  const ids = Array.from({ length: number }, (_, i) => `${prefix}${i}`);
  for (const id of ids) commands.open({ client: id, protocol: 'hocuspocus', url, name: id, socket });
  for (const id of ids) {
    await until(of(id), { what: 'synced', value: true }, 60_000);
    await until(of(id), { what: 'unsynced', value: 0 }, 60_000);
  }
  return ids.length;
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { seq, do: verb, ...options } = JSON.parse(line);
  try {
    const result = await commands[verb](options);
    process.stdout.write(`${JSON.stringify({ seq, result: result ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ seq, error: String(error.stack ?? error) })}\n`);
  }
});
process.stdin.on('end', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ seq: 0, result: 'ready' })}\n`);
