/** What anybody may ask without an account: does this certificate hold? */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter } from '../router.ts';
import { answers } from '../route-parts.ts';
import type { House } from './act.ts';
import { verify } from './certificates.ts';
import { dayAt } from './chain/days.ts';
import { VerdictSchema, verdictToWire } from './member-wire.ts';
import { openReads } from './open-reads.ts';
import { tags } from './route-frame.ts';

const getVerdict = createRoute({
  method: 'get',
  path: '/public/certificates/{number}',
  tags,
  security: [],
  summary: '验证聘书 Does this certificate hold? For whoever has it in their hands',
  description: 'With the key of its QR code. Says the body and the committee, no person; a wrong key is answered like an unknown number.',
  request: {
    params: z.object({ number: z.string().max(40) }),
    query: z.object({ k: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) }),
  },
  responses: { 200: answers(VerdictSchema), ...problems('invalid-query', 'too-many-requests') },
});

export function certificateRoutes({ db, district, now }: House): OpenAPIHono<AppEnv> {
  const app = newRouter();
  const refusedRead = openReads(now);
  app.openapi(getVerdict, async (c) => {
    const refused = refusedRead(c);
    if (refused !== null) return refused;
    const { number } = c.req.valid('param');
    return c.json(verdictToWire(await verify(db, district, number, c.req.valid('query').k, dayAt(now()))), 200);
  });
  return app;
}
