/** 调班: another crew, or nobody, for an interval. Rows are added only; an end is a row of its own. */
import type { Kysely } from 'kysely';
import { v5 } from 'uuid';
import type { Schema } from '../../db/schema.ts';
import { counting, type Override, readOverrides } from './read.ts';
import { readCrews } from './crews.ts';
import { refused, type RosterAnswer } from './refusals.ts';

/** Ours: a form that was opened at a quarter to and sent at the hour still means "from now". What is longer ago would rewrite who was there. */
export const PAST_SLACK_MS = 15 * 60_000;
/** Ours: what lasts longer is another pattern, or another crew in the table. */
export const LONGEST_MS = 31 * 86_400_000;

export interface NewOverride {
  /** The request's key: the same key gives the same row. */
  readonly id: string;
  readonly unit: string;
  readonly from: Date;
  readonly until: Date;
  readonly crew: string | null;
  readonly reason: string;
  readonly by: string;
  readonly swap?: string;
  /** Overrides in the way make room: they hold before and after it as they did. */
  readonly replace?: boolean;
}

/** Namespace of the ids of what is left of overrides that made room; made once, for this only. */
const REMAINDERS = '5d3f6a52-0d1c-5b8e-9d7e-2f6c8a41b7e3';

/** Belongs into `Rosters.change`. */
export async function addOverride(tx: Kysely<Schema>, district: number, wanted: NewOverride, now: Date): Promise<RosterAnswer<Override>> {
  const { id, unit, from, until, crew, reason, by, swap = null } = wanted;
  const all = await readOverrides(tx, district);
  const same = [...all.values()].flat().find((override) => override.id === id);
  if (same !== undefined) return isSame(same, wanted) ? { ok: true, value: same } : refused('idempotency-key-reused');
  if (until <= now || from.getTime() < now.getTime() - PAST_SLACK_MS) return refused('roster-in-past');
  if (until.getTime() - from.getTime() > LONGEST_MS) return refused('roster-too-long');
  if (crew !== null && !(await readCrews(tx, district)).get(unit)?.some((one) => one.code === crew)) return refused('unknown-crew');
  const clashes = (all.get(unit) ?? []).filter((other) =>
    counting(other).some((o) => o.fromMs < until.getTime() && o.toMs > from.getTime()),
  );
  if (clashes[0] !== undefined && wanted.replace !== true) {
    const { id: override, from: clashFrom, until: clashUntil } = clashes[0];
    return refused('roster-overlap', { override, from: clashFrom.toISOString(), until: clashUntil.toISOString() });
  }
  for (const clash of clashes) await makeRoom(tx, district, clash, wanted, now);
  const { at } = await tx
    .insertInto('roster_override')
    .values({ district, id, unit, starts_at: from, ends_at: until, crew, reason, swap, by })
    .returning('at')
    .executeTakeFirstOrThrow();
  return { ok: true, value: { id, unit, from, until, crew, reason, swap, by, at, ended: null } };
}

/** Ends the old one, and keeps what of it lies before and after the new one. What is over stays as it was. */
async function makeRoom(
  tx: Kysely<Schema>,
  district: number,
  old: Override,
  { id, from, until, by }: NewOverride,
  now: Date,
): Promise<void> {
  await tx.insertInto('roster_override_end').values({ district, override: old.id, by }).execute();
  const before = { part: 'before', starts: old.from > now ? old.from : now, ends: from };
  const after = { part: 'after', starts: until, ends: old.until };
  for (const { part, starts, ends } of [before, after]) {
    if (ends <= starts) continue;
    const values = { unit: old.unit, starts_at: starts, ends_at: ends, crew: old.crew, reason: old.reason, swap: old.swap, by: old.by };
    await tx
      .insertInto('roster_override')
      .values({ district, id: v5(`${old.id} ${id} ${part}`, REMAINDERS), ...values })
      .execute();
  }
}

function isSame(there: Override, wanted: NewOverride): boolean {
  return (
    there.unit === wanted.unit &&
    there.from.getTime() === wanted.from.getTime() &&
    there.until.getTime() === wanted.until.getTime() &&
    there.crew === wanted.crew &&
    there.reason === wanted.reason &&
    there.by === wanted.by
  );
}

/** From now on the pattern holds again. For the same account again it is the same answer. Belongs into `Rosters.change`. */
export async function endOverride(
  tx: Kysely<Schema>,
  district: number,
  override: Override,
  by: string,
  now: Date,
): Promise<RosterAnswer<Override>> {
  const current = (await readOverrides(tx, district, override.unit)).get(override.unit)?.find((one) => one.id === override.id);
  if (current === undefined) return refused('not-found');
  if (current.ended !== null) return current.ended.by === by ? { ok: true, value: current } : refused('override-ended');
  if (current.until <= now) return refused('override-ended');
  const { at } = await tx
    .insertInto('roster_override_end')
    .values({ district, override: current.id, by })
    .returning('at')
    .executeTakeFirstOrThrow();
  return { ok: true, value: { ...current, ended: { by, at } } };
}
