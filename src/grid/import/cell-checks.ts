/** A GeoJSON layer of cells: read, and what must hold for it. Pure. */
import { z } from 'zod';
import { type Area, type LngLat, nano, type Ring, ringsOf, side } from '../geometry.ts';
import { type Finding, finding } from './findings.ts';
import { areaM2, meet, type Shape, shapeOf, sharedM2 } from './measure.ts';
import { doubled, type Numbered } from './read-rows.ts';

export interface CellRow {
  readonly code: string;
  readonly community: string;
  readonly name_zh: string;
  readonly name_en: string | null;
  readonly households: number;
  readonly geometry: Area;
}

export interface CellWorld {
  readonly outline: Area;
  readonly communities: ReadonlyMap<string, unknown>;
}

/** Mean width of an overlap, or of a strip outside the district, that rounding explains: two last digits of a coordinate. */
const TOLERANCE_M = 0.22;
/** PostgreSQL and browsers take more, but a cell of a few hundred households has tens of corners. */
const MAX_CORNERS = 20_000;

/** Some programs add a height: it says nothing here. */
const Corner = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)], z.number())
  .transform(([lng, lat]): LngLat => [lng, lat]);
const Geometry = z.union([
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(Corner)).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(Corner)).min(1)).min(1) }),
]);
const Properties = z.object({
  code: z.coerce.string().regex(/^\d{15}$/),
  community: z.coerce.string().optional(),
  name: z.string().trim().min(1).max(100),
  nameEn: z.string().trim().max(100).nullish(),
  households: z.number().int().min(0).max(1_000_000).default(0),
});

export function readCells(text: string): { rows: Numbered<CellRow>[]; findings: Finding[] } {
  let features: unknown;
  try {
    const json = JSON.parse(text) as { type?: unknown; features?: unknown };
    if (json.type !== 'FeatureCollection') throw new SyntaxError('type');
    features = json.features;
  } catch (error) {
    return { rows: [], findings: [finding(null, null, 'not-geojson', { why: error instanceof Error ? error.message : 'JSON' })] };
  }
  if (!Array.isArray(features) || features.length === 0) return { rows: [], findings: [finding(null, null, 'no-rows')] };
  const rows: Numbered<CellRow>[] = [];
  const findings: Finding[] = [];
  features.forEach((feature: unknown, k) => {
    const row = readFeature(k + 1, feature, findings);
    if (row) rows.push({ number: k + 1, value: row });
  });
  return { rows, findings };
}

function readFeature(number: number, feature: unknown, findings: Finding[]): CellRow | null {
  const { properties, geometry } = (feature ?? {}) as { properties?: unknown; geometry?: unknown };
  const read = Properties.safeParse(properties);
  if (!read.success) {
    const given = new Map(Object.entries((properties ?? {}) as Record<string, unknown>));
    for (const issue of read.error.issues) {
      const column = String(issue.path[0] ?? 'properties');
      const value = given.get(column);
      if (value === undefined || value === '') findings.push(finding(number, column, 'empty'));
      else findings.push(finding(number, column, 'wrong-form', { value: String(value).slice(0, 60), expected: FORMS.get(column) ?? '' }));
    }
  }
  const shape = Geometry.safeParse(geometry);
  const fault = shape.success ? geometryFault(shape.data) : 'Polygon, MultiPolygon; [lng, lat]';
  if (fault) findings.push(finding(number, 'geometry', 'not-an-area', { why: fault }));
  if (!read.success || !shape.success || fault) return null;
  const { code, community = code.slice(0, 12), name, nameEn, households } = read.data;
  return { code, community, name_zh: name, name_en: nameEn || null, households, geometry: shape.data };
}

const FORMS: ReadonlyMap<string, string> = new Map([
  ['code', '15 位数字 / 15 digits'],
  ['name', '≤ 100'],
  ['nameEn', '≤ 100'],
  ['households', '0–1000000'],
]);

/** What makes it no area, in a few words; null when it is one. Exact. */
export function geometryFault(area: Area): string | null {
  const rings = ringsOf(area);
  if (rings.reduce((sum, ring) => sum + ring.length, 0) > MAX_CORNERS) return `> ${MAX_CORNERS} points`;
  for (const ring of rings) {
    if (ring.length < 4) return '少于 4 个点 / fewer than 4 points';
    const [first, last] = [ring[0]!, ring.at(-1)!];
    if (first[0] !== last[0] || first[1] !== last[1]) return '没有闭合 / not closed';
    if (doubleArea(ring) === 0) return '面积为零 / no area';
  }
  return selfCrossing(rings);
}

/** Twice the signed area in degrees², about the first corner. */
function doubleArea(ring: Ring): number {
  const [x, y] = ring[0]!;
  let sum = 0;
  for (let k = 1; k < ring.length; k++) sum += (ring[k - 1]![0] - x) * (ring[k]![1] - y) - (ring[k]![0] - x) * (ring[k - 1]![1] - y);
  return sum;
}

/** Two sides that cross each other, of one ring or of two. Sides may touch: a ring that meets itself in a corner is still an area. */
function selfCrossing(rings: readonly Ring[]): string | null {
  const sides = rings.flatMap((ring) =>
    ring.slice(1).map((b, k) => {
      const a = ring[k]!;
      return { ax: nano(a[0]), ay: nano(a[1]), bx: nano(b[0]), by: nano(b[1]) };
    }),
  );
  const bySouth = sides.map((s) => ({ ...s, south: Math.min(s.ay, s.by), north: Math.max(s.ay, s.by) })).sort((p, q) => p.south - q.south);
  for (let i = 0; i < bySouth.length; i++) {
    const p = bySouth[i]!;
    for (let k = i + 1; k < bySouth.length && bySouth[k]!.south <= p.north; k++) {
      const q = bySouth[k]!;
      const apart = (one: number, two: number) => (one > 0 && two < 0) || (one < 0 && two > 0);
      const crosses =
        apart(side(p.ax, p.ay, p.bx, p.by, q.ax, q.ay), side(p.ax, p.ay, p.bx, p.by, q.bx, q.by)) &&
        apart(side(q.ax, q.ay, q.bx, q.by, p.ax, p.ay), side(q.ax, q.ay, q.bx, q.by, p.bx, p.by));
      if (crosses) return `自相交 / crosses itself near ${p.ax / 1e9}, ${p.ay / 1e9}`;
    }
  }
  return null;
}

/** Codes, communities, the district's outline, and overlaps between the cells. */
export function checkCells(rows: readonly Numbered<CellRow>[], world: CellWorld): Finding[] {
  const found = doubled(rows, 'code', (cell) => cell.code);
  for (const { number, value } of rows) {
    if (!world.communities.has(value.community)) {
      found.push(finding(number, 'community', 'unknown', { value: value.community, expected: 'community 12 位编码 / 12-digit code' }));
    } else if (value.code.slice(0, 12) !== value.community) {
      found.push(finding(number, 'code', 'code-mismatch', { value: value.code, expected: `${value.community}nnn` }));
    }
  }
  const origin = ringsOf(world.outline)[0]![0]!;
  const outline = shapeOf(world.outline, origin);
  const shapes = rows.map(({ number, value }) => ({ number, name: value.code, shape: shapeOf(value.geometry, origin) }));
  for (const { number, name, shape } of shapes) {
    const outside = areaM2(shape) - sharedM2(shape, outline);
    if (outside > tolerated(shape))
      found.push(finding(number, 'geometry', 'outside-district', { value: name, other: Math.round(outside) }));
  }
  return [...found, ...overlaps(shapes)];
}

function overlaps(shapes: readonly { readonly number: number; readonly shape: Shape }[]): Finding[] {
  const found: Finding[] = [];
  const fromWest = [...shapes].sort((a, b) => a.shape.box.minX - b.shape.box.minX);
  fromWest.forEach((a, i) => {
    for (let k = i + 1; k < fromWest.length && fromWest[k]!.shape.box.minX < a.shape.box.maxX; k++) {
      const b = fromWest[k]!;
      if (!meet(a.shape.box, b.shape.box)) continue;
      const shared = sharedM2(a.shape, b.shape);
      if (shared <= Math.min(tolerated(a.shape), tolerated(b.shape))) continue;
      const [first, second] = a.number < b.number ? [a, b] : [b, a];
      found.push(finding(second.number, 'geometry', 'overlap', { value: Math.round(shared), other: first.number }));
    }
  });
  return found;
}

function tolerated(shape: Shape): number {
  return shape.perimeterM * TOLERANCE_M;
}
