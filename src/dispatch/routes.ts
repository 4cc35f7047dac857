/** Incidents over HTTP: validate, ask the desk, translate the answer. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '../db/connect.ts';
import type { Reference } from '../grid/reference.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { answers, json, keyHeader, keyOf } from '../route-parts.ts';
import { UUID } from '../uuid.ts';
import type { Answer, DeskRefusal, Done } from './answer.ts';
import { MoveBodySchema, ReportSchema, type Command } from './chain/commands.ts';
import type { Incident } from './chain/incident.ts';
import type { Rules } from './chain/levels.ts';
import type { Desk } from './desk.ts';
import { explainDeadlines, type ExplainedClock } from './explain.ts';
import { listIncidents, listMoves } from './incidents.ts';
import { recurrenceOf } from './nearby.ts';
import type { PlaceRulesSource } from './place-rules.ts';
import { foundIn } from './search/find.ts';
import { namedIn } from './search/named.ts';
import {
  DeadlineListSchema,
  IncidentListSchema,
  IncidentQuery,
  IncidentSchema,
  MovedSchema,
  MoveListSchema,
  MoveQuery,
} from './schemas.ts';
import { toWireIncident, toWireMove } from './wire.ts';

export interface DispatchRoutesDeps {
  readonly desk: Pick<Desk, 'report' | 'move' | 'find'>;
  readonly db: Database;
  readonly clock: { now(): Date };
  readonly reference: () => Reference;
  readonly rules: () => Rules;
  readonly placeRules: PlaceRulesSource;
}

const params = z.object({ id: z.string() });
const tags = ['incidents'];

const postIncident = createRoute({
  method: 'post',
  path: '/incidents',
  tags,
  summary: '上报 Report an incident',
  request: { headers: keyHeader, body: { required: true, ...json(ReportSchema) } },
  responses: { 201: answers(IncidentSchema, 'The incident; the same answer for the same key') },
});
const getIncidents = createRoute({
  method: 'get',
  path: '/incidents',
  tags,
  summary: '事件列表 Incidents in the scope of the caller',
  request: { query: IncidentQuery },
  responses: { 200: answers(IncidentListSchema, 'A page of incidents') },
});
const getIncident = createRoute({
  method: 'get',
  path: '/incidents/{id}',
  tags,
  summary: '事件 One incident',
  request: { params },
  responses: { 200: answers(IncidentSchema, 'The incident') },
});
const getMoves = createRoute({
  method: 'get',
  path: '/incidents/{id}/moves',
  tags,
  summary: '流程记录 The log of an incident',
  request: { params, query: MoveQuery },
  responses: { 200: answers(MoveListSchema, 'Its moves, oldest first') },
});
const getDeadlines = createRoute({
  method: 'get',
  path: '/incidents/{id}/deadlines',
  tags,
  summary: '时限说明 Each running deadline, explained',
  request: { params },
  responses: { 200: answers(DeadlineListSchema, 'Running deadlines') },
});
const postMove = createRoute({
  method: 'post',
  path: '/incidents/{id}/moves',
  tags,
  summary: '办理 Move an incident',
  request: { params, headers: keyHeader, body: { required: true, ...json(MoveBodySchema) } },
  responses: { 200: answers(MovedSchema, 'The incident after the move; the same answer for the same key') },
});

export function dispatchRoutes({ desk, db, clock, reference, rules, placeRules }: DispatchRoutesDeps) {
  const visible = async (c: Context<AppEnv>, id: string): Promise<Incident | null> => (UUID.test(id) ? desk.find(id, c.var.actor) : null);
  /** As of its move, so that the same key gives the same answer however late it is asked again. */
  const wire = (c: Context<AppEnv>, { incident, moves }: Done) => toWireIncident(incident, c.var.actor, new Date(moves.at(-1)!.at));

  /** Not in the answer to a report: that one waits for nothing after its write. */
  const recurrence = async (incident: Incident) => recurrenceOf(db.kysely, incident, (await placeRules.current()).recurrence);

  return newRouter()
    .openapi(postIncident, async (c) => {
      const key = keyOf(c);
      if (key === null) return problem(c, 'idempotency-key-missing');
      const answer: Answer = await desk.report(c.req.valid('json'), c.var.actor, key);
      return answer.ok ? c.json(wire(c, answer), 201) : refusal(c, answer.refusal);
    })
    .openapi(getIncidents, async (c) => {
      const now = clock.now();
      const query = c.req.valid('query');
      const { items, next } = await listIncidents(db.kysely, c.var.actor, query, now, namedIn(reference()));
      const wired = items.map((incident) => toWireIncident(incident, c.var.actor, now));
      if (query.q === undefined) return c.json({ items: wired, next }, 200);
      const found = await foundIn(db.kysely, query.q, items);
      return c.json(
        { items: wired.map((item) => (found.has(item.id) ? { ...item, found: { ...found.get(item.id)! } } : item)), next },
        200,
      );
    })
    .openapi(getIncident, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      return c.json({ ...toWireIncident(incident, c.var.actor, clock.now()), recurrence: await recurrence(incident) }, 200);
    })
    .openapi(getMoves, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      const { items, next } = await listMoves(db.kysely, incident.district, incident.id, c.req.valid('query'));
      return c.json({ items: items.map((m) => toWireMove(m, c.var.actor)), next }, 200);
    })
    .openapi(getDeadlines, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      const items = explainDeadlines(incident, rules(), clock.now()).map(plain);
      return c.json({ items, next: null }, 200);
    })
    .openapi(postMove, async (c) => {
      const { id } = c.req.valid('param');
      const key = keyOf(c);
      if (key === null) return problem(c, 'idempotency-key-missing');
      if (!UUID.test(id)) return problem(c, 'not-found');
      const { expectedVersion, ...command } = c.req.valid('json');
      const answer: Answer = await desk.move(id.toLowerCase(), command as Command, c.var.actor, key, expectedVersion);
      return answer.ok
        ? c.json({ incident: wire(c, answer), moves: answer.moves.map((m) => toWireMove(m, c.var.actor)) }, 200)
        : refusal(c, answer.refusal);
    });
}

/** As the schema wants its lists: to be changed by whoever gets them. */
function plain(d: ExplainedClock) {
  return {
    ...d,
    lines: [...d.lines],
    rungs: d.rungs.map((r) => ({ ...r, tells: [...r.tells] })),
    pauses: [...d.pauses],
    extensions: [...d.extensions],
    days: [...d.days],
    hours: [...d.hours],
  };
}

function refusal(c: Context<AppEnv>, { code, ...why }: DeskRefusal) {
  return problem(c, code, undefined, why);
}
