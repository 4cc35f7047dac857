/** The push evidence over HTTP. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import type { Push } from './pushes.ts';

const Time = z.iso.datetime();
const PushSchema = z
  .object({
    assignment: z.string(),
    unit: z.string(),
    account: z.string().nullable().openapi({ description: 'Null, like device and sentAt: no device of the unit was connected' }),
    device: z.string().nullable(),
    queuedAt: Time,
    sentAt: Time.nullable(),
    deliveredAt: Time.nullable(),
    shownAt: Time.nullable(),
    acknowledgedAt: Time.nullable().openapi({ description: 'When the unit acknowledged, on whichever device' }),
  })
  .openapi('Push');

const readPushes = createRoute({
  method: 'get',
  path: '/incidents/{id}/pushes',
  summary: 'Who was told what, when, on which device',
  tags: ['incidents'],
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: {
      description: 'In the order in which answers were asked for',
      content: { 'application/json': { schema: z.object({ items: z.array(PushSchema), next: z.null() }) } },
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
