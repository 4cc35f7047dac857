/** 权责表 over HTTP: read by scope, kept by the district. */
import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { v7 } from 'uuid';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { newRouter, problem } from '../router.ts';
import { answers, json } from '../route-parts.ts';
import type { Reference } from './reference.ts';
import { OWNERSHIP_CODES, TARGET_KINDS } from './responsibility.ts';
import { addRule, endRule, readRules, refusedRule, type KeptRule } from './responsibilities.ts';

export interface ResponsibilityRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly now: () => Date;
  readonly reference: () => Reference;
  /** @returns when this node goes by what was written. */
  readonly changed: () => Promise<void>;
}

const plain = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((s) => !s.includes('\u0000') && s.isWellFormed(), 'text must be well-formed and without NUL');
const Time = z.iso.datetime();

export const RuleSchema = z
  .object({
    id: z.uuid(),
    match: z.enum(TARGET_KINDS),
    target: z.string(),
    ownership: z.enum(OWNERSHIP_CODES).nullable().openapi({ description: 'null: whatever the ownership' }),
    area: z.string().openapi({ description: 'The district (6 digits), a subdistrict (9) or a community (12)' }),
    unit: z.string(),
    source: z.string().openapi({ description: 'Where it is written' }),
    since: Time,
    acceptedBy: z.string(),
    endedAt: Time.nullable(),
    endedBy: z.string().nullable(),
    endReason: z.string().nullable(),
  })
  .openapi('ResponsibilityRule');
const RuleListSchema = z.object({ items: z.array(RuleSchema), next: z.null() }).openapi('ResponsibilityRuleList');
const NewRuleSchema = z.object({
  match: z.enum(TARGET_KINDS),
  target: plain(40),
  ownership: z.enum(OWNERSHIP_CODES).nullable().default(null),
  area: z.string().regex(/^(\d{6}|\d{9}|\d{12})$/),
  unit: plain(80),
  source: plain(500),
  since: z.iso.datetime({ offset: true }).optional(),
});

const tags = ['responsibilities'];
const list = createRoute({
  method: 'get',
  path: '/responsibilities',
  tags,
  summary: '权责表 Rules in the scope of the caller: who leads what where',
  request: {
    query: z.object({
      ended: z.enum(['true', 'false']).default('false').openapi({ description: 'true: also those that have ended' }),
      category: plain(40).optional().openapi({ description: 'A row, category or class; also the rules above it that would hold for it' }),
      area: plain(12).optional().openapi({ description: 'Rules of this area and of those inside and around it' }),
      unit: plain(80).optional(),
    }),
  },
  responses: { 200: answers(RuleListSchema, 'Rules'), 304: { description: 'Not modified' } },
});
const add = createRoute({
  method: 'post',
  path: '/responsibilities',
  tags,
  summary: '权责表加一条 Add a rule',
  request: { body: { required: true, ...json(NewRuleSchema) } },
  responses: { 201: answers(RuleSchema, 'The rule; it holds at once, on all nodes within moments') },
});
const end = createRoute({
  method: 'post',
  path: '/responsibilities/{id}/end',
  tags,
  summary: '权责表终止一条 End a rule',
  request: { params: z.object({ id: z.uuid() }), body: { required: true, ...json(z.object({ reason: plain(500) })) } },
  responses: { 200: answers(RuleSchema, 'The rule as it ended') },
});

export function responsibilityRoutes({ db, district, now, reference, changed }: ResponsibilityRoutesDeps) {
  return newRouter()
    .openapi(list, async (c) => {
      const { ended, category, area, unit } = c.req.valid('query');
      const all = await readRules(db, district, { ended: ended === 'true' });
      const items = all
        .filter((rule) => mayReadRule(c.var.actor, rule))
        .filter((rule) => category === undefined || category.startsWith(rule.target) || rule.target.startsWith(category))
        .filter((rule) => area === undefined || area.startsWith(rule.area) || rule.area.startsWith(area))
        .filter((rule) => unit === undefined || rule.unit === unit);
      const answer = { items, next: null };
      // Weak, and of what this caller may see: with the scope it is another list.
      const tag = `W/"${createHash('sha256').update(JSON.stringify(answer)).digest('base64url').slice(0, 22)}"`;
      const headers = { ETag: tag, 'Cache-Control': 'private, no-cache' };
      return c.req.header('If-None-Match') === tag ? c.body(null, 304, headers) : c.json(answer, 200, headers);
    })
    .openapi(add, async (c) => {
      if (!mayKeepRules(c.var.actor)) return problem(c, 'not-allowed', 'rules are kept by the district');
      const body = c.req.valid('json');
      const refused = refusedRule(body, reference());
      if (refused !== undefined) return problem(c, refused.code);
      const writing = { id: v7(), account: c.var.actor.account, now: now() };
      const answer = await db.transaction().execute((tx) => addRule(tx, district, body, writing));
      if ('code' in answer) {
        const { code, ...why } = answer;
        return problem(c, code, undefined, why);
      }
      await changed();
      return c.json(answer, 201);
    })
    .openapi(end, async (c) => {
      if (!mayKeepRules(c.var.actor)) return problem(c, 'not-allowed', 'rules are kept by the district');
      const { reason } = c.req.valid('json');
      const how = { account: c.var.actor.account, now: now(), reason };
      const rule = await db.transaction().execute((tx) => endRule(tx, district, c.req.valid('param').id, how));
      if (rule === null) return problem(c, 'not-found', 'there is no open rule of this id');
      await changed();
      return c.json(rule, 200);
    });
}

export function mayKeepRules(actor: Actor): boolean {
  return actor.role === 'district' || actor.role === 'admin';
}

/** A rule concerns those in whose place it may hold, and the unit that it names. */
export function mayReadRule(actor: Actor, rule: Pick<KeptRule, 'area' | 'unit'>): boolean {
  const touches = (code: string | undefined) => code !== undefined && (code.startsWith(rule.area) || rule.area.startsWith(code));
  switch (actor.role) {
    case 'system':
    case 'district':
    case 'auditor':
    case 'admin':
      return true;
    case 'subdistrict':
      return touches(actor.subdistrict);
    case 'community':
    case 'gridWorker':
      return touches(actor.community);
    case 'leader':
    case 'member':
      return (actor.communities ?? []).some(touches);
    case 'unit':
      return actor.unit === rule.unit;
    case 'resident':
      return false;
  }
}
