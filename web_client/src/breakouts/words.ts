import { t, type Key } from '../catalogue';
import type { UnmetDemand } from '../protocol/schema';

/** `3:07`, of seconds. */
export const clock = (seconds: number): string =>
  `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;

const UNMET: Record<UnmetDemand['demand'], Key> = {
  groups: 'breakouts_unmet_groups',
  adults: 'breakouts_unmet_adults',
  schools: 'breakouts_unmet_schools',
  school: 'breakouts_unmet_school',
  apart: 'breakouts_unmet_apart',
};

/** What the group maker could not keep, as a sentence. */
export const unmetWords = ({ demand, ids, group }: UnmetDemand, nameOf: (id: string) => string): string =>
  t(UNMET[demand], { names: ids.map(nameOf).join(', '), group: group === null ? '' : group + 1 });
