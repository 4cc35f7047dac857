/** A point for a place that is known by its code only. */
import { polygonsOf, type Area } from './geometry.ts';
import type { Place, Reference } from './reference.ts';

export interface MiddlePoint {
  readonly position: { readonly lng: number; readonly lat: number };
  /** Where it lies: in the place that was asked for. */
  readonly place: Place;
}

/**
 * The middle of one of its cells: of an odd shape the middle may lie outside, so each is looked up.
 *
 * @param code  of a subdistrict, a community or a cell. @returns null where the place has no cell that is whole enough.
 */
export function middleOf(reference: Pick<Reference, 'cells' | 'place'>, code: string): MiddlePoint | null {
  for (const cell of reference.cells.values()) {
    if (!cell.code.startsWith(code)) continue;
    for (const { lng, lat } of middlesOf(cell.geometry)) {
      const place = reference.place(lng, lat);
      if (place?.cell.startsWith(code)) return { place, position: { lng, lat } };
    }
  }
  return null;
}

/** Of each polygon the mean of its corners, six decimals as cells have them. */
function middlesOf(area: Area): { lng: number; lat: number }[] {
  return polygonsOf(area).map(([border]) => {
    const corners = border!.slice(1);
    const mean = (axis: 0 | 1) => Math.round((corners.reduce((sum, at) => sum + at[axis], 0) / corners.length) * 1e6) / 1e6;
    return { lng: mean(0), lat: mean(1) };
  });
}
