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
};

/** VP8 and what repairs it; the hub forwards VP8, whatever else a browser could send. */
export function videoCodecs(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
  const named = (name: string) => codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`);
  const vp8 = named('vp8');
  return vp8.length > 0 ? [...vp8, ...named('rtx')] : [];
}
