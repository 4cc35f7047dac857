/** 反复: the same kind at the same place again and again. Pure: who belongs together, connected by distance and time. */
import { distanceM } from '../grid/nearest.ts';

export interface Occurrence {
  readonly id: string;
  /** Category code, for example `C0101`: the condition may differ each time. */
  readonly kind: string;
  readonly lng: number;
  readonly lat: number;
  /** Epoch milliseconds of the report. */
  readonly atMs: number;
}

/** Rows of the database; see `place-rules.ts`. */
export interface RecurrenceRules {
  readonly withinM: number;
  readonly withinDays: number;
}

const DAY_MS = 86_400_000;
const METRES_PER_DEGREE = 111_195;

/** May the one be a recurrence of the other? */
export function linked(a: Occurrence, b: Occurrence, { withinM, withinDays }: RecurrenceRules): boolean {
  return a.kind === b.kind && Math.abs(a.atMs - b.atMs) <= withinDays * DAY_MS && distanceM(a, b) <= withinM;
}

/**
 * The groups of at least `least`: each member is linked to another of its group, none to one outside it. A chain counts: a pit that is
 * reported every three weeks is one matter over a whole year, although its ends are months apart.
 *
 * Looks only at neighbouring squares as wide as the limit, and there only as far back as the days reach: some tens of milliseconds for 50,000.
 *
 * @returns groups by their newest member, newest first; members oldest first, equal times by id. The same whatever the order of the input.
 */
export function groupsOf(occurrences: readonly Occurrence[], rules: RecurrenceRules, least = 2): Occurrence[][] {
  const sorted = [...occurrences].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  const parents = Int32Array.from(sorted.keys());
  const root = (i: number): number => {
    let at = i;
    while (parents[at] !== at) at = parents[at] = parents[parents[at]!]!;
    return at;
  };
  const squares = new Map<string, number[]>();
  for (const [i, one] of sorted.entries()) {
    const [x, y] = squareOf(one, rules.withinM);
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const earlier = squares.get(`${one.kind} ${x + dx} ${y + dy}`) ?? [];
        for (let k = earlier.length - 1; k >= 0; k--) {
          const other = sorted[earlier[k]!]!;
          // Oldest first within a square: what comes before this one is older still.
          if (one.atMs - other.atMs > rules.withinDays * DAY_MS) break;
          if (linked(one, other, rules)) parents[root(i)] = root(earlier[k]!);
        }
      }
    }
    const own = `${one.kind} ${x} ${y}`;
    const members = squares.get(own);
    if (members) members.push(i);
    else squares.set(own, [i]);
  }
  const groups = new Map<number, Occurrence[]>();
  for (const [i, one] of sorted.entries()) {
    const group = groups.get(root(i));
    if (group) group.push(one);
    else groups.set(root(i), [one]);
  }
  const newest = (group: readonly Occurrence[]) => group.at(-1)!;
  return [...groups.values()]
    .filter((group) => group.length >= least)
    .sort((a, b) => newest(b).atMs - newest(a).atMs || (newest(a).id < newest(b).id ? 1 : -1));
}

/** Squares at least as wide as the limit, so that a neighbour is never two squares away. Widths in longitude are taken further north, where a degree is shorter. */
function squareOf({ lng, lat }: Occurrence, withinM: number): readonly [number, number] {
  const side = withinM / METRES_PER_DEGREE;
  const band = Math.floor(lat / side);
  return [Math.floor((lng / side) * Math.cos((NORTHMOST * Math.PI) / 180)), band];
}

/** China's northernmost point lies at 53.6°; one figure for all rows, or squares of neighbouring rows would not line up. */
const NORTHMOST = 54;
