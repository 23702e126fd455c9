/** The certificate's fingerprint in a session description: another one means another DTLS end. RFC 8122. */
export function fingerprintOf(sdp: string): string | undefined {
  return /^a=fingerprint:(\S+ \S+)/m.exec(sdp)?.[1]?.toLowerCase();
}

/**
 * An answer that asks us for Opus with discontinuous transmission and in-band error correction: what a sender uses is
 * what the receiver's `fmtp` line says (RFC 7587, section 7).
 */
export function askForFrugalOpus(answer: string): string {
  const wanted = ['useinbandfec=1', 'usedtx=1'];
  const lines = answer.split('\r\n');
  for (const payloadType of opusPayloadTypes(lines)) {
    const prefix = `a=fmtp:${payloadType} `;
    const at = lines.findIndex((line) => line.startsWith(prefix));
    if (at === -1) {
      const map = lines.findIndex((line) => line.startsWith(`a=rtpmap:${payloadType} `));
      lines.splice(map + 1, 0, prefix + wanted.join(';'));
      continue;
    }
    const present = (lines[at] ?? '').slice(prefix.length).split(';');
    const others = present.filter((parameter) => !/^\s*(useinbandfec|usedtx)=/.test(parameter));
    lines[at] = prefix + [...others, ...wanted].join(';');
  }
  return lines.join('\r\n');
}

function opusPayloadTypes(lines: string[]): Set<string> {
  const types = lines.map((line) => /^a=rtpmap:(\d+) opus\//i.exec(line)?.[1]);
  return new Set(types.filter((type) => type !== undefined));
}
