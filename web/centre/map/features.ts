/** What stands on the map, as GeoJSON. Pure. */
import type { Feature, FeatureCollection, LineString, Point } from 'geojson';
import type { Level, Position } from '../../shared/types.ts';
import type { PlaceLabel } from './ground.ts';
import { markName, placeNameImage } from './image-names.ts';

export interface MapIncident {
  readonly id: string;
  readonly level: Level;
  readonly late: boolean;
  readonly chosen: boolean;
  readonly position: Position;
}
export interface MapUnit {
  readonly code: string;
  readonly sent: boolean;
  readonly position: { readonly lng: number; readonly lat: number };
}

const at = (p: { lng: number; lat: number }): Point => ({ type: 'Point', coordinates: [p.lng, p.lat] });
const collection = <G extends Point | LineString>(features: Feature<G>[]): FeatureCollection<G> => ({
  type: 'FeatureCollection',
  features,
});

/** Graver marks lie above, overdue above those of the same level, the chosen one on top. */
function rankOf(incident: MapIncident): number {
  return (incident.chosen ? 100 : 0) + (5 - Number(incident.level.slice(1))) * 2 + Number(incident.late);
}

export function incidentFeatures(incidents: readonly MapIncident[]): FeatureCollection<Point> {
  return collection(
    incidents.map((incident) => ({
      type: 'Feature',
      geometry: at(incident.position),
      properties: { id: incident.id, image: markName(incident.level, incident.late, incident.chosen), rank: rankOf(incident) },
    })),
  );
}

export function unitFeatures(units: readonly MapUnit[]): FeatureCollection<Point> {
  return collection(
    units.map((unit) => ({ type: 'Feature', geometry: at(unit.position), properties: { code: unit.code, sent: unit.sent } })),
  );
}

/** Straight lines from each sent unit's home: no roads are known, and no position is invented. */
export function routeFeatures(from: readonly MapUnit[], to: Position | null): FeatureCollection<LineString> {
  if (!to) return collection([]);
  return collection(
    from
      .filter((unit) => unit.sent)
      .map((unit) => ({
        type: 'Feature',
        properties: {},
        geometry: {
          type: 'LineString',
          coordinates: [
            [unit.position.lng, unit.position.lat],
            [to.lng, to.lat],
          ],
        },
      })),
  );
}

export function nameFeatures(labels: readonly PlaceLabel[]): FeatureCollection<Point> {
  return collection(
    labels.map(({ code, at: where }) => ({ type: 'Feature', geometry: at(where), properties: { image: placeNameImage(code) } })),
  );
}

/** Open incidents per cell, for the ground's colour. */
export function countByCell(cells: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return counts;
}
