import type { Route } from '../router';

/** Among teachers at large and their support services: finding, writing, founding, the shelf and the help desk. */
export const STAFF_ROOM_ROUTES: readonly Route[] = [
  {
    name: 'registrations',
    pattern: '/registrations',
    title: 'title_registrations',
    load: () => import('../views/registrations.svelte'),
  },
  {
    name: 'partners',
    pattern: '/partners',
    title: 'title_partners',
    load: () => import('../finding/partners.svelte'),
  },
  {
    name: 'person',
    pattern: '/partners/:userId',
    title: 'title_partners',
    load: () => import('../finding/person_page.svelte'),
  },
  {
    name: 'letters',
    pattern: '/letters',
    title: 'title_letters',
    load: () => import('../talk/letters.svelte'),
  },
  {
    name: 'letter_to',
    pattern: '/letters/to/:userId',
    title: 'title_letters',
    load: () => import('../talk/letters.svelte'),
  },
  {
    name: 'letter',
    pattern: '/letters/:conversationId',
    title: 'title_letters',
    load: () => import('../talk/letters.svelte'),
  },
  {
    name: 'staff_forum',
    pattern: '/forum',
    title: 'title_staff_forum',
    load: () => import('../talk/staff_forum.svelte'),
  },
  {
    name: 'staff_thread',
    pattern: '/forum/:threadId',
    title: 'title_staff_forum',
    load: () => import('../talk/thread.svelte'),
  },
  {
    name: 'shelf',
    pattern: '/shelf',
    title: 'title_shelf',
    load: () => import('../finding/shelf.svelte'),
  },
  {
    name: 'help',
    pattern: '/help',
    title: 'title_help',
    load: () => import('../finding/help.svelte'),
  },
  {
    name: 'help_question',
    pattern: '/help/:questionId',
    title: 'title_help',
    load: () => import('../finding/help_question.svelte'),
  },
  {
    name: 'numbers',
    pattern: '/numbers',
    title: 'title_numbers',
    open: true,
    load: () => import('../finding/numbers.svelte'),
  },
  {
    name: 'propose_from',
    pattern: '/found/idea/:ideaId',
    title: 'title_propose',
    load: () => import('../founding/propose.svelte'),
  },
  { name: 'propose', pattern: '/found', title: 'title_propose', load: () => import('../founding/propose.svelte') },
  {
    name: 'founding',
    pattern: '/found/:foundingId',
    title: 'title_founding',
    load: () => import('../founding/founding.svelte'),
  },
];
