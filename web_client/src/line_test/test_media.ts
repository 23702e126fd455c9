const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_S = 15;
const BLOCK = 8;

/** A picture as costly to send as a moving face or more, and a quiet tone. Close it when done. */
export interface TestMedia {
  picture: MediaStreamTrack;
  tone: MediaStreamTrack;
  close(): void;
}

export function openTestMedia(): TestMedia {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d', { alpha: false });
  const draw = () => {
    if (!pen) return;
    // Noise can't be packed small, so the line is filled as far as it goes.
    for (let y = 0; y < HEIGHT; y += BLOCK)
      for (let x = 0; x < WIDTH; x += BLOCK) {
        const shade = Math.floor(Math.random() * 256);
        pen.fillStyle = `rgb(${shade} ${shade} ${shade})`;
        pen.fillRect(x, y, BLOCK, BLOCK);
      }
  };
  draw();
  const timer = setInterval(draw, 1_000 / FRAMES_PER_S);
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency: 440 });
  const target = context.createMediaStreamDestination();
  oscillator.connect(new GainNode(context, { gain: 0.1 })).connect(target);
  oscillator.start();
  const [picture] = canvas.captureStream(FRAMES_PER_S).getVideoTracks();
  const [tone] = target.stream.getAudioTracks();
  if (!picture || !tone) throw new Error('the browser made no test media');
  return {
    picture,
    tone,
    close() {
      clearInterval(timer);
      picture.stop();
      oscillator.stop();
      context.close().catch(() => undefined); // Already closed by the browser.
    },
  };
}

/** Plays a short rising chord on the chosen speaker, and resolves when it is over. */
export async function playTone(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  const gain = new GainNode(context, { gain: 0.15 });
  gain.connect(context.destination);
  for (const [index, frequency] of [440, 554, 659].entries()) {
    const oscillator = new OscillatorNode(context, { frequency });
    oscillator.connect(gain);
    oscillator.start(context.currentTime + index * 0.35);
    oscillator.stop(context.currentTime + index * 0.35 + 0.3);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await context.close();
}
