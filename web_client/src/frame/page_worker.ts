const WORKER = '/page_worker.js';
const PARTS = '/assets/';

/** Lets the page open next time without the hub: a worker keeps it, and every part of it that is loaded here. */
export async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(WORKER);
    const { active } = await navigator.serviceWorker.ready;
    if (active) tellParts(active);
  } catch {
    // This browser keeps nothing (a private window, a full disk): the page is there while the hub is.
  }
}

function tellParts(worker: ServiceWorker): void {
  const observer = new PerformanceObserver((loaded) => {
    const parts = loaded
      .getEntries()
      .map(({ name }) => new URL(name))
      .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith(PARTS))
      .map(({ pathname }) => pathname);
    if (parts.length) worker.postMessage({ parts });
  });
  observer.observe({ type: 'resource', buffered: true });
}
