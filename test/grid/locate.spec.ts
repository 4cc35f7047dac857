import { beforeAll, describe, expect, it } from 'vitest';
import { readDemoLayer } from '../../src/grid/demo-files.ts';
import type { Area } from '../../src/grid/geometry.ts';
import { mendSeams } from '../../src/grid/import/seams.ts';
import { buildLocator, type CellShape, type Locator } from '../../src/grid/locate.ts';
import { seeded } from '../../scripts/replay/random.ts';
import { slowlyAt } from './slow-locator.ts';

const square = (code: string, x: number, y: number, size = 1): CellShape => ({
  code,
  geometry: { type: 'Polygon', coordinates: [ring(x, y, size)] },
});
const ring = (x: number, y: number, size: number): [number, number][] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

describe('网格定位 (point → cell)', () => {
  it('gives a border to the lowest code of the cells that touch it, in whatever order they come', () => {
    for (const cells of [
      [square('2', 0, 0), square('1', 1, 0), square('3', 0, 1)],
      [square('1', 1, 0), square('3', 0, 1), square('2', 0, 0)],
    ]) {
      const { at } = buildLocator(cells);
      expect(at(1, 0.5)).toBe('1');
      expect(at(0.5, 1)).toBe('2');
      expect(at(1, 1)).toBe('1');
      expect(at(0, 2)).toBe('3');
      expect(at(0.999999999, 0.5)).toBe('2');
      expect(at(1.000000001, 0.5)).toBe('1');
    }
  });

  it('finds a slanted border exactly, where plain floating point does not', () => {
    const below: CellShape = {
      code: '2',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [0.3, 0.1],
            [0.3, 0],
            [0, 0],
          ],
        ],
      },
    };
    const above: CellShape = {
      code: '1',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [0.3, 0.1],
            [0, 0.1],
            [0, 0],
          ],
        ],
      },
    };
    const { at } = buildLocator([below, above]);
    for (let k = 0; k <= 100; k++) {
      const [x, y] = [(3 * k) / 1000, k / 1000];
      expect(at(x, y)).toBe('1');
      if (k > 0 && k < 100) expect([at(x, y - 1e-9), at(x, y + 1e-9)]).toEqual(['2', '1']);
    }
  });

  it('knows holes, parts that lie apart, and gaps', () => {
    const withHole: Area = { type: 'Polygon', coordinates: [ring(0, 0, 10), ring(4, 4, 2)] };
    const apart: Area = { type: 'MultiPolygon', coordinates: [[ring(20, 0, 1)], [ring(22, 0, 1)]] };
    const { at } = buildLocator([
      { code: '1', geometry: withHole },
      { code: '2', geometry: apart },
    ]);
    expect([at(2, 2), at(5, 5), at(4, 5), at(20.5, 0.5), at(21.5, 0.5), at(22.5, 0.5)]).toEqual(['1', null, '1', '2', null, '2']);
  });

  it('gives an overlap to the lowest code, also where one cell lies inside the other', () => {
    const { at } = buildLocator([square('1', 0.4, 0.4, 0.2), square('2', 0, 0)]);
    expect([at(0.5, 0.5), at(0.4, 0.5), at(0.3, 0.5)]).toEqual(['1', '1', '2']);
    const covered = buildLocator([square('2', 0.4, 0.4, 0.2), square('1', 0, 0)]);
    expect([covered.at(0.5, 0.5), covered.at(0.6, 0.6)]).toEqual(['1', '1']);
  });

  it('answers null outside, for what is no number, and without cells', () => {
    const { at } = buildLocator([square('1', 0, 0)]);
    expect([at(-0.000000001, 0), at(1.000000001, 1), at(NaN, 0), at(0, Infinity), at(500, 500)]).toEqual([null, null, null, null, null]);
    expect(buildLocator([]).at(0, 0)).toBeNull();
  });
});

describe('the cells of the demo world', () => {
  let cells: CellShape[];
  let outline: Area;
  let locator: Locator;
  beforeAll(async () => {
    const layer = await readDemoLayer('cells');
    outline = (await readDemoLayer('district'))[0]!.geometry;
    const areas = mendSeams(
      layer.map((feature) => feature.geometry),
      outline,
    );
    cells = layer.map((feature, k) => ({ code: String(feature.properties['code']), geometry: areas[k]! }));
    locator = buildLocator(cells);
  });

  it('agrees with an independent implementation at 100,000 points, every corner and every middle of a side', () => {
    const random = seeded(441802);
    const points: [number, number][] = Array.from({ length: 100_000 }, () => [112.82 + 0.53 * random(), 23.49 + 0.42 * random()]);
    for (const { geometry } of cells) {
      for (const polygon of geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) {
        for (const corners of polygon) {
          corners.forEach(([x, y], k) => {
            points.push([x, y]);
            const next = corners[k + 1];
            if (next) points.push([(x + next[0]) / 2, (y + next[1]) / 2]);
          });
        }
      }
    }
    const slowly = slowlyAt(cells);
    const wrong = points.filter(([x, y]) => locator.at(x, y) !== slowly(x, y));
    expect(points.length).toBeGreaterThan(110_000);
    expect(wrong).toEqual([]);
    const found = points.filter(([x, y]) => locator.at(x, y) !== null).length;
    expect(found).toBeGreaterThan(50_000);
  });

  it('leaves no hairline gap: every side is a neighbour’s side or the district’s, and 200,000 points along shared sides have a cell', () => {
    type Corner = readonly [number, number];
    const name = (a: Corner, b: Corner) => `${a.join(' ')} ${b.join(' ')}`;
    const rings = (area: Area): Corner[][] =>
      (area.type === 'Polygon' ? [area.coordinates] : area.coordinates).flat().map((ring) => [...ring]);
    const sidesOf = (area: Area) => rings(area).flatMap((corners) => corners.slice(1).map((b, k): [Corner, Corner] => [corners[k]!, b]));
    const sides = cells.flatMap((cell) => sidesOf(cell.geometry));
    const names = new Set(sides.map(([a, b]) => name(a, b)));
    const [followed] = mendSeams([outline], { type: 'MultiPolygon', coordinates: cells.map((cell) => rings(cell.geometry)) });
    const rim = new Set(sidesOf(followed!).flatMap(([a, b]) => [name(a, b), name(b, a)]));
    const shared = sides.filter(([a, b]) => names.has(name(b, a)));
    expect(sides.filter(([a, b]) => !names.has(name(b, a)) && !rim.has(name(a, b)))).toEqual([]);

    const random = seeded(7);
    const lost: [number, number][] = [];
    for (let k = 0; k < 200_000; k++) {
      const [a, b] = shared[Math.floor(random() * shared.length)]!;
      // Not at the ends, where the rim of the district may begin.
      const t = 0.05 + 0.9 * random();
      const point: [number, number] = [
        a[0] + t * (b[0] - a[0]) + (random() - 0.5) * 1e-8,
        a[1] + t * (b[1] - a[1]) + (random() - 0.5) * 1e-8,
      ];
      if (locator.at(...point) === null) lost.push(point);
    }
    expect(lost).toEqual([]);
  });

  it('is right with few buckets as with many', () => {
    const coarse = buildLocator(cells, 16);
    const random = seeded(3);
    const differs: unknown[] = [];
    for (let k = 0; k < 20_000; k++) {
      const [x, y] = [112.82 + 0.53 * random(), 23.49 + 0.42 * random()];
      if (coarse.at(x, y) !== locator.at(x, y)) differs.push([x, y]);
    }
    expect(differs).toEqual([]);
  });
});
