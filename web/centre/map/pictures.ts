/** Pictures of the marks, drawn here: shape and digit by level, a plum rim when overdue, a ring when chosen; a unit's plate by its state. */
import { digitOf, digitSize, digitY, LEVEL_SHAPE } from '../../shared/marks.ts';
import type { Level } from '../../shared/types.ts';
import { pictureNamed } from './image-names.ts';
import type { Palette } from './palette.ts';
import { PLATE_PX, plateWidth } from './scene.ts';
import type { UnitState } from './unit-state.ts';

/** Pixels of the picture per CSS pixel: sharp on dense screens, cheap enough. */
export const PIXEL_RATIO = 2;
const BOX = 24;
/** Room around the shape for rim and ring, in the shape's units. */
const PAD = 14;
const SIZE = BOX + 2 * PAD;
/** Diameter of the shape on the map, CSS px: gravity also by size. */
const WIDTH: Readonly<Record<Level, number>> = { R1: 24, R2: 21, R3: 17, R4: 16 };
const CHOSEN_WIDTH = 32;
const UNIT_WIDTH = 16;
const CHOSEN_UNIT_WIDTH = 20;

type Pen = CanvasRenderingContext2D;

/** The picture of a name of `image-names.ts`; the same size in every theme. */
export function drawPicture(name: string, palette: Palette): ImageData {
  const picture = pictureNamed(name);
  switch (picture.of) {
    case 'incident':
      return square(picture.chosen ? CHOSEN_WIDTH : WIDTH[picture.level], (g) => drawIncident(g, picture, palette));
    case 'unit':
      return square(picture.chosen ? CHOSEN_UNIT_WIDTH : UNIT_WIDTH, (g) => drawUnit(g, picture, palette));
    case 'cluster':
      return drawCluster(picture, palette);
  }
}

function canvas(width: number, height: number): { g: Pen; data: () => ImageData } {
  const made = document.createElement('canvas');
  made.width = Math.ceil(width * PIXEL_RATIO);
  made.height = Math.ceil(height * PIXEL_RATIO);
  const g = made.getContext('2d', { willReadFrequently: true })!;
  g.lineJoin = 'round';
  g.lineCap = 'round';
  return { g, data: () => g.getImageData(0, 0, made.width, made.height) };
}

/** @param widthPx  of the shape's box of 24 units. */
function square(widthPx: number, draw: (g: Pen) => void): ImageData {
  const side = (widthPx * SIZE) / BOX;
  const { g, data } = canvas(side, side);
  g.scale((side * PIXEL_RATIO) / SIZE, (side * PIXEL_RATIO) / SIZE);
  g.translate(PAD, PAD);
  draw(g);
  return data();
}

interface Look {
  readonly level: Level;
  readonly late: boolean;
  readonly chosen: boolean;
}

function drawIncident(g: Pen, { level, late, chosen }: Look, palette: Palette): void {
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

/** Of the level mark in a cluster's plate, CSS px. */
const PLATE_MARK_PX = 14;
/** Room around the plate for its rim, and for the ring around that. */
const RIM_PX = 4;
const RING_PX = 9;

function drawCluster({ level, late, chosen, count }: Look & { readonly count: number }, palette: Palette): ImageData {
  const width = plateWidth(count);
  const edge = chosen ? RING_PX : RIM_PX;
  const { g, data } = canvas(width + 2 * edge, PLATE_PX + 2 * edge);
  g.scale(PIXEL_RATIO, PIXEL_RATIO);
  g.translate(edge, edge);
  const plate = new Path2D();
  plate.roundRect(0, 0, width, PLATE_PX, PLATE_PX / 2);
  if (chosen) {
    const ring = new Path2D();
    ring.roundRect(-7, -7, width + 14, PLATE_PX + 14, PLATE_PX / 2 + 7);
    g.strokeStyle = palette[`${level.toLowerCase() as 'r1'}-text`];
    g.lineWidth = 2.4;
    g.stroke(ring);
  }
  g.strokeStyle = late ? palette.late : palette['map-sub'];
  g.lineWidth = late ? 6 : 2.5;
  g.stroke(plate);
  g.fillStyle = palette['map-case'];
  g.fill(plate);
  g.fillStyle = palette['map-unit'];
  g.font = `700 13px ${getComputedStyle(document.body).fontFamily}`;
  g.textBaseline = 'middle';
  g.fillText(String(count), PLATE_PX + 1, PLATE_PX / 2 + 0.5);
  g.translate(5, (PLATE_PX - PLATE_MARK_PX) / 2);
  g.scale(PLATE_MARK_PX / BOX, PLATE_MARK_PX / BOX);
  drawIncident(g, { level, late: false, chosen: false }, palette);
  return data();
}

/** On the plate of 24 units: a dot for free, waves for called, a chevron for on the way, a tick for on the scene, a bar for nobody there. */
const SIGN: Readonly<Record<UnitState, string>> = {
  free: 'M12 12h.01',
  called: 'M12 7v5.5M12 16.6h.01',
  onWay: 'M7.5 7l5 5-5 5M12.5 7l5 5-5 5',
  onScene: 'M6.5 12.5l3.8 3.8 7.2-8',
  off: 'M7.5 12h9',
};

interface UnitLook {
  readonly state: UnitState;
  readonly home: boolean;
  readonly chosen: boolean;
}

/** Filled where it says it is, hollow at its home. */
function drawUnit(g: Pen, { state, home, chosen }: UnitLook, palette: Palette): void {
  // Who is at home and free is the quiet rest: darkness is for what moves, colour for what works.
  const quiet = home && state === 'free';
  const colour = state === 'off' ? palette['map-sub'] : state === 'free' ? palette[quiet ? 'map-label' : 'map-unit'] : palette.accent;
  if (chosen) {
    g.strokeStyle = palette.accent;
    g.lineWidth = 2.4;
    g.beginPath();
    g.arc(12, 12, 21, 0, 2 * Math.PI);
    g.stroke();
  }
  const plate = new Path2D();
  plate.roundRect(1, 1, 22, 22, 6);
  g.strokeStyle = palette['map-case'];
  g.lineWidth = 6;
  g.stroke(plate);
  g.fillStyle = home ? palette['map-case'] : colour;
  g.fill(plate);
  if (home) {
    g.strokeStyle = colour;
    g.lineWidth = quiet ? 1.7 : 2.6;
    g.setLineDash([3.4, 3.4]);
    g.stroke(plate);
    g.setLineDash([]);
  }
  g.strokeStyle = home ? colour : palette['map-case'];
  g.lineWidth = state === 'free' ? (quiet ? 4.5 : 6.5) : 3;
  g.stroke(new Path2D(SIGN[state]));
}
