/** What is asked and answered about 相似 and 反复, as schemas: the OpenAPI page and the pages' types are made from them. */
import { z } from '@hono/zod-openapi';
import { LevelSchema, PositionSchema } from './chain/commands.ts';
import { STATE_NAMES, VERBS } from './chain/states.ts';

const Time = z.iso.datetime();
const State = z.enum(STATE_NAMES);
const Within = z.object({ m: z.number().int(), days: z.number().int() });

const SimilarItem = z
  .object({
    id: z.uuid().nullable().openapi({ description: 'null outside the scope of the caller' }),
    number: z.string(),
    category: z.string(),
    state: State,
    reportedAt: Time,
    distanceM: z.number().int().openapi({ description: 'Straight line, metres; outside the scope of the caller to 20 m' }),
    score: z.number().int().min(0).max(100),
    strong: z.boolean().openapi({ description: 'Likely the same: worth a question before sending' }),
    reasons: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string(), points: z.number() })),
    inScope: z.boolean().openapi({ description: 'false: only number, category, state, time and distance are told' }),
    description: z.string().optional(),
    level: LevelSchema.optional(),
    position: PositionSchema.optional(),
    cell: z.string().optional(),
    photos: z.array(z.uuid()).optional(),
    version: z.number().int().optional(),
    may: z.array(z.enum(VERBS)).optional().openapi({ description: 'What the caller may do with it now' }),
  })
  .openapi('SimilarIncident');
export type WireSimilar = z.infer<typeof SimilarItem>;

export const SimilarListSchema = z.object({ items: z.array(SimilarItem), within: Within, next: z.null() }).openapi('SimilarList');
export type WireSimilarList = z.infer<typeof SimilarListSchema>;

const degrees = (bound: number) => z.coerce.number().min(-bound).max(bound);
const limit = (most: number, normally: number) => z.coerce.number().int().min(1).max(most).default(normally);

export const SimilarQuery = z.object({
  category: z.string().min(1).max(40).openapi({ example: 'C0101-01' }),
  lng: degrees(180),
  lat: degrees(90),
  accuracyM: z.coerce.number().min(0).max(100_000).optional(),
  description: z.string().max(10_000).default(''),
  drill: z
    .enum(['true', 'false'])
    .default('false')
    .transform((s) => s === 'true')
    .openapi({ description: '演练: compare with drills' }),
  limit: limit(20, 5),
});
export const SimilarOfQuery = z.object({ limit: limit(20, 10) });

export const TargetSchema = z
  .object({
    id: z.uuid().nullable().openapi({ description: 'null outside the scope of the caller' }),
    number: z.string(),
    category: z.string(),
    state: State,
    step: z.string().nullable(),
    stateSince: Time,
    closedAt: Time.nullable(),
    words: z.object({ zh: z.string(), en: z.string() }),
  })
  .openapi('MergeTarget');
export type WireTarget = z.infer<typeof TargetSchema>;

const Member = z.object({
  id: z.uuid().nullable().openapi({ description: 'null outside the scope of the caller' }),
  number: z.string(),
  category: z.string(),
  state: State,
  reportedAt: Time,
  level: LevelSchema.optional().openapi({ description: 'This and what follows only in the scope of the caller' }),
  closedAt: Time.nullable().optional(),
  position: PositionSchema.optional(),
});

const DossierFields = {
  id: z.uuid().openapi({ description: 'Of the first incident in the scope of the caller' }),
  kind: z.string().openapi({ description: 'Category code' }),
  count: z.number().int(),
  first: Time,
  last: Time,
  open: z.number().int(),
  categories: z.array(z.object({ code: z.string(), count: z.number().int() })),
  units: z.array(z.object({ unit: z.string(), count: z.number().int() })).openapi({
    description: 'That were on scene or finished; this, the average and the place are of the members in the scope of the caller',
  }),
  averageCloseMs: z.number().nullable().openapi({ description: 'Report to close, of those that were closed' }),
  community: z.string(),
  subdistrict: z.string(),
  position: z.object({ lng: z.number(), lat: z.number() }),
  reachM: z.number().int().openapi({ description: 'From the middle to the furthest, metres' }),
  members: z.array(Member),
};
export const DossierSchema = z.object(DossierFields).openapi('Dossier');
export type WireDossier = z.infer<typeof DossierSchema>;
export const DossierListSchema = z
  .object({ items: z.array(DossierSchema), within: Within, next: z.string().nullable() })
  .openapi('DossierList');
export type WireDossierList = z.infer<typeof DossierListSchema>;

export const RecurrencesSchema = z.object({ ...DossierFields, within: Within, next: z.null() }).openapi('Recurrences');
export type WireRecurrences = z.infer<typeof RecurrencesSchema>;

const places = {
  subdistrict: z
    .string()
    .regex(/^\d{9}$/)
    .optional(),
  community: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  days: z.coerce.number().int().min(1).max(366).default(30).openapi({ description: 'With a report in the last so many days' }),
  least: z.coerce.number().int().min(2).max(50).default(2).openapi({ description: 'Smallest dossier' }),
};
export const DossierListQuery = z.object({ ...places, after: z.string().max(200).optional(), limit: limit(100, 50) });
export const DossierCsvQuery = z.object({ ...places, language: z.enum(['zh-CN', 'en']).default('zh-CN') });
