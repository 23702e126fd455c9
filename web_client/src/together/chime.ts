const NOTES_HZ = [523.25, 659.25];
const NOTE_S = 0.45;

/** Two soft notes: the time is up. Where the browser lets no sound out, nothing is heard, and words say it all the same. */
export async function chime(): Promise<void> {
  const context = new AudioContext();
  try {
    for (const [n, frequency] of NOTES_HZ.entries()) {
      const start = context.currentTime + n * NOTE_S;
      const tone = new OscillatorNode(context, { type: 'sine', frequency });
      const loudness = new GainNode(context, { gain: 0 });
      loudness.gain.setValueAtTime(0, start);
      loudness.gain.linearRampToValueAtTime(0.12, start + 0.04);
      loudness.gain.exponentialRampToValueAtTime(0.001, start + 2 * NOTE_S);
      tone.connect(loudness).connect(context.destination);
      tone.start(start);
      tone.stop(start + 2 * NOTE_S);
    }
    if (context.state === 'suspended') return;
    await new Promise((resolve) => setTimeout(resolve, (NOTES_HZ.length + 1) * NOTE_S * 1_000));
  } finally {
    await context.close();
  }
}
