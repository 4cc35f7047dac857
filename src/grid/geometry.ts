/**
 * Areas on the map, and exact questions about them. Pure.
 *
 * All arithmetic is on whole nano-degrees (10⁻⁹ °, 0.1 mm on the ground): coordinates of the cells have six decimals and edge midpoints
 * seven, so both are met exactly, and a position from a phone is moved by less than its own last digit.
 */

/** Longitude and latitude in degrees, WGS-84. */
export type LngLat = readonly [number, number];
/** Closed: the last point repeats the first. */
export type Ring = readonly LngLat[];

/** A GeoJSON area. The first ring of a polygon is its border, the others are holes. */
export type Area =
  | { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] };

const NANO = 1e9;
/** Bound on the rounding error of the determinant below, relative to the size of its two products (Shewchuk 1997 gives (3 + 16ε)ε). */
export const ERROR_BOUND = 3.4e-16;

/** Degrees as whole nano-degrees. Exact for up to nine decimals: |value| < 2^53. */
export function nano(degrees: number): number {
  return Math.round(degrees * NANO);
}

/** The polygons of an area: one for a Polygon, any number for a MultiPolygon. */
export function polygonsOf(area: Area): readonly (readonly Ring[])[] {
  return area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
}

/** Every ring of an area, borders and holes alike. */
export function ringsOf(area: Area): Ring[] {
  return polygonsOf(area).flat();
}

/**
 * On which side of the line a→b the point p lies: > 0 left, < 0 right, 0 exactly on it.
 *
 * Arguments are whole numbers below 2^52, so differences are exact; where the products are not, BigInt decides.
 */
export function side(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const left = (ax - px) * (by - py);
  const right = (ay - py) * (bx - px);
  const det = left - right;
  if (Math.abs(det) > ERROR_BOUND * (Math.abs(left) + Math.abs(right))) return det;
  return Number(BigInt(ax - px) * BigInt(by - py) - BigInt(ay - py) * BigInt(bx - px));
}

/** Rings of one area in nano-degrees, flat: x0 y0 x1 y1 …; ring r runs from `starts[r]` to `starts[r + 1]` (in points, closed). */
export interface FlatArea {
  readonly points: Float64Array;
  readonly starts: Int32Array;
}

export function flatten(area: Area): FlatArea {
  const rings = ringsOf(area);
  const starts = new Int32Array(rings.length + 1);
  rings.forEach((ring, r) => (starts[r + 1] = starts[r]! + ring.length));
  const points = new Float64Array(2 * starts[rings.length]!);
  let at = 0;
  for (const ring of rings) {
    for (const [lng, lat] of ring) {
      points[at++] = nano(lng);
      points[at++] = nano(lat);
    }
  }
  return { points, starts };
}

/**
 * Is the point in the area or on its border (the border of a hole included)? Even–odd over all rings; exact.
 *
 * @param x,y  whole nano-degrees.
 */
export function covers(area: FlatArea, x: number, y: number): boolean {
  const { points, starts } = area;
  let odd = false;
  for (let r = 0; r + 1 < starts.length; r++) {
    const end = 2 * starts[r + 1]!;
    let k = 2 * starts[r]!;
    let ax = points[k]!;
    let ay = points[k + 1]!;
    for (k += 2; k < end; k += 2) {
      const bx = points[k]!;
      const by = points[k + 1]!;
      if (ay > y !== by > y) {
        const turn = side(ax, ay, bx, by, x, y);
        if (turn === 0) return true;
        // The edge is right of the point when it climbs with the point on its left, or falls with it on its right.
        if (turn > 0 === by > ay) odd = !odd;
      } else if (by === y && (bx === x || (ay === y && ax > x !== bx > x))) {
        // A corner, or a level edge: a climb over the point's height never sees these.
        return true;
      }
      ax = bx;
      ay = by;
    }
  }
  return odd;
}
