import type { Key } from '../catalogue';
import type { Resource } from '../protocol/shapes';

/** What one writes down as it is. */
export const OFFERED: Record<string, Key> = {
  good_practice: 'sort_good_practice',
  article: 'sort_article',
  tool: 'sort_tool',
  tutorial: 'sort_tutorial',
};

/** What is on the shelf: templates come there from the forms that they were made of. */
export const SORTS: Record<string, Key> = { ...OFFERED, form_template: 'sort_form_template' };

/** By their names of the SPDX list; only the last one needs words. */
export const LICENCES = [
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC0-1.0',
  'CC-BY-NC-4.0',
  'CC-BY-NC-SA-4.0',
  'EUPL-1.2',
  'MIT',
  'all_rights_reserved',
];

export const RESOURCE_STATES: Record<Resource['state'], Key> = {
  waiting: 'resource_waiting',
  listed: 'resource_listed',
  refused: 'resource_refused',
};
