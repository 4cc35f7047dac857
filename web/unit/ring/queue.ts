/** Which rings wait for an answer, and which of them has the screen. Pure: time comes in. */
import type { Level } from '../../../src/dispatch/chain/incident.ts';
import { REPEAT_MS } from './sound.ts';

export interface Ring {
  readonly assignment: string;
  readonly incident: string;
  readonly level: Level;
  /** Until when it should be acknowledged, epoch milliseconds. */
  readonly untilMs: number | null;
  /** Of the frame that brought it; null when found by reading the list. */
  readonly seq: number | null;
  /** When this device began to ring for it. */
  readonly sinceMs: number;
  /** The round of 60 s in which the sound was switched off; a later round sounds again for R1. */
  readonly mutedRound: number | null;
  /** 演练, where the frame said so; what was read of the incident says it too. */
  readonly drill?: true | undefined;
}

export type Rings = readonly Ring[];

/** Takes a ring in. The same assignment again is a repetition: it starts anew, sound included, and keeps the time limit if the new one has none. */
export function withRing(rings: Rings, ring: Omit<Ring, 'mutedRound'>): Rings {
  const before = rings.find((r) => r.assignment === ring.assignment);
  const untilMs = ring.untilMs ?? before?.untilMs ?? null;
  return [...rings.filter((r) => r !== before), { ...ring, untilMs, mutedRound: null }];
}

/** Stops one: a `quiet` frame, an answer on this or another device, a recall. */
export function withoutRing(rings: Rings, assignment: string): Rings {
  return rings.some((r) => r.assignment === assignment) ? rings.filter((r) => r.assignment !== assignment) : rings;
}

/**
 * Makes the queue agree with one incident as just read: what is no longer assigned stops, what was missed begins.
 * A ring that goes on keeps its start and its silence, else each reading would sound like a new call. Rings of other incidents are not judged.
 *
 * @param hushed  what the service said is quiet on this device: after a shift the list still has it, and it does not ring.
 */
export function reconciled(
  rings: Rings,
  incident: string,
  assigned: readonly Pick<Ring, 'assignment' | 'level' | 'untilMs'>[],
  nowMs: number,
  hushed: ReadonlySet<string> = new Set(),
): Rings {
  const audible = assigned.filter((a) => !hushed.has(a.assignment));
  const before = (assignment: string) => rings.find((r) => r.assignment === assignment);
  return [
    ...rings.filter((r) => r.incident !== incident),
    ...audible.map(({ assignment, level, untilMs }): Ring => {
      const going = before(assignment);
      if (going) return { ...going, level, untilMs: untilMs ?? going.untilMs };
      return { assignment, incident, level, untilMs, seq: null, sinceMs: nowMs, mutedRound: null };
    }),
  ];
}

/** The one that has the screen: gravest first, then the one with the least time left, then the oldest. */
export function frontRing(rings: Rings): Ring | null {
  return [...rings].sort(byGravity)[0] ?? null;
}

function byGravity(a: Ring, b: Ring): number {
  if (a.level !== b.level) return a.level < b.level ? -1 : 1;
  const left = (a.untilMs ?? Infinity) - (b.untilMs ?? Infinity);
  if (left !== 0 && !Number.isNaN(left)) return left;
  return a.sinceMs - b.sinceMs;
}

/** Number of the 60-second round that a ring is in, from 0. */
export function roundOf(ring: Ring, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - ring.sinceMs) / REPEAT_MS));
}

/** Switches the sound off, never the screen. Other rings are silenced with it: two sounds at once help nobody. */
export function muted(rings: Rings, nowMs: number): Rings {
  return rings.map((r) => ({ ...r, mutedRound: roundOf(r, nowMs) }));
}

/** Only R1 speaks up again after a silence; the rest stays quiet until the server rings anew. */
export function isMuted(ring: Ring, nowMs: number): boolean {
  if (ring.mutedRound === null) return false;
  return ring.level === 'R1' ? ring.mutedRound === roundOf(ring, nowMs) : true;
}

/** Milliseconds until R1 sounds again. */
export function untilNextRound(ring: Ring, nowMs: number): number {
  return REPEAT_MS - ((nowMs - ring.sinceMs) % REPEAT_MS);
}

/**
 * How much of the time to acknowledge is used, 0 to 1: the button of the ring fills with it.
 *
 * @param fromMs when the assignment was made; the start of the ring where that is not known yet.
 */
export function usedShare(fromMs: number, untilMs: number | null, nowMs: number): number {
  if (untilMs === null || untilMs <= fromMs) return untilMs !== null && nowMs >= untilMs ? 1 : 0;
  return Math.min(1, Math.max(0, (nowMs - fromMs) / (untilMs - fromMs)));
}
