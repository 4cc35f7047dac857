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
  return metresBetween(a.lng, a.lat, b.lng, b.lat);
}

function metresBetween(aLng: number, aLat: number, bLng: number, bLat: number): number {
  const x = (bLng - aLng) * RADIAN * Math.cos(((aLat + bLat) / 2) * RADIAN);
  const y = (bLat - aLat) * RADIAN;
  return EARTH_RADIUS_M * Math.sqrt(x * x + y * y);
}

/** Prepares the units once; a search then looks only at those of its type and subdistrict, from the nearest boxes outwards. */
export function buildNearest<U extends PlacedUnit>(units: readonly U[]): NearestUnits<U> {
  const sorted = [...units].sort((a, b) => (a.code < b.code ? -1 : 1));
  // By type and by subdistrict; under `undefined` those of any.
  const pools = new Map<string | undefined, Map<string | undefined, U[]>>();
  const put = (type: string | undefined, subdistrict: string | undefined, unit: U) => {
    const ofType = pools.get(type) ?? new Map<string | undefined, U[]>();
    pools.set(type, ofType);
    const pool = ofType.get(subdistrict);
    if (pool) pool.push(unit);
    else ofType.set(subdistrict, [unit]);
  };
  for (const unit of sorted) {
    for (const subdistrict of [undefined, ...new Set(unit.scope)]) {
      put(undefined, subdistrict, unit);
      put(unit.type, subdistrict, unit);
    }
  }
  const boxes = new Map([...pools].map(([type, ofType]) => [type, new Map([...ofType].map(([key, pool]) => [key, new Boxes(pool)]))]));
  return {
    nearestUnits: (position, search, k) => boxes.get(search.type)?.get(search.covering)?.nearest(position, k) ?? [],
  };
}

/** Units in the smallest boxes, at most: fewer boxes to look at against fewer units in each. Among 2,000 units 4 to 16 are hardly worse (measured). */
const UNITS_PER_BOX = 8;
/** A bound computed another way than the distance may be off in the last digits. */
const SAFE = 1 + 1e-9;
/** More than the error of a cosine put together from two. */
const COSINE_ERROR = 1e-15;
const METRES_PER_DEGREE = EARTH_RADIUS_M * RADIAN;

/** The nearest so far, in order; equal distances by index. */
class Best {
  private metres = new Float64Array(16);
  private indices = new Int32Array(16);
  private most = 0;
  private count = 0;
  /** Square of the distance in degrees of latitude, past which nothing is kept any more. */
  limit = Infinity;

  /** @param most  how many are kept, at least 1. */
  begin(most: number): void {
    this.most = most;
    this.count = 0;
    this.limit = Infinity;
    if (most > this.metres.length) {
      this.metres = new Float64Array(most);
      this.indices = new Int32Array(most);
    }
  }

  offer(index: number, metres: number): void {
    const { metres: kept, indices, most } = this;
    let at = this.count;
    if (at === most) {
      at--;
      if (metres > kept[at]! || (metres === kept[at]! && index > indices[at]!)) return;
    } else {
      this.count++;
    }
    for (; at > 0; at--) {
      const before = kept[at - 1]!;
      if (before < metres || (before === metres && indices[at - 1]! < index)) break;
      kept[at] = before;
      indices[at] = indices[at - 1]!;
    }
    kept[at] = metres;
    indices[at] = index;
    if (this.count === most) this.limit = (kept[most - 1]! / METRES_PER_DEGREE) ** 2 * SAFE;
  }

  list<U extends PlacedUnit>(units: readonly U[]): NearbyUnit<U>[] {
    const list: NearbyUnit<U>[] = [];
    for (let n = 0; n < this.count; n++) list.push({ unit: units[this.indices[n]!]!, distanceM: this.metres[n]! });
    return list;
  }
}

/** Units in order of code, and a tree of boxes around them: each is cut in halves of equal number across its longer side, so that small boxes are where many units are. */
class Boxes<U extends PlacedUnit> {
  private readonly units: readonly U[];
  /** Depth of the smallest boxes; those of box n are 2n + 1 and 2n + 2. */
  private readonly depth: number;
  /** West, south, east, north of each box. */
  private readonly edges: Float64Array;
  // Of the units in order of their boxes: index, position, and cosine and sine of half the latitude.
  private readonly members: Int32Array;
  private readonly lngs: Float64Array;
  private readonly lats: Float64Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly best = new Best();

  constructor(units: readonly U[]) {
    this.units = units;
    this.depth = Math.max(0, Math.ceil(Math.log2(units.length / UNITS_PER_BOX)));
    this.edges = new Float64Array(4 * (2 ** (this.depth + 1) - 1));
    this.members = Int32Array.from(units.keys());
    this.box(0, 0, 0, units.length);
    const of = (value: (unit: U) => number) => Float64Array.from(this.members, (index) => value(units[index]!));
    this.lngs = of(({ position }) => position.lng);
    this.lats = of(({ position }) => position.lat);
    this.cosines = of(({ position }) => Math.cos((position.lat / 2) * RADIAN));
    this.sines = of(({ position }) => Math.sin((position.lat / 2) * RADIAN));
  }

  /** Puts the units from `from` to `to` into box n, and their halves into its halves. */
  private box(n: number, depth: number, from: number, to: number): void {
    const here = this.members.subarray(from, to);
    const lng = (index: number) => this.units[index]!.position.lng;
    const lat = (index: number) => this.units[index]!.position.lat;
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const index of here) {
      west = Math.min(west, lng(index));
      south = Math.min(south, lat(index));
      east = Math.max(east, lng(index));
      north = Math.max(north, lat(index));
    }
    this.edges.set([west, south, east, north], 4 * n);
    if (depth === this.depth) return;
    const wide = (east - west) * Math.cos(((south + north) / 2) * RADIAN) > north - south;
    const value = wide ? lng : lat;
    here.sort((a, b) => value(a) - value(b));
    const middle = (from + to) >> 1;
    this.box(2 * n + 1, depth + 1, from, middle);
    this.box(2 * n + 2, depth + 1, middle, to);
  }

  nearest({ lng, lat }: PlacedUnit['position'], k: number): NearbyUnit<U>[] {
    const { best, edges, units } = this;
    if (k <= 0) return [];
    best.begin(Math.min(k, units.length));
    const farthest = Math.max(Math.abs(lat + edges[3]!), Math.abs(lat + edges[1]!)) / 2;
    const search: Search = {
      lng,
      lat,
      narrowest: Math.max(0, Math.cos(farthest * RADIAN) - COSINE_ERROR),
      cosine: Math.cos((lat / 2) * RADIAN),
      sine: Math.sin((lat / 2) * RADIAN),
    };
    this.lookInto(search, 0, 0, 0, units.length);
    return best.list(units);
  }

  private lookInto(search: Search, n: number, depth: number, from: number, to: number): void {
    if (depth === this.depth) {
      this.lookAt(search, from, to);
      return;
    }
    const { best } = this;
    const middle = (from + to) >> 1;
    const first = this.squareTo(search, 2 * n + 1);
    const second = this.squareTo(search, 2 * n + 2);
    if (first <= second) {
      if (first <= best.limit) this.lookInto(search, 2 * n + 1, depth + 1, from, middle);
      if (second <= best.limit) this.lookInto(search, 2 * n + 2, depth + 1, middle, to);
    } else {
      if (second <= best.limit) this.lookInto(search, 2 * n + 2, depth + 1, middle, to);
      if (first <= best.limit) this.lookInto(search, 2 * n + 1, depth + 1, from, middle);
    }
  }

  private lookAt({ lng, lat, cosine, sine }: Search, from: number, to: number): void {
    const { best, lngs, lats, cosines, sines, members } = this;
    for (let m = from; m < to; m++) {
      const y = lats[m]! - lat;
      // cos((a + b) / 2), a little less.
      const x = (lngs[m]! - lng) * (cosines[m]! * cosine - sines[m]! * sine - COSINE_ERROR);
      if (x * x + y * y <= best.limit) best.offer(members[m]!, metresBetween(lng, lat, lngs[m]!, lats[m]!));
    }
  }

  /** No unit of the box is nearer than the root of this, degrees of latitude. */
  private squareTo({ lng, lat, narrowest }: Search, n: number): number {
    const { edges } = this;
    const x = Math.max(edges[4 * n]! - lng, 0, lng - edges[4 * n + 2]!) * narrowest;
    const y = Math.max(edges[4 * n + 1]! - lat, 0, lat - edges[4 * n + 3]!);
    return x * x + y * y;
  }
}

/** Where is searched from. */
interface Search {
  readonly lng: number;
  readonly lat: number;
  /** The least cosine of a mean latitude with any unit. */
  readonly narrowest: number;
  /** Of half the latitude. */
  readonly cosine: number;
  readonly sine: number;
}
