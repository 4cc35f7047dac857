/**
 * Contender: what one writes first. One kysely transaction a move: read for update, update the incident, raise the head of the feed, insert
 * the move. The same rules decide, the same hash chain, the same columns, indexes and constraints; the unique key refuses a repeat.
 *
 * The head is raised as late as can be, so that its lock is held for one round trip and the commit only.
 */
import { sql } from 'kysely';
import type pg from 'pg';
import { openDatabase, type Database } from '../../../src/db/connect.ts';
import { startClock, type DbClock } from '../../../src/db/clock.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { levelNumber, limitMs, type Rules } from '../../../src/dispatch/chain/levels.ts';
import { report } from '../../../src/dispatch/chain/report.ts';
import { checkLog } from '../../../src/dispatch/check.ts';
import { entryOf, type Entry } from '../../../src/dispatch/entry.ts';
import { digestOf } from '../../../src/dispatch/idempotency.ts';
import { incidentFromRow } from '../../../src/dispatch/incident-row.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { NO_HASH } from '../../../src/dispatch/move-hash.ts';
import { IncidentNumbers } from '../../../src/dispatch/numbers.ts';
import { loadRules } from '../../../src/dispatch/rules.ts';
import { loadReference, type Reference } from '../../../src/grid/reference.ts';
import { serveParent } from '../child.ts';
import { DISTRICT } from '../cluster.ts';
import { closedLoop } from '../measure.ts';
import { commandOf, newId, newKey, postsOf, Walkers, type Post } from './walk.ts';

let db: Database;
let clock: DbClock;
let reference: Reference;
let rules: Rules;
let numbers: IncidentNumbers;
let walkers: Walkers<Incident>;

type Transaction = Parameters<Parameters<ReturnType<Database['kysely']['transaction']>['execute']>[0]>[0];

async function log(trx: Transaction, entry: Entry): Promise<void> {
  const { head } = await trx
    .updateTable('feed')
    .set({ head: sql<number>`head + 1` })
    .where('district', '=', DISTRICT)
    .returning('head')
    .executeTakeFirstOrThrow();
  const { move, next } = entry;
  await trx
    .insertInto('move')
    .values({
      district: DISTRICT,
      seq: head,
      incident: move.incident,
      version: move.version,
      verb: move.verb,
      from_state: move.from,
      to_state: move.to,
      level: levelNumber(next.level),
      actor: move.actor,
      at: new Date(move.at),
      payload: entry.payload,
      hash: Buffer.from(entry.hash, 'hex'),
      key: entry.key,
      digest: Buffer.from(entry.digest, 'hex'),
    })
    .execute();
}

const dateOf = (time: string | null): Date | null => (time === null ? null : new Date(time));

/** The columns that every move writes. */
const changing = ({ next, ...entry }: Entry) => ({
  version: next.version,
  state: next.state,
  level: levelNumber(next.level),
  units: [...entry.units],
  lead_unit: entry.lead,
  due_at: dateOf(entry.dueAt),
  next_due_at: dateOf(entry.nextDueAt),
  ended_at: dateOf(entry.endedAt),
  doc: entry.doc,
  hash: Buffer.from(entry.hash, 'hex'),
  updated_at: new Date(entry.move.at),
});

async function reportOnce(post: Post): Promise<Incident> {
  const now = clock.now();
  const category = reference.category(post.report.category)!;
  const { level, settleOnSpot, evidenceClose, nuisance, clock: resolveKind } = category;
  const resolveMs = limitMs({ value: category.limitValue, unit: category.limitUnit }, rules.calendar);
  const { lng, lat } = post.report.position;
  const { move, next } = report(post.report, post.gridWorker, {
    now,
    rules,
    id: newId(),
    number: await numbers.next(now),
    place: reference.place(lng, lat)!,
    category: { code: category.code, rules: { level, settleOnSpot, evidenceClose, nuisance, resolveMs, resolveKind } },
  });
  const entry = entryOf(move, next, NO_HASH, newKey(), digestOf({ report: post.report }));
  await db.kysely.transaction().execute(async (trx) => {
    await trx
      .insertInto('incident')
      .values({
        district: DISTRICT,
        id: next.id,
        number: next.number,
        category: next.category,
        cell: next.cell,
        community: next.community,
        subdistrict: next.subdistrict,
        reported_by: next.reportedBy,
        description: next.description,
        found_at: new Date(next.foundAt),
        reported_at: new Date(next.reportedAt),
        ...changing(entry),
      })
      .execute();
    await log(trx, entry);
  });
  return next;
}

function moveOnce(step: number, seen: Incident, post: Post): Promise<Incident> {
  const [command, actor] = commandOf(step, seen, post);
  const digest = digestOf({ incident: seen.id, command, expectedVersion: seen.version });
  return db.kysely.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('incident')
      .selectAll()
      .where('district', '=', DISTRICT)
      .where('id', '=', seen.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const incident = incidentFromRow(row);
    if (incident.version !== seen.version) throw new Error('somebody else moved it');
    const newIds = command.verb === 'dispatch' ? [newId()] : [];
    const decision = decide(incident, command, actor, { now: clock.now(), rules, units: reference.units, newIds });
    if (!decision.ok) throw new Error(`refused: ${JSON.stringify(decision.refusal)}`);
    const entry = entryOf(decision.move, decision.next, row.hash.toString('hex'), newKey(), digest);
    await trx.updateTable('incident').set(changing(entry)).where('district', '=', DISTRICT).where('id', '=', incident.id).execute();
    await log(trx, entry);
    return decision.next;
  });
}

serveParent({
  async open(config: pg.ClientConfig) {
    db = openDatabase(config);
    clock = await startClock(db);
    reference = await loadReference(db.kysely, DISTRICT);
    rules = await loadRules(db.kysely, reference.calendar);
    numbers = new IncidentNumbers(db.pool, DISTRICT);
    walkers = new Walkers(postsOf(reference));
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) =>
    closedLoop(callers, warmMs, ms, (k) =>
      walkers.step(k, (step, incident, post) => (incident === null ? reportOnce(post) : moveOnce(step, incident, post))),
    ),
  prove: () => checkLog(db),
  async close() {
    clock.stop();
    await db.close();
  },
});
