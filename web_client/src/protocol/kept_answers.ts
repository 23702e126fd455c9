import { get, ProblemError } from './api';
import type { User } from './shapes';

/**
 * What the hub answered last about who is here and where, kept on this device: a page that is loaded while the hub can't
 * be reached shows the documents that the device has. One store per account; all are wiped when a session ends.
 */

const PERSON = 'hub-person';
const ME = '/api/v1/me';
const KEPT_AT = 'X-Kept-At';
/** A machine that was left somewhere forgets whose it was. */
const LASTS_MS = 7 * 24 * 60 * 60 * 1000;
/** Where there is something to show meanwhile, nobody looks longer at an empty page. */
export const SOON_MS = 4_000;

const storeOf = (userId: string) => `hub-answers:${userId}`;

/** The hub could not be reached, or is not there behind its proxy. */
export const isAway = (error: unknown): boolean =>
  error instanceof ProblemError && (error.code === 'no_answer' || [502, 503, 504].includes(error.status));

/** How often everything was forgotten: what was asked before is not kept after. */
let forgotten = 0;
let forgetting: Promise<void> = Promise.resolve();

async function put(store: string, path: string, answer: unknown): Promise<void> {
  const since = forgotten;
  await forgetting;
  if (since !== forgotten) return;
  try {
    const headers = { 'Content-Type': 'application/json', [KEPT_AT]: String(Date.now()) };
    await (await caches.open(store)).put(path, new Response(JSON.stringify(answer), { headers }));
  } catch {
    // Without a safe origin or a place on the disk nothing is kept.
  }
}

async function take<T>(store: string, path: string): Promise<T | null> {
  try {
    const kept = await (await caches.open(store)).match(path);
    if (!kept || Date.now() - Number(kept.headers.get(KEPT_AT)) > LASTS_MS) return null;
    return (await kept.json()) as T;
  } catch {
    return null;
  }
}

export const keepAnswer = (userId: string, path: string, answer: unknown): Promise<void> =>
  put(storeOf(userId), path, answer);
export const keptAnswer = <T>(userId: string, path: string): Promise<T | null> => take<T>(storeOf(userId), path);

/** Who was signed in here last and has not signed out. */
export const keepPerson = (user: User): Promise<void> => put(PERSON, ME, user);
export const keptPerson = (): Promise<User | null> => take<User>(PERSON, ME);

/** Nobody is signed in here any more: what was kept of whoever was goes. */
export function forgetAnswers(): void {
  forgotten += 1;
  forgetting = forget();
}

async function forget(): Promise<void> {
  if (typeof caches === 'undefined') return;
  try {
    const stores = (await caches.keys()).filter((name) => name === PERSON || name.startsWith(storeOf('')));
    await Promise.all(stores.map((name) => caches.delete(name)));
  } catch {
    // Nothing can be kept here either.
  }
}

/** Asks the hub; while it can't be reached, says what it said last. With `hurry` it has only a moment to answer. */
export async function getOrKept<T>(userId: string, path: string, hurry: boolean): Promise<T> {
  const since = forgotten;
  const answered = get<T>(path).then(
    (answer) => {
      if (since === forgotten) void keepAnswer(userId, path, answer);
      return answer;
    },
    async (error: unknown) => {
      const kept = isAway(error) ? await keptAnswer<T>(userId, path) : null;
      if (kept === null) throw error;
      return kept;
    },
  );
  if (!hurry) return answered;
  const soon = new Promise((resolve) => setTimeout(resolve, SOON_MS))
    .then(() => keptAnswer<T>(userId, path))
    .then((kept) => kept ?? answered);
  return Promise.race([answered, soon]);
}
