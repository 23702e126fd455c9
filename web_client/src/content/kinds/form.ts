import type { Kind } from './kind';
import mark from './form_mark.svelte';

export const form: Kind = {
  name: 'form',
  word: 'kind_form',
  what: 'kind_form_what',
  mark,
  path: 'form',
  pages: [
    { name: 'form', title: 'title_form', load: () => import('../form_answering.svelte') },
    { name: 'form_build', after: '/build', title: 'form_part_build', load: () => import('../form_builder.svelte') },
    {
      name: 'form_results',
      after: '/results',
      title: 'form_part_results',
      load: () => import('../form_results.svelte'),
    },
  ],
  startsAt: '/build',
};
