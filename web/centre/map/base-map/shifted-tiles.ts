/**
 * Tiles that are drawn in GCJ-02, put where they belong. Pure.
 *
 * The shift is up to 700 m but smooth: across one tile it changes by less than a pixel at any zoom (its steepest part is some 350 m a
 * degree; a tile is 256 px, so 256 × 350 / 111,000 = 0.8 px). So each tile of ours is cut as one piece out of the tiles of the
 * provider, shifted as its middle is: right to a pixel everywhere, and to half of one in the middle.
 */
import { toGcj02 } from '../../../../src/grid/gcj02.ts';
import type { LngLat } from '../scene.ts';

export const TILE_PX = 256;
/** `x` and `y` count from the north-west corner of the world. */
export interface TileAt {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}
/** A tile of the provider, and where its north-west corner lies on ours, px. */
export interface Piece extends TileAt {
  readonly left: number;
  readonly top: number;
}

/** Pixels of the whole world from its north-west corner (Web Mercator, 256 px at zoom 0). */
export function pixelOf({ lng, lat }: LngLat, z: number): { x: number; y: number } {
  const size = TILE_PX * 2 ** z;
  const sin = Math.sin((lat * Math.PI) / 180);
  return { x: ((lng + 180) / 360) * size, y: (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size };
}

function lngLatOf(x: number, y: number, z: number): LngLat {
  const size = TILE_PX * 2 ** z;
  return { lng: (x / size) * 360 - 180, lat: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size))) * 180) / Math.PI };
}

/** The pieces that together cover one tile of ours: one to four. Whole pixels, or every letter on it would be blurred. */
export function piecesOf({ z, x, y }: TileAt): Piece[] {
  const middle = { x: (x + 0.5) * TILE_PX, y: (y + 0.5) * TILE_PX };
  const theirs = pixelOf(toGcj02(lngLatOf(middle.x, middle.y, z)), z);
  const west = Math.round(x * TILE_PX + theirs.x - middle.x);
  const north = Math.round(y * TILE_PX + theirs.y - middle.y);
  const pieces: Piece[] = [];
  const last = 2 ** z - 1;
  for (let py = Math.floor(north / TILE_PX); py * TILE_PX < north + TILE_PX; py++) {
    for (let px = Math.floor(west / TILE_PX); px * TILE_PX < west + TILE_PX; px++) {
      if (px < 0 || py < 0 || px > last || py > last) continue;
      pieces.push({ z, x: px, y: py, left: px * TILE_PX - west, top: py * TILE_PX - north });
    }
  }
  return pieces;
}

/** The address of a tile. @param template  with `{z}`, `{x}` and `{y}`. */
export function tileUrl(template: string, { z, x, y }: TileAt): string {
  return template.replaceAll('{z}', String(z)).replaceAll('{x}', String(x)).replaceAll('{y}', String(y));
}
