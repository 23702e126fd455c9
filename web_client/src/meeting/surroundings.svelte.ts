import { here, session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import type { Peer, School } from '../protocol/shapes';

/** What is known about the place of the call; kept while the person looks at another TwinSpace or the desk. */
class Surroundings {
  schools = $state.raw<readonly School[]>([]);
  title = $state('');
  #names = $state.raw<ReadonlyMap<string, string>>(new Map());

  /** Call it in an effect: remembers names while the call's TwinSpace is open. */
  remember(): void {
    if (!call.place || here.twinspace?.id !== call.place.twinspaceId) return;
    this.schools = here.twinspace.schools;
    this.#names = new Map(here.twinspace.members.map(({ user_id, display_name }) => [user_id, display_name]));
    this.title = here.rooms.find(({ id }) => id === call.place?.roomId)?.title ?? '';
  }

  /** How I may call somebody: everybody is told the name that other schools may read, or as a teacher corrected it. */
  nameOf({ user_id, display_name, is_renamed }: Pick<Peer, 'user_id' | 'display_name' | 'is_renamed'>): string {
    return (is_renamed ? undefined : this.#names.get(user_id)) ?? display_name;
  }

  /** Everybody else in the meeting: each once, however many devices they are in with. */
  get others(): Peer[] {
    return call.peers.filter(
      ({ user_id }, place, all) =>
        user_id !== session.user?.id && all.findIndex((each) => each.user_id === user_id) === place,
    );
  }

  schoolOf(schoolId: string | undefined): School | undefined {
    return this.schools.find(({ id }) => id === schoolId);
  }
}

export const surroundings = new Surroundings();
