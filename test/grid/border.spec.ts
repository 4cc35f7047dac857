import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceToBorderM } from '../../src/grid/border.ts';
import { fromGcj02 } from '../../src/grid/gcj02.ts';
import type { Area } from '../../src/grid/geometry.ts';
import { distanceM } from '../../src/grid/nearest.ts';

/** Some 1,018 by 1,112 m, with a hole in the middle. */
const square: Area = {
  type: 'Polygon',
  coordinates: [
    [
      [113, 23.7],
      [113.01, 23.7],
      [113.01, 23.71],
      [113, 23.71],
      [113, 23.7],
    ],
    [
      [113.004, 23.704],
      [113.006, 23.704],
      [113.006, 23.706],
      [113.004, 23.706],
      [113.004, 23.704],
    ],
  ],
};

describe('the way to the border of a cell', () => {
  it.each([
    ['on a corner', 113, 23.7, 0],
    ['on an edge', 113.003, 23.7, 0],
    ['111 m inside', 113.005, 23.701, 111],
    ['222 m outside', 113.005, 23.698, 222],
    ['in the hole', 113.005, 23.705, 102],
  ])('%s', (_, lng, lat, metres) => {
    expect(Math.round(distanceToBorderM(square, lng, lat))).toBe(metres);
  });

  it('is never longer than to any point of it', () => {
    const corner = fc.constantFrom(...square.coordinates.flat());
    fc.assert(
      fc.property(
        fc.double({ min: 112.99, max: 113.02, noNaN: true }),
        fc.double({ min: 23.69, max: 23.72, noNaN: true }),
        corner,
        (lng, lat, c) => {
          const away = distanceM({ lng, lat }, { lng: c[0], lat: c[1] });
          expect(distanceToBorderM(square, lng, lat)).toBeLessThanOrEqual(away * 1.001 + 0.01);
        },
      ),
    );
  });
});

describe('GCJ-02', () => {
  // Shanghai, Shenzhen, Beijing: the points that published conversions are tested with.
  it.each([
    [121.531541859215, 31.17530398364597, 121.5272106, 31.1774276],
    [113.9171764808363, 22.540796131694766, 113.912316, 22.543847],
    [116.38404722455657, 39.91334545536069, 116.377817, 39.911954],
  ])('%f, %f stands for %f, %f, to some two metres', (lng, lat, trueLng, trueLat) => {
    expect(distanceM(fromGcj02({ lng, lat }), { lng: trueLng, lat: trueLat })).toBeLessThan(2.5);
    expect(distanceM({ lng, lat }, { lng: trueLng, lat: trueLat })).toBeGreaterThan(300);
  });
});
