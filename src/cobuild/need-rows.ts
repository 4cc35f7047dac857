/** Rows of needs and claims: locked, written and logged. All belong into a transaction; the need is locked before its claims. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { CLAIM_LAW, NEED_LAW, type ClaimState, type NeedVerb } from './chain/need.ts';
import type { Telling, Told } from './chain/notices.ts';
import type { Log } from './log.ts';
import { claimFrom, needFrom, type Claim, type Need } from './needs.ts';

/** Lets go of every claim that is still open. @returns the members that had them. */
export async function releaseClaims(tx: Kysely<Schema>, district: number, need: string, reason: string, log: Log): Promise<string[]> {
  const freed: string[] = [];
  for (const claim of await openClaims(tx, district, need)) {
    const next = await writeClaim(tx, district, claim, { state: 'released', reason });
    await log(CLAIM_LAW, next, { verb: 'release', from: claim.state, payload: { need, reason } });
    freed.push(claim.member);
  }
  return [...new Set(freed)];
}

export async function openClaims(tx: Kysely<Schema>, district: number, need: string): Promise<Claim[]> {
  const rows = await tx
    .selectFrom('claim')
    .selectAll()
    .where('district', '=', district)
    .where('need', '=', need)
    .where('state', 'in', ['claimed', 'delivered'])
    .orderBy('code')
    .forUpdate()
    .execute();
  return rows.map(claimFrom);
}

export async function endNeed(
  tx: Kysely<Schema>,
  district: number,
  need: Need,
  {
    verb,
    reason,
    now,
  }: { readonly verb: Extract<NeedVerb, 'fulfil' | 'withdraw' | 'close'>; readonly reason: string | null; readonly now: Date },
  log: Log,
): Promise<Need> {
  const to = verb === 'fulfil' ? 'fulfilled' : verb === 'withdraw' ? 'withdrawn' : 'closed';
  const next = await writeNeed(tx, district, need, { state: to, ended_at: now, end_reason: reason });
  await log(NEED_LAW, next, { verb, from: need.state, payload: reason === null ? {} : { reason } });
  return next;
}

export async function lockNeed(tx: Kysely<Schema>, district: number, code: string): Promise<Need | null> {
  const row = await tx
    .selectFrom('need')
    .selectAll()
    .where('district', '=', district)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : needFrom(row);
}

export interface Locked {
  readonly need: Need;
  readonly claim: Claim;
}

/** The need first, then the claim: whoever changes claims takes the locks in this order. */
export async function lockClaim(tx: Kysely<Schema>, district: number, code: string): Promise<Locked | null> {
  const of = await tx.selectFrom('claim').select('need').where('district', '=', district).where('code', '=', code).executeTakeFirst();
  const need = of === undefined ? null : await lockNeed(tx, district, of.need);
  if (need === null) return null;
  const row = await tx
    .selectFrom('claim')
    .selectAll()
    .where('district', '=', district)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { need, claim: claimFrom(row) };
}

export async function writeNeed(
  tx: Kysely<Schema>,
  district: number,
  need: Need,
  changes: { invited_at?: Date; conferred_at?: Date; due?: string; state?: Need['state']; ended_at?: Date; end_reason?: string | null },
): Promise<Need> {
  const row = await tx
    .updateTable('need')
    .set({ ...changes, version: need.version + 1 })
    .where('district', '=', district)
    .where('code', '=', need.code)
    .returningAll()
    .executeTakeFirstOrThrow();
  return needFrom(row);
}

export async function writeClaim(
  tx: Kysely<Schema>,
  district: number,
  claim: Claim,
  changes: {
    state?: ClaimState;
    delivery?: string;
    photos?: string[];
    delivered_at?: Date | null;
    confirmed_at?: Date;
    confirmed_by?: string;
    score?: number | null;
    reason?: string | null;
    unit?: string | null;
    assignment?: string | null;
  },
): Promise<Claim> {
  const row = await tx
    .updateTable('claim')
    .set({ ...changes, version: claim.version + 1 })
    .where('district', '=', district)
    .where('code', '=', claim.code)
    .returningAll()
    .executeTakeFirstOrThrow();
  return claimFrom(row);
}

export const inbox = (member: string): Told => `member:${member}`;

/** Everything that is told of one need carries the same figures. */
export function tellingOf(
  need: Need,
  notice: Telling['notice'],
  key: string,
  recipients: readonly Told[],
  about: Telling['about'] = {},
): Telling {
  return {
    key: `${notice} ${key}`,
    recipients,
    notice,
    about: { kind: 'need', code: need.code, place: need.place, dueOn: need.due, ...about },
  };
}
