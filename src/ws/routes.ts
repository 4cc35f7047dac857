/** The push evidence over HTTP. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { accountAsTold } from '../identity/personal.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { Push } from './push-item.ts';

const readPushes = createRoute({
  method: 'get',
  path: '/incidents/{id}/pushes',
  summary: 'Who was told what, when, on which device',
  tags: ['incidents'],
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: {
      description: 'Rings and notices, in the order of the moves that ask or tell; also those that reached nobody',
      content: { 'application/json': { schema: z.object({ items: z.array(Push), next: z.null() }) } },
    },
  },
});

export interface PushRouteDeps {
  /** Does the incident exist, and may this actor see it? */
  maySeeIncident(id: string, actor: Actor): Promise<boolean>;
  pushesOf(incident: string): Promise<Push[]>;
}

export function pushRoutes(deps: PushRouteDeps): OpenAPIHono<AppEnv> {
  const router = newRouter();
  router.openapi(readPushes, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await deps.maySeeIncident(id, c.var.actor))) return problem(c, 'not-found');
    const items = await deps.pushesOf(id);
    return c.json({ items: items.map((push) => asTold(push, c.var.actor)), next: null }, 200);
  });
  return router;
}

/** Whom the incident's log hides from this actor, its pushes hide too. */
function asTold(push: Push, actor: Actor): Push {
  const told = (account: string | null): string | null => (account === null ? null : accountAsTold(account, actor));
  return { ...push, account: told(push.account), acknowledgedBy: told(push.acknowledgedBy) };
}
