/** Agreements (协议共建): their rows. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import type { Agreement, AgreementState } from './chain/agreement.ts';
import type { Day } from './chain/days.ts';
import type { Link } from './chain/links.ts';
import { seesPlace } from './place-filter.ts';

function select(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('agreement as a')
    .innerJoin('committee as c', (on) => on.onRef('c.district', '=', 'a.district').onRef('c.code', '=', 'a.committee'))
    .innerJoin('member as m', (on) => on.onRef('m.district', '=', 'a.district').onRef('m.code', '=', 'a.member'))
    .select(['a.code', 'a.version', 'a.state', 'a.committee', 'c.place', 'a.member', 'a.links', 'a.from_on', 'a.until_on', 'a.signed_on'])
    .select(['a.commitment_zh', 'a.commitment_en', 'a.becomes_kind', 'a.becomes_code', 'a.renewal_until', 'a.renewal_by'])
    .select(['m.org_zh', 'm.org_en', 'c.name_zh', 'c.name_en'])
    .where('a.district', '=', district);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

/** An agreement with the names of both sides. */
export interface NamedAgreement extends Agreement {
  readonly orgZh: string;
  readonly orgEn: string;
  readonly committeeZh: string;
  readonly committeeEn: string;
}

function agreementFrom(row: Row): NamedAgreement {
  return {
    code: row.code,
    version: row.version,
    state: row.state,
    committee: row.committee,
    place: row.place,
    member: row.member,
    links: row.links as Link[],
    from: row.from_on,
    until: row.until_on,
    signedOn: row.signed_on,
    commitmentZh: row.commitment_zh,
    commitmentEn: row.commitment_en,
    becomes: row.becomes_kind === null ? null : { kind: row.becomes_kind, code: row.becomes_code! },
    renewal: row.renewal_until === null ? null : { until: row.renewal_until, by: row.renewal_by! },
    orgZh: row.org_zh,
    orgEn: row.org_en,
    committeeZh: row.name_zh,
    committeeEn: row.name_en,
  };
}

export interface AgreementQuery {
  readonly committee?: string | undefined;
  readonly member?: string | undefined;
  readonly state?: AgreementState | undefined;
  readonly link?: Link | undefined;
  /** Running, and over by that day. */
  readonly endingBy?: Day | undefined;
}

/** What ends first comes first; what is over comes last. */
export async function listAgreements(db: Kysely<Schema>, district: number, actor: Actor, query: AgreementQuery): Promise<NamedAgreement[]> {
  const rows = await select(db, district)
    .where(seesPlace(actor, sql.ref('c.place')))
    .$if(query.committee !== undefined, (q) => q.where('a.committee', '=', query.committee!))
    .$if(query.member !== undefined, (q) => q.where('a.member', '=', query.member!))
    .$if(query.state !== undefined, (q) => q.where('a.state', '=', query.state!))
    .$if(query.link !== undefined, (q) => q.where(sql<boolean>`${query.link!} = any(a.links)`))
    .$if(query.endingBy !== undefined, (q) => q.where('a.state', '=', 'active').where('a.until_on', '<=', query.endingBy!))
    .orderBy(sql`a.state not in ('offered', 'active')`)
    .orderBy('a.until_on')
    .orderBy('a.code')
    .execute();
  return rows.map(agreementFrom);
}

/** Running ones of the whole district that are over by that day. */
export async function endingAgreements(db: Kysely<Schema>, district: number, by: Day): Promise<NamedAgreement[]> {
  const rows = await select(db, district).where('a.state', '=', 'active').where('a.until_on', '<=', by).orderBy('a.until_on').execute();
  return rows.map(agreementFrom);
}

export async function findAgreement(db: Kysely<Schema>, district: number, code: string): Promise<NamedAgreement | null> {
  const row = await select(db, district).where('a.code', '=', code).executeTakeFirst();
  return row === undefined ? null : agreementFrom(row);
}

/** Locked to the end of the transaction. */
export async function lockAgreement(tx: Kysely<Schema>, district: number, code: string): Promise<NamedAgreement | null> {
  const row = await select(tx, district).where('a.code', '=', code).forUpdate('a').executeTakeFirst();
  return row === undefined ? null : agreementFrom(row);
}

function columnsOf(agreement: Agreement) {
  return {
    version: agreement.version,
    state: agreement.state,
    links: [...agreement.links],
    from_on: agreement.from,
    until_on: agreement.until,
    signed_on: agreement.signedOn,
    commitment_zh: agreement.commitmentZh,
    commitment_en: agreement.commitmentEn,
    becomes_kind: agreement.becomes?.kind ?? null,
    becomes_code: agreement.becomes?.code ?? null,
    renewal_until: agreement.renewal?.until ?? null,
    renewal_by: agreement.renewal?.by ?? null,
  };
}

export async function insertAgreement(tx: Kysely<Schema>, district: number, agreement: Agreement): Promise<void> {
  const { code, committee, member } = agreement;
  await tx
    .insertInto('agreement')
    .values({ district, code, committee, member, ...columnsOf(agreement) })
    .execute();
}

export async function writeAgreement(tx: Kysely<Schema>, district: number, agreement: Agreement): Promise<void> {
  await tx.updateTable('agreement').set(columnsOf(agreement)).where('district', '=', district).where('code', '=', agreement.code).execute();
}

/** A running agreement of the two that has one of these links already. The member must be locked. */
export async function overlapping(
  tx: Kysely<Schema>,
  district: number,
  { committee, member, links }: Pick<Agreement, 'committee' | 'member' | 'links'>,
): Promise<string | null> {
  const row = await tx
    .selectFrom('agreement')
    .select('code')
    .where('district', '=', district)
    .where('committee', '=', committee)
    .where('member', '=', member)
    .where('state', 'in', ['offered', 'active'])
    .where(sql<boolean>`links && ${[...links]}::text[]`)
    .orderBy('code')
    .limit(1)
    .executeTakeFirst();
  return row?.code ?? null;
}

/** `agr-29`: numbered through the whole district; of two at once each gets its own. */
export async function nextAgreementCode(tx: Kysely<Schema>, district: number): Promise<string> {
  await sql`select pg_advisory_xact_lock(${AGREEMENT_NUMBERS}, ${district})`.execute(tx);
  const { rows } = await sql<{ last: number | null }>`
    select max(substring(code from '^agr-([0-9]{2,6})$')::int) as last from agreement where district = ${district}`.execute(tx);
  return `agr-${String((rows[0]?.last ?? 0) + 1).padStart(2, '0')}`;
}

/** A number of our own, for this lock only. */
const AGREEMENT_NUMBERS = 0x0a62;
