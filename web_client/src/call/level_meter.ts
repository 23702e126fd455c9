/** Measures a local audio track's loudness, 0–1, each time `read` is called. Close it when done. */
export interface LevelMeter {
  read(): number;
  close(): void;
}

export function openLevelMeter(track: MediaStreamTrack): LevelMeter {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      return Math.min(1, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
    },
    close() {
      source.disconnect();
      context.close().catch(() => undefined); // Already closed by the browser.
    },
  };
}
