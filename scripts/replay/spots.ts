/** Places for reports: points that really lie in a cell, taken from the service's own map. */
import { type Area, covers, flatten, nano } from '../../src/grid/geometry.ts';
import type { Spot } from './journey.ts';

interface CellFeature {
  readonly properties: { readonly code: string; readonly community: string; readonly subdistrict: string };
  readonly geometry: Area;
}

/** One point in each cell that has a plain polygon. */
export function spotsIn(features: readonly CellFeature[], random: () => number): Spot[] {
  return features.flatMap(({ properties, geometry }) => {
    if (geometry.type !== 'Polygon') return [];
    const ring = geometry.coordinates[0]!;
    const area = flatten(geometry);
    const lngs = ring.map((p) => p[0]);
    const lats = ring.map((p) => p[1]);
    const between = (list: number[]) => Math.min(...list) + random() * (Math.max(...list) - Math.min(...list));
    for (let tries = 0; tries < 50; tries++) {
      const point = [between(lngs), between(lats)] as const;
      if (!covers(area, nano(point[0]), nano(point[1]))) continue;
      return [
        { cell: properties.code, community: properties.community, subdistrict: properties.subdistrict, lng: point[0], lat: point[1] },
      ];
    }
    return [];
  });
}
