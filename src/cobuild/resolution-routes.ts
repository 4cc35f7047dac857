/** Resolutions over HTTP. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { answers, keyHeader } from '../route-parts.ts';
import type { House } from './act.ts';
import { dayAt } from './chain/days.ts';
import { isOverdue, type Owner, RESOLUTION_LAW, type Resolution } from './chain/resolution.ts';
import { areaOf, maySeePlace } from './chain/scope.ts';
import { stateNames, verbNames, verbsFor } from './chain/table.ts';
import { memberOf } from './members.ts';
import { moveResolution, partsAtResolution, resolve } from './resolution-desk.ts';
import { findResolution, listResolutions } from './resolutions.ts';
import {
  answerRefusal,
  body,
  Code,
  codeParam,
  DayText,
  keyed,
  Line,
  list,
  MoveSchema,
  movesOf,
  OptionalLine,
  tags,
  Version,
} from './route-frame.ts';

const OwnerText = z
  .string()
  .regex(/^(member:[a-z0-9-]{1,80}|community:\d{12}|subdistrict:\d{9})$/)
  .transform((text) => text as Owner)
  .openapi({ type: 'string', description: '`member:<code>`, `community:<code>` or `subdistrict:<code>`' });
const ResolutionSchema = z
  .object({
    code: Code,
    version: z.number().int(),
    state: z.enum(stateNames(RESOLUTION_LAW)),
    conference: Code,
    committee: Code,
    place: z.string(),
    text: z.string(),
    owner: z.string(),
    dueOn: DayText,
    overdue: z.boolean(),
    progress: z.string(),
    outcome: z.string(),
    may: z.array(z.enum(verbNames(RESOLUTION_LAW))),
  })
  .openapi('Resolution');
const ResolutionDetailSchema = ResolutionSchema.extend({ moves: z.array(MoveSchema) }).openapi('ResolutionDetail');
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const getResolutions = createRoute({
  method: 'get',
  path: '/resolutions',
  tags,
  summary: '议定的事 Resolutions in the caller’s scope; what is due first comes first',
  request: {
    query: z.object({
      committee: Code.optional(),
      conference: Code.optional(),
      state: z.enum(stateNames(RESOLUTION_LAW)).optional(),
      owner: OwnerText.optional(),
      overdue: flag.optional().openapi({ type: 'string', description: 'true: only those that are late' }),
    }),
  },
  responses: { 200: answers(list(ResolutionSchema)), ...problems('not-allowed', 'invalid-query') },
});
const getResolution = createRoute({
  method: 'get',
  path: '/resolutions/{code}',
  tags,
  summary: '议定的事 One resolution with its log',
  request: { params: codeParam },
  responses: { 200: answers(ResolutionDetailSchema), ...problems('not-found', 'invalid-query') },
});
const postResolution = createRoute({
  method: 'post',
  path: '/conferences/{code}/resolutions',
  tags,
  summary: '议定 A resolution of a conference that was held: who does what by when',
  request: { params: codeParam, headers: keyHeader, body: body(z.object({ text: Line(500), owner: OwnerText, dueOn: DayText })) },
  responses: {
    201: answers(ResolutionSchema),
    ...problems('not-found', 'not-yours', 'conference-not-held', 'unknown-owner', 'date-in-past', 'invalid-body'),
  },
});
const postMove = createRoute({
  method: 'post',
  path: '/resolutions/{code}/moves',
  tags,
  summary: '进展、办结 Say how it goes, close it with an outcome, change or drop it',
  request: {
    params: codeParam,
    headers: keyHeader,
    body: body(
      z.discriminatedUnion('verb', [
        z.object({
          verb: z.literal('amend'),
          expectedVersion: Version,
          owner: OwnerText.optional(),
          dueOn: DayText.optional(),
          reason: Line(500),
        }),
        z.object({ verb: z.literal('progress'), expectedVersion: Version, note: Line(1000) }),
        z.object({ verb: z.literal('close'), expectedVersion: Version, outcome: OptionalLine(1000).optional() }),
        z.object({ verb: z.enum(['drop', 'reopen']), expectedVersion: Version, reason: Line(500) }),
      ]),
    ),
  },
  responses: {
    200: answers(ResolutionSchema),
    ...problems(
      'not-found',
      'not-yours',
      'no-such-move',
      'version-conflict',
      'outcome-missing',
      'unknown-owner',
      'date-in-past',
      'member-expired',
      'invalid-body',
    ),
  },
});

export function resolutionRoutes(house: House): OpenAPIHono<AppEnv> {
  const { db, district, now } = house;
  const app = newRouter();
  const wireFor = async (c: Context<AppEnv>) => {
    const { actor } = c.var;
    const active = (await memberOf(db, actor, now()))?.active ?? false;
    return (resolution: Resolution): z.infer<typeof ResolutionSchema> => ({
      ...resolution,
      overdue: isOverdue(resolution, dayAt(now())),
      may: verbsFor(RESOLUTION_LAW, resolution.state, partsAtResolution(actor, resolution, active)),
    });
  };

  app.openapi(getResolutions, async (c) => {
    if (areaOf(c.var.actor) === null) return problem(c, 'not-allowed');
    const { overdue, ...query } = c.req.valid('query');
    const lateOn = overdue === true ? dayAt(now()) : undefined;
    const found = await listResolutions(db, district, c.var.actor, { ...query, lateOn });
    const toWire = await wireFor(c);
    return c.json({ items: found.map(toWire), next: null }, 200);
  });

  app.openapi(getResolution, async (c) => {
    const { code } = c.req.valid('param');
    const resolution = await findResolution(db, district, code);
    if (resolution === null || !maySeePlace(c.var.actor, resolution.place)) return problem(c, 'not-found');
    const toWire = await wireFor(c);
    return c.json({ ...toWire(resolution), moves: await movesOf(house, RESOLUTION_LAW, code, c.var.actor) }, 200);
  });

  app.openapi(postResolution, (c) => {
    const wanted = c.req.valid('json');
    return keyed(c, wanted, async (asked) => {
      const answer = await resolve(house, asked, c.req.valid('param').code, wanted);
      return answer.ok ? c.json((await wireFor(c))(answer.value), 201) : answerRefusal(c, answer);
    });
  });

  app.openapi(postMove, (c) => {
    const command = c.req.valid('json');
    return keyed(c, command, async (asked) => {
      const answer = await moveResolution(house, asked, c.req.valid('param').code, command);
      return answer.ok ? c.json((await wireFor(c))(answer.value), 200) : answerRefusal(c, answer);
    });
  });
  return app;
}
