/** 需求清单 over HTTP: the list, a need, what its publisher does with it, and what members claim of it. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import { answers, keyHeader } from '../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import type { House } from './act.ts';
import { claimNeed, moveClaim } from './claim-desk.ts';
import { dayAt, isDay } from './chain/days.ts';
import { CLAIM_LAW, NEED_LAW } from './chain/need.ts';
import { type CobuildRefusal, refused } from './chain/refusals.ts';
import { mayReadWork } from './chain/scope.ts';
import { memberOf } from './members.ts';
import { moveNeed, publishNeed } from './need-desk.ts';
import {
  ClaimMoveSchema,
  LinkFiguresSchema,
  LinkSchema,
  NeedListSchema,
  NeedMoveSchema,
  NeedSchema,
  needToWire,
  NewClaimSchema,
  NewNeedSchema,
  type Reader,
} from './need-wire.ts';
import { findNeed, linkFigures, listNeeds } from './needs.ts';
import { answerRefusal, body, Code, codeParam, keyed, list as listOf, MoveSchema, movesOf } from './route-frame.ts';

export interface NeedRoutesDeps {
  readonly house: House;
  readonly reference: () => Reference;
  /** What a need may be made of: the incident as far as the caller may see it. */
  readonly incidentFor: (
    id: string,
    actor: Actor,
  ) => Promise<{ readonly community: string; readonly ended: boolean; readonly drill: boolean; readonly category: string } | null>;
  /** A claim of a need with an incident was made or ended, or the need was: units join there, or are let go. */
  readonly joinSoon: (incident: string) => void;
}

const PAGE = 200;
/** Day and code of the last need of a page. */
const Cursor = z
  .string()
  .refine((text) => isDay(text.slice(0, 10)) && /^ [a-z0-9][a-z0-9-]{0,79}$/.test(text.slice(10)), 'as `next` gave it')
  .transform((text) => ({ due: text.slice(0, 10), code: text.slice(11) }));
const tags = ['needs'];
const list = createRoute({
  method: 'get',
  path: '/needs',
  tags,
  summary: '需求清单 Needs in the scope of the caller, with their claims, by their last day',
  request: {
    query: z.object({
      link: LinkSchema.optional(),
      place: z
        .string()
        .regex(/^\d{6,12}$/)
        .optional()
        .openapi({ description: 'Those of this place and inside it' }),
      committee: Code.optional(),
      incident: z.uuid().optional(),
      open: z.enum(['true', 'false']).optional(),
      member: Code.optional().openapi({ description: 'Those of which this member claimed something' }),
      after: Cursor.optional().openapi({ description: '`next` of the page before' }),
      limit: z.coerce.number().int().min(1).max(PAGE).default(PAGE),
    }),
  },
  responses: { 200: answers(NeedListSchema, 'A page of needs') },
});
const figures = createRoute({
  method: 'get',
  path: '/needs/figures',
  tags,
  summary: '五联 Figures of each of the five links, in the scope of the caller',
  responses: { 200: answers(LinkFiguresSchema, 'Links that have a need') },
});
const one = createRoute({
  method: 'get',
  path: '/needs/{code}',
  tags,
  summary: '需求 One need with its claims',
  request: { params: codeParam },
  responses: { 200: answers(NeedSchema, 'The need') },
});
const moves = createRoute({
  method: 'get',
  path: '/needs/{code}/moves',
  tags,
  summary: '办理记录 The log of a need and its claims, oldest first',
  request: { params: codeParam },
  responses: { 200: answers(listOf(MoveSchema.extend({ kind: z.string(), object: z.string() })).openapi('NeedMoveList'), 'Its moves') },
});
const publish = createRoute({
  method: 'post',
  path: '/needs',
  tags,
  summary: '发布需求 Publish a need',
  request: { headers: keyHeader, body: body(NewNeedSchema) },
  responses: { 201: answers(NeedSchema, 'The need; its members are told') },
});
const move = createRoute({
  method: 'post',
  path: '/needs/{code}/moves',
  tags,
  summary: '邀请认领、转会商、延期、撤回 Invite, confer, extend, withdraw',
  request: { params: codeParam, headers: keyHeader, body: body(NeedMoveSchema) },
  responses: { 200: answers(NeedSchema, 'The need after it') },
});
const claim = createRoute({
  method: 'post',
  path: '/needs/{code}/claims',
  tags,
  summary: '认领 Claim a need wholly or in part',
  request: { params: codeParam, headers: keyHeader, body: body(NewClaimSchema) },
  responses: { 201: answers(NeedSchema, 'The need with the claim') },
});
const moveOne = createRoute({
  method: 'post',
  path: '/claims/{code}/moves',
  tags,
  summary: '交付、确认、退回、退认 Deliver, confirm, send back, give back',
  request: { params: codeParam, headers: keyHeader, body: body(ClaimMoveSchema) },
  responses: { 200: answers(NeedSchema, 'The need with the claim after it') },
});

export function needRoutes({ house, reference, incidentFor, joinSoon }: NeedRoutesDeps) {
  const { db, district, now } = house;
  const readerOf = async (actor: Actor): Promise<Reader> => ({ actor, member: await memberOf(db, actor, now()), today: dayAt(now()) });
  const visible = async (code: string, actor: Actor) => {
    const found = await findNeed(db, district, code);
    return found !== null && mayReadWork(actor, found.need.place) ? found : null;
  };
  /** As it is now: the answer to a command is the need, whatever happened since. */
  const wire = async (c: Context<AppEnv>, code: string) => needToWire((await visible(code, c.var.actor))!, await readerOf(c.var.actor));

  return newRouter()
    .openapi(list, async (c) => {
      const { after, open, limit, ...query } = c.req.valid('query');
      const rows = await listNeeds(db, c.var.actor, {
        ...query,
        ...(open === undefined ? {} : { open: open === 'true' }),
        after,
        limit: limit + 1,
      });
      const reader = await readerOf(c.var.actor);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1)?.need : undefined;
      const next = last === undefined ? null : `${last.due} ${last.code}`;
      return c.json({ items: page.map((row) => needToWire(row, reader)), next }, 200);
    })
    .openapi(figures, async (c) => c.json({ items: await linkFigures(db, c.var.actor, dayAt(now())), next: null }, 200))
    .openapi(one, async (c) => {
      const found = await visible(c.req.valid('param').code, c.var.actor);
      if (found === null) return problem(c, 'not-found');
      return c.json(needToWire(found, await readerOf(c.var.actor)), 200);
    })
    .openapi(moves, async (c) => {
      const found = await visible(c.req.valid('param').code, c.var.actor);
      if (found === null) return problem(c, 'not-found');
      const objects = [
        { kind: NEED_LAW.kind, object: found.need.code },
        ...found.claims.map(({ code }) => ({ kind: CLAIM_LAW.kind, object: code })),
      ];
      const logs = await Promise.all(
        objects.map(async ({ kind, object }) =>
          (await movesOf(house, { kind }, object, c.var.actor)).map((logged) => ({ ...logged, kind, object })),
        ),
      );
      const items = logs.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      return c.json({ items, next: null }, 200);
    })
    .openapi(publish, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const wanted = c.req.valid('json');
        const made = await ofIncident(wanted.incident, c.var.actor);
        if ('code' in made) return answerRefusal(c, made);
        const fromCategory = wanted.fromCategory ?? made.category;
        if (fromCategory !== undefined && reference().category(fromCategory) === undefined) return problem(c, 'unknown-category');
        const answer = await publishNeed(house, asked, { ...wanted, fromCategory, code: asked.key });
        return answer.ok ? c.json(await wire(c, answer.value.code), 201) : answerRefusal(c, answer);
      }),
    )
    .openapi(move, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const { code } = c.req.valid('param');
        const answer = await moveNeed(house, asked, code, c.req.valid('json'));
        if (!answer.ok) return answerRefusal(c, answer);
        const shown = await wire(c, code);
        if (shown.incident !== null) joinSoon(shown.incident);
        return c.json(shown, 200);
      }),
    )
    .openapi(claim, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const { code } = c.req.valid('param');
        const answer = await claimNeed(house, asked, code, { ...c.req.valid('json'), code: asked.key });
        if (!answer.ok) return answerRefusal(c, answer);
        const shown = await wire(c, code);
        if (shown.incident !== null) joinSoon(shown.incident);
        return c.json(shown, 201);
      }),
    )
    .openapi(moveOne, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await moveClaim(house, asked, c.req.valid('param').code, c.req.valid('json'));
        if (!answer.ok) return answerRefusal(c, answer);
        const shown = await wire(c, answer.value.need);
        if (shown.incident !== null) joinSoon(shown.incident);
        return c.json(shown, 200);
      }),
    );

  /** The category that the need takes over, or why no need is made of the incident. */
  async function ofIncident(id: string | undefined, actor: Actor): Promise<CobuildRefusal | { readonly category?: string }> {
    if (id === undefined) return {};
    const incident = await incidentFor(id, actor);
    if (incident === null) return refused('not-found');
    if (incident.drill) return refused('incident-is-drill');
    return incident.ended ? refused('incident-ended') : { category: incident.category };
  }
}
