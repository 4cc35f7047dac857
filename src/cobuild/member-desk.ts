/** What is done with committees and members: propose, appoint, renew, end – each an act, each in the log. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { disableAccount } from '../identity/accounts.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { endCertificates, issueCertificate, newCheckKey } from './certificates.ts';
import { COMMITTEE_LAW, type Committee, type CommitteeCommand, decideCommittee, isOpenTo } from './chain/committee.ts';
import { type Day, dayAt } from './chain/days.ts';
import { decideMember, inTerm, type Member, type MemberCommand, type MemberDetails, MEMBER_LAW } from './chain/member.ts';
import type { Telling, Told } from './chain/notices.ts';
import { reach } from './chain/reach.ts';
import { type CobuildAnswer, refused } from './chain/refusals.ts';
import { inboxAbove, officeInbox, partsAt, partsWith } from './chain/scope.ts';
import { permit } from './chain/table.ts';
import { insertCommittee, isInUse, lockCommittee, writeCommittee } from './committees.ts';
import type { Log } from './log.ts';
import { insertMember, lockMember, nextMemberCode, writeMember } from './members.ts';

export interface NewCommittee {
  readonly code: string;
  readonly place: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly founded: Day;
}

/** @param known  the place is one of the district's. */
export function foundCommittee(house: House, asked: Asked, wanted: NewCommittee, known: boolean): Promise<CobuildAnswer<Committee>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Committee>> => {
    const { district } = house;
    if (!known) return refused('unknown-area');
    const permitted = permit(COMMITTEE_LAW, 'none', 'found', partsAt(asked.actor, wanted.place));
    if (!permitted.ok) return permitted;
    if (wanted.founded > dayAt(now)) return refused('date-in-future');
    const tier = wanted.place.length === 9 ? 'subdistrict' : 'community';
    const committee: Committee = { ...wanted, tier, version: 1, state: permitted.move.to, calendarKey: newCheckKey() };
    if (!(await insertCommittee(tx, district, committee))) return refused('committee-exists');
    await log(COMMITTEE_LAW, committee, { verb: 'found', from: 'none', payload: { place: wanted.place, founded: wanted.founded } });
    return { ok: true, value: committee };
  });
}

export function moveCommittee(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: CommitteeCommand & { expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Committee>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Committee>> => {
    const { district } = house;
    const reached = reach(await lockCommittee(tx, district, code), asked.actor, expectedVersion);
    if (!reached.ok) return reached;
    const committee = reached.object;
    const inUse = command.verb === 'dissolve' && (await isInUse(tx, district, code, dayAt(now)));
    const decided = decideCommittee(committee, command as CommitteeCommand, partsAt(asked.actor, committee.place), inUse);
    if (!decided.ok) return decided;
    const { next } = decided;
    await writeCommittee(tx, district, next);
    const { verb, ...payload } = command;
    await log(COMMITTEE_LAW, next, { verb, from: committee.state, payload });
    return { ok: true, value: next };
  });
}

/** @param knownUnit  the unit that the body also is, is one of the district's; true when none is named. */
export function proposeMember(
  house: House,
  asked: Asked,
  committeeCode: string,
  details: MemberDetails,
  knownUnit: boolean,
): Promise<CobuildAnswer<Member>> {
  return act(house, asked, async (tx, _now, log): Promise<Done<Member>> => {
    const { district } = house;
    const { actor } = asked;
    const committee = await lockCommittee(tx, district, committeeCode);
    if (!isOpenTo(committee, actor)) return refused('unknown-committee');
    const permitted = permit(MEMBER_LAW, 'none', 'propose', partsAt(actor, committee.place));
    if (!permitted.ok) return permitted;
    if (!knownUnit) return refused('unknown-unit');
    const member: Member = {
      ...details,
      code: await nextMemberCode(tx, district, committeeCode),
      version: 1,
      state: permitted.move.to,
      committee: committeeCode,
      place: committee.place,
      appointed: null,
      termEnd: null,
      certificate: null,
      proposedBy: actor.account,
    };
    await insertMember(tx, district, member);
    await log(MEMBER_LAW, member, { verb: 'propose', from: 'none' });
    return { ok: true, value: member, tells: [tellOf(member, 'memberProposed', [inboxAbove(member.place)])] };
  });
}

/** @param knownUnit  as above, for an `amend`. */
export function moveMember(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: MemberCommand & { expectedVersion?: number | undefined },
  knownUnit = true,
): Promise<CobuildAnswer<Member>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Member>> => {
    const reached = reach(await lockMember(tx, house.district, code), asked.actor, expectedVersion);
    if (!reached.ok) return reached;
    if (!knownUnit) return refused('unknown-unit');
    return applyToMember(tx, house, reached.object, command as MemberCommand, asked.actor, now, log);
  });
}

async function applyToMember(
  tx: Kysely<Schema>,
  { district }: House,
  member: Member,
  command: MemberCommand,
  actor: Actor,
  now: Date,
  log: Log,
): Promise<Done<Member>> {
  const today = dayAt(now);
  const parts = partsWith(actor, member.place, { code: member.code, active: inTerm(member, today) });
  const decided = decideMember(member, command, parts, { actor: actor.account, today });
  if (!decided.ok) return decided;
  const { term } = decided;
  const issued = { district, member: member.code, at: now, by: actor.account };
  const certificate = term === null ? decided.next.certificate : await issueCertificate(tx, { ...issued, ...term });
  const next: Member = { ...decided.next, certificate };
  if (next.state === 'ended') {
    await endCertificates(tx, district, member.code, today);
    // Who has left reads nothing any more: what a member sees hangs on the account.
    await disableAccount(tx, district, `member.${member.code}`);
  }
  await writeMember(tx, district, next);
  const { verb, ...payload } = command;
  const logged = { ...namesOnly(payload), ...(term === null ? {} : { ...term, certificate }) };
  await log(MEMBER_LAW, next, { verb, from: member.state, payload: logged });
  return { ok: true, value: next, tells: tellsOf(next, verb) };
}

/** The log keeps which fields of a person changed, not what they hold: a person's data is corrected in one place. */
function namesOnly(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const personal = ['personZh', 'personEn', 'postZh', 'postEn'];
  const changed = Object.keys(payload).filter((name) => personal.includes(name));
  const rest = Object.entries(payload).filter(([name]) => !personal.includes(name));
  return { ...Object.fromEntries(rest), ...(changed.length === 0 ? {} : { changed }) };
}

function tellsOf(member: Member, verb: MemberCommand['verb']): Telling[] {
  const both: Told[] = [`member:${member.code}`, officeInbox(member.place)];
  if (verb === 'appoint' || verb === 'renew') return [tellOf(member, 'memberAppointed', both)];
  if (verb === 'end' || verb === 'resign' || verb === 'expire') return [tellOf(member, 'termEnded', [...both, inboxAbove(member.place)])];
  return [];
}

export function tellOf(member: Member, notice: Telling['notice'], recipients: readonly Told[]): Telling {
  return {
    key: `${notice} member ${member.code} ${member.version}`,
    recipients,
    notice,
    about: { kind: 'member', code: member.code, place: member.place, ...(member.termEnd === null ? {} : { until: member.termEnd }) },
  };
}
