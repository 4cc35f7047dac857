/** The inbox of the place where one works: what waits there, and that it was seen. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { accountAsTold } from '../identity/personal.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import type { InboxQuery, InboxStore, NoticeCursor } from './inbox.ts';
import { NoticeCount, type NoticeItem, NoticePage } from './notice-item.ts';
import { inboxesOf } from './notices.ts';

/** `<time>~<seq>`, as `next` gives it. */
const After = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z~-?\d{1,15}$/)
  .transform((text): NoticeCursor => {
    const [at, seq] = text.split('~') as [string, string];
    return { at: new Date(at), seq: Number(seq) };
  })
  .refine(({ at }) => !Number.isNaN(at.getTime()));
const cursorText = ({ at, seq }: NoticeCursor): string => `${at.toISOString()}~${seq}`;

const list = createRoute({
  method: 'get',
  path: '/notices',
  summary: 'What the place where one works was told, newest first',
  tags: ['notices'],
  request: {
    query: z.object({
      open: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .openapi({ description: 'true: neither acknowledged nor settled' }),
      after: After.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: { description: 'Empty for those who only look', content: { 'application/json': { schema: NoticePage } } } },
});

const count = createRoute({
  method: 'get',
  path: '/notices/count',
  summary: 'How many wait for somebody to see them',
  tags: ['notices'],
  responses: { 200: { description: 'For a badge', content: { 'application/json': { schema: NoticeCount } } } },
});

const Seq = z.coerce.number().int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

const acknowledgeOne = createRoute({
  method: 'post',
  path: '/notices/{seq}/acknowledge',
  summary: 'Seen: for the whole place, on every device',
  tags: ['notices'],
  request: { params: z.object({ seq: Seq }) },
  responses: {
    204: { description: 'Seen, now or before' },
    404: { description: 'Nothing of that seq was told to this place: problem not-found' },
  },
});

const acknowledgeMany = createRoute({
  method: 'post',
  path: '/notices/acknowledge',
  summary: 'Seen, many at once; what is not of this place is left out',
  tags: ['notices'],
  request: {
    body: { required: true, content: { 'application/json': { schema: z.object({ seqs: z.array(Seq).min(1).max(200) }) } } },
  },
  responses: {
    200: { description: 'Those that are seen', content: { 'application/json': { schema: z.object({ seqs: z.array(z.number().int()) }) } } },
  },
});

export interface NoticeRouteDeps {
  readonly inbox: Pick<InboxStore, 'list' | 'countOpen'>;
  acknowledge(actor: Actor, sessionId: string, seqs: readonly number[]): Promise<readonly number[]>;
}

export function noticeRoutes({ inbox, acknowledge }: NoticeRouteDeps): OpenAPIHono<AppEnv> {
  const router = newRouter();
  router.openapi(list, async (c) => {
    const query: InboxQuery = c.req.valid('query');
    const { items, next } = await inbox.list(inboxesOf(c.var.actor), query);
    return c.json({ items: items.map((item) => asTold(item, c.var.actor)), next: next && cursorText(next) }, 200);
  });
  router.openapi(count, async (c) => c.json({ open: await inbox.countOpen(inboxesOf(c.var.actor)) }, 200));
  router.openapi(acknowledgeMany, async (c) => {
    const seqs = await acknowledge(c.var.actor, c.var.sessionId, c.req.valid('json').seqs);
    return c.json({ seqs: [...seqs] }, 200);
  });
  router.openapi(acknowledgeOne, async (c) => {
    const seen = await acknowledge(c.var.actor, c.var.sessionId, [c.req.valid('param').seq]);
    return seen.length > 0 ? c.body(null, 204) : problem(c, 'not-found', 'nothing of that seq was told to this place');
  });
  return router;
}

function asTold(item: NoticeItem, actor: Actor): NoticeItem {
  const { acknowledgedBy } = item;
  return acknowledgedBy === null ? item : { ...item, acknowledgedBy: accountAsTold(acknowledgedBy, actor) };
}
