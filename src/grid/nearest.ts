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

/** Prepares the units once; a search then looks only at those of its type and subdistrict, from the nearest squares outwards. */
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
  const squares = new Map([...pools].map(([key, pool]) => [key, new Squares(pool)]));
  return {
    nearestUnits: (position, search, k) => squares.get(poolKey(search.type, search.covering))?.nearest(position, k) ?? [],
  };
}

/** Units to a square, on average: fewer squares to look at against fewer units in each. */
const UNITS_PER_SQUARE = 2;
/** A bound computed another way than the distance may be off in the last digits. */
const SAFE = 1 - 1e-9;
const METRES_PER_DEGREE = EARTH_RADIUS_M * RADIAN;

/** The nearest so far, in order; equal distances by index. */
class Best {
  private readonly metres: number[] = [];
  private readonly indices: number[] = [];
  private readonly last: number;
  /** Distance past which nothing is kept any more; −1 if nothing ever is. */
  worst: number;

  constructor(k: number) {
    this.last = k - 1;
    this.worst = k === 0 ? -1 : Infinity;
  }

  offer(index: number, metres: number): void {
    const { metres: kept, indices, last } = this;
    const full = kept.length > last;
    if (full && (metres > this.worst || (metres === this.worst && index > indices[last]!))) return;
    let at = full ? last : kept.length;
    for (; at > 0; at--) {
      const before = kept[at - 1]!;
      if (before < metres || (before === metres && indices[at - 1]! < index)) break;
      kept[at] = before;
      indices[at] = indices[at - 1]!;
    }
    kept[at] = metres;
    indices[at] = index;
    if (kept.length > last) this.worst = kept[last]!;
  }

  list<T>(make: (index: number, metres: number) => T): T[] {
    return this.indices.map((index, n) => make(index, this.metres[n]!));
  }
}

/** Units in order of code, sorted into squares of longitude and latitude. */
class Squares<U extends PlacedUnit> {
  private readonly units: readonly U[];
  private readonly lats: Float64Array;
  private readonly side: number;
  private readonly west: number;
  private readonly south: number;
  private readonly width: number;
  private readonly height: number;
  private readonly north: number;
  /** Indices of units, square by square; those of square q are from `starts[q]` to `starts[q + 1]`. */
  private readonly members: Int32Array;
  private readonly starts: Int32Array;

  constructor(units: readonly U[]) {
    this.units = units;
    const side = Math.ceil(Math.sqrt(units.length / UNITS_PER_SQUARE));
    this.side = side;
    const lngs = units.map((u) => u.position.lng);
    const lats = units.map((u) => u.position.lat);
    this.lats = Float64Array.from(lats);
    this.west = lngs.reduce((a, b) => Math.min(a, b));
    this.south = lats.reduce((a, b) => Math.min(a, b));
    this.north = lats.reduce((a, b) => Math.max(a, b));
    // Units in one place or in a line still need squares of some size.
    this.width = (lngs.reduce((a, b) => Math.max(a, b)) - this.west) / side || 1;
    this.height = (this.north - this.south) / side || 1;
    const squares = units.map((u) => this.row(u.position.lat) * side + this.column(u.position.lng));
    this.starts = new Int32Array(side * side + 1);
    for (const q of squares) this.starts[q + 1]! += 1;
    for (let q = 0; q < side * side; q++) this.starts[q + 1]! += this.starts[q]!;
    const next = this.starts.slice();
    this.members = new Int32Array(units.length);
    for (const [i, q] of squares.entries()) this.members[next[q]!++] = i;
  }

  nearest(position: PlacedUnit['position'], k: number): NearbyUnit<U>[] {
    const best = new Best(Math.min(k, this.units.length));
    const column = this.column(position.lng);
    const row = this.row(position.lat);
    for (let ring = 0; ring < this.side; ring++) {
      // Nothing outside what was looked at may be as near as the last that was kept.
      if (best.worst < this.beyond(position, column, row, ring - 1)) break;
      this.lookAtRing(position, column, row, ring, best);
    }
    return best.list((i, metres) => ({ unit: this.units[i]!, distanceM: metres }));
  }

  /** All units in the squares that are `ring` squares away from this one, along the longer of the two ways. */
  private lookAtRing(position: PlacedUnit['position'], column: number, row: number, ring: number, best: Best): void {
    const { side } = this;
    for (let y = Math.max(0, row - ring); y <= Math.min(side - 1, row + ring); y++) {
      const whole = ring === 0 || Math.abs(y - row) === ring;
      for (let x = column - ring; x <= column + ring; x += whole ? 1 : 2 * ring) {
        if (x >= 0 && x < side) this.lookAt(position, y * side + x, best);
      }
    }
  }

  private lookAt(position: PlacedUnit['position'], square: number, best: Best): void {
    const { starts, members, lats, units } = this;
    const end = starts[square + 1]!;
    for (let m = starts[square]!; m < end; m++) {
      const i = members[m]!;
      // Already too far north or south: the cosine is spared.
      if (Math.abs(lats[i]! - position.lat) * METRES_PER_DEGREE * SAFE > best.worst) continue;
      best.offer(i, distanceM(position, units[i]!.position));
    }
  }

  /** No unit outside the squares up to `ring` away is nearer than this, metres. */
  private beyond({ lng, lat }: PlacedUnit['position'], column: number, row: number, ring: number): number {
    const { side, west, south, width, height } = this;
    const farthest = Math.max(Math.abs(lat + this.north), Math.abs(lat + this.south)) / 2;
    const perLng = METRES_PER_DEGREE * Math.cos(farthest * RADIAN);
    let bound = Infinity;
    if (column - ring > 0) bound = Math.min(bound, (lng - (west + (column - ring) * width)) * perLng);
    if (column + ring < side - 1) bound = Math.min(bound, (west + (column + ring + 1) * width - lng) * perLng);
    if (row - ring > 0) bound = Math.min(bound, (lat - (south + (row - ring) * height)) * METRES_PER_DEGREE);
    if (row + ring < side - 1) bound = Math.min(bound, (south + (row + ring + 1) * height - lat) * METRES_PER_DEGREE);
    return bound * SAFE;
  }

  private column(lng: number): number {
    return Math.min(this.side - 1, Math.max(0, Math.floor((lng - this.west) / this.width)));
  }

  private row(lat: number): number {
    return Math.min(this.side - 1, Math.max(0, Math.floor((lat - this.south) / this.height)));
  }
}

function poolKey(type = '*', subdistrict = '*'): string {
  return `${type} ${subdistrict}`;
}
