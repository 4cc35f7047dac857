/**
 * Who is nearest. Pure.
 *
 * Distance is the straight line over the ground, not the way by road: metres on a sphere of 6,371,008.8 m, by the equirectangular
 * projection about the mean latitude of the two points. Inside a district this is within 0.01 % of the great circle.
 */

export interface PlacedUnit {
  readonly code: string;
  readonly type: string;
  readonly position: { readonly lng: number; readonly lat: number };
  /** Codes of the subdistricts it serves. */
  readonly scope: readonly string[];
}

export interface NearbyUnit<U extends PlacedUnit> {
  readonly unit: U;
  readonly distanceM: number;
}

export interface UnitSearch {
  /** Unit type; absent: any. */
  readonly type?: string;
  /** Only units that serve this subdistrict; absent: any. */
  readonly covering?: string;
}

export interface NearestUnits<U extends PlacedUnit> {
  /** At most `k` units, nearest first; equal distances by code. */
  nearestUnits(position: { readonly lng: number; readonly lat: number }, search: UnitSearch, k: number): NearbyUnit<U>[];
}

const EARTH_RADIUS_M = 6_371_008.8;
const RADIAN = Math.PI / 180;

/** Straight-line metres between two WGS-84 points. */
export function distanceM(a: { readonly lng: number; readonly lat: number }, b: { readonly lng: number; readonly lat: number }): number {
  const x = (b.lng - a.lng) * RADIAN * Math.cos(((a.lat + b.lat) / 2) * RADIAN);
  const y = (b.lat - a.lat) * RADIAN;
  return EARTH_RADIUS_M * Math.sqrt(x * x + y * y);
}

/** Prepares the units once; a search then looks only at those of its type and subdistrict, each once. */
export function buildNearest<U extends PlacedUnit>(units: readonly U[]): NearestUnits<U> {
  const sorted = [...units].sort((a, b) => (a.code < b.code ? -1 : 1));
  const pools = new Map<string, U[]>();
  const put = (key: string, unit: U) => {
    const pool = pools.get(key);
    if (pool) pool.push(unit);
    else pools.set(key, [unit]);
  };
  for (const unit of sorted) {
    put(poolKey(), unit);
    put(poolKey(unit.type), unit);
    for (const subdistrict of new Set(unit.scope)) {
      put(poolKey(undefined, subdistrict), unit);
      put(poolKey(unit.type, subdistrict), unit);
    }
  }
  return {
    nearestUnits(position, search, k) {
      const best: NearbyUnit<U>[] = [];
      for (const unit of pools.get(poolKey(search.type, search.covering)) ?? []) {
        const metres = distanceM(position, unit.position);
        // Units come in order of code: with equal distances the earlier one keeps its place.
        let at = best.length;
        while (at > 0 && best[at - 1]!.distanceM > metres) at--;
        if (at >= k) continue;
        best.splice(at, 0, { unit, distanceM: metres });
        if (best.length > k) best.pop();
      }
      return best;
    },
  };
}

function poolKey(type = '*', subdistrict = '*'): string {
  return `${type} ${subdistrict}`;
}
