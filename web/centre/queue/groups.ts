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

/** The shown deadline, epoch milliseconds; Infinity without one, so that it sorts last. */
export function dueMs(incident: Pick<Timed, 'deadlines'>): number {
  const due = shownDeadline(incident.deadlines);
  return due ? Date.parse(due.dueAt) : Infinity;
}

/** Milliseconds to the shown deadline; Infinity without one. */
export const leftMs = (incident: Pick<Timed, 'deadlines'>, now: number): number => dueMs(incident) - now;

/** @param endOfDay first instant of tomorrow in the district's own time, epoch milliseconds. */
export function groupOf(left: number, now: number, endOfDay: number): Group {
  if (left <= 0) return 'overdue';
  if (left <= HOUR_MS) return 'hour';
  return now + left < endOfDay ? 'today' : 'later';
}

/** A row of the queue. */
export interface Row {
  readonly id: string;
  /** Epoch milliseconds; Infinity without a deadline. */
  readonly due: number;
}

/** Least time left first; of equals the graver, then the older (ids are UUIDv7, so they sort by age). */
function compareTimeLeft(a: Row, b: Row, levelOf: ReadonlyMap<string, string>): number {
  if (a.due !== b.due) return a.due < b.due ? -1 : 1;
  return levelOf.get(a.id)!.localeCompare(levelOf.get(b.id)!) || a.id.localeCompare(b.id);
}

/** The whole queue in its order. That does not change as time passes, so it is made when something has moved, and not each second. */
export function byTimeLeft(incidents: readonly Timed[]): Row[] {
  const levelOf = new Map(incidents.map((i) => [i.id, i.level]));
  return incidents.map((i): Row => ({ id: i.id, due: dueMs(i) })).sort((a, b) => compareTimeLeft(a, b, levelOf));
}

/** The ordered queue as sections, empty ones left out. Run each second. */
export function arrange(rows: readonly Row[], now: number, endOfDay: number): Section[] {
  const ids = new Map<Group, string[]>(GROUPS.map((g) => [g, []]));
  for (const { id, due } of rows) ids.get(groupOf(due - now, now, endOfDay))!.push(id);
  return GROUPS.map((group) => ({ group, ids: ids.get(group)! })).filter((s) => s.ids.length > 0);
}

export function sameSections(a: readonly Section[], b: readonly Section[]): boolean {
  const same = (x: Section, y: Section) => x.group === y.group && x.ids.length === y.ids.length && x.ids.every((id, i) => id === y.ids[i]);
  return a.length === b.length && a.every((section, i) => same(section, b[i]!));
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
