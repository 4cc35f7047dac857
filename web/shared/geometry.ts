/** Plane geometry on WGS-84 positions, in degrees, exact enough for one district. Pure. */
import type { FeatureCollection, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';

export interface Point {
  readonly lng: number;
  readonly lat: number;
}
export type Area = Polygon | MultiPolygon;
export type Bounds = [west: number, south: number, east: number, north: number];

export function ringsOf(area: Area): Position[][] {
  return area.type === 'Polygon' ? area.coordinates : area.coordinates.flat();
}

export function boundsOf(areas: readonly Area[]): Bounds | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const area of areas) {
    for (const ring of ringsOf(area)) {
      for (const [x, y] of ring as [number, number][]) {
        west = Math.min(west, x);
        east = Math.max(east, x);
        south = Math.min(south, y);
        north = Math.max(north, y);
      }
    }
  }
  return west === Infinity ? null : [west, south, east, north];
}

/** Centre of mass of the areas taken together, each outer ring weighed by its surface: where a name is written. */
export function centreOf(areas: readonly Area[]): Point | null {
  let [weight, lng, lat] = [0, 0, 0];
  for (const area of areas) {
    const outers = area.type === 'Polygon' ? area.coordinates.slice(0, 1) : area.coordinates.map((p) => p[0]!);
    for (const ring of outers) {
      const [x0, y0] = ring[0] as [number, number];
      for (let i = 0; i + 1 < ring.length; i++) {
        const [ax, ay] = ring[i] as [number, number];
        const [bx, by] = ring[i + 1] as [number, number];
        // Relative to the first corner: absolute degrees lose the digits that make the difference.
        const cross = Math.abs((ax - x0) * (by - y0) - (bx - x0) * (ay - y0));
        weight += cross;
        lng += (cross * (ax + bx + x0)) / 3;
        lat += (cross * (ay + by + y0)) / 3;
      }
    }
  }
  return weight === 0 ? null : { lng: lng / weight, lat: lat / weight };
}

/** Degrees; some 0.2 m here. A corner this near to an edge lies on it: neighbours meet at corners that only one of them has. */
const ON_EDGE = 2e-6;
/** Side of the squares that corners are looked up by, degrees. */
const SQUARE = 0.004;

/** Corners of all cells by the square they lie in. */
function cornersBySquare(cells: readonly { readonly geometry: Area }[]): (edge: [Position, Position]) => Position[] {
  const squares = new Map<string, Map<string, Position>>();
  const at = (v: number) => Math.floor(v / SQUARE);
  for (const cell of cells) {
    for (const corner of ringsOf(cell.geometry).flat()) {
      const key = `${at(corner[0]!)} ${at(corner[1]!)}`;
      if (!squares.has(key)) squares.set(key, new Map());
      squares.get(key)!.set(corner.join(), corner);
    }
  }
  return ([a, b]) => {
    const found: Position[] = [];
    for (let x = at(Math.min(a[0]!, b[0]!) - ON_EDGE); x <= at(Math.max(a[0]!, b[0]!) + ON_EDGE); x++) {
      for (let y = at(Math.min(a[1]!, b[1]!) - ON_EDGE); y <= at(Math.max(a[1]!, b[1]!) + ON_EDGE); y++) {
        found.push(...(squares.get(`${x} ${y}`)?.values() ?? []));
      }
    }
    return found;
  };
}

/** The edge in pieces, cut at every corner of a neighbour that lies on it. */
function cutAtCorners(a: Position, b: Position, corners: readonly Position[]): [Position, Position][] {
  const [dx, dy] = [b[0]! - a[0]!, b[1]! - a[1]!];
  const length = Math.hypot(dx, dy);
  if (length === 0) return [];
  const cuts: { readonly c: Position; readonly along: number }[] = [];
  for (const c of corners) {
    const [x, y] = [c[0]! - a[0]!, c[1]! - a[1]!];
    // Nearly all of the corners near by lie off it.
    if (Math.abs(x * dy - y * dx) > ON_EDGE * length) continue;
    const along = (x * dx + y * dy) / length;
    if (along > ON_EDGE && along < length - ON_EDGE) cuts.push({ c, along });
  }
  cuts.sort((p, q) => p.along - q.along);
  const points = [a, ...cuts.map((p) => p.c), b];
  return points.slice(1).map((to, i) => [points[i]!, to]);
}

/**
 * The lines between cells of different groups, and the outer edge: what is left when the edges that two cells of one group share are taken away.
 * Neighbours need not have the same corners on the edge they share.
 */
export function bordersBetween<P>(cells: FeatureCollection<Area, P>, groupOf: (properties: P) => string): MultiLineString {
  const near = cornersBySquare(cells.features);
  const pieces = new Map<string, { line: [Position, Position]; group: string; inner: boolean }>();
  for (const { geometry, properties } of cells.features) {
    const group = groupOf(properties);
    for (const ring of ringsOf(geometry)) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const [a, b] = [ring[i]!, ring[i + 1]!];
        for (const line of cutAtCorners(a, b, near([a, b]))) {
          const key = [line[0].join(), line[1].join()].sort().join(' ');
          const known = pieces.get(key);
          if (known) known.inner ||= known.group === group;
          else pieces.set(key, { line, group, inner: false });
        }
      }
    }
  }
  return { type: 'MultiLineString', coordinates: [...pieces.values()].filter((p) => !p.inner).map((p) => p.line) };
}
