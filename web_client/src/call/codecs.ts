import type { TrackSource } from '../protocol/shapes';

export const kindOf = (source: TrackSource): 'audio' | 'video' =>
  source === 'camera' || source === 'screen' ? 'video' : 'audio';

/**
 * What each source may use of a school's line: 1 Mbit/s up has to carry voice, face and a share together. A face goes in
 * two layers, so that nine of them small fit through a line that carries one large; at 360 lines no browser sends three.
 */
export const ENCODINGS: Record<TrackSource, RTCRtpEncodingParameters[]> = {
  microphone: [{ maxBitrate: 32_000, priority: 'high', networkPriority: 'high' }],
  camera: [
    { rid: 'h', maxBitrate: 600_000, maxFramerate: 24 },
    { rid: 'l', maxBitrate: 120_000, maxFramerate: 15, scaleResolutionDownBy: 2 },
  ],
  screen: [{ maxBitrate: 900_000, maxFramerate: 8 }],
  screen_audio: [{ maxBitrate: 64_000 }],
  interpreter: [{ maxBitrate: 32_000, priority: 'high', networkPriority: 'high' }],
};

/** VP8 and what repairs it: the codec that every browser has. A description that names all codecs is thrice as long. */
export function videoCodecs(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
  const vp8 = named(codecs, 'vp8');
  return vp8.length > 0 ? [...vp8, ...named(codecs, 'rtx')] : [];
}

/** Without redundant audio: the hub reads its packets, and what is encrypted it can't read. */
export const plainAudioCodecs = (codecs: RTCRtpCodec[]): RTCRtpCodec[] =>
  codecs.filter(({ mimeType }) => mimeType.toLowerCase() !== 'audio/red');

/** All that the hub forwards, for a track that does not come in VP8. */
export function moreVideoCodecs(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
  const known = ['vp8', 'vp9', 'h264', 'av1'].flatMap((name) => named(codecs, name));
  return known.length > 0 ? [...known, ...named(codecs, 'rtx')] : [];
}

function named(codecs: RTCRtpCodec[], name: string): RTCRtpCodec[] {
  return codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`);
}

interface HeaderExtension {
  uri: string;
  direction: RTCRtpTransceiverDirection;
}

/** Spatial layers of AV1 are decoded with the dependency descriptor alone; browsers offer it only when asked to. */
export function readDependencies(transceiver: RTCRtpTransceiver): void {
  const extensible = transceiver as RTCRtpTransceiver & {
    getHeaderExtensionsToNegotiate?(): HeaderExtension[];
    setHeaderExtensionsToNegotiate?(extensions: HeaderExtension[]): void;
  };
  const extensions = extensible.getHeaderExtensionsToNegotiate?.();
  const wanted = extensions?.find(({ uri }) => uri.endsWith('#dependency-descriptor-rtp-header-extension'));
  if (!extensions || !wanted) return;
  wanted.direction = 'sendrecv';
  extensible.setHeaderExtensionsToNegotiate?.(extensions);
}
