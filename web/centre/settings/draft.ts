/** What was changed on the settings page and not saved yet. Pure but for the keeping; survives a turned page and a session that ended. */
import { reactive } from 'vue';
import type { CalendarEdit, DaysChange, WorkingSpan } from '../../../src/grid/calendar-edit.ts';
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

const KEPT_AS = 'centre.settings';
const empty = (): SettingsDraft => ({ fill: [], days: [], hours: null, limits: {}, levels: {} });

function kept(): SettingsDraft {
  try {
    return { ...empty(), ...(JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '{}') as Partial<SettingsDraft>) };
  } catch {
    return empty();
  }
}

export const draft: SettingsDraft = reactive(typeof sessionStorage === 'undefined' ? empty() : kept());

/** Written when the page goes away, whatever the reason: signing in again comes back to it in the same tab. */
if (typeof addEventListener === 'function') {
  addEventListener('pagehide', () => {
    try {
      if (calendarChanges(draft) + limitChanges(draft) === 0) sessionStorage.removeItem(KEPT_AS);
      else sessionStorage.setItem(KEPT_AS, JSON.stringify(draft));
    } catch {
      // Storage full or off: the changes live as long as the page.
    }
  });
}

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
