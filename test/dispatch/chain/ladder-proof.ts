/**
 * Proves from the log of one incident that the system did all it had to do in time, each once and not early. Works it out anew from the
 * moves; the only other thing it knows is when some node looked.
 */
import type { Due, Law } from './reference-clock.ts';
import { ReferenceIncident, type LoggedMove } from './reference-incident.ts';

/** A node's idea of the database's time may be so far ahead: what is due within it waits for the next look. */
export const CLOCK_ERROR_MS = 2;

export interface Proof {
  /** What is wrong; empty if all is well. */
  readonly findings: readonly string[];
  /** What the system did, by name: `step 50`, `total 200`, `lapse`, `resume`, … */
  readonly did: readonly string[];
  /** Of the live incident after its last move: when the system has to look at it next. */
  readonly nextMs: number | null;
}

export interface Category {
  readonly level: string;
  readonly resolve: { readonly ms: number; readonly kind: 'working' | 'continuous' };
}

/**
 * @param looks  instants, in order, at which everything due was fired by whatever nodes there were
 * @param level  as reported
 */
export function proveLadder(law: Law, category: Category, level: string, moves: readonly LoggedMove[], looks: readonly number[]): Proof {
  const reference = new ReferenceIncident(law, category, level);
  const findings: string[] = [];
  const did: string[] = [];
  const overlooked = (due: readonly Due[], beforeMs: number, what: string) => {
    for (const d of due) {
      const look = firstFrom(looks, d.sinceMs + CLOCK_ERROR_MS);
      if (look < beforeMs) findings.push(`${d.what}, due at ${text(d.atMs)}, was not done at ${text(look)}, before ${what}`);
    }
  };
  for (const [i, move] of moves.entries()) {
    const due = reference.due();
    const name = nameOf(move);
    const where = `v${i + 1} ${move.verb} at ${text(move.atMs)}`;
    overlooked(due, move.atMs, where);
    if (name !== null) {
      findings.push(...wrong(name, move, due).map((fault) => `${where}: ${fault}`));
      did.push(name.split(' ')[0] === 'lapse' ? 'lapse' : name);
    }
    reference.apply(move);
  }
  const due = reference.due();
  overlooked(due, Infinity, 'the end');
  return { findings, did, nextMs: due.length === 0 ? null : Math.min(...due.map((d) => d.atMs)) };
}

function wrong(name: string, { atMs }: LoggedMove, due: readonly Due[]): string[] {
  const mine = due.find((d) => d.what === name);
  if (mine === undefined) return [`${name} is not due: perhaps it was done before; due are ${due.map((d) => d.what).join(', ')}`];
  const faults: string[] = [];
  if (mine.atMs > atMs) faults.push(`${name} is early: it is due at ${text(mine.atMs)}`);
  const sooner = due.find((d) => d.atMs < mine.atMs);
  if (sooner !== undefined) faults.push(`${name} came before ${sooner.what}, which was due earlier`);
  return faults;
}

/** What the system did because time had passed; null for what people do, and for what R1 does at once. */
function nameOf({ verb, actor, payload }: LoggedMove): string | null {
  if (actor !== 'system') return null;
  if (payload.clock !== undefined) return `${payload.clock} ${payload.repeat === true ? 'repeat' : payload.share}`;
  if (verb === 'lapse') return `lapse ${payload.assignment}`;
  return verb === 'resume' || verb === 'answerVerification' || verb === 'assignCheck' ? verb : null;
}

/** The first look at this instant or later; Infinity if there is none. */
function firstFrom(looks: readonly number[], atMs: number): number {
  let [low, high] = [0, looks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (looks[middle]! >= atMs) high = middle;
    else low = middle + 1;
  }
  return looks[low] ?? Infinity;
}

const text = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : 'never');
