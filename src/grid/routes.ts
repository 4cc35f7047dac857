/** Reference data over HTTP: where a point lies, and the tables that the pages draw and choose from; readable by every account. Imports for admins. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../router.ts';
import { newRouter, problem } from '../router.ts';
import { importRoutes, type ImportRoutesDeps } from './import/routes.ts';
import type { Reference } from './reference.ts';
import {
  categoryToWire,
  CategorySchema,
  cellsGeoJson,
  CommunitySchema,
  communityToWire,
  districtGeoJson,
  FeatureCollectionSchema,
  placeAt,
  PlaceSchema,
  SubdistrictSchema,
  subdistrictsGeoJson,
  subdistrictToWire,
  UnitSchema,
  unitToWire,
} from './wire.ts';

export interface GridRoutesDeps extends ImportRoutesDeps {
  /** The reference that holds now; after an import another one. */
  reference(): Reference;
}

const coordinate = (bound: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,15})?$/)
    .transform(Number)
    .refine((degrees) => Math.abs(degrees) <= bound);

const cellAt = createRoute({
  method: 'get',
  path: '/cells/at',
  tags: ['grid'],
  summary: 'The cell, community and subdistrict at a WGS-84 point',
  request: { query: z.object({ lng: coordinate(180).openapi({ example: '113.03' }), lat: coordinate(90).openapi({ example: '23.7' }) }) },
  responses: {
    200: { description: 'Where the point lies; on a border the lowest code', content: { 'application/json': { schema: PlaceSchema } } },
    404: { description: 'Outside the district: problem not-found' },
  },
});

export function gridRoutes({ reference, importFile }: GridRoutesDeps): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.openapi(cellAt, (c) => {
    const { lng, lat } = c.req.valid('query');
    const place = placeAt(reference(), lng, lat);
    return place ? c.json(place, 200) : problem(c, 'not-found', 'no cell of the district is at this point');
  });

  const list = <T>(path: string, summary: string, schema: z.ZodType<T>, items: (from: Reference) => T[]) => {
    const answers = {
      200: { description: summary, content: { 'application/json': { schema: z.object({ items: z.array(schema), next: z.null() }) } } },
    };
    const text = remembered((from) => JSON.stringify({ items: items(from), next: null }));
    app.openapi(createRoute({ method: 'get', path, tags: ['grid'], summary, responses: { ...answers, ...NOT_MODIFIED } }), (c) =>
      tagged(c, reference(), 'application/json; charset=utf-8', text),
    );
  };
  list('/subdistricts', 'Subdistricts and towns', SubdistrictSchema, (from) => [...from.subdistricts.values()].map(subdistrictToWire));
  list('/communities', 'Communities', CommunitySchema, (from) => [...from.communities.values()].map(communityToWire));
  list('/units', 'Responding units', UnitSchema, (from) => [...from.units.values()].map((unit) => unitToWire(unit, from)));
  list('/categories', 'Category rows, with condition, limit and level', CategorySchema, (from) =>
    [...from.categories.values()].map(categoryToWire),
  );

  const layer = (path: string, summary: string, geoJson: (from: Reference) => string) => {
    const answers = { 200: { description: summary, content: { 'application/geo+json': { schema: FeatureCollectionSchema } } } };
    const text = remembered(geoJson);
    app.openapi(createRoute({ method: 'get', path, tags: ['grid'], summary, responses: { ...answers, ...NOT_MODIFIED } }), (c) =>
      tagged(c, reference(), 'application/geo+json; charset=utf-8', text),
    );
  };
  layer('/cells.geojson', 'Every cell, for drawing', cellsGeoJson);
  layer('/subdistricts.geojson', 'Every subdistrict and town, for drawing', subdistrictsGeoJson);
  layer('/district.geojson', 'The outline of the district', districtGeoJson);
  app.route('/', importRoutes({ importFile }));
  return app;
}

const NOT_MODIFIED = { 304: { description: 'Not modified since the version in If-None-Match' } };

/** The text is made once per reference, however many ask. */
function remembered(make: (from: Reference) => string): (from: Reference) => string {
  let of: Reference | undefined;
  let text = '';
  return (from) => {
    if (of !== from) {
      text = make(from);
      of = from;
    }
    return text;
  };
}

/** 304 when the caller has this version. `private`: behind a session; `no-cache`: ask each time, an import shows at once. */
function tagged(c: Context<AppEnv>, from: Reference, contentType: string, text: (from: Reference) => string): never {
  // Weak: compressed on the way it is the same data in other bytes.
  const tag = `W/"${from.version}"`;
  const headers = { ETag: tag, 'Cache-Control': 'private, no-cache' };
  const seen = (c.req.header('If-None-Match') ?? '').split(',').map((entry) => entry.trim());
  const same = seen.some((entry) => entry === '*' || entry.replace(/^W\//, '') === `"${from.version}"`);
  const answer = same ? c.body(null, 304, headers) : c.body(text(from), 200, { ...headers, 'Content-Type': contentType });
  // The text is JSON of the declared schema already: typed as no further answer, so that hono does not ask for a value to encode.
  return answer as never;
}
