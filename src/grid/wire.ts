/** Reference data as the outside sees it: schemas, and how a table row becomes one. Pure. */
import { z } from '@hono/zod-openapi';
import type { Area } from './geometry.ts';
import type { Category, Community, Reference, Subdistrict, Unit } from './reference.ts';

const Position = z.object({ lng: z.number(), lat: z.number() });

export const PlaceSchema = z
  .object({
    cell: z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string().nullable() }),
    community: z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string().nullable() }),
    subdistrict: z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string() }),
  })
  .openapi('Place');

export const SubdistrictSchema = z
  .object({ code: z.string(), kind: z.enum(['subdistrict', 'town']), nameZh: z.string(), nameEn: z.string() })
  .openapi('Subdistrict');

export const CommunitySchema = z
  .object({
    code: z.string(),
    subdistrict: z.string(),
    kind: z.enum(['neighbourhood', 'village']),
    nameZh: z.string(),
    nameEn: z.string().nullable(),
  })
  .openapi('Community');

export const UnitSchema = z
  .object({
    code: z.string(),
    nameZh: z.string(),
    nameEn: z.string(),
    type: z.string(),
    typeZh: z.string(),
    typeEn: z.string(),
    dutyZh: z.string().openapi({ description: 'What units of its type do' }),
    dutyEn: z.string(),
    subdistrict: z.string(),
    community: z.string(),
    position: Position,
    scopeKind: z.enum(['area', 'district']),
    scope: z.array(z.string()),
    shiftPattern: z.string(),
    crews: z.number().int(),
    standInUnit: z.string(),
    standInDuty: z.enum(['full', 'secure-only']),
    mayLead: z.boolean(),
  })
  .openapi('Unit');

export const CategorySchema = z
  .object({
    code: z.string(),
    kind: z.enum(['component', 'event', 'security', 'livelihood']),
    classCode: z.string(),
    classZh: z.string(),
    classEn: z.string(),
    category: z.string(),
    categoryCode: z.string(),
    nameZh: z.string(),
    nameEn: z.string(),
    conditionCode: z.string(),
    openZh: z.string(),
    openEn: z.string(),
    closeZh: z.string(),
    closeEn: z.string(),
    limitValue: z.number().int(),
    limitUnit: z.enum(['minutes', 'hours', 'workdays']),
    clock: z.enum(['working', 'continuous']),
    danger: z.boolean(),
    nuisance: z.boolean(),
    level: z.enum(['R1', 'R2', 'R3', 'R4']),
    leadType: z.string(),
    assistTypes: z.array(z.string()),
    settleOnSpot: z.boolean(),
    evidenceClose: z.boolean(),
    keywords: z.array(z.string()),
    origin: z.enum(['standard', 'local']),
  })
  .openapi('Category');

export const FeatureCollectionSchema = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        properties: z.record(z.string(), z.string()),
        geometry: z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.any()) }),
      }),
    ),
  })
  .openapi('FeatureCollection');

/** The place with its names, so that a phone that holds no tables can show it. */
export function placeAt(reference: Reference, lng: number, lat: number): z.infer<typeof PlaceSchema> | null {
  const place = reference.place(lng, lat);
  const cell = place && reference.cells.get(place.cell);
  const community = place && reference.communities.get(place.community);
  const subdistrict = place && reference.subdistricts.get(place.subdistrict);
  if (!cell || !community || !subdistrict) return null;
  return {
    cell: { code: cell.code, nameZh: cell.nameZh, nameEn: cell.nameEn },
    community: { code: community.code, nameZh: community.nameZh, nameEn: community.nameEn },
    subdistrict: { code: subdistrict.code, nameZh: subdistrict.nameZh, nameEn: subdistrict.nameEn },
  };
}

export function subdistrictToWire({ code, kind, nameZh, nameEn }: Subdistrict): z.infer<typeof SubdistrictSchema> {
  return { code, kind, nameZh, nameEn };
}

export function communityToWire({ code, subdistrict, kind, nameZh, nameEn }: Community): z.infer<typeof CommunitySchema> {
  return { code, subdistrict, kind, nameZh, nameEn };
}

export function unitToWire(unit: Unit, reference: Reference): z.infer<typeof UnitSchema> {
  const type = reference.unitTypes.get(unit.type);
  return {
    ...unit,
    scope: [...unit.scope],
    typeZh: type?.nameZh ?? unit.type,
    typeEn: type?.nameEn ?? unit.type,
    dutyZh: type?.dutyZh ?? '',
    dutyEn: type?.dutyEn ?? '',
  };
}

export function categoryToWire(category: Category): z.infer<typeof CategorySchema> {
  return { ...category, assistTypes: [...category.assistTypes], keywords: [...category.keywords] };
}

/** Cells for drawing, light enough for a phone: what a map needs and no more. A name that is missing is left out. */
export function cellsGeoJson(reference: Reference): string {
  return featureCollection(
    [...reference.cells.values()].map((cell) => ({
      geometry: cell.geometry,
      properties: {
        code: cell.code,
        name: cell.nameZh,
        ...(cell.nameEn === null ? {} : { nameEn: cell.nameEn }),
        community: cell.community,
        subdistrict: cell.subdistrict,
      },
    })),
  );
}

export function subdistrictsGeoJson(reference: Reference): string {
  return featureCollection(
    [...reference.subdistricts.values()].map(({ code, kind, nameZh, nameEn, geometry }) => ({
      geometry,
      properties: { code, kind, name: nameZh, nameEn },
    })),
  );
}

export function districtGeoJson({ district }: Reference): string {
  const { code, nameZh, nameEn, geometry } = district;
  return featureCollection([{ geometry, properties: { code: String(code), name: nameZh, nameEn } }]);
}

function featureCollection(features: readonly { geometry: Area; properties: Readonly<Record<string, string>> }[]): string {
  return JSON.stringify({
    type: 'FeatureCollection',
    features: features.map(({ geometry, properties }) => ({ type: 'Feature', properties, geometry: sixDecimals(geometry) })),
  });
}

/** 11 cm: finer digits of an imported file would only make the answer longer. */
function sixDecimals(area: Area): unknown {
  const round = (value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : Array.isArray(value) ? value.map(round) : value;
  return { type: area.type, coordinates: round(area.coordinates) };
}
