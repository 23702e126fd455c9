import type { Card, WallLayout } from '../../protocol/shapes';
import { drawWall, type PictureWords } from './wall_picture';

/** Browsers draw no larger canvas than this, and schools' laptops not that one quickly. */
const MOST_SIDE = 8_000;
const MOST_AREA = 24_000_000;
const SHARP = 2;
/** Of all pictures together: a file that can still be sent by mail. */
const MOST_BYTES = 12_000_000;

/** As the hub hands them to this reader; one that does not come is told of by its words. */
async function readPictures(contentId: string, cards: readonly Card[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let left = MOST_BYTES;
  for (const { id, kind, file_id, has_preview, size_bytes = 0 } of cards) {
    if (kind !== 'image' || !file_id || (!has_preview && size_bytes > left)) continue;
    const reply = await fetch(`/api/v1/walls/${contentId}/files/${file_id}${has_preview ? '/preview' : ''}`);
    if (!reply.ok) continue;
    const picture = await reply.blob();
    if (picture.size > left) continue;
    left -= picture.size;
    found[id] = await asData(picture);
  }
  return found;
}

const asData = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });

function measureHere(): (words: string, size: number, bold: boolean) => number {
  const pen = document.createElement('canvas').getContext('2d');
  return (words, size, bold) => {
    if (!pen) return words.length * size * 0.6;
    pen.font = `${bold ? '700 ' : ''}${size}px sans-serif`;
    return pen.measureText(words).width;
  };
}

/** The wall as a picture. A PNG of a long wall is made smaller, so that all of it is on it. */
export async function makePicture(
  format: 'svg' | 'png',
  contentId: string,
  cards: readonly Card[],
  layout: WallLayout,
  view: WallLayout['view'],
  words: PictureWords,
): Promise<Blob> {
  const pictures = await readPictures(contentId, cards);
  const { svg, width, height } = drawWall(cards, view, layout, words, pictures, measureHere());
  const file = new Blob([svg], { type: 'image/svg+xml' });
  if (format === 'svg') return file;
  const scale = Math.min(SHARP, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_AREA / (width * height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(width * scale);
  canvas.height = Math.floor(height * scale);
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(address);
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error('no picture'))), 'image/png'),
  );
}
