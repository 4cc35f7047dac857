/** What MapLibre is told of ways, heat, the opened incident's place and names, as it wants it. Pure. */
import type { Feature, FeatureCollection } from 'geojson';
import { bordersBetween } from '../../../shared/geometry.ts';
import type { CellFeature } from '../../../shared/reference.ts';
import type { GroundShade, Here } from '../engine.ts';
import type { PlaceLabel } from '../ground.ts';
import { placeNameImage } from '../image-names.ts';
import type { LngLat, Way } from '../scene.ts';

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });
const pair = ({ lng, lat }: LngLat): [number, number] => [lng, lat];

export function wayFeatures(ways: readonly Way[]): FeatureCollection {
  return collection(
    ways.map(({ from, to }) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'LineString', coordinates: [pair(from), pair(to)] },
    })),
  );
}

/** The busiest cell weighs 1: colours say where most happens, not how much. */
export function heatFeatures(points: (GroundShade & { as: 'heat' })['points']): FeatureCollection {
  const most = Math.max(1, ...points.map((p) => p.count));
  return collection(
    points.map(({ position, count }) => ({
      type: 'Feature',
      properties: { weight: count / most },
      geometry: { type: 'Point', coordinates: pair(position) },
    })),
  );
}

/** The cells of its community, its own among them, and the edge around all. */
export function hereFeatures(cells: readonly CellFeature[], here: Here | null): FeatureCollection {
  const own = here ? cells.filter((f) => f.properties.community === here.community) : [];
  const edge = bordersBetween({ type: 'FeatureCollection', features: [...own] }, (p) => p.community);
  return collection([
    ...own.map((f): Feature => ({ ...f, properties: { kind: f.properties.code === here?.cell ? 'cell' : 'community' } })),
    { type: 'Feature', geometry: edge, properties: { kind: 'edge' } },
  ]);
}

export function nameFeatures(labels: readonly PlaceLabel[]): FeatureCollection {
  return collection(
    labels.map(({ code, at }) => ({
      type: 'Feature',
      properties: { image: placeNameImage(code) },
      geometry: { type: 'Point', coordinates: pair(at) },
    })),
  );
}
