/** Names of places as pictures: no glyph server is asked, and a name gives way to the marks above it. */
import { PIXEL_RATIO } from './pictures.ts';
import type { Palette } from './palette.ts';

/** Room for the halo around the letters, CSS px. */
const HALO = 4;

/** @param big names of subdistricts; small ones are communities. */
export function nameImage(name: string, big: boolean, palette: Palette): ImageData {
  const size = big ? 15 : 12;
  const canvas = document.createElement('canvas');
  const g = canvas.getContext('2d', { willReadFrequently: true })!;
  const family = getComputedStyle(document.body).fontFamily;
  // Spaced names of two to four Chinese characters read as an area; Latin words would fall apart.
  const spacing = big && !/[a-z]/i.test(name) ? '1.5px' : '0px';
  const write = () => {
    g.font = `${big ? 600 : 400} ${size}px ${family}`;
    if ('letterSpacing' in g) g.letterSpacing = spacing;
  };
  write();
  canvas.width = Math.ceil((g.measureText(name).width + 2 * HALO) * PIXEL_RATIO);
  canvas.height = Math.ceil((size * 1.4 + 2 * HALO) * PIXEL_RATIO);
  // A new size empties the context.
  write();
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
