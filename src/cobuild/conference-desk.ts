/** What is done with conferences: plan, draft, announce, reply, hold – each an act, each in the log. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { type AgendaFact, draftAgenda } from './chain/agenda.ts';
import { isOpenTo } from './chain/committee.ts';
import {
  CONFERENCE_LAW,
  type Conference,
  type ConferenceCommand,
  type ConferenceTime,
  decideConference,
  inQuarter,
} from './chain/conference.ts';
import { dayAt, type Quarter, quarterSpan } from './chain/days.ts';
import { inTerm, type Member } from './chain/member.ts';
import type { Telling, Told } from './chain/notices.ts';
import { reach } from './chain/reach.ts';
import { type CobuildAnswer, refused } from './chain/refusals.ts';
import { inboxAbove, memberCode, partsAt, partsWith } from './chain/scope.ts';
import { type Part, permit } from './chain/table.ts';
import { lockCommittee } from './committees.ts';
import { insertConference, lockConference, nextConferenceCode, writeConference, writeReply } from './conferences.ts';
import { membersOf } from './members.ts';

/** What the actor is at a conference: its own committee's member, too. */
export function partsAtConference(actor: Actor, place: string, members: readonly Member[], now: Date): Set<Part> {
  const own = members.find((member) => member.code === memberCode(actor));
  return own === undefined ? partsAt(actor, place) : partsWith(actor, place, { code: own.code, active: inTerm(own, dayAt(now)) });
}

/** Who sat or sits in the committee: those who may have attended. */
function seats(members: readonly Member[]): ReadonlySet<string> {
  return new Set(members.filter((member) => member.appointed !== null).map((member) => member.code));
}

export interface NewConference extends ConferenceTime {
  readonly committee: string;
  readonly quarter: Quarter;
}

/** @param factsOf  what the agenda is drafted from. */
export function planConference(
  house: House,
  asked: Asked,
  wanted: NewConference,
  factsOf: (tx: Kysely<Schema>, committee: { code: string; place: string }) => Promise<readonly AgendaFact[]>,
): Promise<CobuildAnswer<Conference>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Conference>> => {
    const { district } = house;
    const committee = await lockCommittee(tx, district, wanted.committee);
    if (!isOpenTo(committee, asked.actor)) return refused('unknown-committee');
    const permitted = permit(CONFERENCE_LAW, 'none', 'plan', partsAt(asked.actor, committee.place));
    if (!permitted.ok) return permitted;
    if (wanted.startsAt <= now) return refused('date-in-past');
    if (!inQuarter(wanted.quarter, wanted.startsAt)) return refused('not-in-quarter', quarterSpan(wanted.quarter));
    const conference: Conference = {
      ...wanted,
      code: await nextConferenceCode(tx, district, committee.code, wanted.quarter),
      version: 1,
      state: permitted.move.to,
      place: committee.place,
      agenda: draftAgenda(await factsOf(tx, committee)),
      minutes: '',
      attended: [],
    };
    if (!(await insertConference(tx, district, conference))) return refused('quarter-has-conference');
    const payload = { quarter: wanted.quarter, startsAt: wanted.startsAt.toISOString() };
    await log(CONFERENCE_LAW, conference, { verb: 'plan', from: 'none', payload });
    return { ok: true, value: conference };
  });
}

export function moveConference(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...rest }: ConferenceCommand & { expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Conference>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Conference>> => {
    const { district } = house;
    const { actor } = asked;
    const command = rest as ConferenceCommand;
    const reached = reach(await lockConference(tx, district, code), actor, expectedVersion);
    if (!reached.ok) return reached;
    const conference = reached.object;
    const members = await membersOf(tx, district, conference.committee);
    const parts = partsAtConference(actor, conference.place, members, now);
    const decided = decideConference(conference, command, parts, { now, members: seats(members) });
    if (!decided.ok) return decided;
    const { next } = decided;
    await writeConference(tx, district, next);
    if (command.verb === 'reply') {
      const reply = { member: memberCode(actor)!, coming: command.coming, note: command.note ?? '', at: now };
      await writeReply(tx, district, code, reply);
    }
    const { verb, ...payload } = command;
    await log(CONFERENCE_LAW, next, { verb, from: conference.state, payload });
    return { ok: true, value: next, tells: tellsOf(conference, next, command, members, dayAt(now)) };
  });
}

function tellsOf(before: Conference, next: Conference, command: ConferenceCommand, members: readonly Member[], today: string): Telling[] {
  const everybody = members.filter((member) => inTerm(member, today)).map((member): Told => `member:${member.code}`);
  const leader: Told[] = next.place.length === 12 ? [`leader:${next.place}`] : [];
  const tell = (notice: Telling['notice'], recipients: readonly Told[]): Telling[] =>
    recipients.length === 0
      ? []
      : [
          {
            key: `${notice} conference ${next.code} ${next.version}`,
            recipients,
            notice,
            about: { kind: 'conference', code: next.code, place: next.place, startsAt: next.startsAt.toISOString() },
          },
        ];
  switch (command.verb) {
    case 'announce':
      return tell('conferenceCalled', [...everybody, ...leader]);
    case 'amend':
      // Before it is announced nobody has it in their calendar; a new agenda alone is read when one comes.
      return before.state === 'announced' && before.startsAt.getTime() !== next.startsAt.getTime()
        ? tell('conferenceCalled', [...everybody, ...leader])
        : [];
    case 'cancel':
      return before.state === 'announced' ? tell('conferenceCancelled', [...everybody, ...leader, inboxAbove(next.place)]) : [];
    case 'hold':
      return tell('conferenceHeld', [...everybody, inboxAbove(next.place)]);
    case 'reply':
    case 'correct':
      return [];
  }
}
