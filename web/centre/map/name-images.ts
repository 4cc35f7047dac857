/** Names of places as pictures: no glyph server is asked, and a name gives way to the marks above it. */
import type { EngineOptions } from './engine.ts';
import type { NameSize } from './name-places.ts';
import { PIXEL_RATIO } from './pictures.ts';
import type { Palette } from './palette.ts';

/** Room for the halo around the letters, CSS px. */
const HALO = 4;
/** Height of a line in letters. */
const LINE = 1.4;

const sizeOf = (big: boolean) => (big ? 15 : 12);
function penFor(canvas: HTMLCanvasElement, name: string, big: boolean): CanvasRenderingContext2D {
  const g = canvas.getContext('2d', { willReadFrequently: true })!;
  g.font = `${big ? 600 : 400} ${sizeOf(big)}px ${getComputedStyle(document.body).fontFamily}`;
  // Spaced names of two to four Chinese characters read as an area; Latin words would fall apart.
  if ('letterSpacing' in g) g.letterSpacing = big && !/[a-z]/i.test(name) ? '1.5px' : '0px';
  return g;
}

/** Of the letters alone, CSS px. @param big  names of subdistricts; small ones are communities. */
export function nameSize(name: string, big: boolean): NameSize {
  const { width } = penFor(document.createElement('canvas'), name, big).measureText(name);
  return { width, height: sizeOf(big) * LINE };
}

/** @param big  as `nameSize`. */
function nameImage(name: string, big: boolean, palette: Palette): ImageData {
  const { width, height } = nameSize(name, big);
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil((width + 2 * HALO) * PIXEL_RATIO);
  canvas.height = Math.ceil((height + 2 * HALO) * PIXEL_RATIO);
  const g = penFor(canvas, name, big);
  g.scale(PIXEL_RATIO, PIXEL_RATIO);
  g.textBaseline = 'middle';
  g.lineJoin = 'round';
  g.strokeStyle = palette['map-halo'];
  g.lineWidth = HALO;
  const middle = canvas.height / PIXEL_RATIO / 2;
  g.strokeText(name, HALO, middle);
  g.fillStyle = palette['map-label'];
  g.fillText(name, HALO, middle);
  return g.getImageData(0, 0, canvas.width, canvas.height);
}

/** The name of a place by its code: a subdistrict's has nine digits, a community's twelve. */
export function placeImage(code: string, nameOf: EngineOptions['nameOf'], palette: Palette): ImageData {
  const big = code.length === 9;
  return nameImage(nameOf(big ? 'subdistrict' : 'community', code), big, palette);
}
