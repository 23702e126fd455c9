// In place of a camera and a microphone: a drawn person in a room of their own, and a tone while `window.__speaks`.
(look) => {
  const draw = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 270 });
    const brush = canvas.getContext('2d');
    brush.scale(0.75, 0.75);
    const fill = (colour, path) => { brush.fillStyle = colour; brush.beginPath(); path(); brush.fill(); };
    const box = (colour, ...sides) => { brush.fillStyle = colour; brush.fillRect(...sides); };
    const round = (colour, x, y, a, b) => fill(colour, () => brush.ellipse(x, y, a, b, 0, 0, 7));
    let turn = 0;
    const frame = () => {
      turn += 1;
      const sway = Math.sin(turn / 5) * 4, x = 320 + sway;
      box(look.wall, 0, 0, 640, 360);
      if (look.room === 'window') {
        box('#f7f3e8', 48, 40, 150, 170); box('#a9d3e5', 58, 50, 62, 150); box('#a9d3e5', 126, 50, 62, 150);
        round('#7fae7a', 90, 206, 34, 26); box(look.wall, 48, 212, 150, 40); box('#f7f3e8', 40, 208, 166, 8);
      } else if (look.room === 'shelf') {
        box('#8a6a4f', 430, 60, 170, 10); box('#8a6a4f', 430, 150, 170, 10);
        ['#c9573c', '#e0a93b', '#38718a', '#f0e2c4', '#5b7f52', '#7b4f79'].forEach((colour, at) => {
          box(colour, 440 + at * 22, 14 + (at % 3) * 8, 16, 46 - (at % 3) * 8);
          box(colour, 572 - at * 24, 108 + (at % 2) * 9, 17, 42 - (at % 2) * 9);
        });
      } else {
        box('#fdfaf2', 440, 50, 130, 96); round('#e7b04a', 478, 84, 16, 16);
        fill('#4f8f9f', () => { brush.moveTo(440, 146); brush.lineTo(490, 96); brush.lineTo(524, 128); brush.lineTo(545, 110); brush.lineTo(570, 146); });
      }
      if (look.hair === 'long') round(look.hairColour, x, 190, 86, 118);
      fill(look.shirt, () => { brush.moveTo(x - 150, 360); brush.quadraticCurveTo(x - 140, 262, x - 40, 252); brush.lineTo(x + 40, 252); brush.quadraticCurveTo(x + 140, 262, x + 150, 360); });
      box(look.skin, x - 24, 212, 48, 50); round(look.skin, x, 252, 34, 18);
      round(look.skin, x, 158, 62, 76);
      if (look.hair !== 'scarf') {
        fill(look.hairColour, () => { brush.ellipse(x, 118, 68, 48, 0, Math.PI, 0); brush.quadraticCurveTo(x + 52, 98, x - 10, 104); brush.quadraticCurveTo(x - 50, 106, x - 68, 140); });
        if (look.hair === 'curls') [-60, -38, -12, 16, 42, 62].forEach((off, at) => round(look.hairColour, x + off, 100 - 18 * Math.sin(at / 1.7), 22, 22));
        if (look.hair === 'bun') round(look.hairColour, x, 66, 26, 24);
      } else {
        fill(look.hairColour, () => { brush.ellipse(x, 160, 84, 98, 0, 0, 7); brush.ellipse(x, 166, 54, 66, 0, 7, 0, true); });
        round(look.hairColour, x, 262, 78, 34);
      }
      round('#2a2521', x - 24, 160, 5.5, turn % 30 === 0 ? 1 : 6.5); round('#2a2521', x + 24, 160, 5.5, turn % 30 === 0 ? 1 : 6.5);
      if (look.glasses) { brush.strokeStyle = '#33302c'; brush.lineWidth = 4; [-24, 24].forEach((off) => { brush.beginPath(); brush.arc(x + off, 160, 19, 0, 7); brush.stroke(); }); brush.beginPath(); brush.moveTo(x - 5, 158); brush.lineTo(x + 5, 158); brush.stroke(); }
      brush.strokeStyle = '#8c4a3c'; brush.lineWidth = 4.5; brush.lineCap = 'round';
      if (window.__speaks && turn % 2) round('#7a3a30', x, 200, 14, 9);
      else { brush.beginPath(); brush.arc(x, 186, 22, 0.6, Math.PI - 0.6); brush.stroke(); }
    };
    frame();
    setInterval(frame, 400);
    return canvas.captureStream(3).getVideoTracks()[0];
  };
  const hum = () => {
    const sound = new AudioContext(), out = sound.createMediaStreamDestination(), tone = sound.createOscillator();
    const loud = sound.createGain();
    tone.frequency.value = 220;
    loud.gain.value = 0;
    tone.connect(loud).connect(out);
    tone.start();
    setInterval(() => { loud.gain.value = window.__speaks ? 0.25 : 0; }, 100);
    return out.stream.getAudioTracks()[0];
  };
  // The pickers show which device is in use.
  const named = async (track, kind) => {
    const [device] = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === kind);
    const settings = track.getSettings();
    track.getSettings = () => ({ ...settings, deviceId: device?.deviceId });
    return track;
  };
  const devices = navigator.mediaDevices;
  const enumerate = devices.enumerateDevices.bind(devices);
  const names = { audioinput: 'Built-in microphone', audiooutput: 'Built-in speakers', videoinput: 'Built-in camera' };
  devices.enumerateDevices = async () => {
    const first = (await enumerate()).filter((each, at, all) => all.findIndex(({ kind }) => kind === each.kind) === at);
    return first.map(({ deviceId, groupId, kind }) => ({ deviceId, groupId, kind, label: names[kind] }));
  };
  devices.getUserMedia = async ({ audio, video }) =>
    new MediaStream([
      ...(audio ? [await named(hum(), 'audioinput')] : []),
      ...(video ? [await named(draw(), 'videoinput')] : []),
    ]);
}
