/**
 * The log of 共建共治: one append-only row for each move of each object.
 *
 * `seq` is an identity and neither gapless nor in commit order, other than that of the dispatch chain: nobody follows this log by its seq, and one
 * lock for the whole district would make a member's claim wait for an office's minutes. What must hold is that an object's own versions are
 * gapless, and that the key guarantees: of two who move the same version one is refused. What people are told goes by notices, which have
 * their own exactly-once.
 */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Law } from './chain/table.ts';

export interface NewMove {
  readonly district: number;
  /** `law.kind`. */
  readonly kind: string;
  /** Code of the object. */
  readonly object: string;
  /** The object's after the move, from 1. */
  readonly version: number;
  readonly verb: string;
  readonly from: string;
  readonly to: string;
  /** Account. */
  readonly actor: string;
  readonly at: Date;
  readonly payload?: object;
}

export interface LoggedMove {
  readonly version: number;
  readonly verb: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly at: Date;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Belongs into the transaction that changes the object. @throws what `isStale` knows when somebody else has made this version. */
export async function logMove(tx: Kysely<Schema>, move: NewMove): Promise<void> {
  await logMoves(tx, [move]);
}

export async function logMoves(tx: Kysely<Schema>, moves: readonly NewMove[]): Promise<void> {
  if (moves.length === 0) return;
  await tx
    .insertInto('cobuild_move')
    .values(
      moves.map(({ from, to, payload = {}, ...same }) => ({ ...same, from_state: from, to_state: to, payload: JSON.stringify(payload) })),
    )
    .execute();
}

/** An object as it is after a move. */
export interface Moved {
  readonly code: string;
  readonly version: number;
  readonly state: string;
}

/** Writes one move: what the object is after it, and how it came there. */
export type Log = (
  law: Pick<Law, 'kind'>,
  next: Moved,
  move: { readonly verb: string; readonly from: string; readonly payload?: object },
) => Promise<void>;

/** The log of one act: who does it, and when, is the same for all that it writes. @param actor  account. */
export function logOf(tx: Kysely<Schema>, act: { readonly district: number; readonly actor: string; readonly at: Date }): Log {
  return ({ kind }, { code: object, version, state: to }, move) => logMove(tx, { ...act, kind, object, version, to, ...move });
}

/** Somebody moved the object between the read and the write. */
export function isStale(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'cobuild_move_version';
}

/** Oldest first. */
export async function readMoves(db: Kysely<Schema>, district: number, kind: string, object: string): Promise<LoggedMove[]> {
  const rows = await db
    .selectFrom('cobuild_move')
    .select(['version', 'verb', 'from_state', 'to_state', 'actor', 'at', 'payload'])
    .where('district', '=', district)
    .where('kind', '=', kind)
    .where('object', '=', object)
    .orderBy('version')
    .execute();
  return rows.map(({ from_state, to_state, ...same }) => ({ ...same, from: from_state, to: to_state }));
}

/** Codes of the objects of a kind that the log knows: a table that is brought in adds, and rewrites none of them. */
export async function loggedObjects(db: Kysely<Schema>, district: number, kind: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('cobuild_move')
    .select('object')
    .distinct()
    .where('district', '=', district)
    .where('kind', '=', kind)
    .execute();
  return new Set(rows.map((row) => row.object));
}
