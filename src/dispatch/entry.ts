/** A decided move, made ready for the journal: texts and hash are made once, here. */
import type { CommittedMove } from './chain/committed.ts';
import { nextDue } from './chain/due.ts';
import type { Incident, Move, Time } from './chain/incident.ts';
import { isEnd } from './chain/states.ts';
import { docOf, dueAtOf, leadUnitOf, unitsOf } from './incident-row.ts';
import { hashMove } from './move-hash.ts';

export interface Entry {
  /** The actor's idempotency key, and SHA-256 of what was asked under it; all digests in lower-case hex. */
  readonly key: string;
  readonly digest: string;
  readonly move: Move;
  /** The incident after the move. */
  readonly next: Incident;
  /** Hash of the move before; empty for a report. */
  readonly prev: string;
  readonly hash: string;
  readonly payload: string;
  readonly doc: string;
  readonly units: readonly string[];
  readonly lead: string | null;
  readonly dueAt: Time | null;
  readonly nextDueAt: Time | null;
  readonly endedAt: Time | null;
}

export function entryOf(move: Move, next: Incident, prev: string, key: string, digest: string): Entry {
  const payload = JSON.stringify(move.payload);
  const hashed = {
    district: next.district,
    incident: move.incident,
    version: move.version,
    verb: move.verb,
    from: move.from,
    to: move.to,
    actor: move.actor,
    at: move.at,
    payload,
  };
  return {
    key,
    digest,
    move,
    next,
    prev,
    hash: hashMove(prev, hashed),
    payload,
    doc: docOf(next),
    units: unitsOf(next),
    lead: leadUnitOf(next),
    dueAt: dueAtOf(next),
    nextDueAt: nextDue(next),
    endedAt: isEnd(next.state) ? next.stateSince : null,
  };
}

/** What followers are told of an entry that is on disk. */
export function committedMove({ move, next, units, nextDueAt }: Entry, seq: number): CommittedMove {
  const { changed, told, notice } = move.payload;
  return {
    district: next.district,
    seq,
    incident: next.id,
    number: next.number,
    verb: move.verb,
    from: move.from,
    to: move.to,
    version: move.version,
    level: next.level,
    cell: next.cell,
    community: next.community,
    subdistrict: next.subdistrict,
    reportedBy: next.reportedBy,
    units,
    at: move.at,
    ...(next.drill ? { drill: true as const } : {}),
    ...(changed === undefined ? {} : { changed }),
    ...(told === undefined || notice === undefined ? {} : { told, notice }),
    dueAt: nextDueAt,
  };
}
