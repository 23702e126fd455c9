import { nameOf, schoolOf } from '../app_state.svelte';
import type { Presence } from '../docs/people';
import { colourOf, SHAPE_PATHS } from '../parts/shapes';
import type { School } from '../protocol/shapes';

type FindSchool = (schoolId: string) => School | undefined;

export const caretColour = ({ school_id }: Presence, find: FindSchool = schoolOf): string =>
  colourOf(find(school_id)?.shape);

/** Another person's place in the text: a line and a flag with the school's shape and the name. Hidden from screen readers. */
export function renderCaret(person: Presence, find: FindSchool = schoolOf): HTMLElement {
  const school = find(person.school_id);
  const caret = document.createElement('span');
  caret.className = 'their_caret';
  caret.setAttribute('aria-hidden', 'true');
  caret.style.setProperty('--their-colour', caretColour(person, find));
  const flag = document.createElement('span');
  flag.className = 'their_flag';
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  shape.setAttribute('viewBox', '0 0 16 16');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', SHAPE_PATHS[school?.shape ?? 'circle']);
  shape.append(path);
  const name = document.createElement('bdi');
  name.textContent = nameOf(person.id, person.name);
  flag.append(shape, name);
  caret.append(flag);
  return caret;
}
