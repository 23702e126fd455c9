import type * as hub from '../protocol/schema';
import type { HubSocket } from '../protocol/socket';

type Page = Pick<HubSocket, 'connection' | 'emit' | 'on'>;

const SHOWN = 3;
/** So many finished lines of a language stay in sight. */
const STAYS_MS = 12_000;

/** The captions of one meeting: who types which language, and what was typed last. */
export class Captioning {
  desks = $state.raw<readonly hub.CaptionDesk[]>([]);
  said = $state.raw<readonly hub.Caption[]>([]);
  /** Desks that I took: they are taken again after a lost connection. */
  #mine: readonly string[] = [];

  constructor(
    private readonly socket: Page,
    readonly roomId: string,
  ) {}

  follow(): () => void {
    const stops = [
      this.socket.on('caption:desks', (told) => told.room_id === this.roomId && this.#take(told)),
      this.socket.on('caption:said', (line) => line.room_id === this.roomId && this.#hear(line)),
      this.socket.connection.subscribe((state) => state === 'connected' && void this.#read()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async #read(): Promise<void> {
    try {
      this.#take(await this.socket.emit<hub.CaptionDesks>('caption:read', { room_id: this.roomId }));
      for (const language of this.#mine) await this.ask('take', language);
    } catch {
      // Not in the meeting yet: what is told there says the same.
    }
  }

  /** Rejects with a ProblemError. */
  async ask(what: 'take' | 'leave' | 'hand_on' | 'share', language: string, more: object = {}): Promise<void> {
    const place = { room_id: this.roomId, language };
    this.#take(await this.socket.emit<hub.CaptionDesks>(`caption:${what}`, { ...place, ...more }));
    if (what === 'take') this.#mine = [...this.#mine.filter((each) => each !== language), language];
    if (what === 'leave') this.#mine = this.#mine.filter((each) => each !== language);
  }

  async say(language: string, line_id: string, text: string): Promise<void> {
    await this.socket.emit<hub.Caption>('caption:say', { room_id: this.roomId, language, line_id, text });
  }

  #take({ desks }: hub.CaptionDesks): void {
    this.desks = desks;
  }

  #hear(line: hub.Caption): void {
    const others = this.said.filter(({ language }) => language !== line.language);
    const same = this.said.filter(({ language }) => language === line.language);
    this.said = [...others, ...same.slice(1 - SHOWN), line];
    setTimeout(() => (this.said = this.said.filter((each) => each !== line)), STAYS_MS);
  }
}
