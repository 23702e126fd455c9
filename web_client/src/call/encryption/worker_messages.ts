import type { SenderKey } from './frame_cipher';

/** What the page tells the worker that sees the frames. */
export type ToWorker =
  | { kind: 'own_key'; key: SenderKey }
  | { kind: 'their_key'; peerId: string; key: SenderKey }
  /** The peer has left. */
  | { kind: 'forget'; peerId: string }
  /** Whose frames come through this place now; null: nobody's. */
  | { kind: 'slot'; slot: number; peerId: string | null };

/** `missing`: a key is needed; `foreign`: not what the peer encrypted; `opened`: frames of this peer can be read. */
export interface FromWorker {
  kind: 'missing' | 'foreign' | 'opened';
  peerId: string;
}

export type TransformOptions =
  { operation: 'encrypt'; media: 'audio' | 'video' } | { operation: 'decrypt'; media: 'audio' | 'video'; slot: number };
