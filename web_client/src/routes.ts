import { KIND_ROUTES, kindOf } from './content/kinds';
import type { ContentKind } from './protocol/shapes';
import { match, type Match, type Route } from './router';

const meetingView = () => import('./meeting/meeting_view.svelte');

export const ROUTES: readonly Route[] = [
  {
    name: 'sign_in',
    pattern: '/sign-in',
    title: 'title_sign_in',
    open: true,
    load: () => import('./views/sign_in.svelte'),
  },
  {
    name: 'register',
    pattern: '/register',
    title: 'title_register',
    open: true,
    load: () => import('./views/register.svelte'),
  },
  {
    name: 'confirm',
    pattern: '/confirm',
    title: 'title_confirm',
    open: true,
    load: () => import('./views/confirm.svelte'),
  },
  {
    name: 'new_password',
    pattern: '/new-password',
    title: 'title_new_password',
    open: true,
    load: () => import('./views/new_password.svelte'),
  },
  {
    name: 'provider_return',
    pattern: '/sign-in/provider',
    title: 'title_provider_return',
    open: true,
    load: () => import('./accounts/provider_return.svelte'),
  },
  {
    name: 'guest',
    pattern: '/guest',
    title: 'title_guest',
    open: true,
    load: () => import('./views/guest.svelte'),
  },
  { name: 'account', pattern: '/account', title: 'title_account', load: () => import('./views/account.svelte') },
  {
    name: 'second_factor',
    pattern: '/second-factor',
    title: 'title_second_factor',
    load: () => import('./views/second_factor.svelte'),
  },
  { name: 'waiting', pattern: '/waiting', title: 'title_waiting', load: () => import('./views/waiting.svelte') },
  {
    name: 'registrations',
    pattern: '/registrations',
    title: 'title_registrations',
    load: () => import('./views/registrations.svelte'),
  },
  { name: 'desk', pattern: '/desk', title: 'title_desk', load: () => import('./views/desk.svelte') },
  { name: 'search', pattern: '/search', title: 'title_search', load: () => import('./finding/search.svelte') },
  {
    name: 'search_results',
    pattern: '/search/:query',
    title: 'title_search',
    load: () => import('./finding/search.svelte'),
  },
  { name: 'pupils', pattern: '/pupils', title: 'title_pupils', load: () => import('./views/pupils.svelte') },
  { name: 'propose', pattern: '/found', title: 'title_propose', load: () => import('./founding/propose.svelte') },
  {
    name: 'founding',
    pattern: '/found/:foundingId',
    title: 'title_founding',
    load: () => import('./founding/founding.svelte'),
  },
  {
    name: 'home',
    pattern: '/s/:twinspaceId',
    title: 'title_home',
    place: 'home',
    load: () => import('./views/twinspace_home.svelte'),
  },
  {
    name: 'work',
    pattern: '/s/:twinspaceId/work',
    title: 'title_work',
    place: 'work',
    load: () => import('./views/work.svelte'),
  },
  ...KIND_ROUTES,
  {
    name: 'talk',
    pattern: '/s/:twinspaceId/chat',
    title: 'title_talk',
    place: 'talk',
    load: () => import('./views/talk.svelte'),
  },
  {
    name: 'people',
    pattern: '/s/:twinspaceId/people',
    title: 'title_people',
    place: 'people',
    load: () => import('./views/people.svelte'),
  },
  {
    name: 'plan',
    pattern: '/s/:twinspaceId/plan',
    title: 'title_plan',
    place: 'home',
    load: () => import('./plan/plan.svelte'),
  },
  {
    name: 'life',
    pattern: '/s/:twinspaceId/life',
    title: 'title_life',
    place: 'home',
    load: () => import('./founding/life.svelte'),
  },
  {
    name: 'consents',
    pattern: '/s/:twinspaceId/consents',
    title: 'title_consents',
    place: 'people',
    load: () => import('./consents/consents.svelte'),
  },
  {
    name: 'moderation',
    pattern: '/s/:twinspaceId/moderation',
    title: 'title_moderation',
    place: 'people',
    load: () => import('./safety/moderation.svelte'),
  },
  {
    name: 'timeline',
    pattern: '/s/:twinspaceId/timeline',
    title: 'title_timeline',
    place: 'timeline',
    load: () => import('./views/timeline.svelte'),
  },
  {
    name: 'snapshot',
    pattern: '/s/:twinspaceId/timeline/:snapshotId',
    title: 'title_snapshot',
    place: 'timeline',
    load: () => import('./views/snapshot.svelte'),
  },
  {
    name: 'snapshot_content',
    pattern: '/s/:twinspaceId/timeline/:snapshotId/:contentId',
    title: 'title_snapshot',
    place: 'timeline',
    load: () => import('./views/snapshot_content.svelte'),
  },
  {
    name: 'room',
    pattern: '/s/:twinspaceId/room/:roomId',
    title: 'title_room',
    place: 'home',
    load: meetingView,
    props: ({ twinspaceId, roomId }) => ({ twinspaceId, roomId }),
  },
];

const NOT_FOUND: Route = {
  name: 'not_found',
  pattern: '',
  title: 'title_not_found',
  load: () => import('./views/not_found.svelte'),
};

export const matchRoute = (path: string): Match => match(ROUTES, NOT_FOUND, path);

/** Paths of the app's pages, for links. */
export const paths = {
  signIn: '/sign-in',
  desk: '/desk',
  register: '/register',
  newPassword: '/new-password',
  account: '/account',
  secondFactor: '/second-factor',
  waiting: '/waiting',
  registrations: '/registrations',
  pupils: '/pupils',
  searching: '/search',
  search: (query: string) => `/search/${encodeURIComponent(query)}`,
  propose: '/found',
  founding: (foundingId: string) => `/found/${foundingId}`,
  plan: (twinspaceId: string) => `/s/${twinspaceId}/plan`,
  life: (twinspaceId: string) => `/s/${twinspaceId}/life`,
  moderation: (twinspaceId: string) => `/s/${twinspaceId}/moderation`,
  consents: (twinspaceId: string) => `/s/${twinspaceId}/consents`,
  home: (twinspaceId: string) => `/s/${twinspaceId}`,
  work: (twinspaceId: string) => `/s/${twinspaceId}/work`,
  talk: (twinspaceId: string) => `/s/${twinspaceId}/chat`,
  people: (twinspaceId: string) => `/s/${twinspaceId}/people`,
  timeline: (twinspaceId: string) => `/s/${twinspaceId}/timeline`,
  snapshot: (twinspaceId: string, snapshotId: string) => `/s/${twinspaceId}/timeline/${snapshotId}`,
  snapshotContent: (twinspaceId: string, snapshotId: string, contentId: string) =>
    `/s/${twinspaceId}/timeline/${snapshotId}/${contentId}`,
  room: (twinspaceId: string, roomId: string) => `/s/${twinspaceId}/room/${roomId}`,
  content: ({ twinspace_id, kind, id }: { twinspace_id: string; kind: ContentKind; id: string }) =>
    `/s/${twinspace_id}/${kindOf(kind)?.path ?? kind}/${id}`,
};
