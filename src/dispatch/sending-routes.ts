/** Whom to send, over HTTP: the filled run card, what a further alarm adds, and every unit as it stands for who chooses by hand. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Reference } from '../grid/reference.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { currentAssignments, type Incident } from './chain/incident.ts';
import { fillAlarm, fillRunCard, standing, type Choice, type FilledCard, type FurtherAlarm, type Situation } from './chain/run-cards.ts';
import { OPEN_ASSIGNMENT } from './chain/states.ts';
import type { Desk } from './desk.ts';
import { FilledCardSchema, RunCardQuery, StandingUnitListSchema, type StandingUnit } from './schemas.ts';

export interface SendingRoutesDeps {
  readonly desk: Pick<Desk, 'find'>;
  readonly clock: { now(): Date };
  readonly reference: () => Reference;
  readonly situation: () => Omit<Situation, 'now'>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const params = z.object({ id: z.string() });
const answers = <T extends z.ZodType>(schema: T, description: string) => ({ content: { 'application/json': { schema } }, description });
const tags = ['incidents'];

const getRunCard = createRoute({
  method: 'get',
  path: '/incidents/{id}/run-card',
  tags,
  summary: '响应预案 Whom the run card would send, and why; what a further alarm would add',
  request: { params, query: RunCardQuery },
  responses: { 200: answers(FilledCardSchema, 'The filled run card; for a further alarm `lead` is null') },
});
const getUnits = createRoute({
  method: 'get',
  path: '/incidents/{id}/units',
  tags,
  summary: '可派单位 Every unit, nearest first: how far, who is on duty, and who stands in where nobody is',
  request: { params },
  responses: { 200: answers(StandingUnitListSchema, 'All units of the district') },
});

export function sendingRoutes({ desk, clock, reference, situation }: SendingRoutesDeps) {
  const visible = async (c: Context<AppEnv>, id: string): Promise<Incident | null> =>
    UUID.test(id) ? desk.find(id.toLowerCase(), c.var.actor) : null;
  const moment = (): Situation => ({ ...situation(), now: clock.now() });

  return newRouter()
    .openapi(getRunCard, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      const { level, ownership, alarm } = c.req.valid('query');
      const filled =
        alarm > 1 ? fillAlarm(incident, reference(), moment(), alarm) : fillRunCard(incident, reference(), moment(), { level, ownership });
      return c.json(cardToWire(filled), 200);
    })
    .openapi(getUnits, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      return c.json({ items: standingUnits(incident, reference(), moment()), next: null }, 200);
    });
}

function cardToWire({ lead, assisting, shortfalls, ...card }: FilledCard | FurtherAlarm): z.infer<typeof FilledCardSchema> {
  const choice = (c: Choice) => ({ ...c, passed: [...c.passed] });
  return { ...card, lead: lead === null ? null : choice(lead), assisting: assisting.map(choice), shortfalls: [...shortfalls] };
}

function standingUnits(incident: Incident, reference: Reference, situation: Situation): StandingUnit[] {
  const atMs = situation.now.getTime();
  const sent = new Set(
    currentAssignments(incident)
      .filter((a) => OPEN_ASSIGNMENT.has(a.state))
      .map((a) => a.unit),
  );
  return [...reference.units.values()]
    .map((unit) => {
      const { distanceM, from, duty } = standing(incident, unit, situation);
      return {
        unit: unit.code,
        distanceM: Math.round(distanceM),
        from,
        duty: duty.state,
        until: duty.until,
        next: duty.next?.from ?? null,
        standIn: { unit: unit.standInUnit, may: unit.standInDuty, duty: situation.duty.at(unit.standInUnit, atMs).state },
        serves: unit.scope.includes(incident.subdistrict),
        sent: sent.has(unit.code),
        declined: incident.declinedBy.includes(unit.code),
      };
    })
    .sort((a, b) => a.distanceM - b.distanceM || (a.unit < b.unit ? -1 : 1));
}
