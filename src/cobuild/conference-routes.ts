/** Conferences over HTTP: plan, draft, announce, answer, hold; and as a calendar. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Reference } from '../grid/reference.ts';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { answers, keyHeader } from '../route-parts.ts';
import type { House } from './act.ts';
import { factsFor } from './agenda.ts';
import { calendarOf } from './calendar-file.ts';
import { redraft } from './chain/agenda.ts';
import { CONFERENCE_LAW, type Conference } from './chain/conference.ts';
import { dayAt } from './chain/days.ts';
import { inTerm } from './chain/member.ts';
import { RESOLUTION_LAW } from './chain/resolution.ts';
import { areaOf, maySeePlace, partsAt } from './chain/scope.ts';
import { stateNames, verbsFor } from './chain/table.ts';
import { findCommittee } from './committees.ts';
import { moveConference, planConference } from './conference-desk.ts';
import {
  AgendaItemSchema,
  AgendaSchema,
  ConferenceDetailSchema,
  ConferenceSchema,
  conferenceToWire,
  itemToWire,
  replyToWire,
} from './conference-wire.ts';
import { conferencesOf, findConference, listConferences, repliesTo } from './conferences.ts';
import { membersOf } from './members.ts';
import { openReads } from './open-reads.ts';
import {
  answerRefusal,
  body,
  Code,
  codeParam,
  Instant,
  keyed,
  Line,
  Lines,
  list,
  movesOf,
  OptionalLine,
  QuarterText,
  tags,
  Version,
} from './route-frame.ts';

const time = { startsAt: Instant, venueZh: Line(80), venueEn: OptionalLine(120) };
const minutes = { minutes: Lines(20_000), attended: z.array(Code).max(200) };
const languageQuery = z.object({ language: z.enum(['zh-CN', 'en']).default('zh-CN') });
const calendarAnswer = { 200: { description: 'iCalendar', content: { 'text/calendar': { schema: z.string() } } } };

const getConferences = createRoute({
  method: 'get',
  path: '/conferences',
  tags,
  summary: '联席会商 Conferences in the caller’s scope, newest first',
  request: {
    query: z.object({ committee: Code.optional(), quarter: QuarterText.optional(), state: z.enum(stateNames(CONFERENCE_LAW)).optional() }),
  },
  responses: { 200: answers(list(ConferenceSchema)), ...problems('not-allowed', 'invalid-query') },
});
const getConference = createRoute({
  method: 'get',
  path: '/conferences/{code}',
  tags,
  summary: '联席会商 One conference, with replies and log',
  request: { params: codeParam },
  responses: { 200: answers(ConferenceDetailSchema), ...problems('not-found', 'invalid-query') },
});
const getDraft = createRoute({
  method: 'get',
  path: '/conferences/{code}/draft',
  tags,
  summary: '起草议程 The agenda drafted anew from what is late, unclaimed, disputed or about to end; written by `amend`',
  request: { params: codeParam },
  responses: { 200: answers(z.object({ items: z.array(AgendaItemSchema), next: z.null() })), ...problems('not-found', 'invalid-query') },
});
const getFile = createRoute({
  method: 'get',
  path: '/conferences/{code}/calendar.ics',
  tags,
  summary: '日历 One conference as iCalendar',
  request: { params: codeParam, query: languageQuery },
  responses: { ...calendarAnswer, ...problems('not-found', 'invalid-query') },
});
const postConference = createRoute({
  method: 'post',
  path: '/conferences',
  tags,
  summary: '排期 Set the conference of a quarter; its agenda is drafted at once',
  request: { headers: keyHeader, body: body(z.object({ committee: Code, quarter: QuarterText, ...time })) },
  responses: {
    201: answers(ConferenceSchema),
    ...problems('not-yours', 'unknown-committee', 'date-in-past', 'not-in-quarter', 'quarter-has-conference', 'invalid-body'),
  },
});
const postMove = createRoute({
  method: 'post',
  path: '/conferences/{code}/moves',
  tags,
  summary: '改期、通知、回复、记录 Change, announce, answer, record or cancel a conference',
  request: {
    params: codeParam,
    headers: keyHeader,
    body: body(
      z.discriminatedUnion('verb', [
        z
          .object({ verb: z.literal('amend'), expectedVersion: Version, agenda: AgendaSchema.optional() })
          .extend(z.object(time).partial().shape),
        z.object({ verb: z.literal('announce'), expectedVersion: Version }),
        z.object({ verb: z.literal('reply'), expectedVersion: Version, coming: z.boolean(), note: OptionalLine(200).optional() }),
        z.object({ verb: z.enum(['hold', 'correct']), expectedVersion: Version, ...minutes }),
        z.object({ verb: z.literal('cancel'), expectedVersion: Version, reason: Line(500) }),
      ]),
    ),
  },
  responses: {
    200: answers(ConferenceSchema),
    ...problems(
      'not-found',
      'not-yours',
      'no-such-move',
      'version-conflict',
      'member-expired',
      'date-in-past',
      'not-in-quarter',
      'agenda-empty',
      'too-late',
      'not-held-yet',
      'no-minutes',
      'unknown-member',
      'invalid-body',
    ),
  },
});

export function conferenceRoutes(house: House, reference: () => Reference): OpenAPIHono<AppEnv> {
  const { db, district, now } = house;
  const app = newRouter();

  const toWire = async (c: Context<AppEnv>, conferences: readonly Conference[]) => {
    const at = now();
    const replies = await repliesTo(
      db,
      district,
      conferences.map((one) => one.code),
    );
    const committees = [...new Set(conferences.map((one) => one.committee))];
    const members = new Map(await Promise.all(committees.map(async (code) => [code, await membersOf(db, district, code)] as const)));
    return conferences.map((conference) => {
      const own = members.get(conference.committee)!;
      const active = own.filter((member) => inTerm(member, dayAt(at))).length;
      return conferenceToWire(conference, {
        actor: c.var.actor,
        members: own,
        replies: replies.get(conference.code) ?? [],
        now: at,
        active,
      });
    });
  };
  const visible = async (c: Context<AppEnv>, code: string): Promise<Conference | null> => {
    const conference = await findConference(db, district, code);
    return conference !== null && maySeePlace(c.var.actor, conference.place) ? conference : null;
  };

  app.openapi(getConferences, async (c) => {
    if (areaOf(c.var.actor) === null) return problem(c, 'not-allowed');
    const conferences = await listConferences(db, district, c.var.actor, c.req.valid('query'));
    return c.json({ items: await toWire(c, conferences), next: null }, 200);
  });

  app.openapi(getConference, async (c) => {
    const conference = await visible(c, c.req.valid('param').code);
    if (conference === null) return problem(c, 'not-found');
    const [wire] = await toWire(c, [conference]);
    const replies = (await repliesTo(db, district, [conference.code])).get(conference.code) ?? [];
    const moves = await movesOf(house, CONFERENCE_LAW, conference.code, c.var.actor);
    const mayResolve = conference.state === 'held' && verbsFor(RESOLUTION_LAW, 'none', partsAt(c.var.actor, conference.place)).length > 0;
    return c.json({ ...wire!, mayResolve, replies: replies.map(replyToWire), moves }, 200);
  });

  app.openapi(getDraft, async (c) => {
    const conference = await visible(c, c.req.valid('param').code);
    if (conference === null) return problem(c, 'not-found');
    const committee = { code: conference.committee, place: conference.place };
    const facts = await factsFor(db, district, committee, { now: now(), reference: reference() });
    return c.json({ items: redraft(conference.agenda, facts).map(itemToWire), next: null }, 200);
  });

  app.openapi(getFile, async (c) => {
    const conference = await visible(c, c.req.valid('param').code);
    if (conference === null) return problem(c, 'not-found');
    const committee = (await findCommittee(db, district, conference.committee))!;
    return answerCalendar(c, calendarOf(committee, [conference], c.req.valid('query').language, now()), conference.code);
  });

  app.openapi(postConference, (c) => {
    const wanted = c.req.valid('json');
    const named = { ...wanted, venueEn: wanted.venueEn || wanted.venueZh };
    return keyed(c, wanted, async (asked) => {
      const answer = await planConference(house, asked, named, (tx, committee) =>
        factsFor(tx, district, committee, { now: now(), reference: reference() }),
      );
      if (!answer.ok) return answerRefusal(c, answer);
      return c.json((await toWire(c, [await fresh(answer.value.code)]))[0]!, 201);
    });
  });

  app.openapi(postMove, (c) => {
    const { code } = c.req.valid('param');
    const command = c.req.valid('json');
    return keyed(c, command, async (asked) => {
      const answer = await moveConference(house, asked, code, command);
      if (!answer.ok) return answerRefusal(c, answer);
      return c.json((await toWire(c, [await fresh(code)]))[0]!, 200);
    });
  });

  // What was kept under a key is JSON, in which a time is text: the row has it as one.
  const fresh = async (code: string): Promise<Conference> => (await findConference(db, district, code))!;
  return app;
}

const getFeed = createRoute({
  method: 'get',
  path: '/public/calendars/{committee}',
  tags,
  security: [],
  summary: '订阅日历 All conferences of a committee, for calendars that subscribe',
  request: { params: z.object({ committee: z.string().max(90) }), query: languageQuery.extend({ k: z.string().max(64) }) },
  responses: { ...calendarAnswer, ...problems('not-found', 'invalid-query', 'too-many-requests') },
});

/** Without a session: a calendar has none. The key of the committee is the right to read it. */
export function feedRoutes({ db, district, now }: House): OpenAPIHono<AppEnv> {
  const app = newRouter();
  const refusedRead = openReads(now);
  app.openapi(getFeed, async (c) => {
    const refused = refusedRead(c);
    if (refused !== null) return refused;
    const { k, language } = c.req.valid('query');
    const committee = await findCommittee(db, district, c.req.valid('param').committee.replace(/\.ics$/, ''));
    if (committee === null || committee.calendarKey !== k) return problem(c, 'not-found');
    return answerCalendar(c, calendarOf(committee, await conferencesOf(db, district, committee.code), language, now()), committee.code);
  });
  return app;
}

function answerCalendar(c: Context<AppEnv>, text: string, name: string) {
  return c.body(text, 200, {
    'Content-Type': 'text/calendar; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}.ics"`,
  });
}
