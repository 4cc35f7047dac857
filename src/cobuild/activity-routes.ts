/** 活动联办 over HTTP, for accounts. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Account } from '../identity/accounts.ts';
import type { Actor } from '../identity/actor.ts';
import { answers, keyHeader } from '../route-parts.ts';
import { newRouter, problem } from '../router.ts';
import type { House } from './act.ts';
import { findActivity, listActivities, readSignUps, signedUpTo, type Activity } from './activities.ts';
import { announce, moveActivity, organises } from './activity-desk.ts';
import { ACTIVITY_LAW, ACTIVITY_STATES, MOST_PEOPLE, OPEN_TO, type ActivityState } from './chain/activity.ts';
import { mayReadWork, memberCode, partsAt } from './chain/scope.ts';
import { verbsFor, type Part } from './chain/table.ts';
import { memberOf, type MemberAt } from './members.ts';
import { LinkSchema } from './need-wire.ts';
import {
  answerRefusal,
  body,
  Code,
  codeParam,
  Instant,
  keyed,
  Line,
  Lines,
  list as listOf,
  MoveSchema,
  movesOf,
  Time,
  Version,
} from './route-frame.ts';
import { signUp, withdrawSignUp } from './sign-up-desk.ts';

const STATES = ACTIVITY_STATES.map((state) => state.name) as [ActivityState, ...ActivityState[]];
const Photos = z.array(z.uuid().toLowerCase()).max(20);

export const ActivitySchema = z
  .object({
    code: z.string(),
    committee: z.string(),
    place: z.string(),
    link: LinkSchema,
    titleZh: z.string(),
    titleEn: z.string().nullable(),
    note: z.string().nullable(),
    venue: z.string(),
    members: z.array(z.string()).openapi({ description: 'Members that organise it' }),
    startsAt: Time,
    endsAt: Time,
    capacity: z.number().int(),
    taken: z.number().int(),
    openTo: z.enum(OPEN_TO),
    photos: z.array(z.string()),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    state: z.enum(STATES),
    version: z.number().int(),
    signedUp: z.boolean().openapi({ description: 'The caller has signed up' }),
    may: z.array(z.string()),
  })
  .openapi('Activity');
const SignUpListSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        people: z.number().int(),
        member: z.string().nullable(),
        name: z.string().nullable(),
        phone: z.string().nullable(),
        came: z.number().int().nullable(),
        at: Time,
      }),
    ),
    next: z.null(),
  })
  .openapi('ActivitySignUpList');
const NewActivitySchema = z.object({
  committee: Code,
  link: LinkSchema,
  titleZh: Line(60),
  titleEn: Line(120).optional(),
  note: Lines(2000).optional(),
  venue: Line(200),
  members: z.array(Code).max(50).default([]),
  startsAt: Instant,
  endsAt: Instant,
  capacity: z.number().int().min(1).max(100_000),
  openTo: z.enum(OPEN_TO).default('everybody'),
});
const ActivityMoveSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('hold'), outcome: Lines(2000).min(1), photos: Photos.optional(), expectedVersion: Version }),
  z.object({
    verb: z.literal('amend'),
    venue: Line(200).optional(),
    startsAt: Instant.optional(),
    endsAt: Instant.optional(),
    capacity: z.number().int().min(1).max(100_000).optional(),
    photos: Photos.optional(),
    came: z
      .array(z.object({ id: z.uuid().toLowerCase(), people: z.number().int().min(0).max(MOST_PEOPLE) }))
      .max(1000)
      .optional(),
    expectedVersion: Version,
  }),
  z.object({ verb: z.literal('cancel'), reason: Lines(500).min(1), expectedVersion: Version }),
]);
const SignUpSchema = z.object({ people: z.number().int().min(1).max(MOST_PEOPLE).default(1) });

const tags = ['activities'];
const list = createRoute({
  method: 'get',
  path: '/activities',
  tags,
  summary: '活动 Activities in the scope of the caller: to come, and of the last 92 days',
  responses: { 200: answers(listOf(ActivitySchema).openapi('ActivityList'), 'Soonest first') },
});
const add = createRoute({
  method: 'post',
  path: '/activities',
  tags,
  summary: '发起活动 Announce an activity',
  request: { headers: keyHeader, body: body(NewActivitySchema) },
  responses: { 201: answers(ActivitySchema, 'The activity; members are told') },
});
const move = createRoute({
  method: 'post',
  path: '/activities/{code}/moves',
  tags,
  summary: '修改、举办、取消 Amend, record as held, cancel',
  request: { params: codeParam, headers: keyHeader, body: body(ActivityMoveSchema) },
  responses: { 200: answers(ActivitySchema, 'The activity after it') },
});
const moves = createRoute({
  method: 'get',
  path: '/activities/{code}/moves',
  tags,
  summary: '办理记录 The log of an activity',
  request: { params: codeParam },
  responses: { 200: answers(listOf(MoveSchema), 'Oldest first') },
});
const people = createRoute({
  method: 'get',
  path: '/activities/{code}/sign-ups',
  tags,
  summary: '报名名单 Who signed up, for those who organise it',
  request: { params: codeParam },
  responses: { 200: answers(SignUpListSchema, 'In the order in which they came') },
});
const join = createRoute({
  method: 'post',
  path: '/activities/{code}/sign-ups',
  tags,
  summary: '报名 Sign up',
  request: { params: codeParam, headers: keyHeader, body: body(SignUpSchema) },
  responses: { 201: answers(ActivitySchema, 'The activity with the places taken') },
});
const leave = createRoute({
  method: 'delete',
  path: '/activities/{code}/sign-ups/own',
  tags,
  summary: '退出报名 Withdraw one’s own sign-up',
  request: { params: codeParam },
  responses: { 200: answers(ActivitySchema, 'The activity with the place free again') },
});

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 92;

export function activityRoutes(house: House) {
  const { db, district, now } = house;
  const wire = (activity: Activity, actor: Actor, member: MemberAt | null, signedUp: boolean) => {
    const { madeBy: _by, ...same } = activity;
    const parts: Set<Part> = partsAt(actor, activity.place);
    if (member?.active && activity.members.includes(member.code)) parts.add('owner');
    return { ...same, members: [...same.members], photos: [...same.photos], signedUp, may: verbsFor(ACTIVITY_LAW, activity.state, parts) };
  };
  const one = async (activity: Activity, actor: Actor) =>
    wire(activity, actor, await memberOf(db, actor, now()), (await signedUpTo(db, district, actor.account)).has(activity.code));
  const visible = async (code: string, actor: Actor) => {
    const activity = await findActivity(db, district, code);
    return activity !== null && (mayReadWork(actor, activity.place) || activity.openTo === 'everybody') ? activity : null;
  };

  return newRouter()
    .openapi(list, async (c) => {
      const { actor } = c.var;
      const found = await listActivities(db, actor, new Date(now().getTime() - SHOWN_DAYS * DAY_MS));
      const member = await memberOf(db, actor, now());
      const own = await signedUpTo(db, district, actor.account);
      return c.json({ items: found.map((activity) => wire(activity, actor, member, own.has(activity.code))), next: null }, 200);
    })
    .openapi(add, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await announce(house, asked, { ...c.req.valid('json'), code: asked.key });
        return answer.ok ? c.json(await one(answer.value, c.var.actor), 201) : answerRefusal(c, answer);
      }),
    )
    .openapi(move, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await moveActivity(house, asked, c.req.valid('param').code, c.req.valid('json'));
        return answer.ok ? c.json(await one(answer.value, c.var.actor), 200) : answerRefusal(c, answer);
      }),
    )
    .openapi(moves, async (c) => {
      const activity = await visible(c.req.valid('param').code, c.var.actor);
      if (activity === null) return problem(c, 'not-found');
      return c.json({ items: await movesOf(house, ACTIVITY_LAW, activity.code, c.var.actor), next: null }, 200);
    })
    .openapi(people, async (c) => {
      const activity = await visible(c.req.valid('param').code, c.var.actor);
      if (activity === null) return problem(c, 'not-found');
      if (!(await organises(house, c.var.actor, activity))) return problem(c, 'not-allowed', 'names are for those who organise it');
      const items = (await readSignUps(db, district, activity.code)).map(({ id, people: count, member, name, phone, came, at }) => ({
        id,
        people: count,
        member,
        name,
        phone,
        came,
        at: at.toISOString(),
      }));
      return c.json({ items, next: null }, 200);
    })
    .openapi(join, (c) =>
      keyed(c, c.req.valid('json'), async ({ key }) => {
        const { actor } = c.var;
        // A member's body has its code; of any other account, its name.
        const name = memberCode(actor) === null ? ((c.get('account') as Account | undefined)?.nameZh ?? null) : null;
        const answer = await signUp(house, actor, c.req.valid('param').code, { id: key, ...c.req.valid('json'), name, phone: null }, null);
        return answer.ok ? c.json(await one(answer.value, actor), 201) : answerRefusal(c, answer);
      }),
    )
    .openapi(leave, async (c) => {
      const answer = await withdrawSignUp(house, c.req.valid('param').code, { account: c.var.actor.account });
      return answer.ok ? c.json(await one(answer.value, c.var.actor), 200) : answerRefusal(c, answer);
    });
}
