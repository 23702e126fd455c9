import { emit } from '../protocol/socket';
import type { ClassList, ListedPupil } from '../protocol/schema';
import { fits } from './class_seats.svelte.js';

const KEY = 'hub_class_seats';

/** Who was ticked last time in each TwinSpace, on this device. */
function remembered(): Record<string, string[]> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, string[]>;
  } catch {
    return {}; // Storage is closed to us, or holds something else.
  }
}

/** The ticks for a class seat: whom one may tick, and who is ticked. */
export class SeatChoice {
  /** The pupils of one's own school here; null until the hub said so. */
  listed = $state.raw<readonly ListedPupil[] | null>(null);
  ticked = $state.raw<readonly string[]>([]);
  readonly #twinspaceId: string;

  constructor(twinspaceId: string) {
    this.#twinspaceId = twinspaceId;
  }

  /** Rejects with a ProblemError. */
  async load(roomId: string, seated: readonly string[] | null): Promise<void> {
    const { pupils } = await emit<ClassList>('seat:pupils', { room_id: roomId });
    this.show(pupils, seated);
  }

  /** `seated`: who sits here now; null: whoever did last time. */
  show(pupils: readonly ListedPupil[], seated: readonly string[] | null): void {
    const wanted = seated ?? remembered()[this.#twinspaceId] ?? [];
    this.listed = pupils;
    this.ticked = pupils.map(({ pupil_id }) => pupil_id).filter((id) => wanted.includes(id));
  }

  get fits(): boolean {
    return fits(this.ticked.length);
  }

  /** In the order of the list. */
  get pupilIds(): string[] {
    return (this.listed ?? []).map(({ pupil_id }) => pupil_id).filter((id) => this.ticked.includes(id));
  }

  /** By class, those without one last. */
  get classes(): { name: string; pupils: readonly ListedPupil[] }[] {
    const all = (this.listed ?? []).map(({ class_name }) => class_name);
    const names = all.filter((name, place) => all.indexOf(name) === place);
    names.sort((a, b) => Number(a === '') - Number(b === '') || a.localeCompare(b, undefined, { numeric: true }));
    return names.map((name) => ({ name, pupils: (this.listed ?? []).filter(({ class_name }) => class_name === name) }));
  }

  tick(pupilIds: readonly string[], ticked: boolean): void {
    const others = this.ticked.filter((id) => !pupilIds.includes(id));
    this.ticked = ticked ? [...others, ...pupilIds] : others;
  }

  remember(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...remembered(), [this.#twinspaceId]: this.pupilIds }));
    } catch {
      return; // Storage is closed to us: next time they are ticked again.
    }
  }
}
