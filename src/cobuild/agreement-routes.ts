/** Agreements over HTTP. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { answers, keyHeader } from '../route-parts.ts';
import type { House } from './act.ts';
import { AGREEMENT_LAW, endsSoon } from './chain/agreement.ts';
import { dayAt } from './chain/days.ts';
import { LINK_CODES } from './chain/links.ts';
import { areaOf, maySeePlace, memberCode, partsWith } from './chain/scope.ts';
import { stateNames, verbNames, verbsFor } from './chain/table.ts';
import { makeAgreement, moveAgreement } from './agreement-desk.ts';
import { findAgreement, listAgreements, type NamedAgreement } from './agreements.ts';
import { memberOf } from './members.ts';
import {
  answerRefusal,
  body,
  Code,
  codeParam,
  DayText,
  keyed,
  Line,
  list,
  MoveSchema,
  movesOf,
  OptionalLine,
  tags,
  Version,
} from './route-frame.ts';

const AgreementSchema = z
  .object({
    code: Code,
    version: z.number().int(),
    state: z.enum(stateNames(AGREEMENT_LAW)),
    committee: Code,
    committeeZh: z.string(),
    committeeEn: z.string(),
    place: z.string(),
    member: Code,
    orgZh: z.string(),
    orgEn: z.string(),
    links: z.array(z.enum(LINK_CODES)).openapi({ description: '五联' }),
    from: DayText,
    until: DayText,
    signedOn: DayText.nullable(),
    commitmentZh: z.string(),
    commitmentEn: z.string(),
    becomes: z.object({ kind: z.enum(['need', 'resource']), code: Code }).nullable(),
    renewal: z.object({ until: DayText, by: z.enum(['office', 'member']) }).nullable(),
    endsInDays: z.number().int().nullable().openapi({ description: 'When it runs out within 30 days' }),
    may: z.array(z.enum(verbNames(AGREEMENT_LAW))),
  })
  .openapi('Agreement');
const AgreementDetailSchema = AgreementSchema.extend({ moves: z.array(MoveSchema) }).openapi('AgreementDetail');
const terms = {
  links: z.array(z.enum(LINK_CODES)).max(5),
  from: DayText,
  until: DayText,
  commitmentZh: Line(500),
  commitmentEn: OptionalLine(500),
};

const getAgreements = createRoute({
  method: 'get',
  path: '/agreements',
  tags,
  summary: '共建协议 Agreements in the caller’s scope; what ends first comes first',
  request: {
    query: z.object({
      committee: Code.optional(),
      member: Code.optional(),
      state: z.enum(stateNames(AGREEMENT_LAW)).optional(),
      link: z.enum(LINK_CODES).optional(),
      endingBy: DayText.optional(),
    }),
  },
  responses: { 200: answers(list(AgreementSchema)), ...problems('not-allowed', 'invalid-query') },
});
const getAgreement = createRoute({
  method: 'get',
  path: '/agreements/{code}',
  tags,
  summary: '共建协议 One agreement with its log',
  request: { params: codeParam },
  responses: { 200: answers(AgreementDetailSchema), ...problems('not-found', 'invalid-query') },
});
const postAgreement = createRoute({
  method: 'post',
  path: '/agreements',
  tags,
  summary: '签约 Offer an agreement to a member unit, or record one that both signed on paper',
  request: { headers: keyHeader, body: body(z.object({ committee: Code, member: Code, ...terms, signedOn: DayText.optional() })) },
  responses: {
    201: answers(AgreementSchema),
    ...problems(
      'not-yours',
      'unknown-committee',
      'unknown-member',
      'no-links',
      'term-too-short',
      'agreement-exists',
      'date-in-future',
      'invalid-body',
    ),
  },
});
const postMove = createRoute({
  method: 'post',
  path: '/agreements/{code}/moves',
  tags,
  summary: '签署、续签、终止 Sign, renew or end an agreement',
  request: {
    params: codeParam,
    headers: keyHeader,
    body: body(
      z.discriminatedUnion('verb', [
        z.object({ verb: z.literal('amend'), expectedVersion: Version }).extend(z.object(terms).partial().shape),
        z.object({ verb: z.enum(['sign', 'renew']), expectedVersion: Version }),
        z.object({ verb: z.enum(['decline', 'end', 'withdraw']), expectedVersion: Version, reason: Line(500) }),
        z.object({ verb: z.literal('offerRenewal'), expectedVersion: Version, until: DayText }),
      ]),
    ),
  },
  responses: {
    200: answers(AgreementSchema),
    ...problems(
      'not-found',
      'not-yours',
      'no-such-move',
      'version-conflict',
      'member-expired',
      'no-links',
      'term-too-short',
      'no-renewal-offered',
      'own-renewal',
      'invalid-body',
    ),
  },
});

export function agreementRoutes(house: House): OpenAPIHono<AppEnv> {
  const { db, district, now } = house;
  const app = newRouter();
  const wireFor = async (c: Context<AppEnv>) => {
    const { actor } = c.var;
    const active = (await memberOf(db, actor, now()))?.active ?? false;
    return (agreement: NamedAgreement): z.infer<typeof AgreementSchema> => ({
      ...agreement,
      links: [...agreement.links],
      endsInDays: endsSoon(agreement, dayAt(now())),
      may: verbsFor(AGREEMENT_LAW, agreement.state, partsWith(actor, agreement.place, { code: agreement.member, active })).filter(
        // Whoever offered a renewal does not take it.
        (verb) => verb !== 'renew' || (agreement.renewal !== null && (agreement.renewal.by === 'member') === (memberCode(actor) === null)),
      ),
    });
  };

  app.openapi(getAgreements, async (c) => {
    if (areaOf(c.var.actor) === null) return problem(c, 'not-allowed');
    const found = await listAgreements(db, district, c.var.actor, c.req.valid('query'));
    const toWire = await wireFor(c);
    return c.json({ items: found.map(toWire), next: null }, 200);
  });

  app.openapi(getAgreement, async (c) => {
    const { code } = c.req.valid('param');
    const agreement = await findAgreement(db, district, code);
    if (agreement === null || !maySeePlace(c.var.actor, agreement.place)) return problem(c, 'not-found');
    const toWire = await wireFor(c);
    return c.json({ ...toWire(agreement), moves: await movesOf(house, AGREEMENT_LAW, code, c.var.actor) }, 200);
  });

  app.openapi(postAgreement, (c) => {
    const wanted = c.req.valid('json');
    const named = { ...wanted, commitmentEn: wanted.commitmentEn || wanted.commitmentZh };
    return keyed(c, wanted, async (asked) => {
      const answer = await makeAgreement(house, asked, named);
      return answer.ok ? c.json((await wireFor(c))(answer.value), 201) : answerRefusal(c, answer);
    });
  });

  app.openapi(postMove, (c) => {
    const command = c.req.valid('json');
    return keyed(c, command, async (asked) => {
      const answer = await moveAgreement(house, asked, c.req.valid('param').code, command);
      return answer.ok ? c.json((await wireFor(c))(answer.value), 200) : answerRefusal(c, answer);
    });
  });
  return app;
}
