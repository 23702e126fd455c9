import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { readonly, writable, type Readable } from 'svelte/store';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { keepOnDevice, wipeDevice, type Kept } from './device_store';
import { readFrame, type FrameKind } from './frames';
import { PacedProvider } from './paced_provider';
import { peopleIn, type Person, type Presence } from './people';
import { advance, hasUnsent, stateOf, UNOPENED, type DocEvent, type DocProgress, type SavedState } from './saved_state';
import { SCHEMA_NUMBER } from './schema';

export interface DocStatus {
  state: SavedState;
  /** Why the document was refused: a code of PROTOCOL.md. */
  code: string | null;
  /** Whether the hub lets this user write, as it said last; null before it said anything. */
  canWrite: boolean | null;
  /** There is something to show: what this device kept, or the hub's state. */
  readable: boolean;
  /** This device keeps unsent changes over a reload. */
  keptHere: boolean;
  /** Changes made here are not known to be durable at the hub. */
  unsent: boolean;
  /** The document nears the size at which it takes no more. */
  large: boolean;
}

/** Changes without an answer for so long mean a connection that only looks alive. */
const ANSWER_WITHIN_MS = 12_000;
/** The same while the browser itself says that it has no network. */
const ANSWER_WITHOUT_NETWORK_MS = 2_000;
const RETRY_AFTER_MS = 500;
const RETRY_AT_LEAST_EVERY_MS = 5_000;
const SETTLE_WITHIN_MS = 4_000;
/** Refusals that are about a moment, not about this user or client: the document is asked for again. */
const PASSING = new Set(['conflict', 'too_many']);
const ASK_AGAIN_AFTER_MS = 3_000;

/** The one socket of the page, whatever number of documents is open on it: the stock one, watched. */
class CollabSocket extends HocuspocusProviderWebsocket {
  /**
   * Sends now or never. Nothing is queued while the connection is away: the handshake after the next one carries all of
   * it, and what went out twice would be acknowledged twice.
   */
  override send(message: Uint8Array): void {
    if (this.webSocket?.readyState !== WebSocket.OPEN) return;
    super.send(message);
    const { name, kind } = readFrame(message);
    openDocs.get(name)?.sent(kind);
  }

  /** Treats the connection as lost and starts another, without waiting for a close that may take minutes. */
  startAgain(): void {
    this.emit('close', { event: { code: 4408, reason: 'no answer' } });
  }
}

let socket: CollabSocket | undefined;
/** Whose cookie the socket was opened with: the hub knows its user by that alone. */
let socketUserId: string | undefined;
const openDocs = new Map<string, LiveDoc>();

function sharedSocket(userId: string): CollabSocket {
  if (socket && socketUserId !== userId) dropSocket();
  socketUserId = userId;
  socket ??= new CollabSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/collab?schema=${SCHEMA_NUMBER}`,
    delay: RETRY_AFTER_MS,
    minDelay: RETRY_AFTER_MS,
    maxDelay: RETRY_AT_LEAST_EVERY_MS,
  });
  return socket;
}

function dropSocket(): void {
  for (const doc of [...openDocs.values()]) void doc.destroy();
  socket?.destroy();
  socket = undefined;
}

function connectNow(): void {
  if (socket && openDocs.size > 0) void socket.connect();
}

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  if ([...openDocs.values()].some((doc) => doc.wouldLose)) event.preventDefault();
}

if (typeof addEventListener === 'function') {
  addEventListener('online', connectNow);
  addEventListener('beforeunload', warnBeforeLeaving);
}

/**
 * A document that is open: `doc` is its Yjs document, `status` what may be said about it. It rejoins by itself after a lost
 * connection. Call `close` when the view goes; changes that the hub has not acknowledged keep it alive behind the scenes.
 */
export class LiveDoc {
  readonly doc = new Y.Doc();
  readonly status: Readable<DocStatus>;
  readonly people: Readable<Person[]>;
  readonly #status = writable<DocStatus>(statusOf(UNOPENED, false, false));
  readonly #people = writable<Person[]>([]);
  readonly #me: Presence;
  readonly #contentId: string;
  #progress: DocProgress = UNOPENED;
  #provider: PacedProvider | undefined;
  #kept: Kept | undefined;
  #readable = false;
  #holders = 0;
  #destroyed = false;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #whenOpen: Promise<void>;

  constructor(contentId: string, me: Presence) {
    this.#contentId = contentId;
    this.#me = me;
    this.status = readonly(this.#status);
    this.people = readonly(this.#people);
    this.#whenOpen = this.#open();
  }

  /** For the carets: who is here and where they write. Null until the device's copy was read. */
  get awareness(): Awareness | null {
    return this.#provider?.awareness ?? null;
  }

  /** Resolves when the device's copy was read and awareness exists; the hub's state may still be on its way. */
  get whenOpen(): Promise<void> {
    return this.#whenOpen;
  }

  get userId(): string {
    return this.#me.id;
  }

  /** Closing the page now would lose something. */
  get wouldLose(): boolean {
    return hasUnsent(this.#progress) && !this.#kept?.works;
  }

  get unsent(): boolean {
    return hasUnsent(this.#progress);
  }

  /** A frame of this document went out. */
  sent(kind: FrameKind): void {
    if (kind === 'state') this.#happen({ type: 'sent_state' });
    if (kind === 'change') this.#happen({ type: 'sent_change' });
  }

  hold(): this {
    this.#holders += 1;
    if (this.awareness?.getLocalState() === null) this.awareness.setLocalState({ user: this.#me });
    return this;
  }

  /** The view no longer needs it. Resolves when the hub has everything and the document was let go. */
  async close(): Promise<void> {
    this.#holders -= 1;
    await this.#whenOpen;
    if (this.#holders > 0) return;
    this.#provider?.awareness?.setLocalState(null);
    // Somebody may hold it again meanwhile, and what the hub refuses waits on the device.
    await this.#when(() => !this.unsent || this.#holders > 0 || this.#destroyed || this.#progress.refusedCode !== null);
    if (this.#holders === 0) await this.destroy();
  }

  /** Lets go at once; unacknowledged changes stay on the device. */
  async destroy({ wipe = false } = {}): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (openDocs.get(this.#contentId) === this) openDocs.delete(this.#contentId);
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#askTimer);
    this.#provider?.destroy();
    await (wipe ? this.#kept?.wipe() : this.#kept?.release());
    this.doc.destroy();
  }

  async #open(): Promise<void> {
    this.doc.on('update', (_update: Uint8Array, origin: unknown) => this.#heed(origin));
    this.#kept = await keepOnDevice(this.#me.id, this.#contentId, this.doc);
    this.#readable = this.doc.store.clients.size > 0;
    if (this.#destroyed) return;
    this.#connect();
    this.#tell();
  }

  #connect(): void {
    const websocketProvider = sharedSocket(this.userId);
    const provider = new PacedProvider({
      name: this.#contentId,
      document: this.doc,
      token: '',
      websocketProvider,
    });
    this.#provider = provider;
    provider.setAwarenessField('user', this.#me);
    provider.on('open', () => this.#happen({ type: 'connected' }));
    provider.on('close', ({ event }: { event: { code: number; reason: string } }) => this.#closed(event));
    provider.on('authenticated', ({ scope }: { scope: string }) =>
      this.#happen({ type: 'authenticated', canWrite: scope === 'read-write' }),
    );
    provider.on('authenticationFailed', ({ reason }: { reason: string }) =>
      this.#happen({ type: 'refused', code: reason }),
    );
    provider.on('message', ({ event }: { event: MessageEvent<ArrayBuffer> }) => {
      const { kind } = readFrame(new Uint8Array(event.data));
      if (kind === 'acknowledged' || kind === 'not_kept') this.#happen({ type: kind });
      // The provider's own `synced` also means "nothing unsynced", so the hub's state is recognised by its frame.
      if (kind === 'state') this.#happen({ type: 'received_state' });
    });
    provider.on('stateless', ({ payload }: { payload: string }) => {
      const { storage, document } = hubWords(payload);
      if (storage === 'failing' || storage === 'ok') this.#happen({ type: 'storage', failing: storage === 'failing' });
      if (document === 'large') this.#happen({ type: 'large' });
    });
    provider.on('awarenessChange', () => this.#meet());
    provider.attach();
    this.#meet();
  }

  /** The hub closed this document on a socket that stays open, or the socket went. */
  #closed({ code, reason }: { code: number; reason: string }): void {
    if (code === 1000 && reason) this.#happen({ type: 'refused', code: reason });
    else this.#happen({ type: 'disconnected' });
  }

  #heed(origin: unknown): void {
    // Transactions of views and editors; the provider and the device's copy apply theirs under their own origin.
    if (this.#provider && origin !== this.#provider) this.#happen({ type: 'edited' });
  }

  #happen(event: DocEvent): void {
    this.#progress = advance(this.#progress, event);
    if (event.type === 'received_state') this.#readable = true;
    if (event.type === 'sent_change' || event.type === 'sent_state') this.#expectAnswer();
    // While the hub can't save, no answer is no sign of a dead connection.
    if (this.#progress.unacknowledged === 0 || this.#progress.storageFailing) this.#stopExpecting();
    if (event.type === 'storage' && !event.failing && this.#progress.unacknowledged > 0) this.#expectAnswer();
    if (event.type === 'refused' && PASSING.has(event.code)) this.#askAgain();
    this.#tell();
  }

  #askAgain(): void {
    this.#askTimer ??= setTimeout(() => {
      this.#askTimer = undefined;
      if (this.#destroyed || this.#progress.refusedCode === null) return;
      this.#provider?.detach();
      this.#provider?.attach();
    }, ASK_AGAIN_AFTER_MS);
  }

  #expectAnswer(): void {
    const within_ms = navigator.onLine ? ANSWER_WITHIN_MS : ANSWER_WITHOUT_NETWORK_MS;
    this.#answerTimer ??= setTimeout(() => {
      this.#answerTimer = undefined;
      socket?.startAgain();
    }, within_ms);
  }

  #stopExpecting(): void {
    clearTimeout(this.#answerTimer);
    this.#answerTimer = undefined;
  }

  #tell(): void {
    this.#status.set(statusOf(this.#progress, this.#readable, this.#kept?.works ?? false));
  }

  #meet(): void {
    const states = this.awareness?.getStates() as ReadonlyMap<number, Record<string, unknown>> | undefined;
    if (states) this.#people.set(peopleIn(states, this.#me));
  }

  /** Resolves when the hub has every change made here; waits for ever while there is no connection. */
  whenSent(): Promise<void> {
    return this.#when(() => !this.unsent);
  }

  #when(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#status.subscribe(() => {
        if (!isSo()) return;
        queueMicrotask(() => stop());
        resolve();
      });
    });
  }
}

/** What a stateless message of the hub says about its storage and the document's size (PROTOCOL.md, Live documents). */
function hubWords(payload: string): { storage?: unknown; document?: unknown } {
  try {
    const message: unknown = JSON.parse(payload);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {};
  }
}

function statusOf(progress: DocProgress, readable: boolean, keptHere: boolean): DocStatus {
  return {
    state: stateOf(progress),
    code: progress.refusedCode,
    canWrite: progress.canWrite,
    readable,
    keptHere,
    unsent: hasUnsent(progress),
    large: progress.large,
  };
}

/** Opens a content's live document, or holds on to the one that is open already. Call `close` on it when done. */
export function openLiveDoc(contentId: string, me: Presence): LiveDoc {
  let live = openDocs.get(contentId);
  if (live && live.userId !== me.id) {
    dropSocket();
    live = undefined;
  }
  if (!live) {
    live = new LiveDoc(contentId, me);
    openDocs.set(contentId, live);
  }
  return live.hold();
}

/**
 * Call it before the login ends: waits a moment for what was written here to reach the hub. Resolves with whether it did;
 * if not, signing out loses it.
 */
export async function settle(): Promise<boolean> {
  const docs = [...openDocs.values()];
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([
    Promise.all(docs.map((doc) => doc.whenSent())),
    new Promise((resolve) => (timer = setTimeout(resolve, SETTLE_WITHIN_MS))),
  ]);
  clearTimeout(timer);
  return docs.every((doc) => !doc.unsent);
}

/** After signing out: ends the account's documents and their socket, and removes all that this device kept of it. */
export async function forgetUser(userId: string): Promise<void> {
  const docs = [...openDocs.values()].filter((doc) => doc.userId === userId);
  await Promise.all(docs.map((doc) => doc.destroy({ wipe: true })));
  if (socketUserId === userId) dropSocket();
  await wipeDevice(userId);
}
