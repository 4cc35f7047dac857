/** Rosters over HTTP: validate, ask, translate. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type AppEnv, newRouter, problem } from '../../router.ts';
import { keyOf } from '../../route-parts.ts';
import type { Unit } from '../reference.ts';
import { dayOf, startOfDay } from '../../china-time.ts';
import type { Asked, RosterDesk, RosterDeskDeps } from './desk.ts';
import { listHandOvers } from './hand-overs.ts';
import type { RosterRefusal } from './refusals.ts';
import { maySeeOpenWork, maySeePhones, maySetRoster } from './scope.ts';
import { shiftEndsOf } from './sign-on.ts';
import { listSwaps } from './swaps.ts';
import { holesOf, toldHoles } from './watch.ts';
import {
  getBoard,
  getOnDuty,
  getHoles,
  getUnit,
  putCrew,
  postOverride,
  postEnd,
  postSwap,
  postAnswer,
  getHandOver,
  postHandOver,
  postTake,
  getSignOn,
  putSignOn,
  deleteSignOn,
} from './route-table.ts';
import { crewToWire, dutyToWire, handOverToWire, holeToWire, overrideToWire, shiftToWire, swapToWire } from './wire.ts';

export interface RosterRoutesDeps extends Pick<RosterDeskDeps, 'db' | 'district' | 'rosters' | 'now' | 'openWorkOf'> {
  readonly desk: RosterDesk;
}

const DAY_MS = 86_400_000;
export function rosterRoutes(deps: RosterRoutesDeps): OpenAPIHono<AppEnv> {
  const { desk, rosters, db, district, now } = deps;
  const app = newRouter();
  const crewsOf = (c: Context<AppEnv>, unit: Unit) =>
    rosters.crews(unit.code).map((crew) => crewToWire(crew, maySeePhones(c.var.actor, unit)));

  app.openapi(getBoard, (c) => {
    const units = desk.unitsFor(c.var.actor);
    if (units.length === 0) return problem(c, 'not-allowed');
    const { subdistrict, ...query } = c.req.valid('query');
    const { fromMs, untilMs } = daysOf(query, now());
    const book = rosters.book();
    const items = units
      .filter((unit) => subdistrict === undefined || unit.subdistrict === subdistrict)
      .map((unit) => ({
        unit: unit.code,
        maySet: maySetRoster(c.var.actor, unit),
        crews: crewsOf(c, unit),
        duty: dutyToWire(book, unit.code, now().getTime()),
        shifts: book.shifts(unit.code, fromMs, untilMs).map(shiftToWire),
      }));
    return c.json({ from: iso(fromMs), until: iso(untilMs), items, next: null }, 200);
  });

  app.openapi(getOnDuty, (c) => {
    const units = desk.unitsFor(c.var.actor);
    if (units.length === 0) return problem(c, 'not-allowed');
    return c.json({ items: units.map((unit) => dutyToWire(rosters.book(), unit.code, now().getTime())), next: null }, 200);
  });

  app.openapi(getHoles, async (c) => {
    const units = desk.unitsFor(c.var.actor);
    if (units.length === 0) return problem(c, 'not-allowed');
    const nowMs = now().getTime();
    const codes = units.map((unit) => unit.code);
    const holes = holesOf(rosters.book(), codes, nowMs, nowMs + c.req.valid('query').hours * 3_600_000);
    const told = await toldHoles(db, district, holes[0]?.from ?? now());
    return c.json({ items: holes.map((hole) => holeToWire(hole, told)), next: null }, 200);
  });

  app.openapi(getUnit, async (c) => {
    const unit = desk.unitFor(c.var.actor, c.req.valid('param').unit);
    if (unit === null) return problem(c, 'not-found');
    const { fromMs, untilMs } = daysOf(c.req.valid('query'), now());
    const book = rosters.book();
    const nowMs = now().getTime();
    const holes = holesOf(book, [unit.code], nowMs, nowMs + DAY_MS);
    const told = await toldHoles(db, district, holes[0]?.from ?? now());
    const touching = rosters.overrides(unit.code).filter((o) => o.from.getTime() < untilMs && o.until.getTime() > fromMs);
    return c.json(
      {
        unit: unit.code,
        from: iso(fromMs),
        until: iso(untilMs),
        maySet: maySetRoster(c.var.actor, unit),
        duty: dutyToWire(book, unit.code, nowMs),
        crews: crewsOf(c, unit),
        shifts: book.shifts(unit.code, fromMs, untilMs).map(shiftToWire),
        overrides: touching.map(overrideToWire),
        swaps: (await listSwaps(db, district, unit.code)).map(swapToWire),
        handOvers: (await listHandOvers(db, district, unit.code)).map((one) => handOverToWire(one, maySeeOpenWork(c.var.actor, unit))),
        holes: holes.map((hole) => holeToWire(hole, told)),
      },
      200,
    );
  });

  app.openapi(putCrew, async (c) => {
    const { unit, crew } = c.req.valid('param');
    const answer = await desk.renameCrew(asked(c), { unit, code: crew, ...c.req.valid('json') });
    return answer.ok ? c.json(crewToWire(answer.value, true), 200) : refusal(c, answer);
  });

  app.openapi(postOverride, async (c) =>
    keyed(c, async (by) => {
      const answer = await desk.override(by, c.req.valid('param').unit, c.req.valid('json'));
      return answer.ok ? c.json(overrideToWire(answer.value), 201) : refusal(c, answer);
    }),
  );

  app.openapi(postEnd, async (c) => {
    const answer = await desk.endOverride(asked(c), c.req.valid('param').id.toLowerCase());
    return answer.ok ? c.json(overrideToWire(answer.value), 200) : refusal(c, answer);
  });

  app.openapi(postSwap, async (c) =>
    keyed(c, async (by) => {
      const answer = await desk.askSwap(by, c.req.valid('param').unit, c.req.valid('json'));
      return answer.ok ? c.json(swapToWire(answer.value), 201) : refusal(c, answer);
    }),
  );

  app.openapi(postAnswer, async (c) => {
    const answer = await desk.answerSwap(asked(c), c.req.valid('param').id.toLowerCase(), c.req.valid('json').answer);
    return answer.ok ? c.json(swapToWire(answer.value), 200) : refusal(c, answer);
  });

  app.openapi(getHandOver, async (c) => {
    const unit = desk.unitFor(c.var.actor, c.req.valid('param').unit);
    if (unit === null) return problem(c, 'not-found');
    const change = desk.changeAt(c.var.actor, c.var.sessionId, unit.code);
    const openWork = maySeeOpenWork(c.var.actor, unit) ? [...(await deps.openWorkOf(unit.code))] : null;
    return c.json({ change: change === null ? null : { ...change, at: change.at.toISOString() }, openWork }, 200);
  });

  app.openapi(postHandOver, async (c) =>
    keyed(c, async (by) => {
      const answer = await desk.giveHandOver(by, c.req.valid('param').unit, c.req.valid('json').note);
      return answer.ok ? c.json(handOverToWire(answer.value, true), 201) : refusal(c, answer);
    }),
  );

  app.openapi(postTake, async (c) => {
    const answer = await desk.takeHandOver(asked(c), c.req.valid('param').id.toLowerCase());
    return answer.ok ? c.json(handOverToWire(answer.value, true), 200) : refusal(c, answer);
  });

  const signOn = (session: string) => {
    const on = rosters.signOn(session);
    if (on === null || on.crew === null) return { unit: on?.unit ?? null, crew: null, since: null, until: null };
    const untilMs = shiftEndsOf(rosters.book(), on, [], now().getTime());
    return { unit: on.unit, crew: on.crew, since: on.at.toISOString(), until: untilMs === null ? null : iso(untilMs) };
  };
  app.openapi(getSignOn, (c) => c.json(signOn(c.var.sessionId), 200));
  app.openapi(putSignOn, async (c) => {
    const answer = await desk.signOn(asked(c), c.req.valid('json').crew);
    return answer.ok ? c.json(signOn(c.var.sessionId), 200) : refusal(c, answer);
  });
  app.openapi(deleteSignOn, async (c) => {
    await desk.signOff(asked(c));
    return c.body(null, 204);
  });
  return app;
}

/** `from` at midnight in China, and so many days on. */
function daysOf({ from, days }: { readonly from?: string | undefined; readonly days: number }, now: Date) {
  const fromMs = from === undefined ? startOfDay(dayOf(now.getTime())) : Date.parse(`${from}T00:00:00+08:00`);
  return { fromMs, untilMs: fromMs + days * DAY_MS };
}

function asked(c: Context<AppEnv>, key = ''): Asked {
  return { actor: c.var.actor, session: c.var.sessionId, key };
}

async function keyed<T>(c: Context<AppEnv>, work: (by: Asked) => Promise<T>) {
  const key = keyOf(c);
  return key === null ? problem(c, 'idempotency-key-missing') : work(asked(c, key));
}

function refusal(c: Context<AppEnv>, { code, about }: RosterRefusal) {
  return problem(c, code, undefined, about === undefined ? {} : { about });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
