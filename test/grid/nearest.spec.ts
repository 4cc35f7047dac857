import { describe, expect, it } from 'vitest';
import { buildNearest, distanceM, type PlacedUnit } from '../../src/grid/nearest.ts';
import { seeded } from '../../scripts/replay/random.ts';

const TYPES = ['police-station', 'drainage', 'medical'];
const SUBDISTRICTS = ['441802006', '441802007', '441802103'];

function manyUnits(count: number): PlacedUnit[] {
  const random = seeded(11);
  return Array.from({ length: count }, (_, k) => ({
    code: `unit-${String(k).padStart(4, '0')}`,
    type: TYPES[Math.floor(random() * TYPES.length)]!,
    position: { lng: 112.8 + 0.5 * random(), lat: 23.5 + 0.4 * random() },
    scope: SUBDISTRICTS.filter(() => random() < 0.5),
  }));
}

/** Great circle by the haversine formula. */
function greatCircleM(a: { lng: number; lat: number }, b: { lng: number; lat: number }): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

describe('最近的处置单位 (nearest units)', () => {
  it('are those of the type that serve the subdistrict, nearest first', () => {
    const units = manyUnits(500);
    const { nearestUnits } = buildNearest(units);
    const random = seeded(12);
    for (let turn = 0; turn < 200; turn++) {
      const position = { lng: 112.8 + 0.5 * random(), lat: 23.5 + 0.4 * random() };
      const type = turn % 4 === 3 ? undefined : TYPES[turn % 3]!;
      const covering = turn % 5 === 4 ? undefined : SUBDISTRICTS[turn % 3]!;
      const expected = units
        .filter((unit) => (type === undefined || unit.type === type) && (covering === undefined || unit.scope.includes(covering)))
        .map((unit) => ({ code: unit.code, metres: greatCircleM(position, unit.position) }))
        .sort((a, b) => a.metres - b.metres)
        .slice(0, 10);
      const search = { ...(type === undefined ? {} : { type }), ...(covering === undefined ? {} : { covering }) };
      expect(nearestUnits(position, search, 10).map(({ unit }) => unit.code)).toEqual(expected.map(({ code }) => code));
    }
  });

  it('with equal distances come by code, and are no more than there are', () => {
    const at = (code: string): PlacedUnit => ({ code, type: 'drainage', position: { lng: 113, lat: 23.7 }, scope: ['441802006'] });
    const { nearestUnits } = buildNearest([at('c'), at('a'), at('b')]);
    const codes = (k: number, type: string) =>
      nearestUnits({ lng: 113.1, lat: 23.7 }, { type, covering: '441802006' }, k).map(({ unit }) => unit.code);
    expect([codes(2, 'drainage'), codes(9, 'drainage'), codes(0, 'drainage'), codes(3, 'medical')]).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      [],
      [],
    ]);
  });

  it('are the same wherever the units stand: in heaps, in a line, in one place, or far from who asks', () => {
    const random = seeded(14);
    const step = (n: number) => Math.round(random() * n) / n;
    const WORLDS: readonly (() => { lng: number; lat: number })[] = [
      () =>
        random() < 0.7 ? { lng: 113 + 0.001 * step(5), lat: 23.7 + 0.001 * step(5) } : { lng: 112.8 + random(), lat: 23.2 + random() },
      () => ({ lng: 113, lat: 23.5 + 0.4 * step(40) }),
      () => ({ lng: 113 + 0.5 * step(40), lat: 23.7 }),
      () => ({ lng: 113, lat: 23.7 }),
      () =>
        random() < 0.5
          ? { lng: 112.9 + 0.05 * random(), lat: 23.5 + 0.05 * random() }
          : { lng: 112.9 + 0.5 * random(), lat: 23.5 + 0.5 * random() },
      () => ({ lng: 360 * step(90) - 180, lat: 90 - random() ** 8 }),
      () => ({ lng: 360 * random() - 180, lat: 180 * random() - 90 }),
    ];
    for (const place of WORLDS) {
      const units = manyUnits(400).map((unit) => ({ ...unit, position: place() }));
      const { nearestUnits } = buildNearest(units);
      for (let turn = 0; turn < 100; turn++) {
        const position = turn % 2 === 0 ? place() : { lng: 112 + 2 * random(), lat: 23 + 2 * random() };
        const k = turn % 25 === 0 ? 400 : turn % 12;
        const expected = units
          .map((unit) => ({ unit, distanceM: distanceM(position, unit.position) }))
          .sort((a, b) => a.distanceM - b.distanceM || (a.unit.code < b.unit.code ? -1 : 1));
        expect(nearestUnits(position, {}, k)).toEqual(expected.slice(0, k));
      }
    }
  });

  it('measures within 0.01 % of the great circle across the district', () => {
    const random = seeded(13);
    for (let turn = 0; turn < 1000; turn++) {
      const [a, b] = [0, 1].map(() => ({ lng: 112.8 + 0.5 * random(), lat: 23.5 + 0.4 * random() }));
      const exact = greatCircleM(a!, b!);
      expect(Math.abs(distanceM(a!, b!) - exact)).toBeLessThan(exact * 1e-4 + 1e-6);
    }
  });
});
