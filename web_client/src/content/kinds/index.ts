/** The kinds of content, in the order in which they are offered. To add one: write its file here and add its line. */

import type { ContentKind } from '../../protocol/shapes';
import type { Route } from '../../router';
import { document } from './document';
import { form } from './form';
import type { Kind } from './kind';
import { rubric } from './rubric';
import { wall } from './wall';
import { whiteboard } from './whiteboard';

export type { Kind } from './kind';

export const KINDS: readonly Kind[] = [document, wall, whiteboard, form, rubric];

/** The kind of that name; undefined for one that only a newer hub knows. */
export const kindOf = (name: ContentKind): Kind | undefined => KINDS.find((kind) => kind.name === name);

export const KIND_ROUTES: readonly Route[] = KINDS.flatMap(({ path, pages }) =>
  pages.map(({ name, after = '', title, load }) => ({
    name,
    pattern: `/s/:twinspaceId/${path}/:contentId${after}`,
    title,
    place: 'work' as const,
    load,
    props: (params) => params,
  })),
);
