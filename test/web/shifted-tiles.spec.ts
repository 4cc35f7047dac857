/** A base map in GCJ-02 is cut and shifted so that what it shows of a place lies where the place is. */
import { describe, expect, it } from 'vitest';
import { toGcj02 } from '../../src/grid/gcj02.ts';
import { piecesOf, pixelOf, TILE_PX, tileUrl } from '../../web/centre/map/base-map/shifted-tiles.ts';

/** Places all over the district, and the points that the formula is known by. */
const PLACES = [
  ['凤城', { lng: 113.0008, lat: 23.6795 }],
  ['north', { lng: 113.1, lat: 23.88 }],
  ['south', { lng: 113.2, lat: 23.46 }],
  ['west', { lng: 112.89, lat: 23.6 }],
  ['east', { lng: 113.36, lat: 23.7 }],
  ['上海', { lng: 121.5272106, lat: 31.1774276 }],
  ['北京', { lng: 116.377817, lat: 39.911954 }],
] as const;
const ZOOMS = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
/** Half a pixel of rounding, and what the shift changes between a tile's middle and its corner. */
const NEAR_PX = 1;

describe.each(PLACES)('%s', (_name, place) => {
  it.each(ZOOMS)('lies where it belongs at zoom %i', (z) => {
    // The provider draws the place at its shifted position: in this tile, at this pixel of it.
    const drawn = pixelOf(toGcj02(place), z);
    const wanted = pixelOf(place, z);
    const tile = { z, x: Math.floor(wanted.x / TILE_PX), y: Math.floor(wanted.y / TILE_PX) };
    // The place may be cut into this tile of ours or, near its edge, into a neighbour: where is it on the ground of ours?
    const found = [-1, 0, 1].flatMap((dx) =>
      [-1, 0, 1].flatMap((dy) => {
        const ours = { z, x: tile.x + dx, y: tile.y + dy };
        return piecesOf(ours)
          .filter((piece) => piece.x === Math.floor(drawn.x / TILE_PX) && piece.y === Math.floor(drawn.y / TILE_PX))
          .map((piece) => ({
            x: piece.left + (drawn.x - piece.x * TILE_PX),
            y: piece.top + (drawn.y - piece.y * TILE_PX),
            ours,
          }))
          .filter(({ x, y }) => x >= -NEAR_PX && y >= -NEAR_PX && x < TILE_PX + NEAR_PX && y < TILE_PX + NEAR_PX);
      }),
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { x, y, ours } of found) {
      expect(Math.abs(ours.x * TILE_PX + x - wanted.x)).toBeLessThanOrEqual(NEAR_PX);
      expect(Math.abs(ours.y * TILE_PX + y - wanted.y)).toBeLessThanOrEqual(NEAR_PX);
    }
  });

  it.each(ZOOMS)('would lie elsewhere unshifted at zoom %i, once a pixel is small enough', (z) => {
    const off = pixelOf(toGcj02(place), z);
    const right = pixelOf(place, z);
    const metresPerPx = (156_543 * Math.cos((place.lat * Math.PI) / 180)) / 2 ** z;
    const metres = Math.hypot(off.x - right.x, off.y - right.y) * metresPerPx;
    expect(metres).toBeGreaterThan(100);
    expect(metres).toBeLessThan(1_000);
  });
});

describe('a tile', () => {
  it('is covered by its pieces without a hole', () => {
    for (const z of ZOOMS) {
      const { x, y } = pixelOf(PLACES[0][1], z);
      const pieces = piecesOf({ z, x: Math.floor(x / TILE_PX), y: Math.floor(y / TILE_PX) });
      const covered = pieces.reduce((sum, { left, top }) => {
        const width = Math.min(TILE_PX, left + TILE_PX) - Math.max(0, left);
        const height = Math.min(TILE_PX, top + TILE_PX) - Math.max(0, top);
        expect(width).toBeGreaterThan(0);
        expect(height).toBeGreaterThan(0);
        return sum + width * height;
      }, 0);
      expect([z, covered]).toEqual([z, TILE_PX * TILE_PX]);
      expect(pieces.length).toBeLessThanOrEqual(4);
    }
  });

  it('has an address', () => {
    expect(tileUrl('https://t.example/{z}/{x}/{y}.png?z={z}', { z: 12, x: 3, y: 4 })).toBe('https://t.example/12/3/4.png?z=12');
  });
});
