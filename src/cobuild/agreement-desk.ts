/** What is done with agreements: offered by the committee's office, signed by the member unit, renewed by both, ended by either. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { AGREEMENT_LAW, type Agreement, type AgreementCommand, decideAgreement, refusedTerms, type Terms } from './chain/agreement.ts';
import { isOpenTo } from './chain/committee.ts';
import { type Day, dayAt } from './chain/days.ts';
import { inTerm } from './chain/member.ts';
import type { Telling, Told } from './chain/notices.ts';
import { reach } from './chain/reach.ts';
import { type CobuildAnswer, refused } from './chain/refusals.ts';
import { memberCode, officeInbox, partsAt, partsWith } from './chain/scope.ts';
import { permit } from './chain/table.ts';
import {
  findAgreement,
  insertAgreement,
  lockAgreement,
  type NamedAgreement,
  nextAgreementCode,
  overlapping,
  writeAgreement,
} from './agreements.ts';
import { findCommittee } from './committees.ts';
import { findMember, lockMember } from './members.ts';

export interface NewAgreement extends Terms {
  readonly committee: string;
  readonly member: string;
  /** The day on which both signed on paper; absent: the member unit is asked to sign here. */
  readonly signedOn?: Day | undefined;
}

export function makeAgreement(house: House, asked: Asked, wanted: NewAgreement): Promise<CobuildAnswer<NamedAgreement>> {
  return act(house, asked, async (tx, now, log): Promise<Done<NamedAgreement>> => {
    const { district } = house;
    const today = dayAt(now);
    const { signedOn, committee: committeeCode, member: memberOf, ...terms } = wanted;
    const committee = await findCommittee(tx, district, committeeCode);
    if (!isOpenTo(committee, asked.actor)) return refused('unknown-committee');
    const verb = signedOn === undefined ? 'offer' : 'record';
    const permitted = permit(AGREEMENT_LAW, 'none', verb, partsAt(asked.actor, committee.place));
    if (!permitted.ok) return permitted;
    // Locked: of two agreements with one member at once the second sees the first.
    const member = await lockMember(tx, district, memberOf);
    if (member === null || member.committee !== committeeCode || !inTerm(member, today)) return refused('unknown-member');
    if (signedOn !== undefined && signedOn > today) return refused('date-in-future');
    const wrong = refusedTerms(terms, today) ?? (await notTwice(tx, district, wanted));
    if (wrong !== null) return wrong;
    const agreement: Agreement = {
      ...terms,
      links: [...new Set(terms.links)],
      code: await nextAgreementCode(tx, district),
      version: 1,
      state: permitted.move.to,
      committee: committeeCode,
      place: committee.place,
      member: memberOf,
      signedOn: signedOn ?? null,
      becomes: null,
      renewal: null,
    };
    await insertAgreement(tx, district, agreement);
    await log(AGREEMENT_LAW, agreement, { verb, from: 'none', payload: { links: agreement.links, until: terms.until } });
    const named = (await findAgreement(tx, district, agreement.code))!;
    return { ok: true, value: named, tells: verb === 'offer' ? [tellOf(named, 'agreementOffered', [`member:${memberOf}`])] : [] };
  });
}

async function notTwice(tx: Kysely<Schema>, district: number, wanted: Pick<Agreement, 'committee' | 'member' | 'links'>) {
  const there = await overlapping(tx, district, wanted);
  return there === null ? null : refused('agreement-exists', { agreement: there });
}

export function moveAgreement(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...rest }: AgreementCommand & { expectedVersion?: number | undefined },
): Promise<CobuildAnswer<NamedAgreement>> {
  return act(house, asked, async (tx, now, log): Promise<Done<NamedAgreement>> => {
    const { district } = house;
    const { actor } = asked;
    const command = rest as AgreementCommand;
    const today = dayAt(now);
    const reached = reach(await lockAgreement(tx, district, code), actor, expectedVersion);
    if (!reached.ok) return reached;
    const agreement = reached.object;
    const member = (await findMember(tx, district, agreement.member))!;
    const parts = partsWith(actor, agreement.place, { code: member.code, active: inTerm(member, today) });
    const decided = decideAgreement(agreement, command, parts, today);
    if (!decided.ok) return decided;
    const next = { ...agreement, ...decided.next };
    await writeAgreement(tx, district, next);
    const { verb, ...payload } = command;
    await log(AGREEMENT_LAW, next, { verb, from: agreement.state, payload });
    return { ok: true, value: next, tells: tellsOf(next, command, memberCode(actor) === member.code) };
  });
}

function tellsOf(next: Agreement, { verb }: AgreementCommand, byMember: boolean): Telling[] {
  const other: Told[] = byMember ? [officeInbox(next.place)] : [`member:${next.member}`];
  switch (verb) {
    case 'amend':
      return [tellOf(next, 'agreementOffered', other)];
    case 'sign':
    case 'decline':
    case 'renew':
      return [tellOf(next, 'agreementAnswered', other)];
    case 'offerRenewal':
      return [tellOf(next, 'renewalOffered', other)];
    case 'withdraw':
    case 'end':
      return [tellOf(next, 'agreementEnded', other)];
    case 'expire':
      return [tellOf(next, 'agreementEnded', [officeInbox(next.place), `member:${next.member}`])];
  }
}

export function tellOf(agreement: Agreement, notice: Telling['notice'], recipients: readonly Told[]): Telling {
  const { code, version, place, member, until } = agreement;
  return { key: `${notice} agreement ${code} ${version}`, recipients, notice, about: { kind: 'agreement', code, place, member, until } };
}
