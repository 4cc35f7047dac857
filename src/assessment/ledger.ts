/** Writes how long each step took, behind the log: any node goes on where another stopped, and nothing is counted twice. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Clock, Incident } from '../dispatch/chain/incident.ts';
import type { Rules } from '../dispatch/chain/levels.ts';
import type { State } from '../dispatch/chain/states.ts';
import { Stays, type ClockMove, type Stay } from './stays.ts';

export interface LedgerDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly rules: () => Rules;
}

/** Moves read at once: some 30 ms of this node's time. */
const PAGE_MOVES = 2_000;

export class Ledger {
  readonly #deps: LedgerDeps;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when everything is written that was in the log when it was called. However many call, one run is under way and one waits.
   *
   * @throws when the database cannot be reached; what was written stays written.
   */
  catchUp(): Promise<void> {
    if (this.#running === null) return this.#start();
    // The run under way may have read the log's end already: one more begins after it.
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#start();
      });
    return this.#next;
  }

  #start(): Promise<void> {
    const run = this.#run().finally(() => {
      if (this.#running === run) this.#running = null;
    });
    this.#running = run;
    return run;
  }

  async #run(): Promise<void> {
    const { db, district } = this.#deps;
    if (await isCurrent(db, district)) return;
    await sql`insert into assessment_cursor (district, seq) values (${district}, 0) on conflict (district) do nothing`.execute(db);
    let more = true;
    while (more) more = await db.transaction().execute((tx) => this.#page(tx));
  }

  /** @returns whether there may be more. */
  async #page(tx: Transaction<Schema>): Promise<boolean> {
    const { district, rules } = this.#deps;
    // Held to the commit: rows and cursor go together, and a rival waits and then finds them done.
    const { seq } = await tx
      .selectFrom('assessment_cursor')
      .select('seq')
      .where('district', '=', district)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const moves = await readMoves(tx, district, seq);
    const last = moves.at(-1);
    if (last === undefined) return false;
    const stays = new Stays(rules(), await readStays(tx, district, [...new Set(moves.map((m) => m.incident))]));
    for (const move of moves) stays.take(move);
    await writeStays(tx, district, stays.changed());
    await tx.updateTable('assessment_cursor').set({ seq: last.seq }).where('district', '=', district).execute();
    return moves.length === PAGE_MOVES;
  }
}

async function isCurrent(db: Kysely<Schema>, district: number): Promise<boolean> {
  const { rows } = await sql`
    select from feed f join assessment_cursor c using (district) where f.district = ${district} and f.head = c.seq`.execute(db);
  return rows.length === 1;
}

type LoggedClocks = ClockMove & { readonly seq: number };

async function readMoves(tx: Transaction<Schema>, district: number, after: number): Promise<LoggedClocks[]> {
  const { rows } = await sql<{
    seq: number;
    incident: string;
    verb: string;
    from: State | 'none';
    to: State;
    at: Date;
    step: Clock | null;
    total: Clock | null;
    paused: Incident['paused'];
    has_step: boolean;
    has_total: boolean;
  }>`
    select seq, incident, verb, from_state as "from", to_state as "to", at, payload -> 'step' as step, payload -> 'total' as total,
      payload -> 'paused' as paused, payload -> 'step' is not null as has_step, payload -> 'total' is not null as has_total
    from move where district = ${district} and seq > ${after} order by seq limit ${PAGE_MOVES}`.execute(tx);
  return rows.map(({ has_step, has_total, at, step, total, paused, ...move }) => ({
    ...move,
    at: at.toISOString(),
    // JSON's null says that no clock runs; SQL's that the move says nothing of it.
    step: has_step ? step : undefined,
    total: has_total ? total : undefined,
    paused: paused ?? undefined,
  }));
}

async function readStays(tx: Transaction<Schema>, district: number, incidents: readonly string[]): Promise<Stay[]> {
  const rows = await tx
    .selectFrom('step_time')
    .selectAll()
    .where('district', '=', district)
    .where('incident', '=', sql<string>`any(${incidents}::uuid[])`)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('clock', '=', 'total')]))
    .execute();
  return rows.map((row) => ({
    incident: row.incident,
    clock: row.clock as Stay['clock'],
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
    endedTo: row.ended_to as State | null,
    undone: row.undone,
    dueAt: row.due_at?.toISOString() ?? null,
    limitMs: row.limit_ms,
    usedMs: row.used_ms,
    running: row.running as Clock | null,
  }));
}

async function writeStays(tx: Transaction<Schema>, district: number, stays: readonly Stay[]): Promise<void> {
  if (stays.length === 0) return;
  const each = <T>(of: (stay: Stay) => T): T[] => stays.map(of);
  await sql`
    insert into step_time (district, incident, clock, started_at, ended_at, ended_by, ended_to, undone, due_at, limit_ms, used_ms, running)
    select ${district}::integer, incident, clock, started_at, ended_at, ended_by, ended_to, undone, due_at, limit_ms, used_ms, running::json
    from unnest(${each((s) => s.incident)}::uuid[], ${each((s) => s.clock)}::text[], ${each((s) => s.startedAt)}::timestamptz[],
      ${each((s) => s.endedAt)}::timestamptz[], ${each((s) => s.endedBy)}::text[], ${each((s) => s.endedTo)}::text[],
      ${each((s) => s.undone)}::boolean[], ${each((s) => s.dueAt)}::timestamptz[], ${each((s) => Math.round(s.limitMs))}::bigint[],
      ${each((s) => (s.usedMs === null ? null : Math.round(s.usedMs)))}::bigint[],
      ${each((s) => (s.running === null ? null : JSON.stringify(s.running)))}::text[])
      as t (incident, clock, started_at, ended_at, ended_by, ended_to, undone, due_at, limit_ms, used_ms, running)
    on conflict (district, incident, clock, started_at) do update set ended_at = excluded.ended_at, ended_by = excluded.ended_by,
      ended_to = excluded.ended_to, undone = excluded.undone, due_at = excluded.due_at, limit_ms = excluded.limit_ms,
      used_ms = excluded.used_ms, running = excluded.running`.execute(tx);
}
