/** 相似事件: what lies near and is still open, scored. Whoever may not see an incident learns of it no more than that it is there. */
import { sql, type Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { distanceM } from '../grid/nearest.ts';
import type { Reference } from '../grid/reference.ts';
import { hasAbility } from '../identity/abilities.ts';
import type { Actor } from '../identity/actor.ts';
import { maySee } from '../identity/scope.ts';
import type { Incident, Position } from './chain/incident.ts';
import { placed } from './chain/permissions.ts';
import { INCIDENT_COLUMNS, incidentFromRow } from './incident-row.ts';
import {
  MOST_SLACK_M,
  OFFERED_FROM,
  ownWords,
  similarity,
  type Kind,
  type Sighting,
  type Similarity,
  type SimilarRules,
} from './similar.ts';
import { squaresAround } from './squares.ts';

/** What is compared with the incidents that are there. */
export interface Asked {
  readonly category: Kind & { readonly nameZh: string; readonly openZh: string };
  readonly position: Position;
  readonly atMs: number;
  readonly description: string;
  /** Drills are compared with drills, what is in earnest with what is in earnest. */
  readonly drill: boolean;
  /** An incident that is itself one of them. */
  readonly except?: string;
}

export interface Candidate extends Similarity {
  readonly incident: Incident;
  readonly inScope: boolean;
}

/** More than this within some 140 m is a flood, and the newest of it say enough. */
const MOST_ROWS = 300;
const DAY_MS = 86_400_000;

/**
 * The open incidents that may be the same, likeliest first.
 *
 * Those outside the caller's scope only for whoever may report: they report anywhere, and should hear that somebody has. Their words are not
 * compared: a score that answers to what is typed would tell them letter by letter. For the same reason their place is taken roughly.
 */
export async function similarTo(
  db: Kysely<Schema>,
  reference: Reference,
  rules: SimilarRules,
  actor: Actor,
  asked: Asked,
  limit: number,
): Promise<Candidate[]> {
  const squares = squaresAround(asked.position, rules.withinM + MOST_SLACK_M);
  const days = rules.withinDays * DAY_MS;
  const rows = await db
    .selectFrom('incident')
    .select(INCIDENT_COLUMNS)
    .where('district', '=', actor.district)
    .where(sql<number>`ground_square(lng, lat)`, '=', sql<number>`any(${squares}::bigint[])`)
    .where('reported_at', '>=', new Date(asked.atMs - days))
    .where('reported_at', '<=', new Date(asked.atMs + days))
    .where('ended_at', 'is', null)
    .where('drill', '=', asked.drill)
    .$if(asked.except !== undefined, (q) => q.where('id', '<>', asked.except!))
    .orderBy('reported_at', 'desc')
    .limit(MOST_ROWS)
    .execute();
  const elsewhere = hasAbility(actor.role, 'report');
  const words = ownWords(asked.description, asked.category);
  const candidates: Candidate[] = [];
  for (const incident of rows.map(incidentFromRow)) {
    const inScope = maySee(actor, placed(incident));
    const category = reference.category(incident.category);
    if (category === undefined || !(inScope || elsewhere)) continue;
    const { position, description, reportedAt } = incident;
    const other: Sighting = {
      kind: category,
      position,
      atMs: Date.parse(reportedAt),
      words: inScope ? ownWords(description, category) : null,
      rough: !inScope,
    };
    const found = similarity({ kind: asked.category, position: asked.position, atMs: asked.atMs, words }, other, rules);
    if (found !== null && found.score >= OFFERED_FROM) candidates.push({ ...found, incident, inScope });
  }
  return candidates
    .sort((a, b) => b.score - a.score || a.distanceM - b.distanceM || (a.incident.id < b.incident.id ? -1 : 1))
    .slice(0, limit);
}

/** 反复, in one line: how often the same kind was reported here before it. */
export interface Recurrence {
  readonly count: number;
  /** When the first of them was reported, RFC 3339. */
  readonly since: string;
}

/**
 * How often the same kind was reported within the distance and the days before this one; merged ones are the same report twice and do not count.
 * Drills neither count nor are counted. As of the report: the same question has the same answer later, but for what was merged by then.
 */
export async function recurrenceOf(
  db: Kysely<Schema>,
  incident: Incident,
  { withinM, withinDays }: { readonly withinM: number; readonly withinDays: number },
): Promise<Recurrence | null> {
  if (incident.drill) return null;
  const at = Date.parse(incident.reportedAt);
  const rows = await db
    .selectFrom('incident')
    .select(['lng', 'lat', 'reported_at'])
    .where('district', '=', incident.district)
    .where(sql<number>`ground_square(lng, lat)`, '=', sql<number>`any(${squaresAround(incident.position, withinM)}::bigint[])`)
    .where('reported_at', '>=', new Date(at - withinDays * DAY_MS))
    .where('reported_at', '<=', new Date(at))
    .where('category', 'like', `${kindOf(incident.category)}-%`)
    .where('id', '<>', incident.id)
    .where('state', '<>', 'merged')
    .where('drill', '=', false)
    .orderBy('reported_at')
    .execute();
  const earlier = rows.filter((r) => distanceM({ lng: r.lng!, lat: r.lat! }, incident.position) <= withinM);
  return earlier.length === 0 ? null : { count: earlier.length, since: earlier[0]!.reported_at.toISOString() };
}

/** The category of a row: `C0101` for `C0101-02`. */
export function kindOf(row: string): string {
  const dash = row.lastIndexOf('-');
  return dash < 0 ? row : row.slice(0, dash);
}
