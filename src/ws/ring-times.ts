/** When an unanswered ring sounds again. The figures are rows of `level_rule`. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { LEVELS, type Level } from '../dispatch/chain/incident.ts';
import { countedBetween, dueAfter, limitOf, type Rules } from '../dispatch/chain/levels.ts';

/** Milliseconds of the time that counts at the level: continuous, or working time. */
export type RingEvery = Readonly<Record<Level, number>>;

/** @throws Error naming the level that has no row. */
export async function loadRingEvery(db: Kysely<Schema>): Promise<RingEvery> {
  const rows = await db.selectFrom('level_rule').select(['level', 'ring_every_s']).execute();
  const everyMs = (level: Level): number => {
    const row = rows.find((r) => r.level === level);
    if (row === undefined) throw new Error(`level_rule has no row for ${level}`);
    return row.ring_every_s * 1_000;
  };
  return Object.fromEntries(LEVELS.map((level) => [level, everyMs(level)])) as Record<Level, number>;
}

/**
 * The first repetition after `afterMs`. Rounds are counted from the move that asked, not from when a device heard of it, so all devices of a unit sound together.
 *
 * Where the time to acknowledge counts working time only, so do the rounds: what may wait until Monday wakes nobody at night.
 *
 * @param sinceMs  when the answer was asked for, epoch ms.
 * @returns epoch ms, later than `afterMs`.
 */
export function nextRing(
  rules: Pick<Rules, 'limits' | 'calendar'>,
  every: RingEvery,
  level: Level,
  sinceMs: number,
  afterMs: number,
): number {
  const of = rules as Rules;
  const { kind } = limitOf(of, level, 'acknowledge');
  const round = Math.floor(countedBetween(of, kind, sinceMs, Math.max(sinceMs, afterMs)) / every[level]) + 1;
  return dueAfter(of, kind, sinceMs, round * every[level]);
}
