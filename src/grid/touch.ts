/** Which buckets of the locator an area touches, and how. Pure. */
import { covers, side as sideOf, type FlatArea } from './geometry.ts';

/** The raster in nano-degrees: widths are whole numbers, so that a point's bucket is exact. */
export interface Frame {
  readonly minX: number;
  readonly minY: number;
  readonly widthX: number;
  readonly widthY: number;
  /** Buckets in a row, and rows. */
  readonly side: number;
}

/** In place of an edge: the area covers the bucket. */
export const WHOLE = -1;
/** In place of an edge: how the south-west corner of a touched bucket lies; on an edge it counts as below it. */
export const CORNER_OUTSIDE = -2;
export const CORNER_INSIDE = -3;

/** Which buckets an area touches, and how. */
export class Touch {
  private readonly frame: Frame;
  /** Of each bucket, the last area that touched it. */
  private readonly marks: Int32Array;
  private mark = 0;
  /** Of each row of the area, its first and last touched bucket. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  /** Of each column, the area's edges that cut its west side. */
  private readonly cuts: number[][];

  constructor(frame: Frame) {
    this.frame = frame;
    this.marks = new Int32Array(frame.side * frame.side);
    this.first = new Int32Array(frame.side).fill(frame.side);
    this.last = new Int32Array(frame.side).fill(-1);
    this.cuts = Array.from({ length: frame.side }, () => []);
  }

  /** Tells of each bucket the edges that meet it (perhaps one too many, never one too few) and how its corner lies, and of each that lies wholly inside. */
  find(area: FlatArea, tell: (bucket: number, what: number) => void): void {
    this.mark++;
    const { points, starts } = area;
    let low = this.frame.side;
    let high = -1;
    for (let r = 0; r + 1 < starts.length; r++) {
      for (let k = 2 * starts[r]!; k + 3 < 2 * starts[r + 1]!; k += 2) {
        low = Math.min(low, this.row(points[k + 1]!));
        high = Math.max(high, this.row(points[k + 1]!));
        this.findEdge(points, k, tell);
      }
    }
    for (let row = low; row <= high; row++) this.findRow(area, row, tell);
    for (const cuts of this.cuts) if (cuts.length > 0) cuts.length = 0;
  }

  private findEdge(points: Float64Array, k: number, tell: (bucket: number, what: number) => void): void {
    const { minX, minY, widthX, widthY, side } = this.frame;
    const ax = points[k]!;
    const ay = points[k + 1]!;
    const dx = points[k + 2]! - ax;
    const dy = points[k + 3]! - ay;
    const firstColumn = this.column(Math.min(ax, ax + dx));
    const lastColumn = this.column(Math.max(ax, ax + dx));
    const lastRow = this.row(Math.max(ay, ay + dy));
    for (let X = firstColumn + 1; X <= lastColumn; X++) this.cuts[X]!.push(k);
    for (let Y = this.row(Math.min(ay, ay + dy)); Y <= lastRow; Y++) {
      for (let X = firstColumn; X <= lastColumn; X++) {
        // Separating axis: the distance of the bucket's middle from the edge's line against the bucket's reach, with room for rounding.
        const middleX = minX + (X + 0.5) * widthX - ax;
        const middleY = minY + (Y + 0.5) * widthY - ay;
        const reach = (Math.abs(dx) * widthY + Math.abs(dy) * widthX) / 2;
        if (Math.abs(dx * middleY - dy * middleX) > reach * (1 + 1e-9)) continue;
        this.marks[Y * side + X] = this.mark;
        this.first[Y] = Math.min(this.first[Y]!, X);
        this.last[Y] = Math.max(this.last[Y]!, X);
        tell(Y * side + X, k);
      }
    }
  }

  /** After the area's edges. Between two touched buckets of a row nothing changes: one test serves. */
  private findRow(area: FlatArea, row: number, tell: (bucket: number, what: number) => void): void {
    const { minX, minY, widthX, widthY, side } = this.frame;
    const south = minY + row * widthY;
    let inside: boolean | undefined;
    for (let column = this.first[row]!; column <= this.last[row]!; column++) {
      const bucket = row * side + column;
      const west = minX + column * widthX;
      if (this.marks[bucket] === this.mark) {
        inside = undefined;
        tell(bucket, this.cornerInside(area.points, column, west, south) ? CORNER_INSIDE : CORNER_OUTSIDE);
        continue;
      }
      inside ??= covers(area, west + Math.floor(widthX / 2), south + Math.floor(widthY / 2));
      if (inside) tell(bucket, WHOLE);
    }
    this.first[row] = side;
    this.last[row] = -1;
  }

  private cornerInside(points: Float64Array, column: number, west: number, south: number): boolean {
    let odd = false;
    for (const k of this.cuts[column]!) {
      const [a, b] = points[k]! < points[k + 2]! ? [k, k + 2] : [k + 2, k];
      if (above(points[a]!, points[a + 1]!, points[b]!, points[b + 1]!, west, south)) odd = !odd;
    }
    return odd;
  }

  private column(x: number): number {
    return Math.floor((x - this.frame.minX) / this.frame.widthX);
  }

  private row(y: number): number {
    return Math.floor((y - this.frame.minY) / this.frame.widthY);
  }
}

/** Is the point above an edge that runs from west to east, or above its ends? On the edge is not above. */
export function above(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  return ay > y !== by > y ? sideOf(ax, ay, bx, by, x, y) > 0 : y >= ay;
}
