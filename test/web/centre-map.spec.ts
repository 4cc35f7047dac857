import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FeatureCollection, Polygon } from 'geojson';
import { bordersBetween, boundsOf, centreOf, ringsOf } from '../../web/shared/geometry.ts';

type Cell = { code: string; community: string };
const box = (code: string, community: string, [w, s, e, n]: [number, number, number, number]) => ({
  type: 'Feature' as const,
  properties: { code, community },
  geometry: {
    type: 'Polygon' as const,
    coordinates: [
      [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ],
    ],
  },
});
const collection = (features: ReturnType<typeof box>[]): FeatureCollection<Polygon, Cell> => ({ type: 'FeatureCollection', features });
const lengthOf = (lines: number[][][]) => lines.reduce((sum, [a, b]) => sum + Math.hypot(b![0]! - a![0]!, b![1]! - a![1]!), 0);

describe('the lines of the map', () => {
  it('leave out the edge that two cells of one community share, though their corners differ', () => {
    const cells = collection([box('1', 'A', [0, 0, 1, 2]), box('2', 'A', [1, 0, 2, 1]), box('3', 'A', [1, 1, 2, 2])]);
    expect(lengthOf(bordersBetween(cells, (p) => p.community).coordinates)).toBeCloseTo(8, 6);
    expect(lengthOf(bordersBetween(cells, (p) => p.code).coordinates)).toBeCloseTo(8 + 2 + 1, 6);
  });

  it('draw the edge between two communities once', () => {
    const cells = collection([box('1', 'A', [0, 0, 1, 1]), box('2', 'B', [1, 0, 2, 1])]);
    expect(lengthOf(bordersBetween(cells, (p) => p.community).coordinates)).toBeCloseTo(7, 6);
  });

  it('of the real cells are shorter for communities than for cells, and shortest for the district', () => {
    const cells = JSON.parse(readFileSync(new URL('../../data/world/cells.geojson', import.meta.url), 'utf8')) as FeatureCollection<
      Polygon,
      Cell
    >;
    expect(cells.features.length).toBeGreaterThan(800);
    const length = (by: (p: Cell) => string) => lengthOf(bordersBetween(cells, by).coordinates);
    const [all, communities, district] = [length((p) => p.code), length((p) => p.community), length(() => '')];
    expect(communities).toBeLessThan(all * 0.7);
    expect(district).toBeLessThan(communities * 0.5);
  });
});

describe('places', () => {
  it('have bounds and a middle, also as several areas', () => {
    const areas = [box('1', 'A', [0, 0, 2, 1]), box('2', 'A', [0, 1, 2, 2])].map((f) => f.geometry);
    expect(boundsOf(areas)).toEqual([0, 0, 2, 2]);
    const middle = centreOf(areas)!;
    expect(middle.lng).toBeCloseTo(1, 9);
    expect(middle.lat).toBeCloseTo(1, 9);
    expect(boundsOf([])).toBeNull();
    expect(centreOf([])).toBeNull();
    expect(ringsOf({ type: 'MultiPolygon', coordinates: areas.map((a) => a.coordinates) })).toHaveLength(2);
  });
});
