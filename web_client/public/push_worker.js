// Shows web pushes. What arrives is the kind of a notice, never its text: the words were left here by the page, in the
// language of whoever allowed pushes on this device (src/notices/push.ts).
const WORDS = 'push-words';

async function wordsFor(kind) {
  try {
    const kept = await (await caches.open(WORDS)).match('/push-words');
    const words = kept ? await kept.json() : {};
    return {
      title: words.title ?? 'TwinSpace Hub',
      body: words[kind] ?? words.something ?? '',
      lang: words.lang ?? '',
    };
  } catch {
    return { title: 'TwinSpace Hub', body: '', lang: '' };
  }
}

self.addEventListener('push', (event) => {
  let kind = 'something';
  try {
    kind = event.data?.json().kind ?? kind;
  } catch {
    // Not what the hub sends; the browser wants something to be shown all the same.
  }
  event.waitUntil(
    wordsFor(kind).then(({ title, body, lang }) =>
      self.registration.showNotification(title, { body, lang, tag: kind, icon: '/mark.svg', data: { path: '/desk' } }),
    ),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(async ([open]) => {
      if (!open) return self.clients.openWindow('/desk');
      await open.focus();
      return open.navigate('/desk').catch(() => undefined);
    }),
  );
});
