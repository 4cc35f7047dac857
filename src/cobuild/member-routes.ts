/** Committees, members and certificates over HTTP. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Reference } from '../grid/reference.ts';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { answers, keyHeader } from '../route-parts.ts';
import type { House } from './act.ts';
import { certificatesOf } from './certificates.ts';
import { dayAt, quarterOf } from './chain/days.ts';
import { MEMBER_LAW, ORG_KINDS, TERM_WARNING_DAYS } from './chain/member.ts';
import { areaOf, maySeePlace } from './chain/scope.ts';
import { stateNames } from './chain/table.ts';
import { findCommittee, listCommittees } from './committees.ts';
import { foundCommittee, moveCommittee, moveMember, proposeMember } from './member-desk.ts';
import {
  certificateToWire,
  CommitteeRowSchema,
  committeeRowToWire,
  CommitteeSchema,
  committeeToWire,
  MemberDetailSchema,
  MemberSchema,
  memberToWire,
} from './member-wire.ts';
import { findMember, listMembers } from './members.ts';
import { answerRefusal, body, Code, codeParam, DayText, keyed, Line, list, movesOf, tags, Version } from './route-frame.ts';

const Reason = Line(500);
const details = {
  orgZh: Line(80),
  orgEn: Line(120),
  orgKind: z.enum(ORG_KINDS).nullable(),
  personZh: Line(40),
  personEn: Line(80),
  postZh: Line(60),
  postEn: Line(100),
  unit: Code.nullable(),
};

const getCommittees = createRoute({
  method: 'get',
  path: '/committees',
  tags,
  summary: '大工委、大党委 Committees in the caller’s scope, each with what stands there',
  request: { query: z.object({ dissolved: z.enum(['true', 'false']).default('false') }) },
  responses: { 200: answers(list(CommitteeRowSchema).extend({ quarter: z.string() })), ...problems('not-allowed', 'invalid-query') },
});
const postCommittee = createRoute({
  method: 'post',
  path: '/committees',
  tags,
  summary: '成立 Found a committee: a subdistrict’s by the district, a community’s by its subdistrict',
  request: {
    headers: keyHeader,
    body: body(
      z.object({
        code: Code.max(40),
        place: z.string().regex(/^(\d{9}|\d{12})$/),
        nameZh: Line(60),
        nameEn: Line(100),
        founded: DayText,
      }),
    ),
  },
  responses: {
    201: answers(CommitteeSchema),
    ...problems('not-yours', 'unknown-area', 'committee-exists', 'date-in-future', 'invalid-body'),
  },
});
const postCommitteeMove = createRoute({
  method: 'post',
  path: '/committees/{code}/moves',
  tags,
  summary: '变更、撤销 Rename or dissolve a committee',
  request: {
    params: codeParam,
    headers: keyHeader,
    body: body(
      z.discriminatedUnion('verb', [
        z.object({ verb: z.literal('amend'), expectedVersion: Version, nameZh: Line(60).optional(), nameEn: Line(100).optional() }),
        z.object({ verb: z.literal('dissolve'), expectedVersion: Version, reason: Reason }),
      ]),
    ),
  },
  responses: {
    200: answers(CommitteeSchema),
    ...problems('not-found', 'not-yours', 'version-conflict', 'committee-in-use', 'invalid-body'),
  },
});
const getMembers = createRoute({
  method: 'get',
  path: '/members',
  tags,
  summary: '兼职委员 Part-time members in the caller’s scope',
  request: {
    query: z.object({
      committee: Code.optional(),
      state: z.enum(stateNames(MEMBER_LAW)).optional(),
      endingBy: DayText.optional().openapi({ description: 'Terms that end up to that day' }),
    }),
  },
  responses: { 200: answers(list(MemberSchema)), ...problems('not-allowed', 'invalid-query') },
});
const getMember = createRoute({
  method: 'get',
  path: '/members/{code}',
  tags,
  summary: '委员 One member, with certificates and log',
  request: { params: codeParam },
  responses: { 200: answers(MemberDetailSchema), ...problems('not-found', 'invalid-query') },
});
const postMember = createRoute({
  method: 'post',
  path: '/members',
  tags,
  summary: '提名 Propose a part-time member; somebody else appoints',
  request: { headers: keyHeader, body: body(z.object({ committee: Code, ...details })) },
  responses: { 201: answers(MemberSchema), ...problems('not-yours', 'unknown-committee', 'unknown-unit', 'invalid-body') },
});
const postMemberMove = createRoute({
  method: 'post',
  path: '/members/{code}/moves',
  tags,
  summary: '聘任、续聘、解聘 Appoint, renew, end – and what the member may do: resign',
  request: {
    params: codeParam,
    headers: keyHeader,
    body: body(
      z.discriminatedUnion('verb', [
        z.object({ verb: z.literal('amend'), expectedVersion: Version }).extend(z.object(details).partial().shape),
        z.object({ verb: z.literal('appoint'), expectedVersion: Version, from: DayText.optional(), until: DayText }),
        z.object({ verb: z.literal('renew'), expectedVersion: Version, until: DayText }),
        z.object({ verb: z.enum(['reject', 'end', 'resign']), expectedVersion: Version, reason: Reason }),
      ]),
    ),
  },
  responses: {
    200: answers(MemberSchema),
    ...problems(
      'not-found',
      'not-yours',
      'no-such-move',
      'version-conflict',
      'second-person-needed',
      'term-too-short',
      'term-too-long',
      'unknown-unit',
      'member-expired',
      'invalid-body',
    ),
  },
});

export function memberRoutes(house: House, reference: () => Reference): OpenAPIHono<AppEnv> {
  const { db, district, now } = house;
  const app = newRouter();
  const knownUnit = (unit: string | null | undefined) => unit === null || unit === undefined || reference().units.has(unit);
  const outside = (c: Context<AppEnv>) => areaOf(c.var.actor) === null;

  app.openapi(getCommittees, async (c) => {
    if (outside(c)) return problem(c, 'not-allowed');
    const today = dayAt(now());
    const quarter = quarterOf(today);
    const dissolved = c.req.valid('query').dissolved === 'true';
    const rows = await listCommittees(db, district, c.var.actor, { today, quarter, warnDays: TERM_WARNING_DAYS, dissolved });
    return c.json({ items: rows.map((row) => committeeRowToWire(row, c.var.actor)), quarter, next: null }, 200);
  });

  app.openapi(postCommittee, (c) => {
    const wanted = c.req.valid('json');
    const { subdistricts, communities } = reference();
    const known = subdistricts.has(wanted.place) || communities.has(wanted.place);
    return keyed(c, wanted, async (asked) => {
      const answer = await foundCommittee(house, asked, wanted, known);
      return answer.ok ? c.json(committeeToWire(answer.value, c.var.actor), 201) : answerRefusal(c, answer);
    });
  });

  app.openapi(postCommitteeMove, (c) => {
    const command = c.req.valid('json');
    return keyed(c, command, async (asked) => {
      const answer = await moveCommittee(house, asked, c.req.valid('param').code, command);
      return answer.ok ? c.json(committeeToWire(answer.value, c.var.actor), 200) : answerRefusal(c, answer);
    });
  });

  app.openapi(getMembers, async (c) => {
    if (outside(c)) return problem(c, 'not-allowed');
    const members = await listMembers(db, district, c.var.actor, c.req.valid('query'));
    return c.json({ items: members.map((member) => memberToWire(member, c.var.actor, dayAt(now()))), next: null }, 200);
  });

  app.openapi(getMember, async (c) => {
    const { code } = c.req.valid('param');
    const { actor } = c.var;
    const member = await findMember(db, district, code);
    if (member === null || !maySeePlace(actor, member.place)) return problem(c, 'not-found');
    const committee = (await findCommittee(db, district, member.committee))!;
    const certificates = await certificatesOf(db, district, code);
    return c.json(
      {
        ...memberToWire(member, actor, dayAt(now())),
        committeeZh: committee.nameZh,
        committeeEn: committee.nameEn,
        tier: committee.tier,
        certificates: certificates.map(certificateToWire),
        moves: await movesOf(house, MEMBER_LAW, code, actor),
      },
      200,
    );
  });

  app.openapi(postMember, (c) => {
    const { committee, ...wanted } = c.req.valid('json');
    return keyed(c, { committee, ...wanted }, async (asked) => {
      const answer = await proposeMember(house, asked, committee, wanted, knownUnit(wanted.unit));
      return answer.ok ? c.json(memberToWire(answer.value, c.var.actor, dayAt(now())), 201) : answerRefusal(c, answer);
    });
  });

  app.openapi(postMemberMove, (c) => {
    const command = c.req.valid('json');
    return keyed(c, command, async (asked) => {
      const unit = command.verb === 'amend' ? command.unit : null;
      const answer = await moveMember(house, asked, c.req.valid('param').code, command, knownUnit(unit));
      return answer.ok ? c.json(memberToWire(answer.value, c.var.actor, dayAt(now())), 200) : answerRefusal(c, answer);
    });
  });
  return app;
}
