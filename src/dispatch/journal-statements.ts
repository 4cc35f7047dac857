/** The journal's two statements and their parameters. Named, so that PostgreSQL plans each once per connection. */
import { levelNumber } from './chain/levels.ts';
import type { Incident } from './chain/incident.ts';
import { arrayLiteral, hexArray, int2Array, int4Array, jsonArray, textArray, timeArray, uuidArray } from './array-params.ts';
import type { Entry } from './entry.ts';

/**
 * Planned once, without looking at the parameters, and without compiling: both cost more than they save on calls this short (measured).
 * Every row is found by its key, whatever the statistics say: a plan lives as long as its connection, and one made while the tables are
 * nearly empty would read them whole for each batch until the first ANALYZE.
 */
export const JOURNAL_OPTIONS =
  '-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly rowMode: 'array';
  readonly values: unknown[];
}

/** seq before the first winner, how many won, their ordinals (null: all), and the losers whose key was done before, as JSON. */
export type WrittenRow = readonly [base: number, n: number, won: readonly number[] | null, seen: string | null];
/** One of `seen`: digest and hash in hex. */
export type SeenRow = readonly [ordinal: number, seq: number, incident: string, version: number, digest: string, hash: string];

const PARAMETERS = Array.from({ length: 27 }, (_, i) => `$${i + 1}`).join(', ');
const WRITE_ONE = `select base, n, won, seen from journal_write_one(${PARAMETERS})`;
const WRITE_MANY = `select base, n, won, seen from journal_write(${PARAMETERS})`;
const SEEN = `select 1, seq, incident, version, encode(digest, 'hex'), encode(hash, 'hex')
  from move where district = $1 and actor = $2 and key = $3`;

/** PostgreSQL's own way to write bytes as text. */
const bytea = (hex: string): string => `\\x${hex}`;
/** Fields that only a report writes: they never change after. */
const once = (next: Incident, value: string): string | null => (next.version === 1 ? value : null);

export function writeOne(district: number, { key, digest, move, next, ...e }: Entry): Statement {
  const values = [
    district,
    key,
    bytea(digest),
    move.incident,
    move.version - 1,
    move.verb,
    move.from,
    move.to,
    move.actor,
    move.at,
    e.payload,
    bytea(e.prev),
    bytea(e.hash),
    levelNumber(next.level),
    e.lead,
    e.units,
    e.dueAt,
    e.nextDueAt,
    e.endedAt,
    e.doc,
    once(next, next.number),
    once(next, next.category),
    once(next, next.cell),
    once(next, next.community),
    once(next, next.subdistrict),
    once(next, next.description),
    once(next, next.foundAt),
  ];
  return { name: 'journal_write_one', text: WRITE_ONE, rowMode: 'array', values };
}

/** @throws TypeError or RangeError if an entry holds what the type of its column cannot. */
export function writeMany(district: number, batch: readonly Entry[]): Statement {
  const values = [
    district,
    uuidArray(batch.map((e) => e.key)),
    hexArray(batch.map((e) => e.digest)),
    uuidArray(batch.map((e) => e.move.incident)),
    int4Array(batch.map((e) => e.move.version - 1)),
    textArray(batch.map((e) => e.move.verb)),
    textArray(batch.map((e) => e.move.from)),
    textArray(batch.map((e) => e.move.to)),
    textArray(batch.map((e) => e.move.actor)),
    timeArray(batch.map((e) => e.move.at)),
    jsonArray(batch.map((e) => e.payload)),
    hexArray(batch.map((e) => e.prev)),
    hexArray(batch.map((e) => e.hash)),
    int2Array(batch.map((e) => levelNumber(e.next.level))),
    textArray(batch.map((e) => e.lead)),
    textArray(batch.map((e) => arrayLiteral(e.units))),
    timeArray(batch.map((e) => e.dueAt)),
    timeArray(batch.map((e) => e.nextDueAt)),
    timeArray(batch.map((e) => e.endedAt)),
    jsonArray(batch.map((e) => e.doc)),
    textArray(batch.map(({ next }) => once(next, next.number))),
    textArray(batch.map(({ next }) => once(next, next.category))),
    textArray(batch.map(({ next }) => once(next, next.cell))),
    textArray(batch.map(({ next }) => once(next, next.community))),
    textArray(batch.map(({ next }) => once(next, next.subdistrict))),
    textArray(batch.map(({ next }) => once(next, next.description))),
    timeArray(batch.map(({ next }) => once(next, next.foundAt))),
  ];
  return { name: 'journal_write', text: WRITE_MANY, rowMode: 'array', values };
}

/** The row of `seen` for one key, if it was done before. */
export function lookUpKey(district: number, actor: string, key: string): Statement {
  return { name: 'journal_seen', text: SEEN, rowMode: 'array', values: [district, actor, key] };
}
