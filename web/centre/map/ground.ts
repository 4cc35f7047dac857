/** The ground of the map: cells, the lines between communities, subdistricts with their names. Read once, kept on the device. */
import type { FeatureCollection, MultiLineString } from 'geojson';
import { api } from '../../shared/api.ts';
import { bordersBetween, boundsOf, centreOf, type Area, type Bounds, type Point } from '../../shared/geometry.ts';
import { loadCells, type CellCollection } from '../../shared/reference.ts';

interface Named {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string;
}
export interface PlaceLabel {
  readonly code: string;
  readonly at: Point;
}
export interface Ground {
  readonly cells: CellCollection;
  readonly communities: MultiLineString;
  readonly subdistricts: FeatureCollection<Area, Named>;
  readonly district: FeatureCollection<Area, Named>;
  readonly subdistrictLabels: readonly PlaceLabel[];
  readonly communityLabels: readonly PlaceLabel[];
  readonly bounds: Bounds | null;
}

/** @throws ApiProblem when any of the layers cannot be read. */
export async function loadGround(): Promise<Ground> {
  const [cells, subdistricts, district] = await Promise.all([
    loadCells(),
    api.get<FeatureCollection<Area, Named>>('/subdistricts.geojson'),
    api.get<FeatureCollection<Area, Named>>('/district.geojson'),
  ]);
  return {
    cells,
    communities: bordersBetween(cells, (p) => p.community),
    subdistricts,
    district,
    subdistrictLabels: labelsOf(cells, 'subdistrict'),
    communityLabels: labelsOf(cells, 'community'),
    bounds: boundsOf(district.features.map((f) => f.geometry)),
  };
}

function labelsOf(cells: CellCollection, by: 'community' | 'subdistrict'): PlaceLabel[] {
  const areas = new Map<string, Area[]>();
  for (const { properties, geometry } of cells.features) {
    const code = properties[by];
    if (!areas.has(code)) areas.set(code, []);
    areas.get(code)!.push(geometry);
  }
  return [...areas].flatMap(([code, geometries]) => {
    const at = centreOf(geometries);
    return at ? [{ code, at }] : [];
  });
}

/** The bounds of the cells of one place (9, 12 or 15 digits), for fitting the map to it. */
export function boundsOfPlace(cells: CellCollection, code: string): Bounds | null {
  return boundsOf(cells.features.filter((f) => f.properties.code.startsWith(code)).map((f) => f.geometry));
}
