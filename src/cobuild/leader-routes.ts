/** Linked leaders over HTTP: who looks after what, and the board of their communities. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { answers, keyHeader } from '../route-parts.ts';
import type { House } from './act.ts';
import { dayAt } from './chain/days.ts';
import { LEADER_LAW, type Leader } from './chain/leader.ts';
import { TERM_WARNING_DAYS } from './chain/member.ts';
import { areaOf, leaderCode, partsAt } from './chain/scope.ts';
import { stateNames, verbNames, verbsFor } from './chain/table.ts';
import { linkLeader, moveLeader } from './leader-desk.ts';
import { boardOf, type CommunityBoard, listLeaders } from './leaders.ts';
import { answerRefusal, body, Code, codeParam, keyed, Line, list, tags, Version } from './route-frame.ts';

const BoardSchema = z
  .object({
    community: z.string(),
    open: z.number().int(),
    overdue: z.number().int(),
    told: z.number().int().openapi({ description: 'Late by half of the limit or more: level 2 of the ladder waits for the leader' }),
    worstMinutes: z.number().int().nullable(),
    committee: Code.nullable(),
    overdueResolutions: z.number().int(),
    endingTerms: z.number().int(),
  })
  .openapi('LeaderBoard');
const LeaderSchema = z
  .object({
    code: Code,
    version: z.number().int(),
    state: z.enum(stateNames(LEADER_LAW)),
    subdistrict: z.string(),
    personZh: z.string(),
    personEn: z.string(),
    postZh: z.string(),
    postEn: z.string(),
    communities: z.array(z.string()),
    mine: z.boolean(),
    may: z.array(z.enum(verbNames(LEADER_LAW))),
  })
  .openapi('LinkedLeader');
const LeaderRowSchema = LeaderSchema.extend({ board: z.array(BoardSchema) }).openapi('LinkedLeaderRow');
const words = { personZh: Line(40), personEn: Line(80), postZh: Line(60), postEn: Line(100) };

const getLeaders = createRoute({
  method: 'get',
  path: '/leaders',
  tags,
  summary: '包联领导 Linked leaders, each with the board of their communities; a leader reads the own one',
  responses: { 200: answers(list(LeaderRowSchema)), ...problems('not-allowed') },
});
const postLeader = createRoute({
  method: 'post',
  path: '/leaders',
  tags,
  summary: '包联 A further linked leader of a subdistrict; communities are given by `take`',
  request: { headers: keyHeader, body: body(z.object({ subdistrict: z.string().regex(/^\d{9}$/), ...words })) },
  responses: { 201: answers(LeaderSchema), ...problems('not-yours', 'unknown-area', 'invalid-body') },
});
const postMove = createRoute({
  method: 'post',
  path: '/leaders/{code}/moves',
  tags,
  summary: '调整包联 Take over a community from whoever has it, correct, relieve',
  request: {
    params: codeParam,
    headers: keyHeader,
    body: body(
      z.discriminatedUnion('verb', [
        z.object({ verb: z.literal('amend'), expectedVersion: Version }).extend(z.object(words).partial().shape),
        z.object({ verb: z.literal('take'), expectedVersion: Version, community: z.string().regex(/^\d{12}$/) }),
        z.object({ verb: z.literal('relieve'), expectedVersion: Version, reason: Line(500) }),
      ]),
    ),
  },
  responses: {
    200: answers(LeaderSchema),
    ...problems(
      'unknown-leader',
      'not-yours',
      'unknown-area',
      'leader-has-it',
      'leader-has-communities',
      'version-conflict',
      'invalid-body',
    ),
  },
});

function leaderToWire(leader: Leader, actor: Actor): z.infer<typeof LeaderSchema> {
  const may = verbsFor(LEADER_LAW, leader.state, partsAt(actor, leader.subdistrict)).filter((verb) => verb !== 'give');
  return { ...leader, communities: [...leader.communities], mine: leaderCode(actor) === leader.code, may };
}

export function leaderRoutes(house: House, reference: () => Reference): OpenAPIHono<AppEnv> {
  const { db, district, now } = house;
  const app = newRouter();

  app.openapi(getLeaders, async (c) => {
    const { actor } = c.var;
    // Members read who their leader is by name in the committee, not how the chain stands there.
    if (areaOf(actor) === null || actor.role === 'member') return problem(c, 'not-allowed');
    const leaders = await listLeaders(db, district, actor);
    const at = now();
    const asked = { now: at, today: dayAt(at), warnDays: TERM_WARNING_DAYS };
    const communities = leaders
      .flatMap((leader) => leader.communities)
      .filter((code) => actor.role !== 'community' || code === actor.community);
    // Worst first, within each leader's too.
    const boards = await boardOf(db, district, communities, asked);
    const boardsOf = (leader: Leader): CommunityBoard[] => boards.filter((board) => leader.communities.includes(board.community));
    return c.json({ items: leaders.map((leader) => ({ ...leaderToWire(leader, actor), board: boardsOf(leader) })), next: null }, 200);
  });

  app.openapi(postLeader, (c) => {
    const wanted = c.req.valid('json');
    return keyed(c, wanted, async (asked) => {
      const answer = await linkLeader(house, asked, wanted, reference().subdistricts.has(wanted.subdistrict));
      return answer.ok ? c.json(leaderToWire(answer.value, c.var.actor), 201) : answerRefusal(c, answer);
    });
  });

  app.openapi(postMove, (c) => {
    const command = c.req.valid('json');
    return keyed(c, command, async (asked) => {
      if (command.verb === 'take' && !reference().communities.has(command.community)) return problem(c, 'unknown-area');
      const answer = await moveLeader(house, asked, c.req.valid('param').code, command);
      return answer.ok ? c.json(leaderToWire(answer.value, c.var.actor), 200) : answerRefusal(c, answer);
    });
  });
  return app;
}
