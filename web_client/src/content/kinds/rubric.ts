import type { Kind } from './kind';
import mark from './rubric_mark.svelte';

export const rubric: Kind = {
  name: 'rubric',
  word: 'kind_rubric',
  what: 'kind_rubric_what',
  mark,
  path: 'rubric',
  pages: [
    { name: 'rubric', title: 'kind_rubric', load: () => import('../rubrics/rubric_view.svelte') },
    {
      name: 'assessment',
      after: '/assess/:assessmentId',
      title: 'title_assessment',
      load: () => import('../rubrics/assessment_view.svelte'),
    },
  ],
};
