import type { Component } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import type { Key } from './catalogue';

export type Params = Record<string, string>;
// The views' props differ; the table below pairs each view with the parameters of its path.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type View = Component<any>;

export interface Route {
  name: string;
  pattern: string;
  title: Key;
  /** The place of the TwinSpace's navigation that is lit. */
  place?: 'home' | 'work' | 'talk' | 'timeline' | 'people';
  /** Also for people who are not signed in. */
  open?: true;
  load: () => Promise<{ default: View }>;
  props?: (params: Params) => Record<string, unknown>;
}

export interface Match {
  route: Route;
  params: Params;
  path: string;
}

/** The parameters of a path that fits a pattern such as `/s/:twinspaceId/doc/:contentId`, or null. */
export function fit(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':')) {
      if (!value) return null;
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return params;
}

/** The first route whose pattern fits; `fallback` when none does. */
export function match(routes: readonly Route[], fallback: Route, path: string): Match {
  for (const route of routes) {
    const params = fit(route.pattern, path);
    if (params) return { route, params, path };
  }
  return { route: fallback, params: {}, path };
}

const MOVED = 'hub:moved';
const subscribe = createSubscriber((update) => {
  addEventListener('popstate', update);
  addEventListener(MOVED, update);
  return () => {
    removeEventListener('popstate', update);
    removeEventListener(MOVED, update);
  };
});

/** The path shown now; inside an effect or markup it follows every move. */
export function currentPath(): string {
  subscribe();
  return location.pathname;
}

/** Shows another path of the app; `replace` leaves no step back. */
export function go(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  dispatchEvent(new Event(MOVED));
}

/** Turns plain clicks on links of ours into moves without a page load. Put it on the app's outermost element. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element).closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/') || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) go(link.pathname + link.hash);
}
