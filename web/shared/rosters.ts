/** Rosters as the service tells them, and the words that all pages use for them. */
import { locale, nameOf, t } from './i18n.ts';
import { withoutMark } from './invented.ts';
import { clockTime, dayTime, ZONE } from './time.ts';
import type { Time } from './types.ts';
import { dayOf as dayOfMs, startOfDay } from '../../src/china-time.ts';

export type DutyState = 'on' | 'onCall' | 'off';

export interface Crew {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly phone: string | null;
}
export interface StandIn {
  readonly unit: string;
  readonly duty: 'full' | 'secure-only';
}
export interface Shift {
  readonly from: Time;
  readonly until: Time;
  readonly state: DutyState;
  readonly crew: string | null;
  readonly planned: string | null;
  readonly override: string | null;
}
export interface DutyNow {
  readonly unit: string;
  readonly state: DutyState;
  readonly crew: string | null;
  readonly until: Time | null;
  readonly next: { readonly crew: string; readonly from: Time } | null;
  readonly comes: StandIn | null;
}
export interface RosterOverride {
  readonly id: string;
  readonly unit: string;
  readonly from: Time;
  readonly until: Time;
  readonly crew: string | null;
  readonly reason: string;
  readonly swap: string | null;
  readonly by: string;
  readonly at: Time;
  readonly endedAt: Time | null;
}
export interface Span {
  readonly from: Time;
  readonly until: Time;
}
export interface RosterSwap {
  readonly id: string;
  readonly crew: string;
  readonly other: string;
  readonly gives: Span;
  readonly takes: Span | null;
  readonly reason: string;
  readonly at: Time;
  readonly answer: 'accepted' | 'declined' | 'withdrawn' | null;
}
export interface OpenWork {
  readonly incident: string;
  readonly number: string;
  readonly level: 'R1' | 'R2' | 'R3' | 'R4';
  readonly assignment: string;
  readonly role: 'lead' | 'assist';
  readonly state: 'assigned' | 'acknowledged' | 'enRoute' | 'onScene' | 'finished' | 'declined' | 'released';
}
export interface HandOver {
  readonly id: string;
  readonly changeAt: Time;
  readonly fromCrew: string;
  readonly toCrew: string;
  /** null: not for this place. */
  readonly note: string | null;
  /** null: not for this place. */
  readonly openWork: readonly OpenWork[] | null;
  readonly at: Time;
  readonly takenAt: Time | null;
}
export interface RosterHole {
  readonly unit: string;
  readonly from: Time;
  readonly until: Time;
  readonly override: string | null;
  readonly standIn: StandIn | null;
  readonly toldAt: Time | null;
}
export interface UnitRoster {
  readonly unit: string;
  readonly from: Time;
  readonly until: Time;
  readonly maySet: boolean;
  readonly duty: DutyNow;
  readonly crews: readonly Crew[];
  readonly shifts: readonly Shift[];
  readonly overrides: readonly RosterOverride[];
  readonly swaps: readonly RosterSwap[];
  readonly handOvers: readonly HandOver[];
  readonly holes: readonly RosterHole[];
}
export interface BoardRow {
  readonly unit: string;
  readonly maySet: boolean;
  readonly crews: readonly Crew[];
  readonly duty: DutyNow;
  readonly shifts: readonly Shift[];
}
export interface Board {
  readonly from: Time;
  readonly until: Time;
  readonly items: readonly BoardRow[];
}
export interface SignOn {
  readonly unit: string | null;
  readonly crew: string | null;
  readonly since: Time | null;
  readonly until: Time | null;
}

export function crewName(crews: readonly Crew[], code: string | null): string {
  const crew = crews.find((one) => one.code === code);
  if (!crew) return code ?? t('roster.nobody');
  const name = withoutMark(nameOf(crew));
  return locale.value === 'en' ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}

/** The crew that is there now; null where nobody is. */
export function crewOnDuty({ crews, duty }: Pick<UnitRoster, 'crews' | 'duty'>): Crew | null {
  return crews.find((crew) => crew.code === duty.crew) ?? null;
}

/** 08:00–16:00; the end of the day is 24:00. */
export function spanWords({ from, until }: Span): string {
  const end = clockTime(until);
  return `${clockTime(from)}–${end === '00:00' ? '24:00' : end}`;
}

/** The end of a span whose beginning was just said: the day only where it is another. */
export function endWords({ from, until }: Span, now: Date): string {
  return dayOf(from) === dayOf(until) ? clockTime(until) : dayTime(until, now, locale.value);
}

const DAY_MS = 86_400_000;
/** Days since 1970-01-01 in China's time. */
export const dayOf = (at: Time | number): number => dayOfMs(typeof at === 'number' ? at : Date.parse(at));

/** 11月26日 周四; Thu 26 Nov. */
export function dayWords(day: number): string {
  const noon = new Date(startOfDay(day) + DAY_MS / 2);
  const part = (options: Intl.DateTimeFormatOptions) => noon.toLocaleDateString(locale.value, { timeZone: ZONE, ...options });
  if (locale.value === 'en') return `${part({ weekday: 'short' })} ${noon.getUTCDate()} ${part({ month: 'short' })}`;
  return `${noon.getUTCMonth() + 1}月${noon.getUTCDate()}日 ${part({ weekday: 'short' })}`;
}

/** What is to come of a shift, and is at work. */
export const isToCome = (shift: Shift, now: Date): boolean => shift.state === 'on' && Date.parse(shift.from) > now.getTime();
export const holds = ({ from, until }: Span, now: Date): boolean => Date.parse(from) <= now.getTime() && now.getTime() < Date.parse(until);
