/**
 * What may be said about a live document, worked out from what happened to it. No I/O and no clock.
 * The one rule: `saved` is said only while the hub has acknowledged, as durable, every change there is.
 */

export type SavedState =
  'opening' | 'saved' | 'saving' | 'not_saving' | 'offline' | 'read_only' | 'refused' | 'old_client';

export type DocEvent =
  /** The socket to the hub opened; everything that was under way on the former one is forgotten. */
  | { type: 'connected' }
  | { type: 'disconnected' }
  | { type: 'authenticated'; canWrite: boolean }
  /** The hub will not open this document, or closed it: `not_found`, `old_client` … */
  | { type: 'refused'; code: string }
  /** The hub's state has arrived. */
  | { type: 'received_state' }
  /** This client sent its own state; the hub acknowledges it like a change. */
  | { type: 'sent_state' }
  | { type: 'sent_change' }
  | { type: 'acknowledged' }
  /** The hub did not keep a change. */
  | { type: 'not_kept' }
  /** The hub's storage failed, or works again; what is written meanwhile waits. */
  | { type: 'storage'; failing: boolean }
  /** The hub said that the document is large; it opens slowly, and at some point takes no more. */
  | { type: 'large' }
  /** The document was changed here. */
  | { type: 'edited' };

export interface DocProgress {
  connected: boolean;
  authenticated: boolean;
  /** What the hub said last; null before it said anything. */
  canWrite: boolean | null;
  refusedCode: string | null;
  receivedState: boolean;
  sentState: boolean;
  /** Frames on this connection that the hub has still to acknowledge. */
  unacknowledged: number;
  /** A change of this page is not known to be durable. */
  dirty: boolean;
  /** The hub's state was here at least once since the page opened the document. */
  everSynced: boolean;
  everDisconnected: boolean;
  /** The hub said on this connection that it can't save. */
  storageFailing: boolean;
  /** The hub said that the document nears its limit of size. */
  large: boolean;
}

export const UNOPENED: DocProgress = {
  connected: false,
  authenticated: false,
  canWrite: null,
  refusedCode: null,
  receivedState: false,
  sentState: false,
  unacknowledged: 0,
  dirty: false,
  everSynced: false,
  everDisconnected: false,
  storageFailing: false,
  large: false,
};

const LOST = { authenticated: false, receivedState: false, sentState: false, unacknowledged: 0 };

export function advance(progress: DocProgress, event: DocEvent): DocProgress {
  switch (event.type) {
    case 'connected':
      // A refusal belongs to one connection: after signing in again or a restart the hub may open the document.
      return { ...progress, ...LOST, connected: true, refusedCode: null, storageFailing: false };
    case 'disconnected':
      return { ...progress, ...LOST, connected: false, everDisconnected: true };
    case 'authenticated':
      return { ...progress, authenticated: true, canWrite: event.canWrite, refusedCode: null };
    case 'refused':
      return { ...progress, ...LOST, refusedCode: event.code };
    case 'received_state':
      return settle({ ...progress, receivedState: true, everSynced: true });
    case 'sent_state':
      return { ...progress, sentState: true, unacknowledged: progress.unacknowledged + 1 };
    case 'sent_change':
      return { ...progress, unacknowledged: progress.unacknowledged + 1 };
    case 'acknowledged':
      return settle({ ...progress, unacknowledged: Math.max(0, progress.unacknowledged - 1) });
    case 'not_kept':
      // The change stays unacknowledged for as long as this connection lives.
      return progress;
    case 'storage':
      return { ...progress, storageFailing: event.failing };
    case 'large':
      return { ...progress, large: true };
    case 'edited':
      return { ...progress, dirty: true };
  }
}

/** Everything this page knows is durable at the hub: it has our state, ours has been answered, and nothing is under way. */
function isDurable(progress: DocProgress): boolean {
  return progress.connected && progress.receivedState && progress.sentState && progress.unacknowledged === 0;
}

function settle(progress: DocProgress): DocProgress {
  return isDurable(progress) ? { ...progress, dirty: false } : progress;
}

export function stateOf(progress: DocProgress): SavedState {
  if (progress.refusedCode !== null) return progress.refusedCode === 'old_client' ? 'old_client' : 'refused';
  if (!progress.connected) return progress.everDisconnected ? 'offline' : 'opening';
  if (progress.authenticated && !progress.canWrite) return progress.receivedState ? 'read_only' : 'opening';
  if (progress.storageFailing && progress.authenticated) return 'not_saving';
  if (isDurable(progress)) return 'saved';
  return progress.dirty || progress.everSynced ? 'saving' : 'opening';
}

/** Changes made here that nobody but this device has for certain. */
export function hasUnsent(progress: DocProgress): boolean {
  return progress.dirty && !isDurable(progress);
}
