import type { Message } from '../protocol/shapes';

export interface Line {
  /** The client's id of the message: the same before and after the hub took it. */
  id: string;
  /** Null until the hub took it. */
  seq: number | null;
  user_id: string;
  display_name: string;
  school_id: string;
  text: string;
  /** A teacher hid it: there is no text. */
  is_hidden?: boolean;
  posted_at_ms: number;
  edited_at_ms?: number | null;
  reply?: Message['reply'];
  mentions?: string[];
  material_ids?: string[];
  reactions?: Message['reactions'];
  state: 'sent' | 'pending' | 'failed';
  /** Why it failed: a problem code. */
  problem: string | null;
}

export type Author = Pick<Line, 'user_id' | 'display_name' | 'school_id'>;

/** The messages of one chat: those the hub has, in their order, and after them those still on their way. */
export class ChatLog {
  lines = $state<Line[]>([]);

  /** Takes a message from the hub, once, wherever it belongs; true when it was not there before. */
  receive(message: Message): boolean {
    const line: Line = { ...message, id: message.client_message_id, state: 'sent', problem: null };
    const before = this.lines.findIndex((other) => other.id === line.id && other.user_id === line.user_id);
    if (before >= 0) {
      if (this.lines[before]?.seq !== null) return false;
      this.lines.splice(before, 1);
    }
    let at = this.lines.length;
    while (at > 0 && (this.lines[at - 1]?.seq ?? Infinity) > message.seq) at--;
    if (this.lines[at - 1]?.seq === message.seq) return false;
    this.lines.splice(at, 0, line);
    return before < 0;
  }

  /** A teacher hid a message, or shows it again; or its author says it in other words. */
  replace(message: Message): void {
    const line = this.lines.find((other) => other.seq === message.seq);
    const { text, is_hidden, edited_at_ms, mentions, material_ids, reactions } = message;
    if (line) Object.assign(line, { text, is_hidden, edited_at_ms, mentions, material_ids, reactions });
  }

  feel(seq: number, reactions: Message['reactions']): void {
    const line = this.lines.find((other) => other.seq === seq);
    if (line) line.reactions = reactions;
  }

  hide(seq: number): void {
    const line = this.lines.find((other) => other.seq === seq);
    if (line) Object.assign(line, { text: '', is_hidden: true });
  }

  /** Shows a text of one's own at once, before the hub took it. */
  pend(id: string, text: string, author: Author, now_ms: number): void {
    this.lines.push({ ...author, id, seq: null, text, posted_at_ms: now_ms, state: 'pending', problem: null });
  }

  mark(id: string, state: 'pending' | 'failed', problem: string | null = null): void {
    const line = this.lines.find((other) => other.id === id && other.seq === null);
    if (line) Object.assign(line, { state, problem });
  }

  discard(id: string): void {
    this.lines = this.lines.filter((line) => line.id !== id || line.seq !== null);
  }

  get unsent(): Line[] {
    return this.lines.filter((line) => line.seq === null);
  }

  get oldestSeq(): number | null {
    return this.lines[0]?.seq ?? null;
  }

  get latestSeq(): number {
    return this.lines.findLast((line) => line.seq !== null)?.seq ?? 0;
  }
}
