/** Proposed rules over HTTP: read by scope, answered by the district. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Reference } from '../grid/reference.ts';
import { OWNERSHIP_CODES } from '../grid/responsibility.ts';
import { openOfKey } from '../grid/responsibilities.ts';
import { RuleSchema } from '../grid/responsibility-routes.ts';
import type { Actor } from '../identity/actor.ts';
import { maySee } from '../identity/scope.ts';
import { problems } from '../problems.ts';
import { newRouter, problem } from '../router.ts';
import { answers, json } from '../route-parts.ts';
import { text } from './chain/commands.ts';
import { newId } from './new-id.ts';
import { acceptProposal, readProposals, refuseProposal, ruleOf, type Proposal } from './proposals.ts';

export interface ProposalRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly now: () => Date;
  readonly reference: () => Reference;
  /** Looks for what the newest rulings propose: whoever gave the third finds it in the list at once. */
  readonly looked: () => Promise<void>;
  /** @returns when this node goes by what was written. */
  readonly changed: () => Promise<void>;
}

const Time = z.iso.datetime();
const ProposalSchema = z
  .object({
    id: z.uuid(),
    category: z.string(),
    community: z.string(),
    unit: z.string(),
    ownership: z.enum(OWNERSHIP_CODES).nullable(),
    at: Time.openapi({ description: 'When the third ruling was given' }),
    evidence: z.array(z.object({ incident: z.uuid(), number: z.string(), ruling: z.string(), at: Time })),
    replaces: z.object({ id: z.uuid(), unit: z.string() }).nullable().openapi({ description: 'The open rule that it would end' }),
    answer: z.enum(['accepted', 'refused']).nullable(),
    answeredAt: Time.nullable(),
    answeredBy: z.string().nullable(),
    reason: z.string().nullable(),
    rule: z.uuid().nullable(),
  })
  .openapi('ResponsibilityProposal');
const ProposalListSchema = z.object({ items: z.array(ProposalSchema), next: z.uuid().nullable() }).openapi('ResponsibilityProposalList');

const tags = ['responsibilities'];
const params = z.object({ id: z.uuid() });
const list = createRoute({
  method: 'get',
  path: '/responsibilities/proposals',
  tags,
  summary: '建议规则 Rules that three equal rulings propose',
  description: 'For the district, auditor and admin; a subdistrict reads those of its own communities. They tell of rulings on incidents.',
  request: {
    query: z.object({
      open: z.enum(['true', 'false']).default('true').openapi({ description: 'true: only those that wait for an answer' }),
      after: z.uuid().toLowerCase().optional().openapi({ description: '`next` of the page before' }),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: {
    200: answers(ProposalListSchema, 'A page of proposals, newest first'),
    ...problems('not-allowed', 'invalid-query'),
  },
});
const accept = createRoute({
  method: 'post',
  path: '/responsibilities/proposals/{id}/accept',
  tags,
  summary: '采纳 Make it a rule',
  request: { params },
  responses: { 200: answers(RuleSchema, 'The rule') },
});
const refuse = createRoute({
  method: 'post',
  path: '/responsibilities/proposals/{id}/refuse',
  tags,
  summary: '不采纳 Refuse it; the same three rulings do not propose it again',
  request: { params, body: { required: true, ...json(z.object({ reason: text(500) })) } },
  responses: { 200: answers(ProposalSchema, 'The proposal as it was refused') },
});

export function proposalRoutes({ db, district, now, reference, looked, changed }: ProposalRoutesDeps) {
  const wire = async (proposal: Proposal, actor: Actor): Promise<z.infer<typeof ProposalSchema>> => {
    const before = proposal.answer === null ? await openOfKey(db, district, ruleOf(proposal)) : undefined;
    const evidence = proposal.evidence.filter((e) => maySee(actor, e.placed)).map(({ placed: _, ...told }) => told);
    return { ...proposal, evidence, replaces: before === undefined ? null : { id: before.id, unit: before.unit } };
  };
  return newRouter()
    .openapi(list, async (c) => {
      const { actor } = c.var;
      const area = areaOf(actor);
      if (area === null) return problem(c, 'not-allowed', 'proposals are read by the subdistrict and by those who read the whole district');
      if (mayRule(actor)) await looked();
      const { open, after, limit } = c.req.valid('query');
      const found = await readProposals(db, district, { open: open === 'true', area, after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const items = await Promise.all(page.map((proposal) => wire(proposal, actor)));
      return c.json({ items, next: found.length > limit ? page.at(-1)!.id : null }, 200);
    })
    .openapi(accept, async (c) => {
      if (!mayAnswer(c.var.actor)) return problem(c, 'not-allowed', 'proposals are answered by the district');
      const answering = { ruleId: newId(), account: c.var.actor.account, now: now() };
      const answer = await acceptProposal(db, district, reference(), c.req.valid('param').id, answering);
      if ('code' in answer) return problem(c, answer.code);
      await changed();
      return c.json(answer, 200);
    })
    .openapi(refuse, async (c) => {
      if (!mayAnswer(c.var.actor)) return problem(c, 'not-allowed', 'proposals are answered by the district');
      const how = { account: c.var.actor.account, now: now(), reason: c.req.valid('json').reason };
      const answer = await refuseProposal(db, district, c.req.valid('param').id, how);
      return 'code' in answer ? problem(c, answer.code) : c.json(await wire(answer, c.var.actor), 200);
    });
}

/** Who gave the third ruling finds at once what it proposes; whoever only reads sets no search off. */
function mayRule(actor: Actor): boolean {
  return actor.role === 'subdistrict' || mayAnswer(actor);
}

function mayAnswer(actor: Actor): boolean {
  return actor.role === 'district';
}

/** How the codes of the communities begin whose proposals the actor reads; null: none. */
function areaOf(actor: Actor): string | null {
  switch (actor.role) {
    case 'district':
    case 'auditor':
    case 'admin':
    case 'system':
      return '';
    case 'subdistrict':
      return actor.subdistrict ?? null;
    case 'community':
    case 'gridWorker':
    case 'leader':
    case 'member':
    case 'unit':
    case 'resident':
      return null;
  }
}
