import type { Component } from 'svelte';
import type { Key } from '../../catalogue';
import type { ContentKind } from '../../protocol/shapes';
import type { Route } from '../../router';

/** A page of a kind of content, at `/s/:twinspaceId/<path>/:contentId<after>`. */
interface KindPage {
  name: string;
  after?: string;
  title: Key;
  load: Route['load'];
}

/** What the rest of the client has to know of a kind of content. A new kind is one file and one line in the registry. */
export interface Kind {
  name: ContentKind;
  word: Key;
  /** What one does with it, in a few words. */
  what: Key;
  /** Drawn into a picture of 44 by 44. */
  mark: Component;
  path: string;
  pages: readonly KindPage[];
  /** The `after` of the page on which who has just made one goes on. */
  startsAt?: string;
}
