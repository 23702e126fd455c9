import type * as hub from '../protocol/schema';
import type { HubSocket } from '../protocol/socket';
import { applyEdit } from './line_edits';

type Line = hub.TextLine;
type Page = Pick<HubSocket, 'connection' | 'emit' | 'on'>;

/** The lines that others in one meeting are writing at this moment. */
export class LiveLines {
  lines = $state.raw<readonly Line[]>([]);
  #asking = false;

  constructor(
    private readonly socket: Page,
    private readonly roomId: string,
  ) {}

  /** Listens until the returned function is called. */
  follow(): () => void {
    const stops = [
      this.socket.on('text:typed', (typed) => typed.room_id === this.roomId && this.#edit(typed)),
      this.socket.on('text:whole', (line) => line.room_id === this.roomId && this.#put(line)),
      this.socket.on('text:ended', (ended) => ended.room_id === this.roomId && this.#drop(ended)),
      this.socket.on(
        'room:peer_left',
        (left) => left.room_id === this.roomId && this.#keep((line) => line.peer_id !== left.peer_id),
      ),
      this.socket.connection.subscribe((state) => state === 'connected' && void this.read()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Everything as it is now: after coming in, coming back, or missing an edit. */
  async read(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { lines } = await this.socket.emit<hub.TextLines>('text:read', { room_id: this.roomId });
      this.lines = lines;
    } catch {
      // Not in the meeting yet, or the line is down: the next edit or connection asks again.
    } finally {
      this.#asking = false;
    }
  }

  #edit(typed: hub.TextTyped): void {
    const known = this.#find(typed);
    const follows = typed.revision === (known?.line_id === typed.line_id ? known.revision + 1 : 1);
    if (!follows) {
      if ((known?.line_id === typed.line_id ? known.revision : 0) < typed.revision) void this.read();
      return;
    }
    const before = known?.line_id === typed.line_id ? known.text : '';
    const { room_id, peer_id, user_id, display_name, language, line_id, revision } = typed;
    const text = applyEdit(before, typed);
    this.#put({ room_id, peer_id, user_id, display_name, language, line_id, revision, text });
  }

  #find({ peer_id, language }: Pick<Line, 'peer_id' | 'language'>): Line | undefined {
    return this.lines.find((line) => line.peer_id === peer_id && line.language === language);
  }

  #put(line: Line): void {
    const same = this.#find(line);
    this.lines = same ? this.lines.map((each) => (each === same ? line : each)) : [...this.lines, line];
  }

  #drop({ peer_id, language, line_id }: hub.TextEnded): void {
    this.#keep((line) => line.peer_id !== peer_id || line.language !== language || line.line_id !== line_id);
  }

  #keep(stays: (line: Line) => boolean): void {
    this.lines = this.lines.filter(stays);
  }
}
