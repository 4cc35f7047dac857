/** What the map asks beyond single incidents: validate, ask, answer. */
import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../db/connect.ts';
import { seesAllPositions } from '../identity/scope.ts';
import { problems } from '../problems.ts';
import { answers } from '../route-parts.ts';
import { newRouter, problem } from '../router.ts';
import { busyWhenFull, makeSlots } from '../slots.ts';
import { HeatQuery, HeatSchema, ReplayQuery, ReplaySchema, UnitsAtWorkSchema } from './overview-schemas.ts';
import { heatOf, UnitsAtWork } from './overview.ts';
import { replayOf } from './replay.ts';

export interface OverviewRoutesDeps {
  readonly db: Database;
  readonly district: number;
  readonly clock: { now(): Date };
}

const tags = ['map'];
const MINUTE_MS = 60_000;

const getReplay = createRoute({
  method: 'get',
  path: '/replay',
  tags,
  summary: '回放 An hour of the log, to be played again: the incidents at its start, and each move with what it made of them',
  description: 'At most an hour, and at most until now. Where units were is not in the log.',
  request: { query: ReplayQuery },
  responses: { 200: answers(ReplaySchema, 'What the caller may see of that hour'), ...problems('invalid-query', 'busy') },
});
const getHeat = createRoute({
  method: 'get',
  path: '/incidents/heat',
  tags,
  summary: '热力 How many incidents were reported in each cell, over the last days',
  request: { query: HeatQuery },
  responses: { 200: answers(HeatSchema, 'Cells with at least one, in the scope of the caller'), ...problems('invalid-query') },
});
const getWork = createRoute({
  method: 'get',
  path: '/units/work',
  tags,
  summary: '在途单位 Which units are at work, and how far they are',
  description: 'For district, subdistrict, linked leader, auditor and admin, who see where the units are.',
  responses: { 200: answers(UnitsAtWorkSchema, 'Open assignments of the whole district'), ...problems('not-allowed') },
});

export function overviewRoutes({ db, district, clock }: OverviewRoutesDeps) {
  const work = new UnitsAtWork(db.kysely, district);
  /** Each folds some thousand logs: on one node one after the other, so that what is live has the rest of it. [ours] */
  const replays = makeSlots(1, 8);

  return newRouter()
    .openapi(getReplay, async (c) => {
      const { from, minutes } = c.req.valid('query');
      const until = new Date(from.getTime() + minutes * MINUTE_MS);
      const now = clock.now();
      if (from >= now) {
        return problem(c, 'invalid-query', undefined, {
          errors: [{ path: 'from', message: 'has not happened yet: choose an earlier hour' }],
        });
      }
      const stretch = { from, until: until < now ? until : now };
      return c.json(await replays.run(() => replayOf(db.kysely, c.var.actor, stretch)).catch(busyWhenFull(2)), 200);
    })
    .openapi(getHeat, async (c) => c.json(await heatOf(db.kysely, c.var.actor, c.req.valid('query').days, clock.now()), 200))
    .openapi(getWork, async (c) => {
      if (!seesAllPositions(c.var.actor)) return problem(c, 'not-allowed');
      return c.json({ items: await work.for(c.var.actor, clock.now()), next: null }, 200);
    });
}
