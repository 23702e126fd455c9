import type { Kind } from './kind';
import mark from './document_mark.svelte';

export const document: Kind = {
  name: 'document',
  word: 'kind_document',
  what: 'kind_document_what',
  mark,
  path: 'doc',
  pages: [{ name: 'document', title: 'title_document', load: () => import('../document_view.svelte') }],
};
