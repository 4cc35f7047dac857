/** Where a report without an account lies. */
import { middleOf } from '../grid/middle.ts';
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
  const middle = community === undefined ? null : middleOf(reference, community);
  return middle && { place: middle.place, position: { ...middle.position, accuracyM: COMMUNITY_ACCURACY_M } };
}
