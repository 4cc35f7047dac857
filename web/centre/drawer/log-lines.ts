/** The log of an incident as lines for people. Pure, but for the words, which come in. */
import type { WireIncident, WireMove } from '../../shared/types.ts';
import { stepIndex } from '../../shared/words.ts';

/** When each of the five steps was reached first; undefined for one that was not. */
export function reachedAt(moves: readonly WireMove[]): (string | undefined)[] {
  const times: (string | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
  for (const move of [...moves].sort((a, b) => a.version - b.version)) {
    const step = stepIndex(move.to);
    if (step !== null && step < times.length) times[step] ??= move.at;
  }
  return times;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What the person said with the move, in the first field that has words. What a report says is the incident's own description, and stands above the log. */
export function saidWith(payload: Readonly<Record<string, unknown>>): string | null {
  for (const field of ['reason', 'text', 'note', 'ruling']) {
    const words = text(payload[field]);
    if (words) return words;
  }
  return null;
}

/** Assisting units that were called off because the lead declined: with nobody to assist they do not go. */
export function releasedWith(move: Pick<WireMove, 'verb' | 'payload'>): string[] {
  if (move.verb !== 'decline') return [];
  const changed = list(move.payload.changed) as readonly { readonly unit?: unknown; readonly state?: unknown }[];
  return changed.flatMap(({ unit, state }) => (state === 'released' && typeof unit === 'string' ? [unit] : []));
}

export function photoCount(payload: Readonly<Record<string, unknown>>): number {
  return ['photos', 'before', 'after'].reduce((n, field) => n + list(payload[field]).length, 0);
}

/** Places that the move tells, besides the units that ring. */
export function toldBy(payload: Readonly<Record<string, unknown>>): string[] {
  return list(payload.told).filter((place): place is string => typeof place === 'string');
}

/** Who asked for the extension and proposed the force close that are still open; the incident itself does not say it. */
export function askersOf(moves: readonly WireMove[]): { extension?: string; forceClose?: string } {
  const extension = moves.findLast((m) => m.verb === 'extend' && m.payload.grant === undefined)?.actor;
  const forceClose = moves.findLast((m) => m.verb === 'forceClose' && m.payload.proposed === true)?.actor;
  return { ...(extension ? { extension } : {}), ...(forceClose ? { forceClose } : {}) };
}

/**
 * Whether the one who was asked to check has said nothing since: neither words nor photos. Closing is allowed, but then nobody has looked.
 *
 * @param own  account of who asks; whoever checks does not wait for an answer.
 */
export function checkUnanswered(incident: Pick<WireIncident, 'state' | 'checker'>, log: readonly WireMove[], own: string): boolean {
  const { checker } = incident;
  if (incident.state !== 'checking' || !checker || checker === own) return false;
  const asked = Math.max(0, ...log.filter((m) => m.verb === 'assignCheck').map((m) => m.version));
  return !log.some((m) => m.version > asked && m.actor === checker && (m.verb === 'comment' || m.verb === 'attach'));
}
