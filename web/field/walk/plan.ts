/**
 * 今日路线: in which order to walk to what is to be verified, checked or looked at. Pure. No roads are known, so it goes by straight lines, and
 * the page says so.
 */
import { distanceM } from '../../../src/grid/nearest.ts';

export interface Point {
  readonly lng: number;
  readonly lat: number;
}

export interface Stop {
  readonly id: string;
  readonly position: Point;
  /** What has to be done there; at an `open` one nothing is asked, it lies on the way. */
  readonly kind: 'verify' | 'check' | 'open';
  readonly dueAt: string | null;
}

export interface Walk {
  readonly stops: readonly Stop[];
  /** From the start through all stops, straight lines. */
  readonly metres: number;
}

/**
 * What is asked of the walker and due within an hour is gone to first, in the order of its time, even where that is a detour: an hour is
 * about what the rest of a cell's walk takes [ours]. An open incident's time is somebody else's, so it never counts as pressing.
 */
export const PRESSING_MS = 3_600_000;

export function isPressing(stop: Stop, now: Date): boolean {
  return stop.kind !== 'open' && stop.dueAt !== null && Date.parse(stop.dueAt) - now.getTime() <= PRESSING_MS;
}

/**
 * @param from  where the walk begins; null: at the first stop.
 * @returns pressing stops by their time, then the others on a short way: nearest first, then uncrossed. The same stops give the same walk.
 */
export function planWalk(from: Point | null, stops: readonly Stop[], now: Date): Walk {
  const byId = [...stops].sort((a, b) => (a.id < b.id ? -1 : 1));
  const pressing = byId.filter((s) => isPressing(s, now)).sort((a, b) => Date.parse(a.dueAt!) - Date.parse(b.dueAt!));
  const others = byId.filter((s) => !isPressing(s, now));
  const start = pressing.at(-1)?.position ?? from;
  const walked = [...pressing, ...uncrossed(start, nearestFirst(start, others))];
  return { stops: walked, metres: lengthM(from, walked) };
}

export function lengthM(from: Point | null, stops: readonly Stop[]): number {
  let sum = 0;
  let at = from;
  for (const { position } of stops) {
    if (at) sum += distanceM(at, position);
    at = position;
  }
  return sum;
}

function nearestFirst(start: Point | null, stops: readonly Stop[]): Stop[] {
  const left = [...stops];
  const order: Stop[] = [];
  let at = start;
  while (left.length > 0) {
    const here = at;
    const nearest = here
      ? left.reduce((best, stop) => (distanceM(here, stop.position) < distanceM(here, best.position) ? stop : best))
      : left[0]!;
    order.push(nearest);
    left.splice(left.indexOf(nearest), 1);
    at = nearest.position;
  }
  return order;
}

/** Gains below this are rounding, and would let it go on for ever, metres. */
const LEAST_GAIN_M = 0.01;

/**
 * 2-opt on a way with a fixed start and an open end: a stretch is walked the other way round as long as that makes the whole shorter.
 * Each turn makes it shorter, so it ends; a hundred stops take some milliseconds.
 */
function uncrossed(start: Point | null, stops: readonly Stop[]): Stop[] {
  const order = [...stops];
  const point = (i: number): Point | null => (i < 0 ? start : (order[i]?.position ?? null));
  const leg = (a: Point | null, b: Point | null) => (a && b ? distanceM(a, b) : 0);
  for (let better = true; better;) {
    better = false;
    for (let i = 0; i < order.length - 1; i++) {
      for (let j = i + 1; j < order.length; j++) {
        const now = leg(point(i - 1), point(i)) + leg(point(j), point(j + 1));
        const turned = leg(point(i - 1), point(j)) + leg(point(i), point(j + 1));
        if (now - turned < LEAST_GAIN_M) continue;
        order.splice(i, j - i + 1, ...order.slice(i, j + 1).reverse());
        better = true;
      }
    }
  }
  return order;
}
