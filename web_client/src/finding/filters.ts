/** What a list is narrowed to; empty: not at all. */
export interface Filters {
  q: string;
  country: string;
  language: string;
  stage: string;
  subject: string;
}

export const noFilters = (): Filters => ({ q: '', country: '', language: '', stage: '', subject: '' });

/** As the address asks for it, from `offset` on. */
export function queryOf(filters: Partial<Filters> & { sort?: string }, offset = 0): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value.trim()) query.set(name, value.trim());
  if (offset > 0) query.set('offset', String(offset));
  return query.toString();
}
