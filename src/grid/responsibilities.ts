/** 权责表 in the database: rules that somebody accepted, and that somebody ended. Nothing is overwritten: what once held stays readable. */
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { bumpSettings } from '../db/settings-version.ts';
import type { ResponsibilityTable } from '../db/tables/responsibility.ts';
import type { Reference } from './reference.ts';
import type { ResponsibilityRule } from './responsibility.ts';

/** A rule with who accepted it and, where it has ended, who ended it and why. */
export interface KeptRule extends ResponsibilityRule {
  /** Account. */
  readonly acceptedBy: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
}

/** A rule as it is asked for. */
export type NewRule = Pick<ResponsibilityRule, 'match' | 'target' | 'ownership' | 'area' | 'unit' | 'source'>;

export type RuleRefusal =
  | { readonly code: 'unknown-category' | 'unknown-area' | 'unknown-unit' | 'unit-may-not-lead' }
  /** There is one for the same category, ownership and area. */
  | { readonly code: 'responsibility-exists'; readonly rule: string; readonly unit: string };

/** What is wrong with a rule before it is written; undefined: nothing. */
export function refusedRule(rule: NewRule, reference: Reference): RuleRefusal | undefined {
  if (!hasTarget(rule, reference)) return { code: 'unknown-category' };
  const { district, subdistricts, communities } = reference;
  if (rule.area !== String(district.code) && !subdistricts.has(rule.area) && !communities.has(rule.area)) return { code: 'unknown-area' };
  const unit = reference.units.get(rule.unit);
  if (unit === undefined) return { code: 'unknown-unit' };
  return unit.mayLead ? undefined : { code: 'unit-may-not-lead' };
}

function hasTarget({ match, target }: NewRule, { categories }: Reference): boolean {
  if (match === 'row') return categories.has(target);
  for (const { category } of categories.values()) if ((match === 'category' ? category : category.slice(0, 3)) === target) return true;
  return false;
}

/** In the order in which they came to hold. */
export async function readRules(db: Kysely<Schema>, district: number, { ended }: { ended: boolean }): Promise<KeptRule[]> {
  const rows = await db
    .selectFrom('responsibility')
    .selectAll()
    .where('district', '=', district)
    .$if(!ended, (q) => q.where('ended_at', 'is', null))
    .orderBy('since')
    .orderBy('id')
    .execute();
  return rows.map(ruleFrom);
}

export interface Writing {
  readonly id: string;
  readonly account: string;
  readonly now: Date;
}

/**
 * Adds a rule. Belongs into a transaction.
 *
 * @param replaces  ends the open rule of the same key, if there is one, with this reason; without it that rule refuses the new one.
 */
export async function addRule(
  tx: Kysely<Schema>,
  district: number,
  rule: NewRule & { readonly since?: string | undefined },
  { id, account, now }: Writing,
  replaces?: string,
): Promise<KeptRule | RuleRefusal> {
  // First, so that two who add for the same key come one after the other.
  await bumpSettings(tx, district);
  const before = await openOfKey(tx, district, rule);
  if (before !== undefined) {
    if (replaces === undefined) return { code: 'responsibility-exists', rule: before.id, unit: before.unit };
    await endRule(tx, district, before.id, { account, now, reason: replaces });
  }
  const { match, target, ownership, area, unit, source } = rule;
  const since = rule.since === undefined ? now : new Date(rule.since);
  const row = await tx
    .insertInto('responsibility')
    .values({ district, id, match, target, ownership, area, unit, source, accepted_by: account, since })
    .returningAll()
    .executeTakeFirstOrThrow();
  return ruleFrom(row);
}

/** Ends an open rule. Belongs into a transaction. @returns null if there is no such open rule. */
export async function endRule(
  tx: Kysely<Schema>,
  district: number,
  id: string,
  { account, now, reason }: { account: string; now: Date; reason: string },
): Promise<KeptRule | null> {
  await bumpSettings(tx, district);
  const row = await tx
    .updateTable('responsibility')
    .set({ ended_at: now, ended_by: account, end_reason: reason })
    .where('district', '=', district)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : ruleFrom(row);
}

export async function openOfKey(
  db: Kysely<Schema>,
  district: number,
  { match, target, ownership, area }: Omit<NewRule, 'unit' | 'source'>,
): Promise<KeptRule | undefined> {
  const row = await db
    .selectFrom('responsibility')
    .selectAll()
    .where('district', '=', district)
    .where('area', '=', area)
    .where('match', '=', match)
    .where('target', '=', target)
    .where((eb) => (ownership === null ? eb('ownership', 'is', null) : eb('ownership', '=', ownership)))
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : ruleFrom(row);
}

function ruleFrom(row: Selectable<ResponsibilityTable>): KeptRule {
  return {
    id: row.id,
    match: row.match,
    target: row.target,
    ownership: row.ownership,
    area: row.area,
    unit: row.unit,
    source: row.source,
    since: row.since.toISOString(),
    acceptedBy: row.accepted_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
    endReason: row.end_reason,
  };
}

/** The open rules, kept in memory: every dispatch by run card looks here. */
export class OpenRules {
  private readonly db: Kysely<Schema>;
  private readonly district: number;
  private rules: readonly ResponsibilityRule[] = [];

  constructor(db: Kysely<Schema>, district: number) {
    this.db = db;
    this.district = district;
  }

  current(): readonly ResponsibilityRule[] {
    return this.rules;
  }

  /** Until it is done, and if it fails, the old ones stay. */
  async reload(): Promise<void> {
    this.rules = await readRules(this.db, this.district, { ended: false });
  }
}
