/** Reading incidents: only what the caller's scope sees, newest or most urgent first, page by page. */
import { sql, type Expression, type ExpressionBuilder, type Kysely, type SqlBool } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { Problem } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import { UUID } from '../uuid.ts';
import { DECLINES_TO_ARBITRATION } from './chain/fold.ts';
import type { Incident } from './chain/incident.ts';
import { levelNumber } from './chain/levels.ts';
import { INCIDENT_COLUMNS, incidentFromRow } from './incident-row.ts';
import { MOVE_COLUMNS, moveFromRow, type WrittenMove } from './move-row.ts';
import { searchFor, type NamesOf, type Search } from './search/find.ts';
import type { IncidentQuery } from './schemas.ts';

type Build = ExpressionBuilder<Schema, 'incident'>;

export interface Page<T> {
  readonly items: readonly T[];
  /** What `after` takes for the next page; null at the end. */
  readonly next: string | null;
}

/** Where a page ended: the value it is ordered by, and the id for equal ones; by `best` first of all the rank. */
type Cursor = readonly [at: string | null, id: string, rank?: number];

const NO_NAMES: NamesOf = () => [];

/**
 * @param namesOf  for a search: what bears a term in its name.
 * @throws Problem `invalid-query` if `after` is none of ours.
 */
export async function listIncidents(
  db: Kysely<Schema>,
  actor: Actor,
  asked: IncidentQuery,
  now: Date,
  namesOf: NamesOf = NO_NAMES,
): Promise<Page<Incident>> {
  const search = asked.q === undefined ? undefined : searchFor(actor.district, asked.q, namesOf);
  if (search === null) return { items: [], next: null };
  // Without a search nothing is better than another.
  const query = asked.order === 'best' && search === undefined ? { ...asked, order: 'newest' as const } : asked;
  const cursor = query.after === undefined ? null : parseCursor(query.after, query.order);
  const rows = await incidentRows(db, actor, query, now, search, cursor).execute();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  if (rows.length <= query.limit || last === undefined) return { items: page.map(incidentFromRow), next: null };
  const at = query.order === 'due' ? last.due_at : last.reported_at;
  const ended = [at?.toISOString() ?? null, last.id] as const;
  return { items: page.map(incidentFromRow), next: formatCursor(last.rank === undefined ? ended : [...ended, last.rank]) };
}

/** The query itself: a spec looks at how PostgreSQL runs it. One row more than the page has says that there is a next. */
export function incidentRows(
  db: Kysely<Schema>,
  actor: Actor,
  query: IncidentQuery,
  now: Date,
  search: Search | undefined,
  cursor: Cursor | null,
) {
  const best = query.order === 'best' && search !== undefined;
  return db
    .selectFrom('incident')
    .select([...INCIDENT_COLUMNS, 'due_at'])
    .where('district', '=', actor.district)
    .where((eb) => inScope(eb, actor))
    .where((eb) => eb.and(filters(eb, query, now)))
    .$if(search !== undefined, (q) => q.where(search!.condition))
    .$if(best, (q) => q.select(search!.rank.as('rank')).orderBy('rank', 'desc'))
    .$if(cursor !== null, (q) => q.where((eb) => afterCursor(eb, query.order, cursor!, search)))
    .$if(query.order !== 'due', (q) => q.orderBy('reported_at', 'desc').orderBy('id', 'desc'))
    .$if(query.order === 'due', (q) => q.orderBy('due_at', (o) => o.asc().nullsLast()).orderBy('id'))
    .limit(query.limit + 1);
}

/** The log of one incident, oldest first. Whether the caller may see the incident is asked before. */
export async function listMoves(
  db: Kysely<Schema>,
  district: number,
  incident: string,
  { after, limit }: { after: number; limit: number },
): Promise<Page<WrittenMove>> {
  const rows = await db
    .selectFrom('move')
    .select(MOVE_COLUMNS)
    .where('district', '=', district)
    .where('incident', '=', incident)
    .where('version', '>', after)
    .orderBy('version')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(moveFromRow);
  return { items, next: rows.length > limit ? String(items.at(-1)!.version) : null };
}

/** The rule of `maySee`, as SQL; a spec compares the two for every role. */
export function inScope(eb: Build, actor: Actor): Expression<SqlBool> {
  if (actor.role === 'resident') return sql<SqlBool>`false`;
  return eb.or([eb('reported_by', '=', actor.account), byRole(eb, actor)]);
}

function byRole(eb: Build, actor: Actor): Expression<SqlBool> {
  const nobody = sql<SqlBool>`false`;
  switch (actor.role) {
    case 'system':
    case 'district':
    case 'auditor':
    case 'admin':
      return sql<SqlBool>`true`;
    case 'subdistrict':
      return actor.subdistrict === undefined ? nobody : eb('subdistrict', '=', actor.subdistrict);
    case 'community':
      return actor.community === undefined ? nobody : eb('community', '=', actor.community);
    case 'gridWorker':
      return actor.cell === undefined ? nobody : eb('cell', '=', actor.cell);
    case 'unit':
      return actor.unit === undefined ? nobody : sentTo(actor.unit);
    case 'leader':
    case 'member':
      return sql<SqlBool>`community = any(${actor.communities ?? []}::text[])`;
    case 'resident':
      return nobody;
  }
}

const sentTo = (unit: string) => sql<SqlBool>`${unit} = any(units)`;

function filters(eb: Build, query: IncidentQuery, now: Date): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  if (query.id !== undefined) conditions.push(eb('id', 'in', query.id));
  if (query.state !== undefined) conditions.push(eb('state', 'in', query.state));
  if (query.level !== undefined) conditions.push(eb('level', 'in', query.level.map(levelNumber)));
  for (const name of ['subdistrict', 'community', 'cell'] as const) {
    const value = query[name];
    if (value !== undefined) conditions.push(eb(name, '=', value));
  }
  if (query.unit !== undefined) conditions.push(sentTo(query.unit));
  if (query.category !== undefined) {
    conditions.push(eb.or([eb('category', '=', query.category), eb('category', 'like', `${escaped(query.category)}-%`)]));
  }
  if (query.overdue === true) conditions.push(eb('due_at', '<=', now));
  if (query.overdue === false) conditions.push(eb.or([eb('due_at', 'is', null), eb('due_at', '>', now)]));
  if (query.arbitration !== undefined) {
    // Three declined, so three were sent: that is cheap to see, the document is not.
    conditions.push(sql<SqlBool>`cardinality(units) >= ${DECLINES_TO_ARBITRATION}`);
    conditions.push(sql<SqlBool>`doc -> 'arbitration' ->> 'state' = ${query.arbitration}`);
  }
  if (query.drill !== undefined) conditions.push(eb('drill', '=', query.drill));
  if (query.open !== undefined) conditions.push(eb('ended_at', query.open ? 'is' : 'is not', null));
  if (query.mergedInto !== undefined) conditions.push(mergedInto(query.mergedInto));
  return conditions;
}

/** Found by the log, whose index costs no update anything; whether it still is merged, the incident says. */
function mergedInto(target: string): Expression<SqlBool> {
  return sql<SqlBool>`(state = 'merged' and doc ->> 'mergedInto' = ${target} and id in (
    select m.incident from move m where m.district = incident.district and m.verb = 'merge' and m.payload ->> 'into' = ${target}))`;
}

/** What a person types is not a pattern. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function afterCursor(eb: Build, order: IncidentQuery['order'], [at, id, rank]: Cursor, search: Search | undefined): Expression<SqlBool> {
  if (order === 'best') return sql<SqlBool>`(${search!.rank}, reported_at, id) < (${rank}::real, ${at}::timestamptz, ${id}::uuid)`;
  if (order === 'newest') return sql<SqlBool>`(reported_at, id) < (${at}::timestamptz, ${id}::uuid)`;
  if (at === null) return eb.and([eb('due_at', 'is', null), eb('id', '>', id)]);
  return eb.or([sql<SqlBool>`(due_at, id) > (${at}::timestamptz, ${id}::uuid)`, eb('due_at', 'is', null)]);
}

function formatCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function parseCursor(text: string, order: IncidentQuery['order']): Cursor {
  const cursor = parsed(text);
  if (Array.isArray(cursor) && cursor.length === (order === 'best' ? 3 : 2)) {
    const [at, id, rank] = cursor as unknown[];
    const timed = typeof at === 'string' ? TIME.test(at) && !Number.isNaN(Date.parse(at)) : at === null && order === 'due';
    if (timed && typeof id === 'string' && UUID.test(id)) {
      if (order !== 'best') return [at as string | null, id];
      if (typeof rank === 'number' && Number.isFinite(rank)) return [at as string, id, rank];
    }
  }
  throw new Problem('invalid-query', { extra: { errors: [{ path: 'after', message: 'take it from `next` of the page before' }] } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
