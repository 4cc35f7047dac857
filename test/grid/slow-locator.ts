/**
 * Point → cell a second time, by other means, to compare with: every cell is asked; whole numbers are read from the decimal text; the
 * winding number decides, not the parity; and all of it in BigInt.
 */
import type { CellShape } from '../../src/grid/locate.ts';

type Whole = readonly [bigint, bigint];

export function slowlyAt(cells: readonly CellShape[]): (lng: number, lat: number) => string | null {
  const read = cells.map(({ code, geometry }) => {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const rings = polygons.map((polygon) => polygon.map((ring) => ring.map((corner): Whole => [whole(corner[0]), whole(corner[1])])));
    const xs = rings.flat(2).map(([x]) => x);
    const ys = rings.flat(2).map(([, y]) => y);
    const least = (some: bigint[]) => some.reduce((a, b) => (a < b ? a : b));
    const most = (some: bigint[]) => some.reduce((a, b) => (a > b ? a : b));
    return { code, rings, west: least(xs), east: most(xs), south: least(ys), north: most(ys) };
  });
  return (lng, lat) => {
    const point: Whole = [whole(lng), whole(lat)];
    let lowest: string | null = null;
    for (const { code, rings, west, east, south, north } of read) {
      if (point[0] < west || point[0] > east || point[1] < south || point[1] > north) continue;
      if ((lowest === null || code < lowest) && rings.some((polygon) => holds(polygon, point))) lowest = code;
    }
    return lowest;
  };
}

/** Inside the border and not inside a hole; on either is inside. */
function holds(polygon: readonly (readonly Whole[])[], point: Whole): boolean {
  const [border, ...holes] = polygon.map((ring) => winding(ring, point));
  return border === 'on' || holes.includes('on') || (border !== 0 && holes.every((hole) => hole === 0));
}

function winding(ring: readonly Whole[], [px, py]: Whole): number | 'on' {
  let turns = 0;
  for (let k = 1; k < ring.length; k++) {
    const [ax, ay] = ring[k - 1]!;
    const [bx, by] = ring[k]!;
    const turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    const within = (p: bigint, a: bigint, b: bigint) => (a < b ? a <= p && p <= b : b <= p && p <= a);
    if (turn === 0n && within(px, ax, bx) && within(py, ay, by)) return 'on';
    if (ay <= py && by > py && turn > 0n) turns++;
    if (ay > py && by <= py && turn < 0n) turns--;
  }
  return turns;
}

/** Nano-degrees, from the digits as they are written. */
function whole(degrees: number): bigint {
  const [units = '0', decimals = ''] = degrees.toFixed(9).split('.');
  return BigInt(units + decimals);
}
