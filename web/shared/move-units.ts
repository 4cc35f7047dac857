/** Which units a line of the log names. Pure: codes, as each page has its own names for them. */
import type { WireMove } from './types.ts';

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Units that a move sent, added or released, in the order of the payload. */
export function unitsOf({ payload }: Pick<WireMove, 'payload'>): string[] {
  const named = [
    ...list(payload.changed).map((c) => (c as { unit?: unknown }).unit),
    (payload.lead as { unit?: unknown } | undefined)?.unit,
    ...list(payload.assisting).map((a) => (a as { unit?: unknown }).unit),
    payload.unit,
  ];
  return [...new Set(named.filter((u): u is string => typeof u === 'string'))];
}

/** Verbs whose line is not clear without its units. Who declines is the actor; those called off with it have not declined. */
const NAMING = new Set(['acknowledge', 'depart', 'arrive', 'finish', 'lapse', 'release', 'addUnit', 'dispatch', 'recall']);

/** The units that the line has to say; none where the hand that made the move is the unit itself, as the line names it already. */
export function unitsSaid(move: Pick<WireMove, 'verb' | 'actor' | 'payload'>): string[] {
  if (!NAMING.has(move.verb)) return [];
  const units = unitsOf(move);
  const [role, code] = move.actor.split('.');
  return units.length === 1 && role === 'unit' && code === units[0] ? [] : units;
}
