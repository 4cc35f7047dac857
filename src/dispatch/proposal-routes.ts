/** Proposed rules over HTTP: read by scope, answered by the district. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Reference } from '../grid/reference.ts';
import { OWNERSHIP_CODES } from '../grid/responsibility.ts';
import { openOfKey } from '../grid/responsibilities.ts';
import { mayReadRule, RuleSchema } from '../grid/responsibility-routes.ts';
import { newRouter, problem } from '../router.ts';
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
const ProposalListSchema = z.object({ items: z.array(ProposalSchema), next: z.null() }).openapi('ResponsibilityProposalList');

const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });
const tags = ['responsibilities'];
const params = z.object({ id: z.uuid() });
const list = createRoute({
  method: 'get',
  path: '/responsibilities/proposals',
  tags,
  summary: '建议规则 Rules that three equal rulings propose',
  request: { query: z.object({ open: z.enum(['true', 'false']).default('true') }) },
  responses: { 200: { ...json(ProposalListSchema), description: 'Proposals, newest first' } },
});
const accept = createRoute({
  method: 'post',
  path: '/responsibilities/proposals/{id}/accept',
  tags,
  summary: '采纳 Make it a rule',
  request: { params },
  responses: { 200: { ...json(RuleSchema), description: 'The rule' } },
});
const refuse = createRoute({
  method: 'post',
  path: '/responsibilities/proposals/{id}/refuse',
  tags,
  summary: '不采纳 Refuse it; the same three rulings do not propose it again',
  request: { params, body: { required: true, ...json(z.object({ reason: text(500) })) } },
  responses: { 200: { ...json(ProposalSchema), description: 'The proposal as it was refused' } },
});

export function proposalRoutes({ db, district, now, reference, looked, changed }: ProposalRoutesDeps) {
  const wire = async (proposal: Proposal): Promise<z.infer<typeof ProposalSchema>> => {
    const before = proposal.answer === null ? await openOfKey(db, district, ruleOf(proposal)) : undefined;
    return { ...proposal, evidence: [...proposal.evidence], replaces: before === undefined ? null : { id: before.id, unit: before.unit } };
  };
  return newRouter()
    .openapi(list, async (c) => {
      await looked();
      const proposals = await readProposals(db, district, { open: c.req.valid('query').open === 'true' });
      const mine = proposals.filter(({ community, unit }) => mayReadRule(c.var.actor, { area: community, unit }));
      return c.json({ items: await Promise.all(mine.map(wire)), next: null }, 200);
    })
    .openapi(accept, async (c) => {
      if (c.var.actor.role !== 'district') return problem(c, 'not-allowed', 'proposals are answered by the district');
      const answering = { ruleId: newId(), account: c.var.actor.account, now: now() };
      const answer = await acceptProposal(db, district, reference(), c.req.valid('param').id, answering);
      if ('code' in answer) return problem(c, answer.code);
      await changed();
      return c.json(answer, 200);
    })
    .openapi(refuse, async (c) => {
      if (c.var.actor.role !== 'district') return problem(c, 'not-allowed', 'proposals are answered by the district');
      const how = { account: c.var.actor.account, now: now(), reason: c.req.valid('json').reason };
      const answer = await refuseProposal(db, district, c.req.valid('param').id, how);
      return 'code' in answer ? problem(c, answer.code) : c.json(await wire(answer), 200);
    });
}
