/** Pictures of the marks for the map, drawn here: shape and digit by level, a plum rim when overdue, a ring when chosen. */
import { digitOf, digitSize, digitY, LEVEL_SHAPE } from '../../shared/marks.ts';
import type { Level } from '../../shared/types.ts';
import { markName } from './image-names.ts';
import type { Palette } from './palette.ts';

/** Pixels of the picture per CSS pixel: sharp on dense screens, cheap enough for eighteen pictures. */
export const PIXEL_RATIO = 2;
const BOX = 24;
/** Room around the shape for rim and ring, in the shape's units. */
const PAD = 14;
const SIZE = BOX + 2 * PAD;

export interface MarkImage {
  readonly name: string;
  readonly data: ImageData;
}
/** Diameter of the shape on the map, CSS px: gravity also by size. */
const WIDTH: Readonly<Record<Level, number>> = { R1: 24, R2: 21, R3: 17, R4: 16 };
const CHOSEN_WIDTH = 32;

function picture(widthPx: number, draw: (g: CanvasRenderingContext2D) => void): ImageData {
  const side = Math.ceil((widthPx * SIZE * PIXEL_RATIO) / BOX);
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const g = canvas.getContext('2d', { willReadFrequently: true })!;
  g.scale(side / SIZE, side / SIZE);
  g.translate(PAD, PAD);
  g.lineJoin = 'round';
  draw(g);
  return g.getImageData(0, 0, side, side);
}

function drawMark(g: CanvasRenderingContext2D, level: Level, late: boolean, chosen: boolean, palette: Palette): void {
  const key = level.toLowerCase() as 'r1';
  const shape = new Path2D(LEVEL_SHAPE[level]);
  if (chosen) {
    const ring = new Path2D();
    ring.arc(12, 12, 24, 0, 2 * Math.PI);
    g.globalAlpha = 0.16;
    g.fillStyle = palette[key];
    g.fill(ring);
    g.globalAlpha = 1;
    g.strokeStyle = palette[`${key}-text`];
    g.lineWidth = 1.8;
    g.stroke(ring);
  }
  if (late) {
    g.strokeStyle = palette.late;
    g.lineWidth = 9;
    g.stroke(shape);
  }
  g.strokeStyle = palette['map-case'];
  g.lineWidth = 3.4;
  g.stroke(shape);
  g.fillStyle = palette[key];
  g.fill(shape);
  // Orange and yellow are too light against paper to be told by their edge: 3 : 1 needs an outline.
  if (level === 'R2' || level === 'R3') {
    g.globalAlpha = 0.7;
    g.strokeStyle = palette[`on-${key}`];
    g.lineWidth = 0.9;
    g.stroke(shape);
    g.globalAlpha = 1;
  }
  g.fillStyle = palette[`on-${key}`];
  g.font = `700 ${digitSize(level)}px sans-serif`;
  g.textAlign = 'center';
  g.fillText(digitOf(level), 12, digitY(level));
}

function drawUnit(g: CanvasRenderingContext2D, palette: Palette): void {
  const plate = new Path2D();
  plate.roundRect(2, 2, 20, 20, 5);
  g.strokeStyle = palette['map-case'];
  g.lineWidth = 5;
  g.stroke(plate);
  g.fillStyle = palette['map-unit'];
  g.fill(plate);
  g.fillStyle = palette['map-case'];
  g.fill(new Path2D('M7 16v-6l5-4 5 4v6Z'));
}

/** Every picture the layers name. */
export function markImages(palette: Palette): MarkImage[] {
  const images: MarkImage[] = [{ name: 'unit', data: picture(14, (g) => drawUnit(g, palette)) }];
  for (const level of ['R1', 'R2', 'R3', 'R4'] as const) {
    for (const late of [false, true]) {
      for (const chosen of [false, true]) {
        const width = chosen ? CHOSEN_WIDTH : WIDTH[level];
        images.push({ name: markName(level, late, chosen), data: picture(width, (g) => drawMark(g, level, late, chosen, palette)) });
      }
    }
  }
  return images;
}
