/**
 * What is due soon, read in one statement at the start of a node. It needs nothing but the database, so it is begun first and runs while the
 * world is loaded; what other nodes move meanwhile is found by the sweep that follows.
 */
import type pg from 'pg';

/** All open incidents are read again this often, milliseconds. */
export const SWEEP_INTERVAL_MS = 15 * 60_000;
/** What is due within this time is read at the start, before the rest. Twice the above: should a sweep fail, the next one still comes in time. */
const SOON_MS = 2 * SWEEP_INTERVAL_MS;

/** A record for the heap, by the types' own binary functions: as rows of text a million would take several times as long (measured). */
export const RECORD = "uuid_send(id) || int4send(version) || timestamptz_send(coalesce(next_due_at, 'infinity'))";

/**
 * Without an order the planner is free: where most are open it reads the table as it lies, with helpers of its own, and hands on only what is
 * due soon. That takes under half of the time of all pages (measured). JIT would take longer than it saves.
 */
const SOON = {
  text: `select string_agg(${RECORD}, '') from incident where district = $1 and ended_at is null and next_due_at <= $2`,
  rowMode: 'array' as const,
};

/**
 * @returns records for the heap, one after the other; null when nothing is due soon.
 * @throws if the database cannot be reached.
 */
export async function readDueSoon({
  pool,
  district,
  clock,
}: {
  readonly pool: pg.Pool;
  readonly district: number;
  readonly clock: { now(): Date };
}): Promise<Buffer | null> {
  const until = new Date(clock.now().getTime() + SOON_MS);
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local jit = off');
    const { rows } = await client.query<[Buffer | null]>({ ...SOON, values: [district, until] });
    await client.query('commit');
    client.release();
    return rows[0]![0];
  } catch (error) {
    client.release(true);
    throw error;
  }
}
