/**
 * Rules that practice proposes: three rulings for the same unit, in one category and community.
 *
 * Nothing is remembered of how far it has been looked: proposals follow from the log alone, so that any node may look at any time, and after
 * a crash the next look finds what was missed. The database keeps each three to one proposal.
 */
import { sql, type Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Reference } from '../grid/reference.ts';
import { addRule, refusedRule, type KeptRule, type NewRule, type RuleRefusal } from '../grid/responsibilities.ts';
import type { Ownership } from '../grid/responsibility.ts';
import type { Placed } from '../identity/scope.ts';
import type { Time } from './chain/incident.ts';

/** Source: the rules, Declining. */
export const EQUAL_RULINGS = 3;

export interface Evidence {
  readonly incident: string;
  readonly number: string;
  /** The ruling in words. */
  readonly ruling: string;
  readonly at: Time;
  /** What scope needs to know of the incident. */
  readonly placed: Placed;
}

export interface Proposal {
  readonly id: string;
  /** Category code, for example `C0101`. */
  readonly category: string;
  readonly community: string;
  readonly unit: string;
  readonly ownership: Ownership | null;
  readonly at: Time;
  readonly evidence: readonly Evidence[];
  readonly answer: 'accepted' | 'refused' | null;
  readonly answeredAt: Time | null;
  /** Account. */
  readonly answeredBy: string | null;
  readonly reason: string | null;
  readonly rule: string | null;
}

/**
 * Looks through all rulings and proposes what is not proposed yet. One that would say what an open rule says already is left out.
 *
 * @returns how many proposals were made.
 */
export async function propose(db: Kysely<Schema>, district: number): Promise<number> {
  const { rows } = await sql`
    with ruling as (
      select distinct on (m.incident) m.incident, m.seq, m.at, m.payload ->> 'unit' as unit, split_part(i.category, '-', 1) as category,
        i.community, i.doc ->> 'ownership' as ownership
      from move m join incident i on i.district = m.district and i.id = m.incident
      where m.district = ${district} and m.verb = 'arbitrate' and not i.drill
      order by m.incident, m.seq
    ), numbered as (
      select *, (row_number() over (partition by category, community, unit order by seq) - 1) / ${EQUAL_RULINGS}::int + 1 as nth from ruling
    ), three as (
      select category, community, unit, nth, array_agg(incident order by seq) as incidents, max(at) as at,
        case when count(distinct coalesce(ownership, '')) = 1 then min(ownership) end as ownership
      from numbered group by category, community, unit, nth having count(*) = ${EQUAL_RULINGS}
    )
    insert into responsibility_proposal (district, id, category, community, unit, nth, ownership, incidents, at)
    select ${district}, gen_random_uuid(), category, community, unit, nth, ownership, incidents, at from three
    where not exists (
      select from responsibility r
      where r.district = ${district} and r.ended_at is null and r.match = 'category' and r.target = three.category
        and r.area = three.community and r.unit = three.unit and r.ownership is not distinct from three.ownership)
    on conflict on constraint responsibility_proposal_once do nothing
    returning id`.execute(db);
  return rows.length;
}

export interface ProposalQuery {
  /** Only those that wait for an answer. */
  readonly open: boolean;
  readonly id?: string;
  /** Only of communities whose code begins so. */
  readonly area?: string;
  /** Id of the last one of the page before. One that is not there has nothing after it. */
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** Newest first, with the three rulings of each. */
export async function readProposals(
  db: Kysely<Schema>,
  district: number,
  { open, id, area, after, limit }: ProposalQuery,
): Promise<Proposal[]> {
  const rows = await db
    .selectFrom('responsibility_proposal')
    .selectAll()
    .where('district', '=', district)
    .$if(open, (q) => q.where('answer', 'is', null))
    .$if(id !== undefined, (q) => q.where('id', '=', id!))
    .$if(area !== undefined, (q) => q.where(sql<boolean>`starts_with(community, ${area})`))
    .$if(after !== undefined, (q) =>
      q.where(
        sql<boolean>`(at, id) < (select p.at, p.id from responsibility_proposal p where p.district = ${district} and p.id = ${after})`,
      ),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .$if(limit !== undefined, (q) => q.limit(limit!))
    .execute();
  const evidence = await readEvidence(db, district, [...new Set(rows.flatMap((row) => row.incidents))]);
  return rows.map((row) => ({
    id: row.id,
    category: row.category,
    community: row.community,
    unit: row.unit,
    ownership: row.ownership,
    at: row.at.toISOString(),
    evidence: row.incidents.flatMap((incident) => evidence.get(incident) ?? []),
    answer: row.answer,
    answeredAt: row.answered_at?.toISOString() ?? null,
    answeredBy: row.answered_by,
    reason: row.reason,
    rule: row.rule,
  }));
}

async function readEvidence(db: Kysely<Schema>, district: number, incidents: readonly string[]): Promise<ReadonlyMap<string, Evidence>> {
  if (incidents.length === 0) return new Map();
  type Row = Omit<Placed, 'district'> & { incident: string; number: string; ruling: string | null; at: Date };
  const { rows } = await sql<Row>`
    select distinct on (m.incident) m.incident, i.number, m.payload ->> 'ruling' as ruling, m.at,
      i.subdistrict, i.community, i.cell, i.units, i.reported_by as "reportedBy"
    from move m join incident i on i.district = m.district and i.id = m.incident
    where m.district = ${district} and m.verb = 'arbitrate' and m.incident = any(${incidents}::uuid[])
    order by m.incident, m.seq`.execute(db);
  return new Map(
    rows.map(({ incident, number, ruling, at, ...place }) => [
      incident,
      { incident, number, ruling: ruling ?? '', at: at.toISOString(), placed: { district, ...place } },
    ]),
  );
}

export interface Answering {
  /** Id of the rule that an accepted proposal becomes. */
  readonly ruleId: string;
  readonly account: string;
  readonly now: Date;
}

export type ProposalRefusal =
  Exclude<RuleRefusal, { code: 'responsibility-exists' }> | { readonly code: 'not-found' | 'proposal-answered' };

/** What a proposal would be as a rule. */
export function ruleOf({ category, community, unit, ownership, evidence }: Omit<Proposal, 'rule'>): NewRule {
  const numbers = evidence.map((e) => e.number).join('、');
  return { match: 'category', target: category, ownership, area: community, unit, source: `三次裁定一致 Three equal rulings: ${numbers}` };
}

/**
 * Makes a rule of it, in the place of what the table says now for the same category, ownership and community. Of several who answer at once
 * one is taken; the others are told `proposal-answered`.
 */
export function acceptProposal(
  db: Kysely<Schema>,
  district: number,
  reference: Reference,
  id: string,
  { ruleId, account, now }: Answering,
): Promise<KeptRule | ProposalRefusal> {
  return db.transaction().execute(async (tx) => {
    const [proposal] = await lockedProposal(tx, district, id);
    if (proposal === undefined) return { code: 'not-found' };
    if (proposal.answer !== null) return { code: 'proposal-answered' };
    const wanted = ruleOf(proposal);
    const refused = refusedRule(wanted, reference);
    if (refused !== undefined && refused.code !== 'responsibility-exists') return refused;
    const rule = await addRule(tx, district, wanted, { id: ruleId, account, now }, '三次裁定另有归属 Replaced by three equal rulings');
    if ('code' in rule) throw new Error(`a rule of the same key was not replaced: ${rule.code}`);
    await answer(tx, district, id, { answer: 'accepted', answered_at: now, answered_by: account, rule: rule.id });
    return rule;
  });
}

/** The same three do not come back. */
export function refuseProposal(
  db: Kysely<Schema>,
  district: number,
  id: string,
  { account, now, reason }: { account: string; now: Date; reason: string },
): Promise<Proposal | ProposalRefusal> {
  return db.transaction().execute(async (tx) => {
    const [proposal] = await lockedProposal(tx, district, id);
    if (proposal === undefined) return { code: 'not-found' };
    if (proposal.answer !== null) return { code: 'proposal-answered' };
    await answer(tx, district, id, { answer: 'refused', answered_at: now, answered_by: account, reason });
    return { ...proposal, answer: 'refused', answeredAt: now.toISOString(), answeredBy: account, reason };
  });
}

async function lockedProposal(tx: Kysely<Schema>, district: number, id: string): Promise<Proposal[]> {
  await tx.selectFrom('responsibility_proposal').select('id').where('district', '=', district).where('id', '=', id).forUpdate().execute();
  return readProposals(tx, district, { open: false, id });
}

async function answer(
  tx: Kysely<Schema>,
  district: number,
  id: string,
  how: { answer: 'accepted' | 'refused'; answered_at: Date; answered_by: string; reason?: string; rule?: string },
): Promise<void> {
  await tx.updateTable('responsibility_proposal').set(how).where('district', '=', district).where('id', '=', id).execute();
}
