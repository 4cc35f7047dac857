/**
 * Whom to send, over HTTP: the filled run card, what a further alarm adds, and every unit as it stands for who chooses by hand.
 *
 * A distance from a live position tells where a unit is, three of them exactly: that is for those who send, and those who see positions anyway.
 */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import { seesAllPositions } from '../identity/scope.ts';
import { problems } from '../problems.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { answers } from '../route-parts.ts';
import { UUID } from '../uuid.ts';
import { currentAssignments, type Incident } from './chain/incident.ts';
import { allowedVerbs } from './chain/permissions.ts';
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

const params = z.object({ id: z.string() });
const tags = ['incidents'];

const getRunCard = createRoute({
  method: 'get',
  path: '/incidents/{id}/run-card',
  tags,
  summary: '响应预案 Whom the run card would send, and why; what a further alarm would add',
  description:
    'For those who may send units here now, and for district, subdistrict, linked leader, auditor and admin. A community, which prepares, gets it ' +
    'as filled from where the units have their homes.',
  request: { params, query: RunCardQuery },
  responses: {
    200: answers(FilledCardSchema, 'The filled run card; for a further alarm `lead` is null'),
    ...problems('not-allowed', 'not-found', 'invalid-query'),
  },
});
const getUnits = createRoute({
  method: 'get',
  path: '/incidents/{id}/units',
  tags,
  summary: '可派单位 Every unit, nearest first: how far, who is on duty, and who stands in where nobody is',
  description: 'For those who may send units here now, and for district, subdistrict, linked leader, auditor and admin.',
  request: { params },
  responses: { 200: answers(StandingUnitListSchema, 'All units of the district'), ...problems('not-allowed', 'not-found') },
});

export function sendingRoutes({ desk, clock, reference, situation }: SendingRoutesDeps) {
  const visible = async (c: Context<AppEnv>, id: string): Promise<Incident | null> =>
    UUID.test(id) ? desk.find(id.toLowerCase(), c.var.actor) : null;
  const moment = (): Situation => ({ ...situation(), now: clock.now() });
  /** The same with every unit at its home. */
  const momentAtHome = (): Situation => ({ ...moment(), positions: new Map() });

  return newRouter()
    .openapi(getRunCard, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      const whole = maySend(incident, c.var.actor);
      if (!whole && c.var.actor.role !== 'community') return problem(c, 'not-allowed', NOT_ALLOWED);
      const now = whole ? moment() : momentAtHome();
      const { level, ownership, alarm } = c.req.valid('query');
      const filled =
        alarm > 1 ? fillAlarm(incident, reference(), now, alarm) : fillRunCard(incident, reference(), now, { level, ownership });
      return c.json(cardToWire(filled), 200);
    })
    .openapi(getUnits, async (c) => {
      const incident = await visible(c, c.req.valid('param').id);
      if (incident === null) return problem(c, 'not-found');
      if (!maySend(incident, c.var.actor)) return problem(c, 'not-allowed', NOT_ALLOWED);
      return c.json({ items: standingUnits(incident, reference(), moment()), next: null }, 200);
    });
}

const NOT_ALLOWED = 'where the units are is for those who send them here, and those who see all positions';

/** Sends units to this incident, or sees all positions anyway. */
function maySend(incident: Incident, actor: Actor): boolean {
  return seesAllPositions(actor) || allowedVerbs(incident, actor).some((verb) => verb === 'dispatch' || verb === 'addUnit');
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
