/** Just enough of the Hocuspocus framing to see which frames ask for an acknowledgement. Source: provider 4.8, y-protocols sync. */

export type FrameKind = 'state' | 'change' | 'acknowledged' | 'not_kept' | 'other';

const SYNC = 0;
const SYNC_REPLY = 4;
const SYNC_STATUS = 8;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

export interface Frame {
  /** The document's name: its content id. */
  name: string;
  kind: FrameKind;
}

/** Reads a frame: varString document name, varUint type, then for sync frames the varUint sync step. */
export function readFrame(bytes: Uint8Array): Frame {
  const [nameLength, nameStart] = readVarUint(bytes, 0);
  const nameEnd = nameStart + nameLength;
  return { name: new TextDecoder().decode(bytes.subarray(nameStart, nameEnd)), kind: readKind(bytes, nameEnd) };
}

function readKind(bytes: Uint8Array, start: number): FrameKind {
  const [type, body] = readVarUint(bytes, start);
  if (body >= bytes.length) return 'other';
  if (type === SYNC || type === SYNC_REPLY) {
    const [step] = readVarUint(bytes, body);
    if (step === SYNC_STEP_2) return 'state';
    return step === SYNC_UPDATE ? 'change' : 'other';
  }
  if (type === SYNC_STATUS) return bytes[body] === 1 ? 'acknowledged' : 'not_kept';
  return 'other';
}

/** The number at `start` and where the bytes after it begin (lib0: seven bits a byte, little end first). */
function readVarUint(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  let factor = 1;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, i + 1];
    factor *= 0x80;
  }
  return [value, bytes.length];
}
