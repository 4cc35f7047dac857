/**
 * Goal 15: the nearest 10 of 2,000 units, of any type and of one of eight types, against looking at all of them.
 *
 *     node load-tests/micro/nearest.ts
 */
import { buildNearest, distanceM, type PlacedUnit } from '../../src/grid/nearest.ts';

const UNITS = 2_000;
const K = 10;
const SEARCHES = 200_000;
let seed = 42;
/** Mulberry32: the same points in every run. */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const scatter = (town: boolean) => ({
  lng: 113 + (town ? 0.02 + 0.02 * random() : 0.3 * random()),
  lat: 23.6 + (town ? 0.1 + 0.02 * random() : 0.5 * random()),
});
function world(share: number): { units: PlacedUnit[]; points: { lng: number; lat: number }[] } {
  const units = Array.from({ length: UNITS }, (_, i) => ({
    code: `u${String(i).padStart(4, '0')}`,
    type: `t${i % 8}`,
    position: scatter(random() < share),
    scope: [],
  }));
  return { units, points: Array.from({ length: 4_096 }, () => scatter(random() < share)) };
}

function all(units: readonly PlacedUnit[], position: { lng: number; lat: number }, type: string | undefined): string {
  return units
    .filter((u) => type === undefined || u.type === type)
    .map((u) => ({ code: u.code, metres: distanceM(position, u.position) }))
    .sort((a, b) => a.metres - b.metres || (a.code < b.code ? -1 : 1))
    .slice(0, K)
    .map((u) => u.code)
    .join();
}

const WORLDS = { 'evenly over the district': 0, 'half in a town of a hundredth of the area': 0.5 };
const rows = Object.entries(WORLDS).flatMap(([where, share]) => {
  const { units, points } = world(share);
  const nearest = buildNearest(units);
  return [undefined, 't3'].map((type) => {
    const search = type === undefined ? {} : { type };
    const found = (p: { lng: number; lat: number }) => nearest.nearestUnits(p, search, K);
    const wrong = points.slice(0, 500).filter(
      (p) =>
        all(units, p, type) !==
        found(p)
          .map((n) => n.unit.code)
          .join(),
    );
    for (let i = 0; i < 20_000; i++) found(points[i & 4_095]!);
    const before = process.cpuUsage();
    for (let i = 0; i < SEARCHES; i++) found(points[i & 4_095]!);
    const { user, system } = process.cpuUsage(before);
    return { where, type: type ?? 'any', 'µs a search': +((user + system) / SEARCHES).toFixed(2), 'unlike looking at all': wrong.length };
  });
});
console.table(rows);
