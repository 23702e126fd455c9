import { rememberSignOut, takeSignOut, type Return } from './accounts/provider';
import { language, setLanguage } from './catalogue';
import { get, onProblem, patch, post, ProblemError, put } from './protocol/api';
import { forgetAnswers, getOrKept, isAway, keepPerson, keptPerson, SOON_MS } from './protocol/kept_answers';
import type {
  Act,
  Content,
  ProviderAnswer,
  Room,
  School,
  SessionEndReason,
  TwinspaceDetail,
  UnknownPerson,
  User,
} from './protocol/shapes';
import { connect, disconnect, enterTwinspace, hubSocket, leaveTwinspace, on } from './protocol/socket';
import { Conversation, forgetConversations } from './talk/conversation.svelte';
import { inbox } from './talk/inbox.svelte';

/** Who sits at this browser. `unknown` until the hub said so. */
export const session = $state<{
  state: 'unknown' | 'signed_out' | 'signed_in';
  user: User | null;
  ended: SessionEndReason | null;
}>({ state: 'unknown', user: null, ended: null });

/** The TwinSpace that is open, kept up to date by announcements. */
export const here = $state<{
  twinspace: TwinspaceDetail | null;
  contents: Content[];
  rooms: Room[];
  online: string[];
  conversation: Conversation | null;
  problem: ProblemError | null;
}>({ twinspace: null, contents: [], rooms: [], online: [], conversation: null, problem: null });

/** Whether the signed-in user may do `act` in the open TwinSpace. */
export const may = (act: Act): boolean => here.twinspace?.acts.includes(act) ?? false;
export const schoolOf = (schoolId: string | null | undefined): School | undefined =>
  here.twinspace?.schools.find((school) => school.id === schoolId);
export const memberOf = (userId: string | null | undefined) =>
  here.twinspace?.members.find((member) => member.user_id === userId);
/** How I may call somebody: what goes to many at once has pupils' names as other schools may read them. */
export const nameOf = (userId: string, told: string): string => memberOf(userId)?.display_name ?? told;
export const isOnline = (userId: string): boolean => here.online.includes(userId);

const REASON_WITHIN_MS = 1_500;

/** The TwinSpace that is open or being opened. */
let opened: string | null = null;
/** The one that is read for the first time. */
let opening: string | null = null;

const authorOf = (user: User) => ({
  user_id: user.id,
  display_name: user.display_name,
  school_id: user.school.id,
});
const problemOf = (error: unknown): ProblemError =>
  error instanceof ProblemError ? error : new ProblemError({ code: 'no_answer', detail: String(error) });

async function enter(user: User): Promise<void> {
  if (session.user) forgetSession('signed_out'); // Another card on the same browser: nothing of the former user stays.
  if (!isHalf(user)) void keepPerson(user);
  await welcome(user);
}

async function welcome(user: User): Promise<void> {
  session.user = user;
  session.ended = null;
  await speak(user.language);
  session.state = 'signed_in';
  if (!isHalf(user)) connect();
}

/** Whether the login still lacks its second factor: until then the hub lets it do nothing else. */
export const isHalf = (user: User): boolean => user.second_factor === 'ask' || user.second_factor === 'set_up';

/** The account after its second factor was given, set up or taken away. */
export function proved(user: User): void {
  const wasHalf = session.user !== null && isHalf(session.user);
  session.user = user;
  if (wasHalf && !isHalf(user)) connect();
}

/**
 * Asks the hub who is signed in here. When it doesn't answer, it is who was here last and did not sign out, else nobody
 * knows; the caller asks again until this resolves.
 */
export async function restoreSession(): Promise<void> {
  const soon = setTimeout(() => void welcomeBack(), SOON_MS);
  try {
    const user = await get<User>('/api/v1/me');
    if (session.user?.id !== user.id) return await enter(user);
    session.user = user;
    void keepPerson(user);
  } catch (error) {
    if (problemOf(error).status === 401) return forgetSession(session.user ? 'expired' : null);
    if (isAway(error)) await welcomeBack();
    throw error;
  } finally {
    clearTimeout(soon);
  }
}

async function welcomeBack(): Promise<void> {
  if (session.state !== 'unknown') return;
  const user = await keptPerson();
  if (user && session.state === 'unknown') await welcome(user);
}

/** Signs in with a name and password or with a class card; rejects with the hub's ProblemError. */
export async function signIn(secret: { name: string; password: string } | { class_key: string }): Promise<void> {
  await enter(await post<User>('/api/v1/login', secret));
}

/** Signs in with a passkey of this device; rejects with NoPasskey or the hub's ProblemError. */
export async function signInWithPasskey(): Promise<void> {
  const { provePasskey } = await import('./accounts/passkeys');
  const proof = await provePasskey();
  // A login that still lacked its second factor is not left behind.
  if (session.user) await post('/api/v1/logout');
  await enter(await post<User>('/api/v1/login/passkey', proof));
}

/** Signs in with what a school's sign-in has answered; returns who it is when nobody here has that identity yet. */
export async function enterByProvider(back: Return): Promise<UnknownPerson | null> {
  const { user, unknown, sign_out_url } = await post<ProviderAnswer>('/api/v1/login/provider/answer', back);
  if (user) {
    rememberSignOut(sign_out_url);
    await enter(user);
  }
  return unknown;
}

/** Registers a teacher whom a school's sign-in knows, in the language of the page. */
export async function registerByProvider(person: Record<string, string>): Promise<void> {
  await enter(await post<User>('/api/v1/registrations/provider', { ...person, language: language.current }));
}

/** Asks to come in by a guest link, in the language of the page. */
export async function comeAsGuest(secret: string, name: string): Promise<void> {
  await enter(await post<User>('/api/v1/guests', { secret, display_name: name, language: language.current }));
}

/** Confirms the address that a letter went to, and signs in. */
export async function confirmAddress(secret: string, password: string): Promise<void> {
  await enter(await post<User>('/api/v1/registrations/confirm', { secret, password }));
}

export async function signOut(): Promise<void> {
  const { settle } = await import('./docs/live_doc');
  await settle();
  await post('/api/v1/logout');
  forgetSession('signed_out');
  const elsewhere = takeSignOut();
  if (elsewhere) location.assign(elsewhere);
}

function forgetSession(reason: SessionEndReason | null): void {
  clearTimeout(ending);
  // Laptops are shared: nothing of an account stays. After a mere expiry the same person comes back for unsent texts.
  const userId = session.user?.id;
  disconnect();
  closeTwinspace();
  inbox.forget();
  forgetAnswers();
  if (userId && reason !== 'expired') {
    void import('./docs/live_doc').then(({ forgetUser }) => forgetUser(userId));
    forgetConversations(userId, localStorage);
  }
  session.user = null;
  session.state = 'signed_out';
  session.ended = reason;
}

let ending: ReturnType<typeof setTimeout> | undefined;

/** Why a session ended is said on the socket, and a refusal on another line may overtake it. */
function endSoon(): void {
  clearTimeout(ending);
  ending = setTimeout(
    () => session.state === 'signed_in' && forgetSession('expired'),
    hubSocket.isConnected ? REASON_WITHIN_MS : 0,
  );
}

async function speak(tag: string): Promise<void> {
  await setLanguage(tag);
  localStorage.setItem('hub_language', tag);
}

/** Switches the interface's language and, when somebody is signed in, remembers it for them. */
export async function chooseLanguage(tag: string): Promise<void> {
  await speak(tag);
  if (session.user) session.user = await patch<User>('/api/v1/me', { language: tag });
}

/** Loads a TwinSpace and follows it. Problems land in `here.problem`. Opening the open one again only refreshes it. */
export async function openTwinspace(twinspaceId: string): Promise<void> {
  const user = session.user;
  if (!user) return;
  if (opened !== null && opened !== twinspaceId) closeTwinspace();
  here.problem = null;
  opened = twinspaceId;
  try {
    const followed = hubSocket.follows(twinspaceId);
    opening = followed ? null : twinspaceId;
    const entered = enterTwinspace(twinspaceId);
    // A read that fails says why before the entry does.
    entered.catch(() => undefined);
    await readTwinspace(user.id, twinspaceId);
    if (opened !== twinspaceId) return;
    here.conversation ??= new Conversation(twinspaceId, authorOf(user), {
      socket: hubSocket,
      get,
      storage: localStorage,
      // If it does not arrive, the desk counts some messages too many until the chat is read again.
      tellRead: (seq) => void put(`/api/v1/twinspaces/${twinspaceId}/messages/read`, { seq }).catch(() => undefined),
    });
    const { online, latest_seq } = await entered;
    if (opened !== twinspaceId) return;
    here.online = online;
    here.conversation.noteLatest(latest_seq);
    // What happened between that read and the entry was announced to others only.
    if (!followed) await readTwinspace(user.id, twinspaceId);
  } catch (error) {
    // Without the hub the page shows what it has, and its bar says why.
    const isShown = here.twinspace?.id === twinspaceId && isAway(error) && !hubSocket.isConnected;
    if (opened === twinspaceId && !isShown) here.problem = problemOf(error);
  } finally {
    if (opening === twinspaceId) opening = null;
  }
}

/** What was announced while reads are under way, by content: newer than what such a read brings. Null: hidden since. */
let heardMeanwhile: Map<string, Content | null>[] = [];

async function readTwinspace(userId: string, twinspaceId: string): Promise<void> {
  const heard = new Map<string, Content | null>();
  heardMeanwhile.push(heard);
  // Once the hub is there again, the entry tells, and all is read anew.
  const read = <T>(path: string) => getOrKept<T>(userId, path, !hubSocket.isConnected);
  try {
    const [twinspace, { contents }] = await Promise.all([
      read<TwinspaceDetail>(`/api/v1/twinspaces/${twinspaceId}`),
      read<{ contents: Content[] }>(`/api/v1/twinspaces/${twinspaceId}/contents`),
    ]);
    if (opened !== twinspaceId) return;
    const newer = [...heard.values()].filter((content) => content !== null);
    here.contents = [...newer, ...contents.filter(({ id }) => !heard.has(id))];
    here.rooms = twinspace.rooms;
    here.online = twinspace.members.filter((member) => member.online).map((member) => member.user_id);
    here.twinspace = twinspace;
  } finally {
    heardMeanwhile = heardMeanwhile.filter((other) => other !== heard);
  }
}

export function closeTwinspace(): void {
  if (opened && session.state === 'signed_in') leaveTwinspace(opened).catch(() => undefined);
  opened = null;
  here.conversation?.close();
  Object.assign(here, { twinspace: null, contents: [], rooms: [], online: [], conversation: null, problem: null });
}

/** Fetches how many are in each room; afterwards announcements keep count. */
export async function refreshRooms(): Promise<void> {
  const twinspaceId = opened;
  if (!twinspaceId) return;
  const { rooms } = await get<{ rooms: Room[] }>(`/api/v1/twinspaces/${twinspaceId}/rooms`);
  if (opened === twinspaceId) here.rooms = rooms;
}

function keepContent(content: Content): void {
  if (content.twinspace_id !== opened) return;
  for (const heard of heardMeanwhile) heard.set(content.id, content);
  here.contents = [content, ...here.contents.filter((other) => other.id !== content.id)];
}

/** Starts following announcements; once per page. */
export function followAnnouncements(): void {
  on('content:created', keepContent);
  on('content:changed', keepContent);
  on('item:hidden', ({ twinspace_id, item_id }) => {
    if (twinspace_id !== opened) return;
    for (const heard of heardMeanwhile) heard.set(item_id, null);
    here.contents = here.contents.filter(({ id }) => id !== item_id);
  });
  on('member:online', ({ twinspace_id, user_id }) => {
    if (twinspace_id !== opened || here.online.includes(user_id)) return;
    here.online.push(user_id);
    if (!memberOf(user_id)) void openTwinspace(twinspace_id);
  });
  on('member:offline', ({ twinspace_id, user_id }) => {
    if (twinspace_id === opened) here.online = here.online.filter((id) => id !== user_id);
  });
  on('twinspace:entered', ({ twinspace_id }) => {
    if (twinspace_id === opened && twinspace_id !== opening) void openTwinspace(twinspace_id);
  });
  on('phase:changed', ({ twinspace_id }) => {
    if (twinspace_id === opened) void openTwinspace(twinspace_id);
  });
  on('member:changed', ({ twinspace_id }) => {
    if (twinspace_id === opened) void openTwinspace(twinspace_id);
  });
  on('subject:changed', ({ twinspace_id, kind }) => {
    if (twinspace_id === opened && kind === 'content') void openTwinspace(twinspace_id);
  });
  on('room:counted', ({ room_id, peer_count }) => {
    here.rooms = here.rooms.map((room) => (room.id === room_id ? { ...room, peer_count } : room));
  });
  on('room:changed', ({ room_id, is_encrypted }) => {
    here.rooms = here.rooms.map((room) => (room.id === room_id ? { ...room, is_encrypted } : room));
  });
  on('account:changed', (user) => {
    if (session.user?.id === user.id) session.user = user;
  });
  on('session:ended', ({ reason }) => forgetSession(reason));
  onProblem(({ code }) => {
    if (code === 'not_signed_in' && session.state === 'signed_in') endSoon();
  });
}
