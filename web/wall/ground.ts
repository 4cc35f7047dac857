/** The district as paths: subdistricts, or the communities of one. Plane, north up. Pure but for reading. */
import type { FeatureCollection } from 'geojson';
import { api } from '../shared/api.ts';
import { bordersBetween, boundsOf, ringsOf, type Area, type Bounds } from '../shared/geometry.ts';
import { loadCells, type CellCollection } from '../shared/reference.ts';

export interface Ground {
  readonly cells: CellCollection;
  readonly subdistricts: FeatureCollection<Area, { readonly code: string }>;
}

/** @throws ApiProblem when a layer cannot be read. */
export async function loadGround(): Promise<Ground> {
  const [cells, subdistricts] = await Promise.all([loadCells(), api.get<Ground['subdistricts']>('/subdistricts.geojson')]);
  return { cells, subdistricts };
}

export interface DrawnArea {
  readonly code: string;
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number };
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly areas: readonly DrawnArea[];
  /** Lines between the areas, and the finer ones inside them. */
  readonly borders: string;
  readonly inner: string;
}

const WIDTH = 1_010;
const MARGIN = 24;

/** @param place  '' or 6 digits: subdistricts; 9 digits: its communities; 12: its cells. */
export function drawingOf({ cells, subdistricts }: Ground, place: string): Drawing {
  const features = cells.features.filter((f) => f.properties.code.startsWith(place));
  const bounds = boundsOf(features.map((f) => f.geometry)) ?? [0, 0, 1, 1];
  const project = projection(bounds);
  const digits = place.length < 9 ? 9 : place.length < 12 ? 12 : 15;
  const groups = new Map<string, Area[]>();
  for (const { properties, geometry } of features) {
    const code = properties.code.slice(0, digits);
    groups.set(code, [...(groups.get(code) ?? []), geometry]);
  }
  const whole = new Map(subdistricts.features.map((f) => [f.properties.code, f.geometry]));
  const areas = [...groups].map(([code, geometries]): DrawnArea => {
    // A subdistrict has an outline of its own: one path instead of a hundred cells with hairlines between them.
    const drawn = digits === 9 && whole.has(code) ? [whole.get(code)!] : geometries;
    const [x0, y0, x1, y1] = project.box(boundsOf(geometries)!);
    return {
      code,
      path: drawn.map(project.area).join(''),
      label: innermost(drawn.flatMap(project.rings), [x0, y0, x1, y1]),
      box: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
    };
  });
  const shown: CellCollection = { type: 'FeatureCollection', features };
  const line = (digitsOf: number) => project.lines(bordersBetween(shown, (p) => p.code.slice(0, digitsOf)).coordinates);
  return { width: WIDTH, height: project.height, areas, borders: line(digits), inner: digits === 9 ? line(12) : '' };
}

function projection([west, south, east, north]: Bounds) {
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (WIDTH - 2 * MARGIN) / ((east - west) * narrowing);
  const height = Math.round((north - south) * scale + 2 * MARGIN);
  const round = (v: number) => Math.round(v * 10) / 10;
  const point = (lng: number, lat: number): [number, number] => [
    round(MARGIN + (lng - west) * narrowing * scale),
    round(MARGIN + (north - lat) * scale),
  ];
  const rings = (area: Area) => ringsOf(area).map((positions) => positions.map(([lng, lat]) => point(lng!, lat!)));
  return {
    height,
    point,
    rings,
    area: (area: Area) =>
      rings(area)
        .map((ring) => `M${ring.map((p) => p.join(' ')).join('L')}Z`)
        .join(''),
    lines: (lines: readonly (readonly (readonly number[])[])[]) =>
      lines.map((l) => `M${l.map(([lng, lat]) => point(lng!, lat!).join(' ')).join('L')}`).join(''),
    box: ([w, s, e, n]: Bounds) => [...point(w, n), ...point(e, s)] as [number, number, number, number],
  };
}

type Xy = readonly [x: number, y: number];
/** Points tried along each side of an area's box: a label needs no more exact a place. */
const TRIED = 28;
/** Words are wider than high: what is beside them counts less than what is above. */
const WIDER = 1.6;

/** The point that lies deepest inside: a bent area has its centre of mass outside. */
function innermost(
  rings: readonly (readonly Xy[])[],
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): { x: number; y: number } {
  let best = { x: (x0 + x1) / 2, y: (y0 + y1) / 2, deep: -1 };
  for (let i = 1; i < TRIED; i++) {
    for (let j = 1; j < TRIED; j++) {
      const x = x0 + ((x1 - x0) * i) / TRIED;
      const y = y0 + ((y1 - y0) * j) / TRIED;
      if (!isInside(rings, x, y)) continue;
      const deep = Math.min(...rings.map((ring) => distanceTo(ring, x, y)));
      if (deep > best.deep) best = { x, y, deep };
    }
  }
  return { x: best.x, y: best.y };
}

/** By even and odd crossings, as it is filled. */
function isInside(rings: readonly (readonly Xy[])[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[i + 1]!;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

function distanceTo(ring: readonly Xy[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = [(ring[i]![0] - x) / WIDER, ring[i]![1] - y];
    const [bx, by] = [(ring[i + 1]![0] - x) / WIDER, ring[i + 1]![1] - y];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / length));
    least = Math.min(least, Math.hypot(ax + t * (bx - ax), ay + t * (by - ay)));
  }
  return least;
}
