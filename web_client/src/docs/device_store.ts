import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';

/**
 * What a browser keeps of live documents and drafts, in one IndexedDB per account and subject. School laptops are shared:
 * `wipeDevice` removes an account's databases, and no account reads another's.
 */

const PREFIX = 'hub';
/** A blocked or broken IndexedDB (private windows, full disks) must not keep a document from opening. */
const READ_WITHIN_MS = 3_000;
const WIPE_WITHIN_MS = 3_000;

const nameOf = (userId: string, subject: string) => `${PREFIX}:${userId}:${subject}`;
const namesSeen = new Set<string>();

export interface Kept {
  /** False when this browser can't keep anything: then what is not at the hub is only in this page. */
  works: boolean;
  /** Stops keeping; what was kept stays. */
  release(): Promise<void>;
  /** Stops keeping and removes what was kept. */
  wipe(): Promise<void>;
}

const NOT_KEPT: Kept = { works: false, release: () => Promise.resolve(), wipe: () => Promise.resolve() };

/** Reads into `doc` what this device keeps of it, and from now on keeps every change. Resolves when it has been read. */
export async function keepOnDevice(userId: string, subject: string, doc: Y.Doc): Promise<Kept> {
  if (typeof indexedDB === 'undefined' || !(await canOpen())) return NOT_KEPT;
  const name = nameOf(userId, subject);
  namesSeen.add(name);
  const persistence = new IndexeddbPersistence(name, doc);
  const read = await within(READ_WITHIN_MS, persistence.whenSynced);
  if (!read) {
    void persistence.destroy();
    return NOT_KEPT;
  }
  return {
    works: true,
    release: () => persistence.destroy(),
    wipe: async () => {
      await persistence.destroy();
      await wipeDatabase(name);
    },
  };
}

/** Removes everything this device keeps of an account. */
export async function wipeDevice(userId: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  const prefix = nameOf(userId, '');
  const listed = typeof indexedDB.databases === 'function' ? await indexedDB.databases() : [];
  const names = new Set([...namesSeen, ...listed.map(({ name }) => name ?? '')]);
  await Promise.all([...names].filter((name) => name.startsWith(prefix)).map(wipeDatabase));
}

function wipeDatabase(name: string): Promise<void> {
  namesSeen.delete(name);
  // Another tab may hold the database open; the browser removes it as soon as that tab lets go.
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
    setTimeout(resolve, WIPE_WITHIN_MS);
  });
}

let openable: Promise<boolean> | undefined;

/** Some browsers have the interface but refuse to open a database; y-indexeddb would then never answer. */
function canOpen(): Promise<boolean> {
  openable ??= new Promise((resolve) => {
    const name = `${PREFIX}-test`;
    try {
      const request = indexedDB.open(name);
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase(name);
        resolve(true);
      };
    } catch {
      resolve(false);
    }
    setTimeout(() => resolve(false), READ_WITHIN_MS);
  });
  return openable;
}

async function within(limit_ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), limit_ms)));
  try {
    return await Promise.race([work.then(() => true), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
