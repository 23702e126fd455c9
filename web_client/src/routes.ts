import { kindOf } from './content/kinds';
import type { ContentKind } from './protocol/shapes';
import { match, type Match, type Route } from './router';
import { ACCOUNT_ROUTES } from './routes/accounts';
import { STAFF_ROOM_ROUTES } from './routes/staff_room';
import { TWINSPACE_ROUTES } from './routes/twinspace';

export const ROUTES: readonly Route[] = [...ACCOUNT_ROUTES, ...STAFF_ROOM_ROUTES, ...TWINSPACE_ROUTES];

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
  lineTest: '/line-test',
  secondFactor: '/second-factor',
  waiting: '/waiting',
  registrations: '/registrations',
  pupils: '/pupils',
  searching: '/search',
  partners: '/partners',
  person: (userId: string) => `/partners/${userId}`,
  letters: '/letters',
  letter: (conversationId: string) => `/letters/${conversationId}`,
  letterTo: (userId: string) => `/letters/to/${userId}`,
  staffForum: '/forum',
  staffThread: (threadId: string) => `/forum/${threadId}`,
  shelf: '/shelf',
  help: '/help',
  helpQuestion: (questionId: string) => `/help/${questionId}`,
  numbers: '/numbers',
  proposeFrom: (ideaId: string) => `/found/idea/${ideaId}`,
  forum: (twinspaceId: string) => `/s/${twinspaceId}/forum`,
  thread: (twinspaceId: string, threadId: string) => `/s/${twinspaceId}/forum/${threadId}`,
  debates: (twinspaceId: string) => `/s/${twinspaceId}/debates`,
  debate: (twinspaceId: string, debateId: string) => `/s/${twinspaceId}/debates/${debateId}`,
  search: (query: string) => `/search/${encodeURIComponent(query)}`,
  propose: '/found',
  erased: (erasureId: string) => `/erased/${erasureId}`,
  founding: (foundingId: string) => `/found/${foundingId}`,
  plan: (twinspaceId: string) => `/s/${twinspaceId}/plan`,
  breakouts: (twinspaceId: string) => `/s/${twinspaceId}/breakouts`,
  records: (twinspaceId: string) => `/s/${twinspaceId}/held-meetings`,
  record: (twinspaceId: string, heldId: string) => `/s/${twinspaceId}/held-meetings/${heldId}`,
  life: (twinspaceId: string) => `/s/${twinspaceId}/life`,
  moderation: (twinspaceId: string) => `/s/${twinspaceId}/moderation`,
  consents: (twinspaceId: string) => `/s/${twinspaceId}/consents`,
  home: (twinspaceId: string) => `/s/${twinspaceId}`,
  work: (twinspaceId: string) => `/s/${twinspaceId}/work`,
  pages: (twinspaceId: string) => `/s/${twinspaceId}/pages`,
  materials: (twinspaceId: string) => `/s/${twinspaceId}/materials`,
  assessments: (twinspaceId: string) => `/s/${twinspaceId}/assessments`,
  waitingCards: (twinspaceId: string) => `/s/${twinspaceId}/waiting-cards`,
  talk: (twinspaceId: string) => `/s/${twinspaceId}/chat`,
  people: (twinspaceId: string) => `/s/${twinspaceId}/people`,
  timeline: (twinspaceId: string) => `/s/${twinspaceId}/timeline`,
  snapshot: (twinspaceId: string, snapshotId: string) => `/s/${twinspaceId}/timeline/${snapshotId}`,
  snapshotContent: (twinspaceId: string, snapshotId: string, contentId: string) =>
    `/s/${twinspaceId}/timeline/${snapshotId}/${contentId}`,
  transcript: (twinspaceId: string, roomId: string) => `/s/${twinspaceId}/room/${roomId}/transcript`,
  room: (twinspaceId: string, roomId: string) => `/s/${twinspaceId}/room/${roomId}`,
  content: ({ twinspace_id, kind, id }: { twinspace_id: string; kind: ContentKind; id: string }) =>
    `/s/${twinspace_id}/${kindOf(kind)?.path ?? kind}/${id}`,
};
