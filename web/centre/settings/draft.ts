/** What was changed on the settings page and not saved yet. Pure but for the keeping; survives a turned page and a session that ended. */
import { reactive } from 'vue';
import type { CalendarEdit, DaysChange, WorkingSpan } from '../../../src/grid/calendar-edit.ts';
import { keepTyped } from '../../shared/typed.ts';
import type { Level } from '../../shared/types.ts';

export interface LimitValue {
  readonly value: number;
  readonly unit: 'minutes' | 'hours' | 'workdays';
  readonly kind: 'working' | 'continuous';
}
export interface LevelRule {
  readonly extensions: number;
  readonly suspendDays: number;
}

export interface SettingsDraft {
  fill: number[];
  days: DaysChange[];
  /** null: as they are. */
  hours: WorkingSpan[] | null;
  /** By `R3:call`. */
  limits: Record<string, LimitValue>;
  levels: Partial<Record<Level, LevelRule>>;
}

const empty = (): SettingsDraft => ({ fill: [], days: [], hours: null, limits: {}, levels: {} });

export const draft: SettingsDraft = reactive(empty());
keepTyped<Partial<SettingsDraft>>(
  'centre.settings',
  (kept) => Object.assign(draft, empty(), kept),
  () => (calendarChanges(draft) + limitChanges(draft) === 0 ? null : draft),
);

export function calendarChanges({ fill, days, hours }: SettingsDraft): number {
  return fill.length + days.length + (hours === null ? 0 : 1);
}
export function limitChanges({ limits, levels }: SettingsDraft): number {
  return Object.keys(limits).length + Object.keys(levels).length;
}

export function calendarEdit({ fill, days, hours }: SettingsDraft): CalendarEdit {
  return { fill: [...fill], days: days.map((d) => ({ ...d })), ...(hours === null ? {} : { hours: hours.map((h) => ({ ...h })) }) };
}
export function dropCalendar(): void {
  Object.assign(draft, { fill: [], days: [], hours: null });
}
export function dropLimits(): void {
  Object.assign(draft, { limits: {}, levels: {} });
}

const DAY_MS = 86_400_000;
const moved = (day: string, by: number) => new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

/** The changes with one more; where it overlaps earlier ones, it holds. In order of their days. */
export function withChange(changes: readonly DaysChange[], change: DaysChange): DaysChange[] {
  const rest = changes.flatMap((old) => {
    if (old.to < change.from || old.from > change.to) return [old];
    const before = old.from < change.from ? [{ ...old, to: moved(change.from, -1) }] : [];
    const after = old.to > change.to ? [{ ...old, from: moved(change.to, 1) }] : [];
    return [...before, ...after];
  });
  return [...rest, change].sort((a, b) => (a.from < b.from ? -1 : 1));
}
