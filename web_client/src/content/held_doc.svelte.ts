import { onDestroy } from 'svelte';
import { fromStore } from 'svelte/store';
import { may, session } from '../app_state.svelte';
import { openLiveDoc, type DocStatus, type LiveDoc } from '../docs/live_doc';
import type { Person } from '../docs/people';

export interface HeldDoc {
  readonly live: LiveDoc;
  readonly status: DocStatus;
  readonly people: Person[];
  /** May be changed here and now: the hub said so, or has not been asked yet and the role allows it. */
  readonly canWrite: boolean;
}

/** Opens a content's live document for as long as the calling component lives. */
export function holdDoc(contentId: string): HeldDoc {
  const user = session.user;
  if (!user) throw new Error('a document is opened for somebody who is signed in');
  const live = openLiveDoc(contentId, { id: user.id, name: user.display_name, school_id: user.school.id });
  onDestroy(() => void live.close());
  const status = fromStore(live.status);
  const people = fromStore(live.people);
  return {
    live,
    get status() {
      return status.current;
    },
    get people() {
      return people.current;
    },
    get canWrite() {
      const { canWrite, state } = status.current;
      return (canWrite ?? may('write')) && state !== 'refused' && state !== 'old_client';
    },
  };
}
