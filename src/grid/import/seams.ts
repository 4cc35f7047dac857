/**
 * Closes the hairline gaps between cells that were cut and rounded one by one. Pure.
 *
 * Where the corner of one cell lies on the side of its neighbour, rounding to six decimals moves the corner off that side by up to a
 * micro-degree (11 cm): between the two a sliver belongs to nobody, or to both. Adding the corner to the neighbour's side makes both
 * borders the same line. No corner moves.
 */
import type { Area, LngLat, Ring } from '../geometry.ts';

/** Two last digits: one cell's rounding and the other's. */
const SEAM = 2e-6;
/** Width of the columns in which corners are looked up, in degrees: a street block. */
const COLUMN = 0.002;

/**
 * @param outline  of the district: its corners count too, so that cells follow it.
 * @returns the areas in the same order, with corners added.
 */
export function mendSeams(areas: readonly Area[], outline?: Area): Area[] {
  const corners = new Map<number, LngLat[]>();
  const seen = new Set<string>();
  for (const area of outline ? [...areas, outline] : areas) {
    for (const ring of area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()) {
      for (const corner of ring) {
        const key = corner.join(' ');
        if (seen.has(key)) continue;
        seen.add(key);
        const column = Math.floor(corner[0] / COLUMN);
        const list = corners.get(column);
        if (list) list.push(corner);
        else corners.set(column, [corner]);
      }
    }
  }
  const mendRing = (ring: Ring): Ring =>
    ring.flatMap((corner, k) => (k === 0 ? [corner] : [...cornersOn(ring[k - 1]!, corner, corners), corner]));
  return areas.map((area) =>
    area.type === 'Polygon'
      ? { type: 'Polygon', coordinates: area.coordinates.map(mendRing) }
      : { type: 'MultiPolygon', coordinates: area.coordinates.map((polygon) => polygon.map(mendRing)) },
  );
}

/** Corners that lie on the side a→b without being its ends, in order from a to b. */
function cornersOn(a: LngLat, b: LngLat, corners: ReadonlyMap<number, readonly LngLat[]>): LngLat[] {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length = Math.hypot(dx, dy);
  const on: { at: number; corner: LngLat }[] = [];
  const last = Math.floor((Math.max(a[0], b[0]) + SEAM) / COLUMN);
  for (let column = Math.floor((Math.min(a[0], b[0]) - SEAM) / COLUMN); column <= last; column++) {
    for (const corner of corners.get(column) ?? []) {
      const x = corner[0] - a[0];
      const y = corner[1] - a[1];
      const along = (x * dx + y * dy) / length;
      // Corners as near to an end as the seam is wide are that end's business.
      if (along > SEAM && along < length - SEAM && Math.abs(x * dy - y * dx) / length <= SEAM) on.push({ at: along, corner });
    }
  }
  return on.sort((p, q) => p.at - q.at).map(({ corner }) => corner);
}
