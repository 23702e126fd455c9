import { language, t } from '../catalogue';
import { post } from '../protocol/api';
import { KINDS, wordsOf } from './notices.svelte';

const WORKER = '/push_worker.js';
const WORDS = 'push-words';
/** No page lies under it: the worker takes pushes and never comes between a page and the hub. */
const SCOPE = '/push/';

/** Whether this browser could take pushes at all. */
export const canPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** The subscription of this browser, if it has one. */
export async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Leaves the words with the worker: a push brings only the kind of a notice. */
export async function keepWords(): Promise<void> {
  const kinds = Object.keys(KINDS).map((kind) => [kind, t(wordsOf(kind).kind)]);
  const words = {
    ...Object.fromEntries(kinds),
    something: t('kind_something'),
    title: t('brand'),
    lang: language.current,
  };
  await (await caches.open(WORDS)).put('/push-words', new Response(JSON.stringify(words)));
}

/** Asks the person and the browser, then tells the hub. Returns false when the person or the browser says no. */
export async function startPush(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  if (!registration) return false;
  await keepWords();
  let subscription: PushSubscription;
  try {
    subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch {
    return false; // The browser has no push service, or may not reach it.
  }
  const { endpoint, keys } = subscription.toJSON();
  await post('/api/v1/me/push', { endpoint, p256dh: keys?.p256dh, auth: keys?.auth });
  return true;
}

export async function endPush(): Promise<void> {
  const subscription = await currentSubscription();
  if (!subscription) return;
  await post('/api/v1/me/push/end', { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}
