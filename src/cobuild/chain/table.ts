/**
 * 共建共治: each object's states and moves as one table, as the dispatch chain has them. Guards, the database's CHECK, the buttons of the pages
 * and the specs read it.
 */
import { type CobuildRefusal, refused } from './refusals.ts';

/**
 * What somebody is at one object: whoever its place belongs to (`office`), the office above it, the linked leader (包联领导) of its community,
 * the member unit that it is about, whoever has to do it (`owner`), whoever published it. One account may be several.
 */
export const PARTS = ['office', 'above', 'leader', 'member', 'formerMember', 'owner', 'publisher', 'district', 'system'] as const;
export type Part = (typeof PARTS)[number];

export interface StateRow<S extends string = string> {
  readonly name: S;
  readonly zh: string;
  readonly en: string;
  /** Nothing is to be done any more. */
  readonly end: boolean;
}

export interface MoveRow<S extends string = string, V extends string = string> {
  /** `none` for the first row of an object. */
  readonly from: S | 'none';
  readonly verb: V;
  readonly to: S;
  readonly by: readonly Part[];
}

export interface Law<S extends string = string, V extends string = string> {
  /** As the log calls the object: lower snake. */
  readonly kind: string;
  readonly states: readonly StateRow<S>[];
  readonly moves: readonly MoveRow<S, V>[];
}

export function findMove<S extends string, V extends string>(law: Law<S, V>, from: S | 'none', verb: V): MoveRow<S, V> | null {
  return law.moves.find((move) => move.from === from && move.verb === verb) ?? null;
}

/** The verbs that somebody with these parts has in this state, in the order of the table. */
export function verbsFor<S extends string, V extends string>(law: Law<S, V>, state: S | 'none', parts: ReadonlySet<Part>): V[] {
  const verbs = law.moves.filter((move) => move.from === state && move.by.some((part) => parts.has(part))).map((move) => move.verb);
  return [...new Set(verbs)];
}

export type Permission<S extends string, V extends string> = { readonly ok: true; readonly move: MoveRow<S, V> } | CobuildRefusal;

/** May somebody with these parts make this move? One whose term is over is told so, and not that it is somebody else's. */
export function permit<S extends string, V extends string>(
  law: Law<S, V>,
  from: S | 'none',
  verb: V,
  parts: ReadonlySet<Part>,
): Permission<S, V> {
  const move = findMove(law, from, verb);
  if (move !== null && move.by.some((part) => parts.has(part))) return { ok: true, move };
  // Also where the state would refuse: that the term is over is the nearer reason.
  const asMember = law.moves.some((row) => row.verb === verb && row.by.some((part) => part === 'member' || part === 'owner'));
  if (asMember && parts.has('formerMember')) return refused('member-expired');
  return refused(move === null ? 'no-such-move' : 'not-yours');
}

export function stateRow<S extends string>(law: Law<S>, state: S): StateRow<S> {
  const row = law.states.find((one) => one.name === state);
  if (row === undefined) throw new RangeError(`${law.kind} has no state ${state}`);
  return row;
}

/** Names of the states, for a schema. */
export function stateNames<S extends string>(law: Law<S>): [S, ...S[]] {
  return law.states.map((row) => row.name) as [S, ...S[]];
}

/** Verbs that change one that is there, for a schema. */
export function verbNames<V extends string>(law: Law<string, V>): [V, ...V[]] {
  return [...new Set(law.moves.filter((move) => move.from !== 'none').map((move) => move.verb))] as [V, ...V[]];
}

/**
 * PostgreSQL: body of the function `in_cobuild_<kind>` behind the log's CHECK, so that a row can only record a move that the table has.
 * A migration holds this text; a spec compares the two.
 */
export function lawSql(law: Law): string {
  const rows = [...new Set(law.moves.map((move) => `${move.from} ${move.verb} ${move.to}`))];
  return `begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{${rows.join(', ')}}'::text[]); end`;
}
