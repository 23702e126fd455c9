import { get } from '../protocol/api';
import type { PeerLine } from '../protocol/shapes';
import type { Key } from '../catalogue';

const LOOK_EVERY_MS = 5_000;

/** How the lines of the people in a room are, for who may moderate it. */
class TheirLines {
  #lines = $state.raw<readonly PeerLine[]>([]);

  /** Looks now and again until the returned function is called. */
  watch(roomId: string): () => void {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        const { lines } = await get<{ lines: PeerLine[] }>(`/api/v1/rooms/${encodeURIComponent(roomId)}/lines`);
        if (!stopped) this.#lines = lines;
      } catch {
        // Nothing is known then, which is shown as nothing; the page tells of lost connections elsewhere.
        if (!stopped) this.#lines = [];
      }
      if (!stopped) timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }

  /** How many pictures a peer gets smaller than it shows them, or not at all, because its line carries no more. */
  narrowedOf(peerId: string): number {
    const line = this.#lines.find(({ peer_id }) => peer_id === peerId);
    return line?.pictures.filter(({ reason }) => reason === 'line').length ?? 0;
  }

  /** What is wrong with a peer's line, in words of the catalogue; null: nothing, or nothing is known. */
  troubleOf(peerId: string): Key | null {
    const line = this.#lines.find(({ peer_id }) => peer_id === peerId);
    const [up, down] = [line?.up?.is_weak ?? false, line?.down?.is_weak ?? false];
    if (up && down) return 'call_their_line_weak';
    if (up) return 'call_their_line_weak_up';
    return down ? 'call_their_line_weak_down' : null;
  }
}

/** Of the meeting on this page; watched by the stage while somebody is in it who may moderate. */
export const theirLines = new TheirLines();
