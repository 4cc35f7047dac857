/** 聘书: certificates of appointment – their numbers, and what anybody may be told who holds one in their hands. */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Day } from './chain/days.ts';

export interface Certificate {
  readonly number: string;
  readonly member: string;
  readonly from: Day;
  readonly until: Day;
  /** It stopped to hold before its last day. */
  readonly endedOn: Day | null;
  readonly key: string;
  readonly issuedAt: Date;
}

export interface NewCertificate {
  readonly district: number;
  readonly member: string;
  readonly from: Day;
  readonly until: Day;
  readonly at: Date;
  /** Account. */
  readonly by: string;
}

/** 128 bits: nobody finds a certificate by guessing. */
export const newCheckKey = (): string => randomBytes(16).toString('base64url');

/**
 * Writes a certificate under the next number of the year, `聘-2026-071`. Of two at the same moment each gets its own: the counter's row lets
 * one after the other pass.
 */
export async function issueCertificate(tx: Kysely<Schema>, { district, member, from, until, at, by }: NewCertificate): Promise<string> {
  const year = Number(from.slice(0, 4));
  const { rows } = await sql<{ last: number }>`
    insert into certificate_counter as k (district, year, last) values (${district}, ${year}, 1)
    on conflict (district, year) do update set last = k.last + 1 returning last`.execute(tx);
  const number = `聘-${year}-${String(rows[0]!.last).padStart(3, '0')}`;
  await tx
    .insertInto('certificate')
    .values({
      district,
      number,
      member,
      from_on: from,
      until_on: until,
      ended_on: null,
      check_key: newCheckKey(),
      issued_at: at,
      issued_by: by,
    })
    .execute();
  return number;
}

const OURS = /^聘-(\d{4})-(\d{1,9})$/;

/** Numbers of our own form came with a file: the next one that is issued comes after them. */
export async function raiseCounters(tx: Kysely<Schema>, district: number, numbers: readonly string[]): Promise<void> {
  const highest = new Map<number, number>();
  for (const number of numbers) {
    const [, year, n] = (OURS.exec(number) ?? []).map(Number);
    if (year !== undefined && n !== undefined && n > (highest.get(year) ?? 0)) highest.set(year, n);
  }
  for (const [year, last] of [...highest].sort(([a], [b]) => a - b)) {
    await sql`
      insert into certificate_counter as k (district, year, last) values (${district}, ${year}, ${last})
      on conflict (district, year) do update set last = greatest(k.last, excluded.last)`.execute(tx);
  }
}

/** The appointment has ended: its certificates hold no longer. */
export async function endCertificates(tx: Kysely<Schema>, district: number, member: string, today: Day): Promise<void> {
  await tx
    .updateTable('certificate')
    .set({ ended_on: today })
    .where('district', '=', district)
    .where('member', '=', member)
    .where('ended_on', 'is', null)
    .where('until_on', '>', today)
    .execute();
}

/** Newest first. */
export async function certificatesOf(db: Kysely<Schema>, district: number, member: string): Promise<Certificate[]> {
  const rows = await db
    .selectFrom('certificate')
    .selectAll()
    .where('district', '=', district)
    .where('member', '=', member)
    .orderBy('from_on', 'desc')
    .orderBy('number', 'desc')
    .execute();
  return rows.map((row) => ({
    number: row.number,
    member: row.member,
    from: row.from_on,
    until: row.until_on,
    endedOn: row.ended_on,
    key: row.check_key,
    issuedAt: row.issued_at,
  }));
}

/** What the page behind the QR code says. No names of persons: who holds the paper has them on it. */
export type Verdict =
  | { readonly state: 'unknown' }
  | {
      readonly state: 'valid' | 'expired' | 'notYet';
      readonly number: string;
      readonly from: Day;
      readonly until: Day;
      readonly bodyZh: string;
      readonly bodyEn: string;
      readonly committeeZh: string;
      readonly committeeEn: string;
      readonly tier: 'subdistrict' | 'community';
    };

/** @param key  as the QR code has it; another one: unknown, as if there were no such number. */
export async function verify(db: Kysely<Schema>, district: number, number: string, key: string, today: Day): Promise<Verdict> {
  const row = await db
    .selectFrom('certificate as p')
    .innerJoin('member as m', (on) => on.onRef('m.district', '=', 'p.district').onRef('m.code', '=', 'p.member'))
    .innerJoin('committee as c', (on) => on.onRef('c.district', '=', 'm.district').onRef('c.code', '=', 'm.committee'))
    .select([
      'p.number',
      'p.from_on',
      'p.until_on',
      'p.ended_on',
      'p.check_key',
      'm.org_zh',
      'm.org_en',
      'c.name_zh',
      'c.name_en',
      'c.tier',
    ])
    .where('p.district', '=', district)
    .where('p.number', '=', number)
    .executeTakeFirst();
  if (row === undefined || row.check_key !== key) return { state: 'unknown' };
  const until = row.ended_on ?? row.until_on;
  const over = row.ended_on !== null || row.until_on < today;
  return {
    state: over ? 'expired' : today < row.from_on ? 'notYet' : 'valid',
    number: row.number,
    from: row.from_on,
    until,
    bodyZh: row.org_zh,
    bodyEn: row.org_en,
    committeeZh: row.name_zh,
    committeeEn: row.name_en,
    tier: row.tier,
  };
}
