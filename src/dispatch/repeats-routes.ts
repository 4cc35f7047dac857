/** 相似 and 反复 over HTTP. Must be mounted before the incidents' own routes: `/incidents/similar` is no incident. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '../db/connect.ts';
import type { Reference } from '../grid/reference.ts';
import { hasAbility } from '../identity/abilities.ts';
import { systemActor } from '../identity/actor.ts';
import { problems } from '../problems.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { answers } from '../route-parts.ts';
import { UUID } from '../uuid.ts';
import type { Incident } from './chain/incident.ts';
import type { Desk } from './desk.ts';
import { dossiersCsv } from './dossier-csv.ts';
import { dossierAround, listDossiers } from './dossiers.ts';
import { similarTo } from './nearby.ts';
import type { PlaceRulesSource } from './place-rules.ts';
import {
  DossierCsvQuery,
  DossierListQuery,
  DossierListSchema,
  RecurrencesSchema,
  SimilarListSchema,
  SimilarOfQuery,
  SimilarQuery,
  TargetSchema,
} from './repeats-schemas.ts';
import { toWireDossier, toWireSimilar, toWireTarget } from './repeats-wire.ts';

export interface RepeatsRoutesDeps {
  readonly desk: Pick<Desk, 'find'>;
  readonly db: Database;
  readonly clock: { now(): Date };
  readonly reference: () => Reference;
  readonly placeRules: PlaceRulesSource;
}

/** Merged into one that was merged itself: people do not go further than this. */
const MOST_MERGES = 10;
/** What a spreadsheet is given at once. */
const MOST_CSV_ROWS = 5_000;

const params = z.object({ id: z.string() });

const getSimilar = createRoute({
  method: 'get',
  path: '/incidents/similar',
  tags: ['repeats'],
  summary: '相似事件 Is it reported already? Asked before a report is sent',
  description:
    'Open incidents of the same or a related kind, near enough with the accuracy of both positions, likeliest first, each with a score and its ' +
    'reasons. What lies outside the scope of the caller shows only number, category, state, time and, to 20 m, distance.',
  request: { query: SimilarQuery },
  responses: { 200: answers(SimilarListSchema, 'Candidates'), ...problems('not-allowed', 'unknown-category', 'invalid-query') },
});
const getSimilarOf = createRoute({
  method: 'get',
  path: '/incidents/{id}/similar',
  tags: ['repeats'],
  summary: '相似事件 Open incidents that may be the same as this one',
  request: { params, query: SimilarOfQuery },
  responses: { 200: answers(SimilarListSchema, 'Candidates'), ...problems('not-found') },
});
const getTarget = createRoute({
  method: 'get',
  path: '/incidents/{id}/target',
  tags: ['repeats'],
  summary: '并案去向 How the incident goes on into which this one was merged',
  request: { params },
  responses: { 200: answers(TargetSchema, 'The other incident, in words'), ...problems('not-found') },
});
const getRecurrences = createRoute({
  method: 'get',
  path: '/incidents/{id}/recurrences',
  tags: ['repeats'],
  summary: '反复 The same kind at the same place, before and after',
  request: { params },
  responses: { 200: answers(RecurrencesSchema, 'The dossier that it belongs to; of one member when it is none'), ...problems('not-found') },
});
const getDossiers = createRoute({
  method: 'get',
  path: '/dossiers',
  tags: ['repeats'],
  summary: '反复档案 What comes back again and again, in the scope of the caller',
  request: { query: DossierListQuery },
  responses: { 200: answers(DossierListSchema, 'A page of dossiers'), ...problems('not-allowed', 'invalid-query') },
});
const getDossiersCsv = createRoute({
  method: 'get',
  path: '/dossiers.csv',
  tags: ['repeats'],
  summary: '反复档案 The same as a table for a spreadsheet',
  request: { query: DossierCsvQuery },
  responses: {
    200: { description: 'CSV, UTF-8', content: { 'text/csv': { schema: z.string() } } },
    ...problems('not-allowed', 'invalid-query'),
  },
});

export function repeatsRoutes({ desk, db, clock, reference, placeRules }: RepeatsRoutesDeps) {
  const visible = async (c: Context<AppEnv>, id: string): Promise<Incident | null> =>
    UUID.test(id) ? desk.find(id.toLowerCase(), c.var.actor) : null;
  const within = ({ withinM: m, withinDays: days }: { withinM: number; withinDays: number }) => ({ m, days });

  return newRouter()
    .openapi(getSimilar, async (c) => {
      const { actor } = c.var;
      if (!hasAbility(actor.role, 'report')) return problem(c, 'not-allowed', 'Only who may report asks this.');
      const { category: code, lng, lat, accuracyM, description, drill, limit } = c.req.valid('query');
      const category = reference().category(code);
      if (category === undefined) return problem(c, 'unknown-category');
      const { similar } = await placeRules.current();
      const position = { lng, lat, ...(accuracyM === undefined ? {} : { accuracyM }) };
      const asked = { category, position, atMs: clock.now().getTime(), description, drill };
      const found = await similarTo(db.kysely, reference(), similar, actor, asked, limit);
      return c.json({ items: found.map((f) => toWireSimilar(f, actor)), within: within(similar), next: null }, 200);
    })
    .openapi(getSimilarOf, async (c) => {
      const { actor } = c.var;
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      const { similar } = await placeRules.current();
      const category = reference().category(incident.category);
      const { id, position, description, reportedAt, drill } = incident;
      const asked = category && { category, position, atMs: Date.parse(reportedAt), description, drill, except: id };
      // A category that an import took away has no kin any more.
      const found = asked === undefined ? [] : await similarTo(db.kysely, reference(), similar, actor, asked, c.req.valid('query').limit);
      return c.json({ items: found.map((f) => toWireSimilar(f, actor)), within: within(similar), next: null }, 200);
    })
    .openapi(getTarget, async (c) => {
      const { actor } = c.var;
      let target = await visible(c, c.req.valid('param').id);
      if (target?.mergedInto == null) return problem(c, 'not-found', 'It is not merged.');
      const whoever = systemActor(actor.district);
      for (let i = 0; i < MOST_MERGES && target?.mergedInto != null; i++) target = await desk.find(target.mergedInto, whoever);
      return target === null ? problem(c, 'not-found') : c.json(toWireTarget(target, actor), 200);
    })
    .openapi(getRecurrences, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      const { recurrence } = await placeRules.current();
      const dossier = await dossierAround(db, incident, recurrence);
      return c.json({ ...toWireDossier(dossier, c.var.actor), within: within(recurrence), next: null }, 200);
    })
    .openapi(getDossiers, async (c) => {
      const { actor } = c.var;
      const { recurrence } = await placeRules.current();
      const { items, next } = await listDossiers(db, actor, c.req.valid('query'), recurrence, clock.now());
      return c.json({ items: items.map((d) => toWireDossier(d, actor)), within: within(recurrence), next }, 200);
    })
    .openapi(getDossiersCsv, async (c) => {
      const { language, ...query } = c.req.valid('query');
      const { recurrence } = await placeRules.current();
      const { items } = await listDossiers(db, c.var.actor, { ...query, limit: MOST_CSV_ROWS }, recurrence, clock.now());
      const from = reference();
      const named = (thing: { nameZh: string; nameEn: string | null } | undefined, code: string) =>
        (language === 'en' ? thing?.nameEn : null) ?? thing?.nameZh ?? code;
      const csv = dossiersCsv(items, language, {
        category: (code) => named(from.category(code), code),
        community: (code) => named(from.communities.get(code), code),
        subdistrict: (code) => named(from.subdistricts.get(code), code),
        unit: (code) => named(from.units.get(code), code),
      });
      return c.body(csv, 200, {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': 'attachment; filename="dossiers.csv"',
        'Cache-Control': 'private, no-store',
      });
    });
}
