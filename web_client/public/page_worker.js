// Opens the page when the hub can't be reached: it keeps the page itself, and the parts of it that were used on this
// device. What the hub answers (texts, names, files) never comes through here.
const KEPT = 'hub-page';
const PAGE = '/';
// For whom a school tells the address: not the page of the app's own places.
const OPEN_PLACES = new Set(['p', 'shared']);
const PROGRAMS = new Set(['api', 'yjs', 'collab', 'socket.io', 'whip', 'whep', 'healthz', 'readyz', 'metrics']);
const PARTS = '/assets/';
// A proxy says so of a hub that is not there.
const AWAY = new Set([502, 503, 504]);
const OPEN_WITHIN_MS = 6_000;

self.addEventListener('install', (event) => {
  // Where browsers can be told, live requests don't wake this worker.
  const live = ['/api/*', '/socket.io/*'].map((pathname) => ({
    condition: { urlPattern: { pathname } },
    source: 'network',
  }));
  if (event.addRoutes) event.waitUntil(event.addRoutes(live).catch(() => undefined));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith(PARTS)) event.respondWith(openPart(request));
  else if (request.mode === 'navigate' && isPlace(url.pathname)) event.respondWith(openPage(event));
});

// The page tells which parts it has loaded.
self.addEventListener('message', (event) => event.waitUntil(keepParts(event.data.parts)));

function isPlace(path) {
  const steps = path.split('/');
  return !PROGRAMS.has(steps[1]) && !OPEN_PLACES.has(steps[1]) && !steps.at(-1).includes('.');
}

async function openPart(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

async function openPage(event) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(PAGE, { ignoreVary: true });
  const answer = fetch(event.request);
  if (!kept) return keepPage(event, cache, await answer);
  const late = new Promise((resolve) => setTimeout(resolve, OPEN_WITHIN_MS, null));
  const soon = await Promise.race([answer.catch(() => null), late]);
  if (soon === null || AWAY.has(soon.status)) return kept;
  return keepPage(event, cache, soon);
}

function keepPage(event, cache, answer) {
  if (answer.ok && !answer.redirected) event.waitUntil(replacePage(cache, answer.clone()));
  return answer;
}

// Another build has other parts: the former ones go, and the page tells those it loads.
async function replacePage(cache, answer) {
  const former = await cache.match(PAGE, { ignoreVary: true });
  const text = await answer.clone().text();
  if (former && (await former.text()) !== text)
    for (const part of await cache.keys()) if (!text.includes(new URL(part.url).pathname)) await cache.delete(part);
  await cache.put(PAGE, answer);
}

async function keepParts(paths) {
  const cache = await caches.open(KEPT);
  // The first page of a device was loaded before this worker was there.
  if (!(await cache.match(PAGE, { ignoreVary: true }))) await cache.add(PAGE).catch(() => undefined);
  // The page has just loaded them: they come from the browser's own store.
  for (const path of paths)
    if (path.startsWith(PARTS) && !(await cache.match(path, { ignoreVary: true })))
      await cache.add(path).catch(() => undefined);
}
