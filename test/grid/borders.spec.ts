import { describe, expect, it } from 'vitest';
import { fillBuckets, WHOLE_OUTLINES } from '../../src/grid/borders.ts';
import { covers, flatten, nano, ringsOf, type Area, type LngLat, type Ring } from '../../src/grid/geometry.ts';
import { buildLocator, type CellShape } from '../../src/grid/locate.ts';
import { seeded } from '../../scripts/replay/random.ts';
import { slowlyAt } from './slow-locator.ts';

type Random = () => number;
/** Corners are whole multiples of `stepNano` from the origin; the smallest worlds have one at every nano-degree. */
interface Scale {
  readonly west: number;
  readonly south: number;
  readonly stepNano: number;
}
const SMALLEST: Scale = { west: 0, south: 0, stepNano: 1 };
const DISTRICT: Scale = { west: 112.9, south: 23.5, stepNano: 1_234_567 };
const WORLD: Scale = { west: -179, south: -89, stepNano: 7_000_000_001 };

const at = ({ west, south, stepNano }: Scale, x: number, y: number): LngLat => [
  Number((west + (x * stepNano) / 1e9).toFixed(9)),
  Number((south + (y * stepNano) / 1e9).toFixed(9)),
];
const whole = (random: Random, below: number) => Math.floor(random() * below);
const SIZE = 24;

/** Squares bent out of shape and cut in two; the triangles dealt out to a few cells, some with a hole, some to nobody; and one cell across others. */
function slantedWorld(random: Random, scale: Scale): CellShape[] {
  const across = 4;
  const step = SIZE / across;
  // So little that the two triangles of a square never overlap.
  const bent = () => whole(random, 3) - 1;
  const corners = Array.from({ length: across + 1 }, (_, row) =>
    Array.from({ length: across + 1 }, (_, column): LngLat => [column * step + bent(), row * step + bent()]),
  );
  const parts = new Map<string, Ring[][]>();
  const deal = (a: LngLat, b: LngLat, c: LngLat) => {
    const holder = whole(random, 7);
    if (holder === 6) return;
    const ring = (points: readonly LngLat[]) => [...points, points[0]!].map(([x, y]) => at(scale, x, y));
    const middle = [a, b, c].map(([x, y]): LngLat => [Math.round((x + a[0] + b[0] + c[0]) / 4), Math.round((y + a[1] + b[1] + c[1]) / 4)]);
    const inner = [a, b, c].every((corner, k) => Math.max(Math.abs(corner[0] - middle[k]![0]), Math.abs(corner[1] - middle[k]![1])) > 1);
    const rings = inner && random() < 0.3 ? [ring([a, b, c]), ring(middle)] : [ring([a, b, c])];
    parts.set(`c${holder}`, [...(parts.get(`c${holder}`) ?? []), rings]);
  };
  for (let row = 0; row < across; row++) {
    for (let column = 0; column < across; column++) {
      const [a, b] = [corners[row]![column]!, corners[row]![column + 1]!];
      const [d, c] = [corners[row + 1]![column]!, corners[row + 1]![column + 1]!];
      deal(a, b, d);
      deal(b, c, d);
    }
  }
  const cells = [...parts].map(([code, coordinates]): CellShape => ({ code, geometry: { type: 'MultiPolygon', coordinates } }));
  const over = [at(scale, 3, 2), at(scale, SIZE - 2, 7), at(scale, 9, SIZE - 3), at(scale, 3, 2)];
  return [...cells, { code: random() < 0.5 ? 'b' : 'd', geometry: { type: 'Polygon', coordinates: [over] } }];
}

/** Rings that nobody would draw: they cross themselves, go there and back, and repeat corners. */
function tangledWorld(random: Random, scale: Scale): CellShape[] {
  const ring = (): Ring => {
    const points = Array.from({ length: 3 + whole(random, 6) }, () => at(scale, whole(random, SIZE), whole(random, SIZE)));
    if (random() < 0.3) points.push(points.at(-2)!, points.at(-1)!);
    return [...points, points[0]!];
  };
  return Array.from({ length: 1 + whole(random, 5) }, (_, k): CellShape => {
    const coordinates = Array.from({ length: 1 + whole(random, 3) }, ring);
    const geometry: Area =
      random() < 0.5 ? { type: 'Polygon', coordinates } : { type: 'MultiPolygon', coordinates: coordinates.map((r) => [r]) };
    return { code: String(k), geometry };
  });
}

/** The lowest code of the cells that cover the point, each asked by its whole outline. */
function byAllOutlines(cells: readonly CellShape[]): (lng: number, lat: number) => string | null {
  const areas = cells.map(({ code, geometry }) => ({ code, area: flatten(geometry) })).sort((a, b) => (a.code < b.code ? -1 : 1));
  return (lng, lat) => areas.find(({ area }) => covers(area, nano(lng), nano(lat)))?.code ?? null;
}

/** Every corner of the lattice, a neighbour of it one nano-degree away, and somewhere between. */
function pointsOf(random: Random, scale: Scale): LngLat[] {
  const points: LngLat[] = [];
  for (let x = -2; x <= SIZE + 2; x++) {
    for (let y = -2; y <= SIZE + 2; y++) {
      const [lng, lat] = at(scale, x, y);
      points.push([lng, lat]);
      if (scale.stepNano > 1) {
        points.push([lng + (whole(random, 3) - 1) / 1e9, lat + (whole(random, 3) - 1) / 1e9], at(scale, x + random(), y + random()));
      }
    }
  }
  return points;
}

const SCALES = [
  { name: 'at every nano-degree of a small world', scale: SMALLEST },
  { name: 'in a district', scale: DISTRICT },
  { name: 'in a world of 160 degrees', scale: WORLD },
];

describe('the borders that pass through a bucket', () => {
  it.each(SCALES)('answer as an independent implementation does, $name', ({ scale }) => {
    const random = seeded(501);
    let [looked, found] = [0, 0];
    for (let turn = 0; turn < 40; turn++) {
      const cells = slantedWorld(random, scale);
      const slowly = slowlyAt(cells);
      const locator = buildLocator(cells, [1, 3, 8, 24, 61][turn % 5]);
      for (const [lng, lat] of pointsOf(random, scale)) {
        const expected = slowly(lng, lat);
        if (locator.at(lng, lat) !== expected) expect({ lng, lat, cells, found: locator.at(lng, lat) }).toEqual(expected);
        looked++;
        if (expected !== null) found++;
      }
    }
    expect(looked).toBeGreaterThan(25_000);
    expect(found / looked).toBeGreaterThan(0.4);
  });

  it.each(SCALES)('answer as whole outlines do where these are tangled, $name', ({ scale }) => {
    const random = seeded(502);
    let found = 0;
    for (let turn = 0; turn < 120; turn++) {
      const cells = tangledWorld(random, scale);
      const all = byAllOutlines(cells);
      const locator = buildLocator(cells, [1, 2, 5, 16, 50][turn % 5]);
      for (const [lng, lat] of pointsOf(random, scale)) {
        const expected = all(lng, lat);
        if (locator.at(lng, lat) !== expected) expect({ lng, lat, cells, found: locator.at(lng, lat) }).toEqual(expected);
        if (expected !== null) found++;
      }
    }
    expect(found).toBeGreaterThan(10_000);
  });

  it('answer on the lines between buckets, and one nano-degree to either side', () => {
    const random = seeded(503);
    const cells = slantedWorld(random, DISTRICT);
    const side = 16;
    const corners = cells.flatMap(({ geometry }) => ringsOf(geometry)).flat();
    const xs = corners.map(([lng]) => nano(lng));
    const ys = corners.map(([, lat]) => nano(lat));
    const [west, south] = [xs, ys].map((all) => Math.min(...all));
    const [width, height] = [xs, ys].map((all) => Math.ceil((Math.max(...all) - Math.min(...all) + 1) / side));
    const slowly = slowlyAt(cells);
    const locator = buildLocator(cells, side);
    const wrong: unknown[] = [];
    for (let turn = 0; turn < 20_000; turn++) {
      const x = west! + whole(random, side) * width! + whole(random, 3) - 1;
      const y = turn % 2 === 0 ? south! + whole(random, side) * height! + whole(random, 3) - 1 : south! + whole(random, side * height!);
      if (locator.at(x / 1e9, y / 1e9) !== slowly(x / 1e9, y / 1e9)) wrong.push([x, y]);
    }
    expect(wrong).toEqual([]);
  });

  it('are found as well among more cells than 16 bits can number', () => {
    const across = 182;
    const cells = Array.from({ length: across * across }, (_, k): CellShape => {
      const [x, y] = [k % across, Math.floor(k / across)];
      const ring = [at(DISTRICT, x, y), at(DISTRICT, x + 1, y), at(DISTRICT, x + 1, y + 1), at(DISTRICT, x, y + 1), at(DISTRICT, x, y)];
      return { code: String(k).padStart(5, '0'), geometry: { type: 'Polygon', coordinates: [ring] } };
    });
    const locator = buildLocator(cells, 128);
    const random = seeded(504);
    for (let turn = 0; turn < 1_000; turn++) {
      const k = turn === 0 ? cells.length - 1 : whole(random, cells.length);
      expect(locator.at(...at(DISTRICT, (k % across) + 0.01 + 0.98 * random(), Math.floor(k / across) + 0.5))).toBe(cells[k]!.code);
    }
  });

  it('are few: whole outlines are looked at only where many edges meet, or reach too far', () => {
    const star = Array.from({ length: 12 }, (_, k): LngLat => [Math.cos((k * Math.PI) / 6), Math.sin((k * Math.PI) / 6)]);
    const slices = star.map((point, k) => flatten({ type: 'Polygon', coordinates: [[[0, 0], point, star[(k + 1) % 12]!, [0, 0]]] }));
    const side = 41;
    const width = Math.ceil((2 * nano(1) + 1) / side);
    const { buckets, rows, records } = fillBuckets(slices, { minX: -nano(1), minY: -nano(1), widthX: width, widthY: width, side });
    const asked = [...buckets.entries()].flatMap(([bucket, found]) => {
      if (found >= -1) return [];
      return records[(rows[Math.floor(bucket / side)]! - 2 - found) * 4] === WHOLE_OUTLINES ? ['outlines'] : ['edges'];
    });
    expect(asked.filter((what) => what === 'outlines').length).toBeGreaterThan(0);
    expect(asked.filter((what) => what === 'outlines').length).toBeLessThan(asked.length / 10);
  });
});
