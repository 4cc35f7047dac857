/** Which days, which part of the district: a question about figures as instants and codes. Pure. */
import { dayNumber, dayOf, startOfDay } from '../china-time.ts';
import type { Level } from '../dispatch/chain/incident.ts';
import type { Actor } from '../identity/actor.ts';

export interface View {
  readonly actor: Actor;
  /** Days since 1970-01-01 in China's time, both counted in. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly now: Date;
  readonly levels: readonly Level[] | null;
  readonly subdistrict: string | null;
  readonly community: string | null;
}

export interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly level?: readonly Level[] | undefined;
  readonly subdistrict?: string | undefined;
  readonly community?: string | undefined;
}

/** A year and a day: a leap year is asked for as a whole. */
export const MOST_DAYS = 366;

/** 1 is Monday. Day 0, 1970-01-01, was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** @returns why not, as a field and a sentence for the developer. */
export function viewOf(asked: Asked, actor: Actor, now: Date): View | { readonly path: string; readonly message: string } {
  const date = asked.from ?? asked.to;
  const firstDay = date === undefined ? dayOf(now.getTime()) : dayNumber(date);
  const lastDay = asked.to === undefined ? firstDay : dayNumber(asked.to);
  if (lastDay < firstDay) return { path: 'to', message: 'lies before from' };
  if (lastDay - firstDay + 1 > MOST_DAYS) return { path: 'from', message: `at most ${MOST_DAYS} days at once` };
  return {
    actor,
    firstDay,
    lastDay,
    now,
    levels: asked.level ?? null,
    subdistrict: asked.subdistrict ?? null,
    community: asked.community ?? null,
  };
}

/** The period as instants: `to` is the first one after it. */
export function periodOf({ firstDay, lastDay }: View): { from: Date; to: Date } {
  return { from: new Date(startOfDay(firstDay)), to: new Date(startOfDay(lastDay + 1)) };
}

/** The period before it, as long as it. */
export function before(view: View): View {
  const days = view.lastDay - view.firstDay + 1;
  return { ...view, firstDay: view.firstDay - days, lastDay: view.lastDay - days };
}

/** Subdistricts side by side for those who see several; else communities. */
export function placesBy({ actor, subdistrict, community }: View): 'subdistrict' | 'community' {
  if (subdistrict !== null || community !== null) return 'community';
  return ['district', 'auditor', 'admin', 'system'].includes(actor.role) ? 'subdistrict' : 'community';
}
