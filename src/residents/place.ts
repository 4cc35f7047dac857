/** Where a report without an account lies. */
import { polygonsOf, type Area } from '../grid/geometry.ts';
import type { Place, Reference } from '../grid/reference.ts';

export interface ReportedPlace {
  readonly position: { readonly lng: number; readonly lat: number; readonly accuracyM?: number };
  readonly place: Place;
}

/** Whoever names only a community means somewhere in it, metres: what staff read as “about here” [ours]. */
const COMMUNITY_ACCURACY_M = 1_000;

/**
 * By the device's position, else by the community that was chosen.
 *
 * @returns null outside the district, for an unknown community, and when neither was sent.
 */
export function reportedPlace(
  reference: Reference,
  sent: {
    readonly lng?: number | undefined;
    readonly lat?: number | undefined;
    readonly accuracyM?: number | undefined;
    readonly community?: string | undefined;
  },
): ReportedPlace | null {
  const { lng, lat, accuracyM, community } = sent;
  if (lng !== undefined && lat !== undefined) {
    const place = reference.place(lng, lat);
    return place && { place, position: { lng, lat, ...(accuracyM === undefined ? {} : { accuracyM }) } };
  }
  return community === undefined ? null : middleOfCommunity(reference, community);
}

/** The middle of one of its cells: of an odd shape the middle may lie outside, so each is looked up. */
function middleOfCommunity(reference: Reference, community: string): ReportedPlace | null {
  for (const cell of reference.cells.values()) {
    if (cell.community !== community) continue;
    for (const { lng, lat } of middlesOf(cell.geometry)) {
      const place = reference.place(lng, lat);
      if (place?.community === community) return { place, position: { lng, lat, accuracyM: COMMUNITY_ACCURACY_M } };
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
