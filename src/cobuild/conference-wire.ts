/** Conferences as JSON. */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { AGENDA_KINDS, type AgendaItem, CONFERENCE_LAW, type Conference } from './chain/conference.ts';
import type { Member } from './chain/member.ts';
import { memberCode } from './chain/scope.ts';
import { stateNames, verbNames, verbsFor } from './chain/table.ts';
import { partsAtConference } from './conference-desk.ts';
import type { Reply } from './conferences.ts';
import { Code, Line, MoveSchema, OptionalLine, QuarterText, Time } from './route-frame.ts';

/** Ours: a meeting that speaks of more than this speaks of nothing. */
const MOST_ITEMS = 20;

export const AgendaItemSchema = z
  .object({
    kind: z.enum(AGENDA_KINDS),
    textZh: Line(1000),
    textEn: OptionalLine(1000),
    refs: z.array(z.string().max(80)).max(100),
    minutes: z.number().int().min(1).max(240),
  })
  .openapi('AgendaItem');
export const AgendaSchema = z.array(AgendaItemSchema).max(MOST_ITEMS);

export const ConferenceSchema = z
  .object({
    code: Code,
    version: z.number().int(),
    state: z.enum(stateNames(CONFERENCE_LAW)),
    committee: Code,
    place: z.string(),
    quarter: QuarterText,
    startsAt: Time,
    venueZh: z.string(),
    venueEn: z.string(),
    agenda: z.array(AgendaItemSchema),
    minutes: z.string(),
    attended: z.array(Code),
    members: z.number().int().openapi({ description: 'In term' }),
    coming: z.number().int(),
    absent: z.number().int(),
    myReply: z.boolean().nullable().openapi({ description: 'What the calling member has answered' }),
    may: z.array(z.enum(verbNames(CONFERENCE_LAW))),
  })
  .openapi('Conference');

export const ReplySchema = z.object({ member: Code, coming: z.boolean(), note: z.string(), at: Time }).openapi('ConferenceReply');
export const ConferenceDetailSchema = ConferenceSchema.extend({
  mayResolve: z.boolean(),
  replies: z.array(ReplySchema),
  moves: z.array(MoveSchema),
}).openapi('ConferenceDetail');

/** @param members  of its committee, all of them. */
export function conferenceToWire(
  conference: Conference,
  {
    actor,
    members,
    replies,
    now,
    active,
  }: { actor: Actor; members: readonly Member[]; replies: readonly Reply[]; now: Date; active: number },
): z.infer<typeof ConferenceSchema> {
  const mine = memberCode(actor);
  return {
    ...conference,
    startsAt: conference.startsAt.toISOString(),
    agenda: conference.agenda.map(itemToWire),
    attended: [...conference.attended],
    members: active,
    coming: replies.filter((reply) => reply.coming).length,
    absent: replies.filter((reply) => !reply.coming).length,
    myReply: replies.find((reply) => reply.member === mine)?.coming ?? null,
    may: verbsFor(CONFERENCE_LAW, conference.state, partsAtConference(actor, conference.place, members, now)),
  };
}

export function itemToWire(item: AgendaItem): z.infer<typeof AgendaItemSchema> {
  return { ...item, refs: [...item.refs] };
}

export function replyToWire(reply: Reply): z.infer<typeof ReplySchema> {
  const { member, coming, note, at } = reply;
  return { member, coming, note, at: at.toISOString() };
}
