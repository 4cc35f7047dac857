/**
 * A past stretch of the log, to be played again: the incidents as they stood at its start, and each move with what it made of its incident.
 * Nothing is kept for it: the log is folded anew. Where units were is not in the log, so it cannot be shown.
 */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { accountAsTold } from '../identity/personal.ts';
import { applyMove } from './chain/fold.ts';
import type { Incident } from './chain/incident.ts';
import { isEnd } from './chain/states.ts';
import { inScope } from './incidents.ts';
import { MOVE_COLUMNS, moveFromRow, type WrittenMove } from './move-row.ts';
import type { Picture, Replay, ReplayIncident, ReplayMove } from './overview-schemas.ts';
import { deadlinesOf } from './wire.ts';

/** [ours] Half a year of a busy district would not fit on a map: what one looks at is some thousands. */
export const REPLAY_MAX_INCIDENTS = 6_000;
/** Logs folded at once. Some 600 moves: a few milliseconds, then rings and moves of others have their turn. */
const PAGE = 100;

export interface Stretch {
  readonly from: Date;
  /** Not part of it. */
  readonly until: Date;
}

/**
 * What the actor may see today, as it was then: scope is asked by `maySee`'s own SQL.
 *
 * Moves that change nothing a map shows after an incident had ended for good (a comment, a check by sample) are left out.
 */
export async function replayOf(db: Kysely<Schema>, actor: Actor, { from, until }: Stretch, most = REPLAY_MAX_INCIDENTS): Promise<Replay> {
  const rows = await db
    .selectFrom('incident')
    .select('id')
    .where('district', '=', actor.district)
    .where('reported_at', '<', until)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>=', from)]))
    .where((eb) => inScope(eb, actor))
    .orderBy('level')
    .orderBy('reported_at', 'desc')
    .limit(most + 1)
    .execute();
  const ids = rows.slice(0, most).map((row) => row.id);
  const incidents: ReplayIncident[] = [];
  const moves: ReplayMove[] = [];
  for (let at = 0; at < ids.length; at += PAGE) {
    for (const log of await logsOf(db, actor.district, ids.slice(at, at + PAGE), until)) {
      const played = play(log, from, actor);
      if (played === null) continue;
      incidents.push(played.incident);
      moves.push(...played.moves);
    }
  }
  moves.sort((a, b) => a.seq - b.seq);
  return { from: from.toISOString(), until: until.toISOString(), incidents, moves, cutOff: rows.length > most };
}

/** One list for each incident, oldest move first. */
async function logsOf(db: Kysely<Schema>, district: number, ids: readonly string[], until: Date): Promise<WrittenMove[][]> {
  const rows = await db
    .selectFrom('move')
    .select(MOVE_COLUMNS)
    .where('district', '=', district)
    .where('incident', 'in', ids)
    .where('at', '<', until)
    .orderBy('incident')
    .orderBy('version')
    .execute();
  const logs = new Map<string, WrittenMove[]>();
  for (const row of rows) {
    const log = logs.get(row.incident);
    if (log) log.push(moveFromRow(row));
    else logs.set(row.incident, [moveFromRow(row)]);
  }
  return [...logs.values()];
}

/** @returns null for one that had ended before and stayed so: nothing of it is on the map. */
function play(log: readonly WrittenMove[], from: Date, actor: Actor): { incident: ReplayIncident; moves: ReplayMove[] } | null {
  const start = from.toISOString();
  let now: Incident | null = null;
  let before: Incident | null = null;
  const moves: ReplayMove[] = [];
  for (const move of log) {
    now = applyMove(now, move);
    if (move.at < start) before = now;
    else {
      const { seq, at, verb } = move;
      const told = { actor: accountAsTold(move.actor, actor), payload: kindOf(move), after: pictureOf(now) };
      moves.push({ seq, incident: move.incident, at, verb, ...told });
    }
  }
  if (now === null) return null;
  if (before !== null && isEnd(before.state) && moves.every((m) => isEnd(m.after.state))) return null;
  const { id, number, category, position, cell, community, subdistrict, reportedAt, drill } = now;
  return {
    incident: {
      id,
      number,
      category,
      position,
      cell,
      community,
      subdistrict,
      reportedAt,
      drill,
      start: before === null ? null : pictureOf(before),
    },
    moves,
  };
}

/** What a log needs to say what kind of move it was; words that people wrote stay where the incident is read. */
const KIND = ['share', 'clock', 'review', 'repeat', 'replyTo', 'notice', 'grant', 'found'] as const;
function kindOf({ payload }: WrittenMove): Record<string, unknown> {
  const all = payload as Readonly<Record<string, unknown>>;
  return Object.fromEntries(KIND.filter((key) => all[key] !== undefined).map((key) => [key, all[key]]));
}

function pictureOf(incident: Incident): Picture {
  return {
    state: incident.state,
    level: incident.level,
    version: incident.version,
    deadlines: deadlinesOf(incident),
    assignments: incident.assignments.map(({ id, unit, role, state }) => ({ id, unit, role, state })),
  };
}
