/** Places for reports: points that really lie in a cell, taken from the service's own map. */
import type { Spot } from './journey.ts';

interface CellFeature {
  readonly properties: { readonly code: string; readonly community: string; readonly subdistrict: string };
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

type Ring = readonly (readonly [number, number])[];

/** Even-odd rule; good enough for points that are drawn at random and so never lie on a border. */
function inRing([x, y]: readonly [number, number], ring: Ring): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** One point in each cell that has a plain polygon. */
export function spotsIn(features: readonly CellFeature[], random: () => number): Spot[] {
  return features.flatMap(({ properties, geometry }) => {
    if (geometry.type !== 'Polygon') return [];
    const ring = (geometry.coordinates as Ring[])[0]!;
    const lngs = ring.map((p) => p[0]);
    const lats = ring.map((p) => p[1]);
    const between = (list: number[]) => Math.min(...list) + random() * (Math.max(...list) - Math.min(...list));
    for (let tries = 0; tries < 50; tries++) {
      const point = [between(lngs), between(lats)] as const;
      if (!inRing(point, ring)) continue;
      return [
        { cell: properties.code, community: properties.community, subdistrict: properties.subdistrict, lng: point[0], lat: point[1] },
      ];
    }
    return [];
  });
}
