/** What a group of recurrences comes to: how often, since when, who handled it, how long it took. Pure. */
import { distanceM } from '../grid/nearest.ts';
import type { Incident } from './chain/incident.ts';
import { isEnd } from './chain/states.ts';

/** What only the members themselves tell: for a caller who may not see all, it is said of those that are seen. */
export interface DossierFigures {
  /** Of its first incident: it stays while newer ones join. */
  readonly id: string;
  /** Units that were on scene or finished, most often first. */
  readonly units: readonly { readonly unit: string; readonly count: number }[];
  /** Of those that were closed, milliseconds from report to close; null when none was. */
  readonly averageCloseMs: number | null;
  /** The middle of all, and how far the furthest lies from it. */
  readonly position: { readonly lng: number; readonly lat: number };
  readonly reachM: number;
  readonly community: string;
  readonly subdistrict: string;
}

export interface Dossier extends DossierFigures {
  /** Category code; the rows may differ. */
  readonly kind: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly open: number;
  readonly categories: readonly { readonly code: string; readonly count: number }[];
  /** Oldest first. */
  readonly members: readonly Incident[];
}

/** @param members  at least one, in any order. */
export function dossierOf(kind: string, members: readonly Incident[]): Dossier {
  const sorted = [...members].sort((a, b) => (a.reportedAt < b.reportedAt ? -1 : a.reportedAt > b.reportedAt ? 1 : a.id < b.id ? -1 : 1));
  return {
    ...figuresOf(sorted),
    kind,
    count: sorted.length,
    first: sorted[0]!.reportedAt,
    last: sorted.at(-1)!.reportedAt,
    open: sorted.filter((i) => !isEnd(i.state)).length,
    categories: counted(sorted.map((i) => i.category)).map(([code, count]) => ({ code, count })),
    members: sorted,
  };
}

/** @param sorted  at least one, oldest first. */
export function figuresOf(sorted: readonly Incident[]): DossierFigures {
  const took = sorted.flatMap((i) => (i.closedAt === null ? [] : [Date.parse(i.closedAt) - Date.parse(i.reportedAt)]));
  const mean = (of: (i: Incident) => number) => sorted.reduce((sum, i) => sum + of(i), 0) / sorted.length;
  const position = { lng: mean((i) => i.position.lng), lat: mean((i) => i.position.lat) };
  const last = sorted.at(-1)!;
  return {
    id: sorted[0]!.id,
    units: counted(sorted.flatMap(handledBy)).map(([unit, count]) => ({ unit, count })),
    averageCloseMs: took.length === 0 ? null : Math.round(took.reduce((sum, ms) => sum + ms, 0) / took.length),
    position: { lng: rounded(position.lng), lat: rounded(position.lat) },
    reachM: Math.round(Math.max(...sorted.map((i) => distanceM(position, i.position)))),
    community: last.community,
    subdistrict: last.subdistrict,
  };
}

/** Each unit once per incident: sent away or declined is not handled. */
function handledBy({ assignments }: Incident): string[] {
  return [...new Set(assignments.filter((a) => a.arrivedAt !== undefined || a.finishedAt !== undefined).map((a) => a.unit))];
}

/** Most often first, then by code. */
function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** 0.1 m. */
const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
