/** Web push over HTTP: the key that a browser binds to, its subscription, a push to try it, and how far a push has come. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { isHttps } from '../identity/credentials.ts';
import { problems } from '../problems.ts';
import { answers, json } from '../route-parts.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { deviceLabel } from '../ws/upgrade.ts';
import { ENDPOINT_MAX, endpointOf } from './addresses.ts';
import type { Outbound } from './start.ts';
import { contactOf } from './webpush.ts';

const base64url = (bytes: number) =>
  z
    .string()
    .max(200)
    .refine((s) => /^[A-Za-z0-9_-]+=*$/.test(s) && Buffer.from(s, 'base64url').length === bytes, `${bytes} bytes as base64url`);

const Subscription = z
  .object({
    endpoint: z.string().min(1).max(ENDPOINT_MAX),
    keys: z.object({ p256dh: base64url(65), auth: base64url(16) }),
    locale: z.enum(['zh-CN', 'en']).default('zh-CN').describe('In which language the device is told'),
  })
  .openapi('PushSubscription');

const getKey = createRoute({
  method: 'get',
  path: '/push/key',
  tags: ['push'],
  summary: 'The public key (VAPID) to which a browser binds its subscription',
  responses: { 200: answers(z.object({ publicKey: z.string() })), ...problems('not-signed-in') },
});

const subscribe = createRoute({
  method: 'post',
  path: '/push/subscriptions',
  tags: ['push'],
  summary: 'This device can be reached while its page is closed, as long as the session lives',
  request: { body: { required: true, ...json(Subscription) } },
  responses: {
    201: answers(z.object({ id: z.uuid() })),
    ...problems('push-endpoint-refused', 'invalid-body', 'malformed-json', 'foreign-origin', 'not-signed-in'),
  },
});

const unsubscribe = createRoute({
  method: 'delete',
  path: '/push/subscriptions',
  tags: ['push'],
  summary: 'This device is reached no more while its page is closed',
  responses: { 204: { description: 'So it is' }, ...problems('foreign-origin', 'not-signed-in') },
});

const tryOut = createRoute({
  method: 'post',
  path: '/push/test',
  tags: ['push'],
  summary: 'Sends this device one push, to see whether it comes through',
  responses: {
    202: answers(z.object({ id: z.number().int().describe('What the device’s message names') })),
    ...problems('push-not-subscribed', 'foreign-origin', 'not-signed-in'),
  },
});

const receipt = createRoute({
  method: 'post',
  path: '/push/receipts',
  tags: ['push'],
  summary: 'A device says how far a push has come; evidence of it',
  request: { body: { required: true, ...json(z.object({ id: z.number().int().positive(), stage: z.enum(['delivered', 'shown']) })) } },
  responses: {
    204: { description: 'Kept, if it was sent to this session' },
    ...problems('invalid-body', 'foreign-origin', 'not-signed-in'),
  },
});

export function outboundRoutes(deps: Omit<Outbound, 'noticed' | 'work' | 'stop'>): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.openapi(getKey, (c) => c.json({ publicKey: deps.publicKey }, 200));

  app.openapi(subscribe, async (c) => {
    const { endpoint, keys, locale } = c.req.valid('json');
    const url = endpointOf(endpoint, deps.anywhere);
    if (!url) return problem(c, 'push-endpoint-refused');
    const id = await deps.subscribe({
      session: c.var.sessionId,
      actor: c.var.actor,
      endpoint: url.href,
      p256dh: keys.p256dh,
      auth: keys.auth,
      locale,
      contact: contactOf(c.req.header('host'), comesByHttps(c)),
      device: deviceLabel(c.req.header('user-agent')),
    });
    return c.json({ id }, 201);
  });

  app.openapi(unsubscribe, async (c) => {
    await deps.unsubscribe(c.var.sessionId);
    return c.body(null, 204);
  });

  app.openapi(tryOut, async (c) => {
    const id = await deps.test(c.var.sessionId);
    return id === null ? problem(c, 'push-not-subscribed') : c.json({ id }, 202);
  });

  app.openapi(receipt, async (c) => {
    const { id, stage } = c.req.valid('json');
    await deps.received(c.var.sessionId, id, stage);
    return c.body(null, 204);
  });
  return app;
}

const comesByHttps = (c: Context): boolean => isHttps((name) => c.req.header(name), c.req.url);
