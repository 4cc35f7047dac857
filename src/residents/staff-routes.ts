/** What staff need of an incident's residents: the link to hold out, and what was said of the work. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Incident } from '../dispatch/chain/incident.ts';
import type { Actor } from '../identity/actor.ts';
import { TOLD_ACCOUNTS } from '../identity/personal.ts';
import { problems } from '../problems.ts';
import { answers } from '../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { UUID } from '../uuid.ts';
import { codeOf, pathOf } from './code.ts';
import { ratingsOf } from './ratings.ts';
import { ForStaffSchema } from './schemas.ts';

/** Who meets residents. Not the units: whose work is judged does not hand out the votes [ours]. */
const HOLDS_OUT: ReadonlySet<Actor['role']> = new Set(['gridWorker', 'community', 'subdistrict', 'district']);

export interface StaffRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly key: Buffer;
  /** null if there is none, or it is not in the actor's scope. */
  readonly findIncident: (id: string, actor: Actor) => Promise<Incident | null>;
}

const getResidents = createRoute({
  method: 'get',
  path: '/incidents/{id}/residents',
  tags: ['residents'],
  summary: '给居民看 The link for residents, and how they rated it',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: answers(ForStaffSchema, 'Newest rating first'), ...problems('not-found') },
});

export function staffRoutes({ db, district, key, findIncident }: StaffRoutesDeps): OpenAPIHono<AppEnv> {
  return newRouter().openapi(getResidents, async (c) => {
    const { actor } = c.var;
    const { id } = c.req.valid('param');
    const incident = UUID.test(id) ? await findIncident(id.toLowerCase(), actor) : null;
    if (incident === null) return problem(c, 'not-found');
    const { number } = incident;
    const code = codeOf(key, district, number);
    const ratings = await ratingsOf(db, district, incident.id);
    // Residents may write who did what: that is for those who look after the place.
    const mayRead = TOLD_ACCOUNTS.has(actor.role);
    return c.json(
      {
        // A drill has no page for residents.
        link: HOLDS_OUT.has(actor.role) && !incident.drill ? { number, code, path: pathOf(number, code) } : null,
        fromResident: incident.reportedBy === 'resident',
        ratings: ratings.map(({ comment, at, changedAt, ...rating }) => ({
          ...rating,
          comment: mayRead ? comment : null,
          at: at.toISOString(),
          changedAt: changedAt?.toISOString() ?? null,
        })),
      },
      200,
    );
  });
}
