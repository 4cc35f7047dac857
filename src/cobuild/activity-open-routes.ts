/** 活动 for residents and volunteers without an account: what is on, signing up, and withdrawing by a word that only they have. */
import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { AddressLimit } from '../http/address-limit.ts';
import { isNoPage, isOwnPage } from '../identity/credentials.ts';
import { problems } from '../problems.ts';
import { answers, keyHeader, keyOf } from '../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { tooMany } from '../http/too-many.ts';
import type { Reference } from '../grid/reference.ts';
import type { House } from './act.ts';
import { openActivities, residentsMayJoin, type Activity } from './activities.ts';
import { MOST_PEOPLE, NAME_MAX, PHONE } from './chain/activity.ts';
import { openReads } from './open-reads.ts';
import { answerRefusal, body, codeParam, Line, list as listOf, Time } from './route-frame.ts';
import { signUp, withdrawSignUp, wordHash } from './sign-up-desk.ts';

/** Sign-ups and withdrawals of one address: a family and its neighbours behind one router, and no program that takes all places. [ours] */
const SIGN_UPS = { burst: 6, everyMs: 10 * 60_000 };

/** Nothing of people: who organises is named by its place only. */
const OpenActivitySchema = z
  .object({
    code: z.string(),
    place: z.string(),
    placeZh: z.string().openapi({ description: 'The subdistrict or the community whose committee announced it' }),
    placeEn: z.string(),
    titleZh: z.string(),
    titleEn: z.string().nullable(),
    note: z.string().nullable(),
    venue: z.string(),
    startsAt: Time,
    endsAt: Time,
    free: z.number().int(),
  })
  .openapi('OpenActivity');
const OpenActivityListSchema = listOf(OpenActivitySchema)
  .extend({ mayJoin: z.boolean().openapi({ description: 'The district lets residents sign up here' }) })
  .openapi('OpenActivityList');
const OpenSignUpSchema = z.object({
  name: Line(NAME_MAX).openapi({ description: 'Read by those who organise it; gone half a year after the activity' }),
  phone: z.string().regex(PHONE, 'a mobile number of 11 digits, or a landline with its area code, as 0763-3360000'),
  people: z.number().int().min(1).max(MOST_PEOPLE).default(1),
});
const SignedUpSchema = z.object({
  id: z.uuid(),
  word: z.string().openapi({ description: 'Withdraws it; kept nowhere but here' }),
  activity: OpenActivitySchema,
});

const tags = ['activities'];
const security: never[] = [];
const list = createRoute({
  method: 'get',
  path: '/public/activities',
  tags,
  security,
  summary: '活动 Activities that everybody may come to, soonest first',
  responses: { 200: answers(OpenActivityListSchema, 'Without anything of people'), ...problems('too-many-requests') },
});
const join = createRoute({
  method: 'post',
  path: '/public/activities/{code}/sign-ups',
  tags,
  security,
  summary: '报名 Sign up without an account',
  request: { params: codeParam, headers: keyHeader, body: body(OpenSignUpSchema) },
  responses: {
    201: answers(SignedUpSchema, 'The sign-up with the word that withdraws it'),
    ...problems('sign-ups-off', 'not-found', 'no-such-move', 'activity-full', 'foreign-origin', 'too-many-requests', 'invalid-body'),
  },
});
const leave = createRoute({
  method: 'delete',
  path: '/public/activities/{code}/sign-ups/{id}',
  tags,
  security,
  summary: '退出报名 Withdraw by the word',
  request: { params: codeParam.extend({ id: z.uuid() }), query: z.object({ word: z.string().min(1).max(100) }) },
  responses: {
    204: { description: 'The place is free again; name and phone are gone' },
    ...problems('not-found', 'no-such-move', 'foreign-origin', 'too-many-requests'),
  },
});

export function openActivityRoutes(house: House, reference: () => Reference) {
  const { db, district, now } = house;
  const refusedRead = openReads(now);
  const signUps = new AddressLimit(SIGN_UPS);
  const refusedSignUp = (c: Context<AppEnv>) => {
    const waitMs = signUps.take(c.var.address, now().getTime());
    return waitMs === 0 ? null : tooMany(c, waitMs);
  };
  /** A foreign page could otherwise sign a visitor up. */
  const foreign = (c: Context<AppEnv>) => {
    const header = (name: string) => c.req.header(name);
    return isNoPage(header) || isOwnPage(header) ? null : problem(c, 'foreign-origin');
  };
  const toWire = ({ code, place, titleZh, titleEn, note, venue, startsAt, endsAt, capacity, taken }: Activity) => {
    const { subdistricts, communities } = reference();
    const named = communities.get(place) ?? subdistricts.get(place);
    const placeZh = named?.nameZh ?? '';
    const names = { placeZh, placeEn: named?.nameEn ?? placeZh };
    return { code, place, ...names, titleZh, titleEn, note, venue, startsAt, endsAt, free: Math.max(0, capacity - taken) };
  };
  return newRouter()
    .openapi(list, async (c) => {
      const refused = refusedRead(c);
      if (refused !== null) return refused;
      const items = (await openActivities(db, district, now())).map(toWire);
      return c.json({ items, next: null, mayJoin: await residentsMayJoin(db, district) }, 200);
    })
    .openapi(join, async (c) => {
      const refused = foreign(c) ?? refusedRead(c);
      if (refused !== null) return refused;
      if (!(await residentsMayJoin(db, district))) return problem(c, 'sign-ups-off');
      const tooOften = refusedSignUp(c);
      if (tooOften !== null) return tooOften;
      const id = keyOf(c);
      if (id === null) return problem(c, 'idempotency-key-missing');
      const word = randomBytes(12).toString('base64url');
      const { name, phone, people } = c.req.valid('json');
      const answer = await signUp(house, null, c.req.valid('param').code, { id, people, name, phone }, { hash: wordHash(word) });
      return answer.ok ? c.json({ id, word, activity: toWire(answer.value) }, 201) : answerRefusal(c, answer);
    })
    .openapi(leave, async (c) => {
      const refused = foreign(c) ?? refusedSignUp(c);
      if (refused !== null) return refused;
      const { code, id } = c.req.valid('param');
      const answer = await withdrawSignUp(house, code, { id: id.toLowerCase(), word: c.req.valid('query').word });
      return answer.ok ? c.body(null, 204) : answerRefusal(c, answer);
    });
}
