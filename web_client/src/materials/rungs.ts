import type { Key } from '../catalogue';
import type { Rung } from '../protocol/shapes';

/** The ladder, from the fewest people to all; `team` is chosen where one has a team. */
export const RUNGS: readonly { rung: Rung; word: Key; what: Key; outside?: boolean }[] = [
  { rung: 'me', word: 'rung_me', what: 'rung_me_what' },
  { rung: 'team', word: 'rung_team', what: 'rung_team_what' },
  { rung: 'school', word: 'rung_school', what: 'rung_school_what' },
  { rung: 'teachers', word: 'rung_teachers', what: 'rung_teachers_what' },
  { rung: 'twinspace', word: 'rung_twinspace', what: 'rung_twinspace_what' },
  { rung: 'families', word: 'rung_families', what: 'rung_families_what', outside: true },
  { rung: 'inspection', word: 'rung_inspection', what: 'rung_inspection_what', outside: true },
  { rung: 'public', word: 'rung_public', what: 'rung_public_what', outside: true },
];

export const wordOf = (rung: Rung): Key => RUNGS.find((each) => each.rung === rung)?.word ?? 'rung_twinspace';
