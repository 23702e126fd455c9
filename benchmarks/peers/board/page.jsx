// Excalidraw with the strokes of benchmarks/boards.py, and what a class draws meanwhile over a socket. The page of the
// peer is as small as can be: its whole window is the board.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Excalidraw, restoreElements } from '@excalidraw/excalidraw';
import '@excalidraw/excalidraw/index.css';

const COLOURS = ['#1e1e1e', '#e03131', '#2f9e44', '#1971c2', '#f08c00', '#9c36b5'];
const scene = new Map();

/** A stroke as the hub's board has it: places on the board, an ink, a width. */
function elementOf({ id, points, tint, width, version = 1 }) {
  const [x, y] = points[0];
  return {
    id,
    type: 'freedraw',
    x,
    y,
    points: points.map(([px, py]) => [px - x, py - y]),
    pressures: [],
    simulatePressure: true,
    strokeColor: COLOURS[tint - 1],
    strokeWidth: width / 2,
    version,
    versionNonce: version,
  };
}

const drawn = await (await fetch('/strokes.json')).json();
for (const element of restoreElements(drawn.map(elementOf), null)) scene.set(element.id, element);

const root = document.getElementById('root');
createRoot(root).render(
  createElement(Excalidraw, {
    initialData: {
      elements: [...scene.values()],
      appState: { zoom: { value: 0.25 }, scrollX: 40, scrollY: 40 },
    },
    excalidrawAPI: (api) => follow(api),
  }),
);

/** What came since the last frame goes to the board at once: the kindest way to bring it what others draw. */
function follow(api) {
  let asked = false;
  const socket = new WebSocket(`ws://${location.host}/drawing`);
  socket.onmessage = ({ data }) => {
    for (const element of restoreElements(JSON.parse(data), null)) scene.set(element.id, element);
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      api.updateScene({ elements: [...scene.values()] });
    });
  };
}
