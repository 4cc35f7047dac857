/** Answers of the service that the settings page reads. */
import type { CalendarDay } from '../../../src/grid/calendar-days.ts';
import type { WorkingSpan } from '../../../src/grid/calendar-edit.ts';
import type { LimitedClock } from '../../../src/dispatch/chain/levels.ts';
import type { Level } from '../../shared/types.ts';
import type { LevelRule, LimitValue } from './draft.ts';

export interface WireCalendar {
  readonly year: number;
  readonly days: readonly CalendarDay[];
  readonly hours: readonly WorkingSpan[];
  readonly years: readonly number[];
  readonly missing: readonly number[];
  readonly fillable: readonly number[];
  readonly basis: string;
}

export interface WireEffect {
  readonly open: number;
  readonly moving: number;
  readonly later: number;
  readonly sooner: number;
  readonly longestMs: number;
  readonly overdueAtOnce: number;
  readonly examples: readonly {
    readonly id: string;
    readonly number: string;
    readonly level: Level;
    readonly clock: string;
    readonly from: string;
    readonly to: string;
  }[];
}

export interface WireRecount {
  readonly version: number;
  readonly account: string;
  readonly askedAt: string;
  readonly open: number;
  readonly looked: number;
  readonly moved: number;
  readonly finishedAt: string | null;
}

export interface WireLimits {
  readonly limits: readonly (LimitValue & { readonly level: Level; readonly clock: LimitedClock; readonly shared: LimitValue })[];
  readonly levels: readonly (LevelRule & { readonly level: Level; readonly shared: LevelRule })[];
  readonly warnings: readonly { readonly level: Level; readonly clock?: string; readonly code: string }[];
  readonly basis: string;
}

export interface WireResidents {
  readonly mayReport: boolean;
  readonly seePhotos: boolean;
  readonly mayJoin: boolean;
  readonly basis: string;
}

/** Days that follow each other and are alike. */
export type DayRun = Omit<CalendarDay, 'day' | 'working'> & { readonly from: string; readonly to: string };

export interface WireChange {
  readonly id: number;
  readonly at: string;
  readonly account: string;
  readonly subject: 'calendar' | 'limits' | 'residents';
  readonly before: ChangedParts;
  readonly after: ChangedParts;
}
export interface ChangedParts {
  readonly days?: readonly DayRun[];
  readonly hours?: readonly WorkingSpan[];
  readonly limits?: readonly (LimitValue & { readonly level: Level; readonly clock: LimitedClock })[];
  readonly levels?: readonly (LevelRule & { readonly level: Level })[];
  readonly residents?: Partial<Omit<WireResidents, 'basis'>>;
}
