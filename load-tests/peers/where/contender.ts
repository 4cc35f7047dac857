/** One way to find a cell or the nearest units, in a process of its own, so that none is optimised by another's calls. */
import { buildLocator, type CellShape } from '../../../src/grid/locate.ts';
import { buildNearest, distanceM, type PlacedUnit } from '../../../src/grid/nearest.ts';
import { serveParent } from '../child.ts';
import { cellsOf, pointsIn, townPointsIn, unitsOf } from './world.ts';

const POINTS = 65_536;
/** Compared with looking at all units, which takes its time. */
const COMPARED = 4_000;
type Finder<T> = (lng: number, lat: number) => T | null;

/** Even–odd rule, in plain floating point. @param ring  lng and lat in turns. */
function covers(ring: Float64Array, lng: number, lat: number): boolean {
  let inside = false;
  let j = ring.length - 2;
  for (let i = 0; i < ring.length; i += 2) {
    const yi = ring[i + 1]!;
    const yj = ring[j + 1]!;
    if (yi > lat !== yj > lat && lng < ((ring[j]! - ring[i]!) * (lat - yi)) / (yj - yi) + ring[i]!) inside = !inside;
    j = i;
  }
  return inside;
}

const outlineOf = ({ geometry }: CellShape): Float64Array =>
  Float64Array.from((geometry.type === 'Polygon' ? geometry.coordinates[0]! : geometry.coordinates[0]![0]!).flat());

async function byFlatbush(cells: readonly CellShape[]): Promise<Finder<string>> {
  const { default: Flatbush } = await import('flatbush');
  const outlines = cells.map(outlineOf);
  const index = new Flatbush(cells.length);
  for (const ring of outlines) {
    const [lngs, lats] = [ring.filter((_, i) => i % 2 === 0), ring.filter((_, i) => i % 2 === 1)];
    index.add(Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats));
  }
  index.finish();
  return (lng, lat) => {
    const [found] = index.search(lng, lat, lng, lat, (i) => covers(outlines[i]!, lng, lat));
    return found === undefined ? null : cells[found]!.code;
  };
}

/** Every cell's outline, none left out: slow, and without an index that could be wrong. */
function cellByLookingAtAll(cells: readonly CellShape[]): Finder<string> {
  const outlines = cells.map(outlineOf);
  return (lng, lat) => cells[outlines.findIndex((ring) => covers(ring, lng, lat))]?.code ?? null;
}

async function nearestByFlatbush(units: readonly PlacedUnit[], k: number, type: string | undefined): Promise<Finder<readonly string[]>> {
  const { default: Flatbush } = await import('flatbush');
  const { around } = await import('geoflatbush');
  const index = new Flatbush(units.length);
  for (const { position } of units) index.add(position.lng, position.lat, position.lng, position.lat);
  index.finish();
  const wanted = type === undefined ? undefined : (i: number): boolean => units[i]!.type === type;
  return (lng, lat) => around(index, lng, lat, k, Infinity, wanted).map((i) => units[i]!.code);
}

function nearestOurs(units: readonly PlacedUnit[], k: number, type: string | undefined): Finder<readonly string[]> {
  const nearest = buildNearest(units);
  const search = type === undefined ? {} : { type };
  return (lng, lat) => nearest.nearestUnits({ lng, lat }, search, k).map(({ unit }) => unit.code);
}

function nearestByLookingAtAll(units: readonly PlacedUnit[], k: number, type: string | undefined): Finder<readonly string[]> {
  const wanted = units.filter((unit) => type === undefined || unit.type === type);
  return (lng, lat) =>
    wanted
      .map(({ code, position }) => ({ code, metres: distanceM({ lng, lat }, position) }))
      .sort((a, b) => a.metres - b.metres || (a.code < b.code ? -1 : 1))
      .slice(0, k)
      .map(({ code }) => code);
}

/** CPU of a call, nanoseconds; `found` keeps the calls from being optimised away. */
function costOf(find: Finder<unknown>, points: Float64Array, calls: number): { ns: number; found: number } {
  let found = 0;
  const run = (times: number): void => {
    for (let i = 0; i < times; i++) {
      const at = (i % POINTS) * 2;
      if (find(points[at]!, points[at + 1]!) !== null) found++;
    }
  };
  run(calls / 4);
  const before = process.cpuUsage();
  run(calls);
  const { user, system } = process.cpuUsage(before);
  return { ns: ((user + system) * 1_000) / calls, found };
}

function unlike(one: Finder<unknown>, other: Finder<unknown>, points: Float64Array): number {
  let wrong = 0;
  for (let i = 0; i < COMPARED * 2; i += 2) {
    if (String(one(points[i]!, points[i + 1]!)) !== String(other(points[i]!, points[i + 1]!))) wrong++;
  }
  return wrong;
}

serveParent({
  async locate({ ours, side, calls }: { ours: boolean; side: number; calls: number }) {
    const points = pointsIn(POINTS);
    const cells = cellsOf(side);
    if (!ours) return costOf(await byFlatbush(cells), points, calls);
    const { at } = buildLocator(cells);
    return { ...costOf(at, points, calls), unlike: unlike(at, cellByLookingAtAll(cells), points) };
  },
  async nearest({ ours, units: count, k, type, calls }: { ours: boolean; units: number; k: number; type?: string; calls: number }) {
    const points = townPointsIn(POINTS);
    const units = unitsOf(count);
    if (!ours) return costOf(await nearestByFlatbush(units, k, type), points, calls);
    const find = nearestOurs(units, k, type);
    return { ...costOf(find, points, calls), unlike: unlike(find, nearestByLookingAtAll(units, k, type), points) };
  },
});
