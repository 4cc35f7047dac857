/** What is done with resolutions: made at a conference, worked at by their owner, closed with an outcome. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { type Day, dayAt } from './chain/days.ts';
import { inTerm } from './chain/member.ts';
import type { Telling, Told } from './chain/notices.ts';
import { reach } from './chain/reach.ts';
import { type CobuildAnswer, refused } from './chain/refusals.ts';
import { decideResolution, type Owner, RESOLUTION_LAW, type Resolution, type ResolutionCommand } from './chain/resolution.ts';
import { isOfficeOf, maySeePlace, memberCode, officeInbox, partsAt } from './chain/scope.ts';
import { type Part, permit } from './chain/table.ts';
import { lockConference } from './conferences.ts';
import { findMember } from './members.ts';
import { insertResolution, lockResolution, nextResolutionCode, writeResolution } from './resolutions.ts';

/** What the actor is at a resolution. @param active  the member that the actor may be is in term. */
export function partsAtResolution(actor: Actor, { place, owner }: Pick<Resolution, 'place' | 'owner'>, active: boolean): Set<Part> {
  const parts = partsAt(actor, place);
  const [kind, code] = owner.split(':') as ['member' | 'community' | 'subdistrict', string];
  if (kind === 'member' && memberCode(actor) === code) parts.add(active ? 'owner' : 'formerMember');
  if (kind !== 'member' && isOfficeOf(actor, code)) parts.add('owner');
  return parts;
}

/** Somebody at the place may be made responsible: a member of the committee in term, the community, the subdistrict. */
export async function mayOwn(
  db: Kysely<Schema>,
  district: number,
  owner: Owner,
  { committee, place, today }: { committee: string; place: string; today: Day },
): Promise<boolean> {
  const [kind, code] = owner.split(':') as [string, string];
  if (kind === 'member') {
    const member = await findMember(db, district, code);
    return member !== null && member.committee === committee && inTerm(member, today);
  }
  const known = await db
    .selectFrom(kind === 'community' ? 'community' : 'subdistrict')
    .select('code')
    .where('district', '=', district)
    .where('code', '=', code)
    .executeTakeFirst();
  return known !== undefined && (place.startsWith(code) || code.startsWith(place));
}

export interface NewResolution {
  readonly text: string;
  readonly owner: Owner;
  readonly dueOn: Day;
}

export function resolve(house: House, asked: Asked, conferenceCode: string, wanted: NewResolution): Promise<CobuildAnswer<Resolution>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Resolution>> => {
    const { district } = house;
    const today = dayAt(now);
    const conference = await lockConference(tx, district, conferenceCode);
    if (conference === null || !maySeePlace(asked.actor, conference.place)) return refused('not-found');
    const permitted = permit(RESOLUTION_LAW, 'none', 'resolve', partsAt(asked.actor, conference.place));
    if (!permitted.ok) return permitted;
    if (conference.state !== 'held') return refused('conference-not-held');
    if (wanted.dueOn < today) return refused('date-in-past');
    const { committee, place } = conference;
    if (!(await mayOwn(tx, district, wanted.owner, { committee, place, today }))) return refused('unknown-owner');
    const resolution: Resolution = {
      ...wanted,
      code: await nextResolutionCode(tx, district, conferenceCode),
      version: 1,
      state: permitted.move.to,
      conference: conferenceCode,
      committee,
      place,
      progress: '',
      outcome: '',
    };
    await insertResolution(tx, district, resolution);
    await log(RESOLUTION_LAW, resolution, { verb: 'resolve', from: 'none', payload: { owner: wanted.owner, dueOn: wanted.dueOn } });
    return { ok: true, value: resolution, tells: [tellOf(resolution, 'resolutionGiven', [resolution.owner])] };
  });
}

export function moveResolution(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...rest }: ResolutionCommand & { expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Resolution>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Resolution>> => {
    const { district } = house;
    const { actor } = asked;
    const command = rest as ResolutionCommand;
    const today = dayAt(now);
    const reached = reach(await lockResolution(tx, district, code), actor, expectedVersion);
    if (!reached.ok) return reached;
    const resolution = reached.object;
    const own = memberCode(actor);
    const active = own !== null && (await isActive(tx, district, own, today));
    const owner = command.verb === 'amend' ? command.owner : undefined;
    const knownOwner = owner === undefined || (await mayOwn(tx, district, owner, { ...resolution, today }));
    const decided = decideResolution(resolution, command, partsAtResolution(actor, resolution, active), { today, knownOwner });
    if (!decided.ok) return decided;
    const { next } = decided;
    await writeResolution(tx, district, next);
    const { verb, ...payload } = command;
    await log(RESOLUTION_LAW, next, { verb, from: resolution.state, payload });
    return { ok: true, value: next, tells: tellsOf(resolution, next, command.verb) };
  });
}

async function isActive(tx: Kysely<Schema>, district: number, code: string, today: Day): Promise<boolean> {
  const member = await findMember(tx, district, code);
  return member !== null && inTerm(member, today);
}

function tellsOf(before: Resolution, next: Resolution, verb: ResolutionCommand['verb']): Telling[] {
  if (verb === 'close') return [tellOf(next, 'resolutionClosed', [officeInbox(next.place)])];
  const given = verb === 'reopen' || (verb === 'amend' && (before.owner !== next.owner || before.dueOn !== next.dueOn));
  return given ? [tellOf(next, 'resolutionGiven', [next.owner])] : [];
}

export function tellOf(resolution: Resolution, notice: Telling['notice'], recipients: readonly Told[]): Telling {
  const { code, version, place, dueOn } = resolution;
  return { key: `${notice} resolution ${code} ${version}`, recipients, notice, about: { kind: 'resolution', code, place, dueOn } };
}
