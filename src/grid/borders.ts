/**
 * What a bucket of the locator has to know of the borders that pass through it. Pure.
 *
 * Whether a point is inside a cell is the parity of the edges between it and the outside. Within a bucket only the edges that meet the
 * bucket change it: the point is reached from far south along the bucket's west side (half a nano-degree outside, where no corner can be) and
 * then eastwards at its own height. An edge that cuts that side is crossed when the point lies above it, any other when the point lies
 * east of it. Neighbours share their edges, so each is compared once, and the crossings together are the number of the answer.
 */
import type { FlatArea } from './geometry.ts';
import { above, CORNER_INSIDE, CORNER_OUTSIDE, Touch, WHOLE, type Frame } from './touch.ts';

/** No cell. */
export const NO_CELL = -1;
/** In place of the number of edges: too many, or too far away; the outlines of all candidates are looked at. */
export const WHOLE_OUTLINES = -1;
/** Ends the candidates, unless a cell does that covers the whole bucket. */
export const LAST = 0x7fffffff;
/** Records begin at multiples of this many numbers, so that their places fit into 16 bits. */
export const UNIT = 4;
/** Answers double with each edge. */
const MOST_EDGES = 6;
const INT16_MAX = 0x7fff;

export interface Buckets {
  /** ≥ 0: that cell alone; NO_CELL; below: the record of its row at -2 - value. In 16 bits if they are enough: half as much to miss in the processor's caches. */
  readonly buckets: Int16Array | Int32Array;
  /** Of each row, its first record, in units. */
  readonly rows: Int32Array;
  /**
   * Of each bucket on a border: the number of its edges; the edges (ax ay bx by, nano-degrees from the bucket's south-west corner); the answers,
   * a cell or NO_CELL, by the crossings as bits; the candidates in order of code, one that covers the whole bucket complemented.
   * An edge that cuts the west side begins west of it, any other begins at its top: then a point is across when it lies left of a→b.
   */
  readonly records: Int32Array;
}

export function fillBuckets(areas: readonly FlatArea[], frame: Frame): Buckets {
  const { side, minX, minY, widthX, widthY } = frame;
  const found = new Findings(side * side);
  const touch = new Touch(frame);
  areas.forEach((area, index) => touch.find(area, (bucket, what) => found.put(bucket, index, what)));
  const { order, starts } = found.byBucket();
  const places = found.whole;
  const rows = new Int32Array(side);
  const records: number[] = [];
  let most = 0;
  for (let row = 0; row < side; row++) {
    rows[row] = records.length / UNIT;
    for (let column = 0; column < side; column++) {
      const bucket = row * side + column;
      const end = starts[bucket + 1]!;
      let at = starts[bucket]!;
      if (at === end) continue;
      const place = records.length / UNIT - rows[row]!;
      places[bucket] = NO_CELL - 1 - place;
      most = Math.max(most, place + 1);
      const record = new BucketRecord(minX + column * widthX, minY + row * widthY);
      for (; at < end; at++) {
        const index = found.areas[order[at]!]!;
        record.add(index, areas[index]!, found.whats[order[at]!]!);
      }
      record.writeTo(records);
      while (records.length % UNIT !== 0) records.push(0);
    }
  }
  const small = areas.length <= INT16_MAX && most <= INT16_MAX;
  return { buckets: small ? Int16Array.from(places) : places, rows, records: Int32Array.from(records) };
}

/** What areas have to do with buckets, areas in order: an edge (number of its first point), WHOLE, or how the bucket's corner lies. */
class Findings {
  /** Of each bucket the cell that is alone there, or NO_CELL. */
  readonly whole: Int32Array;
  readonly areas: number[] = [];
  readonly whats: number[] = [];
  private readonly buckets: number[] = [];
  private readonly counts: Int32Array;

  constructor(count: number) {
    this.whole = new Int32Array(count).fill(NO_CELL);
    this.counts = new Int32Array(count);
  }

  put(bucket: number, area: number, what: number): void {
    // Nothing counts after a cell that covers the bucket.
    if (this.whole[bucket]! >= 0) return;
    if (what === WHOLE && this.counts[bucket] === 0) {
      this.whole[bucket] = area;
      return;
    }
    this.counts[bucket]! += 1;
    this.buckets.push(bucket);
    this.areas.push(area);
    this.whats.push(what);
  }

  /** What was found, in order of the buckets; for one bucket in the order it came. */
  byBucket(): { order: Int32Array; starts: Int32Array } {
    const { buckets, counts } = this;
    const starts = new Int32Array(counts.length + 1);
    for (let bucket = 0; bucket < counts.length; bucket++) starts[bucket + 1] = starts[bucket]! + counts[bucket]!;
    const next = starts.slice();
    const order = new Int32Array(buckets.length);
    for (let n = 0; n < buckets.length; n++) order[next[buckets[n]!]!++] = n;
    return { order, starts };
  }
}

interface Candidate {
  readonly area: number;
  /** Its edges among the bucket's, as bits; one that is there twice is not there. */
  edges: number;
  /** Whether it is inside before any edge is crossed. */
  inside: boolean;
}

/** Gathers what one bucket on a border has to know. */
class BucketRecord {
  private readonly west: number;
  private readonly south: number;
  private readonly edges: number[] = [];
  private readonly candidates: Candidate[] = [];
  private tooMuch = false;
  /** The cell that covers the whole bucket: nothing after it counts. */
  private whole: number | null = null;

  constructor(west: number, south: number) {
    this.west = west;
    this.south = south;
  }

  add(index: number, { points }: FlatArea, edge: number): void {
    if (this.whole !== null) return;
    if (edge === WHOLE) {
      this.whole = index;
      return;
    }
    let candidate = this.candidates.at(-1);
    if (candidate?.area !== index) this.candidates.push((candidate = { area: index, edges: 0, inside: false }));
    if (edge === CORNER_OUTSIDE) return;
    if (edge === CORNER_INSIDE) {
      candidate.inside = !candidate.inside;
      return;
    }
    let ax = points[edge]! - this.west;
    let ay = points[edge + 1]! - this.south;
    let bx = points[edge + 2]! - this.west;
    let by = points[edge + 3]! - this.south;
    if (ax < 0 && bx < 0) return;
    if (ax < 0 || bx < 0 ? bx < 0 : by > ay) [ax, ay, bx, by] = [bx, by, ax, ay];
    const number = this.numberOf(ax, ay, bx, by);
    if (number < 0) return;
    candidate.edges ^= 1 << number;
    // What the corner's side already counts.
    if (ax < 0 && above(ax, ay, bx, by, 0, 0)) candidate.inside = !candidate.inside;
  }

  private numberOf(ax: number, ay: number, bx: number, by: number): number {
    const { edges } = this;
    for (let k = 0; k < edges.length; k += 4) {
      if (edges[k] === ax && edges[k + 1] === ay && edges[k + 2] === bx && edges[k + 3] === by) return k / 4;
    }
    const number = edges.length / 4;
    if (number === MOST_EDGES || [ax, ay, bx, by].some((value) => value !== (value | 0))) {
      this.tooMuch = true;
      return -1;
    }
    edges.push(ax, ay, bx, by);
    return number;
  }

  writeTo(records: number[]): void {
    const { edges, candidates, whole } = this;
    if (this.tooMuch) {
      records.push(WHOLE_OUTLINES);
    } else {
      records.push(edges.length / 4, ...edges);
      for (let crossed = 0; crossed < 1 << (edges.length / 4); crossed++) {
        const holder = candidates.find(({ edges: own, inside }) => isOdd(own & crossed) !== inside);
        records.push(holder?.area ?? whole ?? NO_CELL);
      }
    }
    for (const { area } of candidates) records.push(area);
    records.push(whole === null ? LAST : ~whole);
  }
}

/** Whether an odd number of the bits is set. */
function isOdd(bits: number): boolean {
  let odd = false;
  for (let rest = bits; rest !== 0; rest &= rest - 1) odd = !odd;
  return odd;
}
