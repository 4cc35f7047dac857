/** The queue's order: by time left, never by arrival, in four groups. Pure: the instant and the end of the day come in. */
import type { WireDeadline } from '../../shared/types.ts';

/** What ordering needs of an incident. */
export interface Timed {
  readonly id: string;
  readonly level: string;
  readonly deadlines: readonly WireDeadline[];
}

export const GROUPS = ['overdue', 'hour', 'today', 'later'] as const;
export type Group = (typeof GROUPS)[number];
export interface Section {
  readonly group: Group;
  readonly ids: readonly string[];
}

const HOUR_MS = 3_600_000;

/**
 * The deadline that a row shows: the step's, because it names who is to act; the total clock only where no step runs.
 * An overdue total clock is told in the drawer: it would hide every step that follows.
 */
export function shownDeadline(deadlines: readonly WireDeadline[]): WireDeadline | null {
  return deadlines.find((d) => d.clock !== 'total') ?? deadlines[0] ?? null;
}

/** Milliseconds to the shown deadline; Infinity without one, so that it sorts last. */
export function leftMs(incident: Pick<Timed, 'deadlines'>, now: number): number {
  const due = shownDeadline(incident.deadlines);
  return due ? Date.parse(due.dueAt) - now : Infinity;
}

/** @param endOfDay first instant of tomorrow in the district's own time, epoch milliseconds. */
export function groupOf(left: number, now: number, endOfDay: number): Group {
  if (left <= 0) return 'overdue';
  if (left <= HOUR_MS) return 'hour';
  return now + left < endOfDay ? 'today' : 'later';
}

/** Least time left first; of equals the graver, then the older (ids are UUIDv7, so they sort by age). */
function compareTimeLeft(a: Timed, leftA: number, b: Timed, leftB: number): number {
  if (leftA !== leftB) return leftA < leftB ? -1 : 1;
  return a.level.localeCompare(b.level) || a.id.localeCompare(b.id);
}

/** The whole queue as sections, empty ones left out. Run each second, so each deadline is read once and not in every comparison. */
export function arrange(incidents: readonly Timed[], now: number, endOfDay: number): Section[] {
  const ids = new Map<Group, string[]>(GROUPS.map((g) => [g, []]));
  const rows = incidents.map((incident) => ({ incident, left: leftMs(incident, now) }));
  rows.sort((a, b) => compareTimeLeft(a.incident, a.left, b.incident, b.left));
  for (const { incident, left } of rows) ids.get(groupOf(left, now, endOfDay))!.push(incident.id);
  return GROUPS.map((group) => ({ group, ids: ids.get(group)! })).filter((s) => s.ids.length > 0);
}

/** How many rows a held order hides or still shows in an old place: what the "show new order" button says. */
export function changesHeldBack(shown: readonly Section[], fresh: readonly Section[]): { arrived: number; moved: boolean } {
  const flat = (sections: readonly Section[]) => sections.flatMap((s) => s.ids.map((id) => `${s.group} ${id}`));
  const before = flat(shown);
  const after = flat(fresh);
  const known = new Set(shown.flatMap((s) => s.ids));
  const arrived = fresh.flatMap((s) => s.ids).filter((id) => !known.has(id)).length;
  return { arrived, moved: before.length !== after.length || before.some((row, i) => row !== after[i]) };
}
