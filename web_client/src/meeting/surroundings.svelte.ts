import { here } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import type { School } from '../protocol/shapes';

/** What is known about the place of the call; kept while the person looks at another TwinSpace or the desk. */
class Surroundings {
  schools = $state.raw<readonly School[]>([]);
  title = $state('');

  /** Call it in an effect: remembers names while the call's TwinSpace is open. */
  remember(): void {
    if (!call.place || here.twinspace?.id !== call.place.twinspaceId) return;
    this.schools = here.twinspace.schools;
    this.title = here.rooms.find(({ id }) => id === call.place?.roomId)?.title ?? '';
  }

  schoolOf(schoolId: string | undefined): School | undefined {
    return this.schools.find(({ id }) => id === schoolId);
  }
}

export const surroundings = new Surroundings();
