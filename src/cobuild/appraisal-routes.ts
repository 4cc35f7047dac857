/** 双向考核评议 over HTTP: each member of a quarter with the facts beside the scores, blind until both are in. */
import { createRoute, z } from '@hono/zod-openapi';
import { answers, keyHeader } from '../route-parts.ts';
import { newRouter, problem } from '../router.ts';
import type { Actor } from '../identity/actor.ts';
import type { House } from './act.ts';
import { committeeFacts, unitFacts, type CommitteeFacts, type UnitFacts } from './appraisal-facts.ts';
import { appraise, readAppraisals, type Appraisal } from './appraisals.ts';
import { CRITERIA, DIRECTIONS, isShown, meanScore, periodOf, type Direction } from './chain/appraisal.ts';
import { dayAt, quarterOf } from './chain/days.ts';
import type { Telling, Told } from './chain/notices.ts';
import { isInArea, isOfficeOf, memberCode } from './chain/scope.ts';
import { listMembers } from './members.ts';
import { answerRefusal, body, Code, DayText, keyed, Lines, QuarterText, Time } from './route-frame.ts';

const DirectionSchema = z
  .enum(DIRECTIONS)
  .openapi({ description: '`ofUnit`: the office appraises the member; `ofCommittee`: the member appraises the committee' });
const Scores = z.record(z.string().max(20), z.number().int().min(1).max(5));
const OneSide = z
  .object({
    state: z.enum(['none', 'draft', 'given']),
    mayWrite: z.boolean(),
    scores: Scores.nullable().openapi({ description: 'null: not for this caller yet' }),
    mean: z.number().nullable(),
    comment: z.string().nullable(),
    at: Time.nullable(),
  })
  .openapi('AppraisalSide');
const UnitFactsSchema = z
  .object({
    claimsDue: z.number().int(),
    claimsKept: z.number().int(),
    confirmed: z.number().int(),
    givenBack: z.number().int(),
    lapsed: z.number().int(),
    score: z.number().nullable(),
    sent: z.number().int(),
    inTime: z.number().int(),
    declined: z.number().int(),
    hours: z.number(),
    tasksConfirmed: z.number().int(),
  })
  .openapi('UnitFacts');
const CommitteeFactsSchema = z
  .object({
    needs: z.number().int(),
    fulfilled: z.number().int(),
    confirmations: z.number().int(),
    daysToConfirm: z.number().nullable(),
    waiting: z.number().int(),
    activities: z.number().int(),
  })
  .openapi('CommitteeFacts');
export const AppraisalListSchema = z
  .object({
    quarter: QuarterText,
    opens: DayText,
    closes: DayText,
    shownAfter: DayText.openapi({ description: 'From then on both scores are shown, also where one is missing' }),
    criteria: z.record(DirectionSchema, z.array(z.object({ code: z.string(), zh: z.string(), en: z.string() }))),
    items: z.array(
      z.object({
        member: z.string(),
        committee: z.string(),
        place: z.string(),
        orgZh: z.string(),
        orgEn: z.string(),
        shown: z.boolean(),
        ofUnit: OneSide,
        ofCommittee: OneSide,
        facts: UnitFactsSchema,
        committeeFacts: CommitteeFactsSchema,
      }),
    ),
    next: z.null(),
  })
  .openapi('AppraisalList');
const AppraiseSchema = z.object({
  quarter: QuarterText,
  member: Code,
  direction: DirectionSchema,
  scores: Scores,
  comment: Lines(2000).optional(),
  give: z.boolean().default(false).openapi({ description: 'Hands it in: it does not change any more' }),
});

const tags = ['appraisals'];
const list = createRoute({
  method: 'get',
  path: '/appraisals',
  tags,
  summary: '双向考核评议 Each member of the quarter: both sides, and the facts beside them',
  request: { query: z.object({ quarter: QuarterText.optional(), committee: Code.optional() }) },
  responses: { 200: answers(AppraisalListSchema, 'By member; scores of the other side only when both are in, or the quarter is over') },
});
const write = createRoute({
  method: 'put',
  path: '/appraisals',
  tags,
  summary: '评议 Keep a draft, or hand it in',
  request: { headers: keyHeader, body: body(AppraiseSchema) },
  responses: { 200: answers(OneSide, 'As its own side reads it') },
});
const urge = createRoute({
  method: 'post',
  path: '/appraisals/urge',
  tags,
  summary: '催交 Remind the members of a committee whose appraisal is missing',
  request: { headers: keyHeader, body: body(z.object({ committee: Code })) },
  responses: { 200: answers(z.object({ told: z.number().int() }), 'How many were told; each once a day') },
});

export function appraisalRoutes(house: House) {
  const { db, district, now, tell } = house;

  const membersFor = async (actor: Actor, committee: string | undefined) => {
    const all = await listMembers(db, district, actor, { committee, state: 'appointed' });
    const own = memberCode(actor);
    // A member reads its own, an office those of its place and of those inside it.
    return all.filter((member) => (own === null ? isInArea(actor, member.place) : member.code === own));
  };

  return newRouter()
    .openapi(list, async (c) => {
      const { actor } = c.var;
      const at = now();
      const today = dayAt(at);
      const { quarter = quarterOf(today), committee } = c.req.valid('query');
      const members = await membersFor(actor, committee);
      const codes = members.map((member) => member.code);
      const given = await readAppraisals(db, district, quarter, codes);
      const facts = await unitFacts(db, district, codes, quarter, today);
      const ofCommittees = new Map<string, CommitteeFacts>();
      for (const code of new Set(members.map((member) => member.committee))) {
        ofCommittees.set(code, await committeeFacts(db, district, code, quarter, at));
      }
      const { opens, closes } = periodOf(quarter);
      const open = today >= opens && today <= closes;
      const items = members.map((member) => {
        const own = given.filter((one) => one.member === member.code);
        const shown = isShown(quarter, new Set(own.filter((one) => one.state === 'given').map((one) => one.direction)), today);
        const writes = (direction: Direction) =>
          direction === 'ofUnit' ? isOfficeOf(actor, member.place) : memberCode(actor) === member.code;
        const side = (direction: Direction) => {
          const one = own.find((appraisal) => appraisal.direction === direction);
          return sideOf(one, { shown, mine: writes(direction), open });
        };
        return {
          member: member.code,
          committee: member.committee,
          place: member.place,
          orgZh: member.orgZh,
          orgEn: member.orgEn,
          shown,
          ofUnit: side('ofUnit'),
          ofCommittee: side('ofCommittee'),
          facts: facts.get(member.code)! satisfies UnitFacts,
          committeeFacts: ofCommittees.get(member.committee)!,
        };
      });
      const criteria = { ofUnit: [...CRITERIA.ofUnit], ofCommittee: [...CRITERIA.ofCommittee] };
      return c.json({ quarter, opens, closes, shownAfter: closes, criteria, items, next: null }, 200);
    })
    .openapi(write, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await appraise(house, asked, c.req.valid('json'));
        return answer.ok ? c.json(sideOf(answer.value, { shown: false, mine: true, open: true }), 200) : answerRefusal(c, answer);
      }),
    )
    .openapi(urge, (c) =>
      keyed(c, c.req.valid('json'), async () => {
        const { committee } = c.req.valid('json');
        const today = dayAt(now());
        const quarter = quarterOf(today);
        const members = (await listMembers(db, district, c.var.actor, { committee, state: 'appointed' })).filter((member) =>
          isOfficeOf(c.var.actor, member.place),
        );
        if (members.length === 0) return problem(c, 'not-yours', 'the office of the committee urges its members');
        const given = await readAppraisals(
          db,
          district,
          quarter,
          members.map((member) => member.code),
        );
        const late = members.filter(
          (member) => !given.some((one) => one.member === member.code && one.direction === 'ofCommittee' && one.state === 'given'),
        );
        for (const { code, place } of late) await tell(urging(code, place, quarter, today));
        return c.json({ told: late.length }, 200);
      }),
    );
}

function urging(member: string, place: string, quarter: string, today: string): Telling {
  const recipients: readonly Told[] = [`member:${member}`];
  return {
    key: `appraisalOpen ${quarter} ${member} ${today}`,
    recipients,
    notice: 'appraisalOpen',
    about: { kind: 'appraisal', code: member, place, quarter },
  };
}

/** What this caller may read of one side: its own at any time, the other's once it is shown; a draft never. */
function sideOf(
  one: Appraisal | undefined,
  { shown, mine, open }: { readonly shown: boolean; readonly mine: boolean; readonly open: boolean },
) {
  const reads = one !== undefined && (mine || (shown && one.state === 'given'));
  // A draft of the other side is nobody's business: it counts as nothing.
  const state = one === undefined || (one.state === 'draft' && !mine) ? ('none' as const) : one.state;
  return {
    state,
    mayWrite: mine && open && state !== 'given',
    scores: reads ? { ...one.scores } : null,
    mean: reads ? meanScore(one.scores) : null,
    comment: reads ? one.comment : null,
    at: reads || state === 'given' ? (one?.at ?? null) : null,
  };
}
