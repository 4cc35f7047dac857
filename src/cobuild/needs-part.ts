/** Plans, needs, resources, activities, projects and appraisals, put together for `start.ts`. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { CommittedMove } from '../dispatch/chain/committed.ts';
import { isEnd } from '../dispatch/chain/states.ts';
import type { Desk } from '../dispatch/desk.ts';
import { findHolder } from '../evidence/holders.ts';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import type { AppEnv } from '../router.ts';
import type { House } from './act.ts';
import { openActivityRoutes } from './activity-open-routes.ts';
import { activityRoutes } from './activity-routes.ts';
import { appraisalRoutes } from './appraisal-routes.ts';
import { ACTIVITY_LAW } from './chain/activity.ts';
import { CLAIM_LAW } from './chain/need.ts';
import { mayReadWork, maySeePlace } from './chain/scope.ts';
import { Guests } from './guest-units.ts';
import { Joints } from './joints.ts';
import { needRoutes } from './need-routes.ts';
import { needsLooks } from './needs-looks.ts';
import { planRoutes } from './plan-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { resourceRoutes } from './resource-routes.ts';
import type { Look } from './watch.ts';

export interface NeedsDeps {
  readonly house: House;
  readonly reference: () => Reference;
  readonly desk: Pick<Desk, 'find' | 'move'>;
  /** Makes this node go by settings that were written: units that join incidents. */
  readonly refresh: () => Promise<unknown>;
}

export interface NeedsPart {
  readonly routers: readonly OpenAPIHono<AppEnv>[];
  /** For people without an account. */
  readonly openRouters: readonly OpenAPIHono<AppEnv>[];
  readonly looks: readonly Look[];
  /** Moves of incidents that any node wrote. */
  noticed(moves: readonly Pick<CommittedMove, 'incident'>[]): void;
  /** May this account see the photos that this holder has? `id` stands in `photo.incident`. */
  maySeeHolder(id: string, actor: Actor): Promise<boolean>;
  stop(): Promise<void>;
}

/** Whoever reads a need or an activity sees its photos too. */
const READ_AS_WORK: ReadonlySet<string> = new Set([CLAIM_LAW.kind, ACTIVITY_LAW.kind]);

export function needsPart({ house, reference, desk, refresh }: NeedsDeps): NeedsPart {
  const { db, district } = house;
  const joints = new Joints({ house, desk, guests: new Guests({ house, reference, refresh }) });
  const joinSoon = (incident: string) => joints.soon(incident);
  const incidentFor = async (id: string, actor: Actor) => {
    const incident = await desk.find(id, actor);
    return incident === null
      ? null
      : { community: incident.community, category: incident.category, ended: isEnd(incident.state), drill: incident.drill };
  };
  return {
    routers: [
      planRoutes({ house, reference }),
      needRoutes({ house, reference, incidentFor, joinSoon }),
      resourceRoutes({ house, reference, desk, joinSoon }),
      activityRoutes(house),
      projectRoutes(house),
      appraisalRoutes(house),
    ],
    openRouters: [openActivityRoutes(house, reference)],
    looks: [
      ...needsLooks(reference),
      async () => {
        await joints.sweep();
        return [];
      },
    ],
    noticed: (moves) => joints.noticed(moves),
    async maySeeHolder(id, actor) {
      const holder = await findHolder(db, district, id);
      if (holder === null) return false;
      return READ_AS_WORK.has(holder.kind) ? mayReadWork(actor, holder.place) : maySeePlace(actor, holder.place);
    },
    stop: () => joints.settled(),
  };
}
