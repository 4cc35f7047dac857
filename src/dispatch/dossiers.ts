/** 反复档案: groups of recurrences, read by scope. What is grouped is read narrow, by one index; only what a page shows is read whole. */
import { sql } from 'kysely';
import type { Database } from '../db/connect.ts';
import { Problem } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import type { Incident } from './chain/incident.ts';
import { dossierOf, type Dossier } from './dossier.ts';
import { INCIDENT_COLUMNS, incidentFromRow } from './incident-row.ts';
import type { Page } from './incidents.ts';
import { kindOf } from './nearby.ts';
import { groupsOf, linked, type Occurrence, type RecurrenceRules } from './recurrence.ts';
import { squaresAround } from './squares.ts';

export interface DossierQuery {
  readonly subdistrict?: string | undefined;
  readonly community?: string | undefined;
  /** Only groups with a report in the last so many days. */
  readonly days: number;
  /** Smallest group. */
  readonly least: number;
  readonly after?: string | undefined;
  readonly limit: number;
}

const DAY_MS = 86_400_000;
/** The newest so many are grouped: a quarter of a district's year [ours]. Some 100 ms of this node's time, so no more. */
const MOST_ROWS = 50_000;
/** A matter with more reports than this is known without counting further. */
const MOST_MEMBERS = 200;

/** The beginnings of the codes of cells that the actor looks after; null for roles that look after no place. */
function placesOf(actor: Actor): readonly string[] | null {
  switch (actor.role) {
    case 'district':
    case 'auditor':
    case 'admin':
      return [''];
    case 'subdistrict':
      return actor.subdistrict === undefined ? [] : [actor.subdistrict];
    case 'community':
      return actor.community === undefined ? [] : [actor.community];
    case 'gridWorker':
      return actor.cell === undefined ? [] : [actor.cell];
    case 'leader':
    case 'member':
      return actor.communities ?? [];
    case 'unit':
    case 'system':
    case 'resident':
      return null;
  }
}

/**
 * A page of the dossiers of the caller's places, the one that was reported last first. What happened beyond their border is not counted: another
 * place's dossier has it.
 *
 * @throws Problem `not-allowed` for a role without a place, `invalid-query` if `after` is none of ours.
 */
export async function listDossiers(
  db: Database,
  actor: Actor,
  query: DossierQuery,
  rules: RecurrenceRules,
  now: Date,
): Promise<Page<Dossier>> {
  const places = placesOf(actor);
  if (places === null) throw new Problem('not-allowed', { detail: 'Dossiers are for those who look after a place.' });
  const sinceMs = now.getTime() - query.days * DAY_MS;
  // What links to a report of these days lies at most so much earlier.
  const readFromMs = sinceMs - rules.withinDays * DAY_MS;
  const groups = await groupsSince(db, actor.district, { places, query, rules, sinceMs, readFromMs });
  const start = query.after === undefined ? 0 : 1 + positionOf(groups, query.after);
  const page = groups.slice(start, start + query.limit);
  const members = await readIncidents(
    db,
    actor.district,
    page.flat().map((o) => o.id),
  );
  const items: Dossier[] = [];
  for (const group of page) {
    const known = group.flatMap((o) => members.get(o.id) ?? []);
    if (known.length === 0) continue;
    // It may go on further back than was read.
    const goesOn = group[0]!.atMs - rules.withinDays * DAY_MS <= readFromMs;
    const whole = goesOn ? (await dossierAround(db, known[0]!, rules)).members.filter((i) => within(i.cell, places, query)) : known;
    items.push(dossierOf(group[0]!.kind, whole));
  }
  const more = groups.length > start + page.length;
  return { items, next: more ? cursorOf(page.at(-1)!) : null };
}

function within(cell: string, places: readonly string[], { subdistrict = '', community = '' }: DossierQuery): boolean {
  return places.some((p) => cell.startsWith(p)) && cell.startsWith(subdistrict) && cell.startsWith(community);
}

interface GroupSearch {
  readonly places: readonly string[];
  readonly query: DossierQuery;
  readonly rules: RecurrenceRules;
  readonly sinceMs: number;
  readonly readFromMs: number;
}

async function groupsSince(
  db: Database,
  district: number,
  { places, query, rules, sinceMs, readFromMs }: GroupSearch,
): Promise<Occurrence[][]> {
  const wanted = [query.subdistrict, query.community].filter((p): p is string => p !== undefined);
  const groups = groupsOf(await readNarrow(db, district, places, wanted, readFromMs), rules, query.least);
  const uncounted = await uncountedOf(
    db,
    district,
    groups.flat().map((o) => o.id),
  );
  const left =
    uncounted.size === 0
      ? groups
      : groupsOf(
          groups.flat().filter((o) => !uncounted.has(o.id)),
          rules,
          query.least,
        );
  return left.filter((group) => group.at(-1)!.atMs >= sinceMs);
}

/** Asks for nothing that the place index does not hold: where pages are clean, the table itself is not read. */
async function readNarrow(
  db: Database,
  district: number,
  places: readonly string[],
  wanted: readonly string[],
  sinceMs: number,
): Promise<Occurrence[]> {
  const { rows } = await db.pool.query<[string, string, number, number, number]>({
    text: `select id, category, lng, lat, (extract(epoch from reported_at) * 1000)::float8 from incident
      where district = $1 and reported_at >= to_timestamp($2::float8 / 1000) and lng is not null
        and exists (select from unnest($3::text[]) p where starts_with(cell, p))
        and not exists (select from unnest($4::text[]) p where not starts_with(cell, p))
      order by reported_at desc limit ${MOST_ROWS}`,
    values: [district, sinceMs, places, wanted],
    rowMode: 'array',
  });
  return rows.map(([id, category, lng, lat, atMs]) => ({ id, kind: kindOf(category), lng, lat, atMs }));
}

/** Merged ones are a report of the same occurrence and count once, with the one they went into; drills never happened. */
async function uncountedOf(db: Database, district: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.pool.query<{ id: string }>(
    "select id from incident where district = $1 and id = any($2::uuid[]) and (state = 'merged' or drill)",
    [district, ids],
  );
  return new Set(rows.map((r) => r.id));
}

async function readIncidents(db: Database, district: number, ids: readonly string[]): Promise<ReadonlyMap<string, Incident>> {
  if (ids.length === 0) return new Map();
  const rows = await db.kysely
    .selectFrom('incident')
    .select(INCIDENT_COLUMNS)
    .where('district', '=', district)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, incidentFromRow(row)]));
}

/**
 * The dossier that one incident belongs to, whatever the scope: from it outwards, link by link, in distance and in time.
 *
 * @returns at least the incident itself, and of a drill no more; at most some 200 members.
 */
export async function dossierAround(db: Database, incident: Incident, rules: RecurrenceRules): Promise<Dossier> {
  const kind = kindOf(incident.category);
  if (incident.drill) return dossierOf(kind, [incident]);
  const known = new Map<string, Incident>([[incident.id, incident]]);
  let edge = [occurrenceOf(incident)];
  while (edge.length > 0 && known.size < MOST_MEMBERS) {
    const times = edge.map((o) => o.atMs);
    const rows = await db.kysely
      .selectFrom('incident')
      .select(INCIDENT_COLUMNS)
      .where('district', '=', incident.district)
      .where(
        sql<number>`ground_square(lng, lat)`,
        '=',
        sql<number>`any(${[...new Set(edge.flatMap((o) => squaresAround(o, rules.withinM)))]}::bigint[])`,
      )
      .where('reported_at', '>=', new Date(Math.min(...times) - rules.withinDays * DAY_MS))
      .where('reported_at', '<=', new Date(Math.max(...times) + rules.withinDays * DAY_MS))
      .where('category', 'like', `${kind}-%`)
      .where('state', '<>', 'merged')
      .where('drill', '=', false)
      .orderBy('reported_at', 'desc')
      .limit(MOST_MEMBERS)
      .execute();
    const next: Occurrence[] = [];
    for (const other of rows.map(incidentFromRow)) {
      const occurrence = occurrenceOf(other);
      if (known.has(other.id) || !edge.some((o) => linked(o, occurrence, rules))) continue;
      known.set(other.id, other);
      next.push(occurrence);
    }
    edge = next;
  }
  return dossierOf(kind, [...known.values()]);
}

function occurrenceOf({ id, category, position, reportedAt }: Incident): Occurrence {
  return { id, kind: kindOf(category), lng: position.lng, lat: position.lat, atMs: Date.parse(reportedAt) };
}

/** The newest member names a group on its page: the next page begins after it, also when another group has become newer meanwhile. */
function cursorOf(group: readonly Occurrence[]): string {
  const { atMs, id } = group.at(-1)!;
  return Buffer.from(JSON.stringify([atMs, id])).toString('base64url');
}

/** Index of the last group at or before the cursor, −1 for none. @throws Problem `invalid-query`. */
function positionOf(groups: readonly Occurrence[][], after: string): number {
  const [atMs, id] = parsed(after);
  return groups.findLastIndex((group) => {
    const newest = group.at(-1)!;
    return newest.atMs > atMs || (newest.atMs === atMs && newest.id >= id);
  });
}

function parsed(text: string): readonly [number, string] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === 2 && Number.isFinite(value[0]) && typeof value[1] === 'string') {
      return [value[0] as number, value[1]];
    }
  } catch {
    // None of ours: said below.
  }
  throw new Problem('invalid-query', { extra: { errors: [{ path: 'after', message: 'take it from `next` of the page before' }] } });
}
