/** 时限 over HTTP: everybody reads how long each step may take; district and administrator change it. And who changed which setting. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { listChanges, type RecordedChange } from '../db/settings-change.ts';
import type { Schema } from '../db/schema.ts';
import { LEVELS } from '../dispatch/chain/incident.ts';
import type { Rules } from '../dispatch/chain/levels.ts';
import { checkLimits } from '../dispatch/chain/limit-checks.ts';
import { basisOfLimits, type LimitBook, readLimitBook, saveLimits } from '../dispatch/limits-store.ts';
import { LIMITED } from '../dispatch/rules.ts';
import { hasAbility } from '../identity/abilities.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { answers, json } from '../route-parts.ts';

export interface LimitRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly rules: () => Rules;
  /** Makes this node go by what was written. */
  readonly refresh: () => Promise<void>;
}

const tags = ['settings'];

const LimitShape = {
  value: z.number().int().min(1).max(10_000),
  unit: z.enum(['minutes', 'hours', 'workdays']),
  kind: z.enum(['working', 'continuous']),
};
const Limit = z.object(LimitShape);
const Rule = z.object({ extensions: z.number().int().min(0).max(20), suspendDays: z.number().int().min(0).max(1_000) });
const LimitRow = z.object({ level: z.enum(LEVELS), clock: z.enum(LIMITED as [string, ...string[]]), ...LimitShape });
const LevelRow = z.object({ level: z.enum(LEVELS), ...Rule.shape });

const LimitsSchema = z
  .object({
    limits: z.array(LimitRow.extend({ shared: Limit })),
    levels: z.array(LevelRow.extend({ shared: Rule })),
    warnings: z.array(z.object({ level: z.enum(LEVELS), clock: z.string().optional(), code: z.string() })),
    basis: z.string(),
  })
  .openapi('Limits');
const LimitEditSchema = z
  .object({
    basis: z.string().max(60).optional(),
    limits: z
      .array(
        LimitRow.refine(({ unit, kind }) => unit !== 'workdays' || kind === 'working', {
          path: ['unit'],
          message: 'a working day counts working time only: choose hours, or working',
        }),
      )
      .max(36)
      .optional(),
    levels: z.array(LevelRow).max(4).optional(),
  })
  .openapi('LimitEdit');

const getLimits = createRoute({
  method: 'get',
  path: '/limits',
  tags,
  summary: '时限表 How long each step may take at each level, and what is odd about it',
  responses: { 200: answers(LimitsSchema, 'By level, then in the order of the steps; `shared` is what holds without the district’s own') },
});
const putLimits = createRoute({
  method: 'put',
  path: '/limits',
  tags,
  summary: '改时限 Change limits; they hold for clocks that start from now on',
  request: { body: { required: true, ...json(LimitEditSchema) } },
  responses: { 200: answers(LimitsSchema, 'All limits as they hold now') },
});
const getChanges = createRoute({
  method: 'get',
  path: '/settings/changes',
  tags,
  summary: '改动记录 Who changed which setting, newest first',
  request: {
    query: z.object({
      after: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number)
        .optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: {
    200: answers(
      z.object({
        items: z.array(
          z.object({
            id: z.number().int(),
            at: z.string(),
            account: z.string(),
            subject: z.enum(['calendar', 'limits', 'residents']),
            version: z.number().int(),
            before: z.unknown(),
            after: z.unknown(),
          }),
        ),
        next: z.string().nullable(),
      }),
      'Only what differs stands in `before` and `after`',
    ),
  },
});

type Edit = Parameters<typeof saveLimits>[2];

export function limitRoutes({ db, district, rules, refresh }: LimitRoutesDeps): OpenAPIHono<AppEnv> {
  const wire = (book: LimitBook) => ({
    limits: [...book.limits],
    levels: [...book.levels],
    warnings: checkLimits(rulesOf(book, rules())),
    basis: basisOfLimits(book),
  });
  return newRouter()
    .openapi(getLimits, async (c) => c.json(wire(await readLimitBook(db, district)), 200))
    .openapi(putLimits, async (c) => {
      if (!hasAbility(c.var.actor.role, 'settings')) return problem(c, 'not-allowed', 'limits are changed by district and administrator');
      const { basis, ...edit } = c.req.valid('json');
      const saved = await saveLimits(db, district, edit as Edit, { account: c.var.actor.account, basis });
      if (!saved.ok) return problem(c, saved.code);
      await refresh();
      return c.json(wire(saved.book), 200);
    })
    .openapi(getChanges, async (c) => {
      const { role } = c.var.actor;
      if (!hasAbility(role, 'settings') && role !== 'auditor')
        return problem(c, 'not-allowed', 'changes are shown to those who answer for them');
      const { after, limit } = c.req.valid('query');
      const { items, next } = await listChanges(db, district, { before: after, limit });
      return c.json({ items: items.map(changeToWire), next }, 200);
    });
}

function rulesOf(book: LimitBook, { calendar }: Rules): Rules {
  const each = (name: 'extensions' | 'suspendDays') =>
    Object.fromEntries(book.levels.map((l) => [l.level, l[name]])) as Rules['extensions'];
  return {
    calendar,
    limits: new Map(book.limits.map(({ level, clock, value, unit, kind }) => [`${level}:${clock}` as const, { value, unit, kind }])),
    extensions: each('extensions'),
    suspendDays: each('suspendDays'),
  };
}

function changeToWire({ at, ...change }: RecordedChange) {
  return { ...change, at: at.toISOString() };
}
