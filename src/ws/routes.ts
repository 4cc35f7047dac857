/** The push evidence over HTTP. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
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
      description: 'In the order in which answers were asked for',
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
    return c.json({ items: await deps.pushesOf(id), next: null }, 200);
  });
  return router;
}
