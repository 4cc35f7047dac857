/**
 * Contender: the floor. The same fields, what arrived while the last write was under way in one statement, no timer; no lock, no head,
 * no keys, no chain, no decision.
 */
import pg from 'pg';
import {
  arrayLiteral,
  hexArray,
  int2Array,
  int4Array,
  jsonArray,
  textArray,
  timeArray,
  uuidArray,
} from '../../../src/dispatch/array-params.ts';
import { levelNumber } from '../../../src/dispatch/chain/levels.ts';
import type { Entry } from '../../../src/dispatch/entry.ts';
import { JOURNAL_OPTIONS } from '../../../src/dispatch/journal-statements.ts';
import { openDatabase, type Database } from '../../../src/db/connect.ts';
import { serveParent } from '../child.ts';
import { DISTRICT } from '../cluster.ts';
import { closedLoop } from '../measure.ts';
import { BARE_TABLES, entriesOf } from './bare-fields.ts';
import { newId, newKey } from './walk.ts';

const WRITE = `
  with c as materialized (select * from unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::int4[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[],
      $11::json[], $12::bytea[], $13::int2[], $14::text[], $15::text[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::json[],
      $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[])
    as t(id, key, digest, version, verb, f, t, actor, at, payload, hash, level, lead, units, due, next_due, ended, doc,
      number, category, cell, community, subdistrict, description)),
  u as (update bare_incident i set version = i.version + 1, state = c.t, level = c.level, lead_unit = c.lead, units = c.units::text[], due_at = c.due,
      next_due_at = c.next_due, ended_at = c.ended, doc = c.doc, hash = c.hash, updated_at = c.at
    from c where c.version > 1 and i.district = $1 and i.id = c.id and i.version = c.version - 1
    returning c.id, c.key, c.digest, c.version, c.verb, c.f, c.t, c.level, c.actor, c.at, c.payload, c.hash),
  i as (insert into bare_incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description,
      units, lead_unit, due_at, next_due_at, doc, hash, found_at, reported_at, updated_at, ended_at)
    select $1, id, number, 1, t, level, category, cell, community, subdistrict, actor, description, units::text[], lead, due, next_due, doc, hash, at, at, at, ended
    from c where version = 1)
  insert into bare_move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
  select $1, nextval('bare_seq'), id, version, verb, f, t, level, actor, at, payload, hash, key, digest from (
    select * from u union all
    select id, key, digest, version, verb, f, t, level, actor, at, payload, hash from c where version = 1) w`;

const LANES = 2;
const MOST = 500;
/**
 * With `HALVES` set the writes are scheduled as in the journal: half of all there is at a time, so that PostgreSQL writes one half while Node
 * prepares the other. Without: all that waits in one statement, and the second connection only from 64 waiting, as the journal itself did it before.
 */
const HALVES = process.env['HALVES'] !== undefined;
const GATHER = HALVES ? 32 : 64;

interface Waiting {
  readonly id: string;
  readonly key: string;
  readonly entry: Entry;
  readonly number: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Only a report writes these. */
const once = ({ move }: Entry, value: string): string | null => (move.version === 1 ? value : null);

function valuesOf(batch: readonly Waiting[]): unknown[] {
  const of = <T>(pick: (e: Entry) => T): T[] => batch.map((w) => pick(w.entry));
  return [
    DISTRICT,
    uuidArray(batch.map((w) => w.id)),
    uuidArray(batch.map((w) => w.key)),
    hexArray(of((e) => e.digest)),
    int4Array(of((e) => e.move.version)),
    textArray(of((e) => e.move.verb)),
    textArray(of((e) => e.move.from)),
    textArray(of((e) => e.move.to)),
    textArray(of((e) => e.move.actor)),
    timeArray(of((e) => e.move.at)),
    jsonArray(of((e) => e.payload)),
    hexArray(of((e) => e.hash)),
    int2Array(of((e) => levelNumber(e.next.level))),
    textArray(of((e) => e.lead)),
    textArray(of((e) => arrayLiteral(e.units))),
    timeArray(of((e) => e.dueAt)),
    timeArray(of((e) => e.nextDueAt)),
    timeArray(of((e) => e.endedAt)),
    jsonArray(of((e) => e.doc)),
    textArray(batch.map((w) => w.number)),
    textArray(of((e) => once(e, e.next.category))),
    textArray(of((e) => once(e, e.next.cell))),
    textArray(of((e) => once(e, e.next.community))),
    textArray(of((e) => once(e, e.next.subdistrict))),
    textArray(of((e) => once(e, e.next.description))),
  ];
}

class BareBatch {
  #queue: Waiting[] = [];
  #woken = false;
  readonly #lanes: { readonly client: pg.Client; writes: number }[];

  constructor(clients: readonly pg.Client[]) {
    this.#lanes = clients.map((client) => ({ client, writes: 0 }));
  }

  write(what: Omit<Waiting, 'done' | 'failed'>): Promise<void> {
    return new Promise((done, failed) => {
      this.#queue.push({ ...what, done, failed });
      if (HALVES && this.#queue.length >= GATHER) this.#next(GATHER);
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#woken || this.#queue.length === 0) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#next(1);
    });
  }

  #next(least: number): void {
    const lane = this.#lanes.find((l) => l.writes === 0);
    if (lane === undefined) return;
    const flying = this.#lanes.reduce((n, l) => n + l.writes, 0);
    const share = HALVES ? Math.max(GATHER, (this.#queue.length + flying) >> 1) : GATHER;
    if (this.#queue.length < (flying > 0 ? share : least)) return;
    const batch = this.#queue.splice(0, HALVES ? Math.min(share, MOST) : MOST);
    if (batch.length === 0) return;
    lane.writes = batch.length;
    void this.#send(lane.client, batch).finally(() => {
      lane.writes = 0;
      this.#wake();
    });
    this.#wake();
  }

  async #send(client: pg.Client, batch: readonly Waiting[]): Promise<void> {
    try {
      await client.query({ name: 'write', text: WRITE, values: valuesOf(batch) });
      for (const w of batch) w.done();
    } catch (error) {
      for (const w of batch) w.failed(error);
    }
  }
}

let db: Database;
let bare: BareBatch;
let entries: readonly Entry[];
let numbers = 0;
const walks = new Map<number, { step: number; id: string }>();

serveParent({
  async open(config: pg.ClientConfig) {
    const owner = new pg.Client(config);
    await owner.connect();
    await owner.query(BARE_TABLES);
    await owner.end();
    db = openDatabase(config);
    entries = await entriesOf(db);
    bare = new BareBatch(await Promise.all(Array.from({ length: LANES }, () => db.client('bare', JOURNAL_OPTIONS))));
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) =>
    closedLoop(callers, warmMs, ms, async (k) => {
      const walk = walks.get(k) ?? { step: 0, id: newId() };
      const entry = entries[walk.step]!;
      await bare.write({ id: walk.id, key: newKey(), entry, number: walk.step === 0 ? String(++numbers) : '' });
      walks.set(k, walk.step + 1 === entries.length ? { step: 0, id: newId() } : { ...walk, step: walk.step + 1 });
      return true;
    }),
  close: () => db.close(),
});
