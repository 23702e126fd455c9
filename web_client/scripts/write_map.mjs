/**
 * Writes src/content/walls/europe.json, the outlines of the map view, from Natural Earth's 1:50m countries (public domain)
 * as the npm package `world-atlas` 2.0.2 carries them: `npm pack world-atlas@2`, then
 * `node scripts/write_map.mjs package/countries-50m.json`. Mercator, so that a place is found by a formula both ways.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const BOUNDS = { west: -25, east: 46, south: 27, north: 71.5 };
const WIDTH = 1000;
const LEAST_AREA = 2.5;
const LEAST_STEP = 2;
const MARGIN = 30;
const CODES = {
  '008': 'AL', '020': 'AD', '040': 'AT', '051': 'AM', '031': 'AZ', 112: 'BY', '056': 'BE', '070': 'BA', 100: 'BG',
  191: 'HR', 196: 'CY', 203: 'CZ', 208: 'DK', 233: 'EE', 246: 'FI', 250: 'FR', 268: 'GE', 276: 'DE', 300: 'GR', 348: 'HU',
  352: 'IS', 372: 'IE', 380: 'IT', 428: 'LV', 438: 'LI', 440: 'LT', 442: 'LU', 470: 'MT', 498: 'MD', 492: 'MC', 499: 'ME',
  528: 'NL', 807: 'MK', 578: 'NO', 616: 'PL', 620: 'PT', 642: 'RO', 643: 'RU', 674: 'SM', 688: 'RS', 703: 'SK', 705: 'SI',
  724: 'ES', 752: 'SE', 756: 'CH', 792: 'TR', 804: 'UA', 826: 'GB', 336: 'VA',
}; // prettier-ignore
const atlas = JSON.parse(readFileSync(process.argv[2] ?? 'package/countries-50m.json', 'utf8'));
const { scale, translate } = atlas.transform;
const arcs = atlas.arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
});

const mercator = (north) => Math.log(Math.tan(Math.PI / 4 + (north * Math.PI) / 360));
const perDegree = WIDTH / (BOUNDS.east - BOUNDS.west);
const top = mercator(BOUNDS.north);
const toPoint = ([east, north]) => [
  (east - BOUNDS.west) * perDegree,
  ((top - mercator(Math.max(-80, Math.min(80, north)))) * perDegree * 180) / Math.PI,
];
const height = Math.round(toPoint([0, BOUNDS.south])[1]);

function ringOf(indexes) {
  return indexes.flatMap((index, i) => {
    const arc = index < 0 ? [...arcs[~index]].reverse() : arcs[index];
    return i === 0 ? arc : arc.slice(1);
  });
}

/** What crosses the line where the days change is one piece again. */
const whole = (ring) =>
  ring.some(([east]) => east > 90) && ring.some(([east]) => east < -90)
    ? ring.map(([east, north]) => [east < 0 ? east + 360 : east, north])
    : ring;

const area = (ring) =>
  Math.abs(
    ring.reduce((sum, [x, y], i) => sum + x * ring[(i + 1) % ring.length][1] - ring[(i + 1) % ring.length][0] * y, 0),
  ) / 2;
const isNear = (ring) => ring.some(([x, y]) => x > -20 && x < WIDTH + 20 && y > -20 && y < height + 20);

const clamp = (value, most) => Math.round(Math.max(-MARGIN, Math.min(most + MARGIN, value)));
const side = ([x, y]) =>
  x <= -MARGIN ? 'w' : x >= WIDTH + MARGIN ? 'e' : y <= -MARGIN ? 'n' : y >= height + MARGIN ? 's' : '';

/** Fewer points; what lies beyond the map's edges is one line along them. */
function thin(ring) {
  const kept = [];
  for (const [x, y] of ring) {
    const point = [clamp(x, WIDTH), clamp(y, height)];
    const [before, last] = kept.slice(-2);
    if (last && before && side(point) && side(point) === side(last) && side(last) === side(before)) kept.pop();
    else if (last && Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) <= LEAST_STEP) continue;
    kept.push(point);
  }
  return kept;
}

const steps = (ring) => ring.slice(1).map((point, i) => `${point[0] - ring[i][0]} ${point[1] - ring[i][1]}`);

function pathOf(ring) {
  // A minus parts two numbers as well as a blank does.
  return `M${ring[0].join(' ')}l${steps(ring).join(' ').replaceAll(' -', '-')}z`;
}

const countries = {};
let others = '';
for (const shape of atlas.objects.countries.geometries) {
  const code = shape.properties.name === 'Kosovo' ? 'XK' : (CODES[shape.id] ?? CODES[Number(shape.id)]);
  const polygons = shape.type === 'Polygon' ? [shape.arcs] : (shape.arcs ?? []);
  const rings = polygons.map((polygon) => whole(ringOf(polygon[0])).map(toPoint)).filter(isNear);
  if (rings.length === 0) continue;
  const largest = rings.toSorted((a, b) => area(b) - area(a))[0];
  const path = rings
    .filter((ring) => area(ring) > LEAST_AREA || ring === largest)
    .map(thin)
    .filter((ring) => ring.length > 2)
    .map(pathOf)
    .join('');
  if (code && path) countries[code] = path;
  else others += path;
}

const sorted = Object.fromEntries(Object.entries(countries).sort());
writeFileSync(
  new URL('../src/content/walls/europe.json', import.meta.url),
  `${JSON.stringify({ bounds: BOUNDS, width: WIDTH, height, countries: sorted, others })}\n`,
);
