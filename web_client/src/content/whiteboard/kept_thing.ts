import { THING_TYPES, type Box, type Thing, type ThingType } from '../../docs/board';
import { areaOf, traceStroke, type Area } from './shapes';

/** A whiteboard that is only looked at: what its blocks (crdt_docs/SPEC.md) hold, as things, and their outlines for SVG. */

export interface DrawnBlock {
  type: 'drawn';
  id: string;
  shape: string;
  tint: number;
  width: number;
  box?: number[];
  /** x, y and how hard it was pressed, one after the other; 0 where nothing was measured. */
  points?: number[];
  text?: string;
  /** Of a picture: where people outside may see it. */
  preview_url?: string;
  /** Of a picture, for members: whose file it is, and which page of it; 0 is the file itself. */
  material_id?: string;
  page?: number;
}

/** Null for what is no thing that can be drawn. */
export function thingOf(block: DrawnBlock): Thing | null {
  const { id, shape, tint, width, box, points = [], text = '' } = block;
  if (!THING_TYPES.includes(shape as ThingType) || (box?.length !== 4 && points.length < 3)) return null;
  const pressed = points.some((number, i) => i % 3 === 2 && number > 0);
  return {
    id,
    type: shape as ThingType,
    tint,
    width,
    pressed,
    box: box?.length === 4 ? (box as unknown as Box) : null,
    points: pressed ? points : points.filter((_, i) => i % 3 !== 2),
    text,
    order: '',
    materialId: null,
    page: 0,
    client: 0,
  };
}

/** Where the picture is, if whoever looks at this may see one: for members the hub says so when it is fetched. */
export function pictureOf({ shape, preview_url, material_id, page }: DrawnBlock): string | null {
  if (shape !== 'picture') return null;
  if (preview_url) return preview_url;
  return material_id && !page ? `/api/v1/materials/${encodeURIComponent(material_id)}/preview` : null;
}

const MARGIN = 24;

/** Everything that shows, with a margin. */
export function extentOf(things: readonly Thing[]): Area {
  const areas = things.map(areaOf);
  const most = (side: keyof Area, of: (a: number, b: number) => number) =>
    areas.map((area) => area[side]).reduce((a, b) => of(a, b));
  return {
    left: most('left', Math.min) - MARGIN,
    top: most('top', Math.min) - MARGIN,
    right: most('right', Math.max) + MARGIN,
    bottom: most('bottom', Math.max) + MARGIN,
  };
}

/** The outline of a stroke as the `d` of an SVG path. */
export function strokeData(thing: Thing): string {
  const parts: string[] = [];
  const at = (...numbers: number[]): string => numbers.map((each) => each.toFixed(1)).join(' ');
  traceStroke(thing, {
    moveTo: (x, y) => parts.push(`M${at(x, y)}`),
    quadraticCurveTo: (cornerX, cornerY, x, y) => parts.push(`Q${at(cornerX, cornerY, x, y)}`),
    closePath: () => parts.push('Z'),
  });
  return parts.join('');
}
