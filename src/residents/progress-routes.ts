/** How far it is, by number, for anybody; with the code of the link also one photo before and after, and the rating. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { photoBytes } from '../evidence/photos.ts';
import type { Category, Reference } from '../grid/reference.ts';
import { problems } from '../problems.ts';
import { answers, json } from '../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { isCode } from './code.ts';
import { isDiscreet } from './kinds.ts';
import type { ResidentLimits } from './limits.ts';
import { aheadOf, CHANGE_WITHIN_MS, ratingWindow, roundOf, stageOf, stepsOf } from './progress.ts';
import { keepRating, ratingsOf } from './ratings.ts';
import { findByNumber, type FoundIncident, numberOf, shownPhotos } from './read.ts';
import { CodeQuery, ProgressSchema, RatingAnswerSchema, RatingBody, type WireProgress } from './schemas.ts';
import type { ResidentSwitches } from './switches.ts';

/** What is told to a community when it is not done for a resident. */
export interface UnhappyNotice {
  readonly key: string;
  readonly recipients: readonly `community:${string}`[];
  readonly notice: 'notDone';
  readonly about: { readonly incident: string; readonly number: string };
}

export interface ProgressRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly key: Buffer;
  readonly reference: () => Reference;
  readonly switches: () => ResidentSwitches;
  /** The database's time. */
  readonly now: () => Date;
  readonly limits: ResidentLimits;
  /** The same key is told once. */
  readonly tell: (notice: UnhappyNotice) => Promise<unknown>;
}

const tags = ['residents'];
const params = z.object({ number: z.string().max(20).openapi({ example: '20261126-0207' }) });
const refusals = problems('not-found', 'too-many-requests');

const getProgress = createRoute({
  method: 'get',
  path: '/public/incidents/{number}',
  tags,
  security: [],
  summary: '办到哪了 How far an incident is; without an account',
  request: { params, query: CodeQuery },
  responses: { 200: answers(ProgressSchema, 'Steps in plain words; no names, no descriptions, no exact place'), ...refusals },
});
const getPhoto = createRoute({
  method: 'get',
  path: '/public/incidents/{number}/photos/{side}',
  tags,
  security: [],
  summary: 'Before or after, at most 320 px: too small for faces and number plates across a street',
  request: { params: params.extend({ side: z.enum(['before', 'after']) }), query: CodeQuery },
  responses: {
    200: { description: 'JPEG', content: { 'image/jpeg': { schema: z.any().openapi({ type: 'string', format: 'binary' }) } } },
    ...refusals,
  },
});
const postRating = createRoute({
  method: 'post',
  path: '/public/incidents/{number}/rating',
  tags,
  security: [],
  summary: '评价 Rate an incident once it is done; once, with the code of the link',
  request: { params, body: { required: true, ...json(RatingBody) } },
  responses: {
    200: answers(RatingAnswerSchema, 'Kept; may be changed by the same device until then'),
    ...problems('not-found', 'too-many-requests', 'wrong-resident-code', 'rating-not-open', 'already-rated', 'too-late', 'invalid-body'),
  },
});

const UNKNOWN = { 'zh-CN': '没有这个编号，请对照单子再看一遍', en: 'There is no such number. Compare it with your slip.' };

export function progressRoutes(deps: ProgressRoutesDeps): OpenAPIHono<AppEnv> {
  const { db, district, key, limits, now } = deps;
  const isRight = (number: string, code: string | undefined) => isCode(key, district, number, code);
  const notThere = (c: Context<AppEnv>) => {
    limits.missed(c);
    return problem(c, 'not-found', UNKNOWN.en, { whatToDo: UNKNOWN });
  };

  return newRouter()
    .openapi(getProgress, async (c) => {
      const refused = limits.read(c);
      if (refused) return refused;
      const { number } = c.req.valid('param');
      const { k } = c.req.valid('query');
      const found = await findByNumber(db, district, number);
      if (found === null) return notThere(c);
      const withCode = isRight(number, k);
      if (k !== undefined && !withCode) limits.missed(c);
      return c.json(await progressOf(deps, found, withCode), 200);
    })
    .openapi(getPhoto, async (c) => {
      const refused = limits.read(c);
      if (refused) return refused;
      const { number, side } = c.req.valid('param');
      const found = isRight(number, c.req.valid('query').k) ? await findByNumber(db, district, number) : null;
      if (found === null) return notThere(c);
      const id = mayBeSeen(deps, found) ? shownPhotos(found.incident)[side] : null;
      const jpeg = id === null ? null : await photoBytes(db, district, id, 'thumb');
      if (jpeg === null) return problem(c, 'not-found');
      return c.body(new Uint8Array(jpeg), 200, { 'Content-Type': 'image/jpeg', 'Content-Disposition': 'inline' });
    })
    .openapi(postRating, async (c) => {
      const refused = limits.read(c);
      if (refused) return refused;
      const { number } = c.req.valid('param');
      const { code, score, comment, device } = c.req.valid('json');
      // The code before the incident: whoever has none learns not even whether the number is in use.
      if (!isRight(number, code)) {
        limits.missed(c);
        return problem(c, 'wrong-resident-code');
      }
      const found = await findByNumber(db, district, number);
      if (found === null) return notThere(c);
      const { incident } = found;
      if (ratingWindow(incident, now().getTime()) === null) return problem(c, 'rating-not-open');
      const round = roundOf(found.moves);
      const kept = await keepRating(db, district, { incident: incident.id, round, score, comment: comment || null, device });
      if (!kept.ok) return problem(c, kept.code);
      // On disk before it is told: a node that dies in between is asked again by the same device, and tells then.
      if (score === 1) {
        const about = { incident: incident.id, number };
        await deps.tell({
          key: `rating ${incident.id} ${round}`,
          recipients: [`community:${incident.community}`],
          notice: 'notDone',
          about,
        });
      }
      return c.json({ score, at: kept.rating.at.toISOString(), changeableUntil: changeableUntil(kept.rating.at) }, 200);
    });
}

const changeableUntil = (at: Date) => new Date(at.getTime() + CHANGE_WITHIN_MS).toISOString();

function categoryOf({ reference }: ProgressRoutesDeps, { incident }: FoundIncident): Category | undefined {
  return reference().category(incident.category);
}

/** A category that the district no longer has may have been any: then it is not told. */
function isPrivate(category: Category | undefined): boolean {
  return category === undefined || isDiscreet(category);
}

function mayBeSeen(deps: ProgressRoutesDeps, found: FoundIncident): boolean {
  return deps.switches().seePhotos && !isPrivate(categoryOf(deps, found));
}

async function progressOf(deps: ProgressRoutesDeps, found: FoundIncident, withCode: boolean): Promise<WireProgress> {
  const { db, district } = deps;
  const { incident, moves } = found;
  const category = categoryOf(deps, found);
  const community = deps.reference().communities.get(incident.community);
  const told = withCode || !isPrivate(category);
  const stage = stageOf(incident);
  const steps = stepsOf(moves);
  const photos = shownPhotos(incident);
  return {
    number: incident.number,
    stage,
    category: told && category !== undefined ? { zh: category.nameZh, en: category.nameEn } : null,
    community: told && community !== undefined ? { zh: community.nameZh, en: community.nameEn } : null,
    reportedAt: incident.reportedAt,
    endedAt: incident.closedAt ?? (aheadOf(stage).length === 0 ? incident.stateSince : null),
    steps,
    ahead: aheadOf(stage),
    mergedInto: await numberOf(db, district, incident.mergedInto),
    withCode,
    photos: withCode && mayBeSeen(deps, found) ? { before: photos.before !== null, after: photos.after !== null } : null,
    rating: withCode ? await ratingOf(deps, found) : null,
  };
}

async function ratingOf({ db, district, now }: ProgressRoutesDeps, { incident, moves }: FoundIncident): Promise<WireProgress['rating']> {
  const round = roundOf(moves);
  const given = (await ratingsOf(db, district, incident.id)).find((rating) => rating.round === round);
  const window = ratingWindow(incident, now().getTime());
  return {
    open: window !== null,
    until: window?.until ?? null,
    given: given?.score ?? null,
    changeableUntil: given === undefined ? null : changeableUntil(given.at),
  };
}
