/** Reference data on the device: read once, kept, checked by its ETag, and there without a network. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { Area } from '../../src/grid/geometry.ts';
import { buildLocator, type Locator } from '../../src/grid/locate.ts';
import { ApiProblem, urlOf } from './api.ts';
import { kept } from './kept.ts';
import type { ProblemBody } from './problem.ts';
import type { Category, Page, Unit } from './types.ts';

export interface Named {
  readonly code: string;
  readonly nameZh: string;
  /** null where only a Chinese name is known; `nameOf` says something readable. */
  readonly nameEn: string | null;
}
export interface CellProperties extends Named {
  readonly community: string;
  readonly subdistrict: string;
  readonly households?: number;
}
export type CellFeature = Feature<Polygon | MultiPolygon, CellProperties>;
export type CellCollection = FeatureCollection<Polygon | MultiPolygon, CellProperties>;

const loading = new Map<string, Promise<unknown>>();

/** Reads a reference list: what is kept counts at once when the network is away; otherwise the service says whether it is still right. */
function read<T>(path: string): Promise<T> {
  const known = loading.get(path);
  if (known) return known as Promise<T>;
  const reading = fresh<T>(path).catch((thrown) => {
    loading.delete(path);
    throw thrown;
  });
  loading.set(path, reading);
  return reading;
}

async function fresh<T>(path: string): Promise<T> {
  const db = await kept().catch(() => null);
  const old = await db?.get('reference', path);
  let answer: Response;
  try {
    answer = await fetch(urlOf(path), {
      headers: old?.etag ? { 'if-none-match': old.etag } : {},
      cache: 'no-store',
      credentials: 'same-origin',
    });
  } catch {
    if (old) return old.body as T;
    throw new ApiProblem(0, {});
  }
  if (answer.status === 304 && old) return old.body as T;
  if (!answer.ok) {
    if (old) return old.body as T;
    throw new ApiProblem(answer.status, (await answer.json().catch(() => ({}))) as ProblemBody);
  }
  const body = (await answer.json()) as T;
  await db?.put('reference', { etag: answer.headers.get('etag'), body }, path).catch(() => undefined);
  return body;
}

type WireCells = FeatureCollection<
  Polygon | MultiPolygon,
  Omit<CellProperties, 'nameZh' | 'nameEn'> & { readonly name: string; readonly nameEn?: string | null }
>;
let named: Promise<CellCollection> | undefined;
/** The cells with their borders. A map's features carry one `name`; everywhere else names come in two languages, so here too. */
export function loadCells(): Promise<CellCollection> {
  named ??= read<WireCells>('/cells.geojson').then(
    ({ features }) => ({
      type: 'FeatureCollection',
      features: features.map((f) => ({
        ...f,
        properties: { ...f.properties, nameZh: f.properties.name, nameEn: f.properties.nameEn ?? null },
      })),
    }),
    (thrown) => {
      named = undefined;
      throw thrown;
    },
  );
  return named;
}
export const loadCategories = async () => (await read<Page<Category>>('/categories')).items;
export const loadCommunities = async () => (await read<Page<Named & { subdistrict: string }>>('/communities')).items;
export const loadSubdistricts = async () => (await read<Page<Named>>('/subdistricts')).items;
export const loadUnits = async () => (await read<Page<Unit>>('/units')).items;

/** Fewer buckets than on the service: built on a phone while its owner waits. */
const PHONE_BUCKETS = 128;
let locator: Promise<Locator> | undefined;
/** The service's own rule for point → cell, on the device, so that it works without a network. */
export function cellLocator(): Promise<Locator> {
  locator ??= loadCells().then(
    ({ features }) =>
      buildLocator(
        features.map((f) => ({ code: f.properties.code, geometry: f.geometry as unknown as Area })),
        PHONE_BUCKETS,
      ),
    (thrown) => {
      // Asked again when the cells can be read.
      locator = undefined;
      throw thrown;
    },
  );
  return locator;
}

/** Middle of a cell, as its outer ring's centre of area. */
export function middleOf(cell: CellFeature): { lng: number; lat: number } {
  const ring = cell.geometry.type === 'Polygon' ? cell.geometry.coordinates[0]! : cell.geometry.coordinates[0]![0]!;
  let area = 0;
  let x = 0;
  let y = 0;
  const [ox, oy] = ring[0] as [number, number];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = [ring[i]![0]! - ox, ring[i]![1]! - oy];
    const [bx, by] = [ring[i + 1]![0]! - ox, ring[i + 1]![1]! - oy];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area === 0 ? { lng: ox, lat: oy } : { lng: ox + x / (3 * area), lat: oy + y / (3 * area) };
}

const EARTH_M = 6_371_000;
/** Straight-line metres; no roads are known, so pages say 直线. */
export function metresBetween(a: { lng: number; lat: number }, b: { lng: number; lat: number }): number {
  const rad = Math.PI / 180;
  const x = (b.lng - a.lng) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  const y = (b.lat - a.lat) * rad;
  return Math.hypot(x, y) * EARTH_M;
}
