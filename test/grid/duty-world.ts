/** A small district's duty, with the patterns of the demo world. */
import { type DutyBook, type DutyOverride, type DutyUnit, makeDutyBook } from '../../src/grid/duty.ts';
import type { ShiftPatternRow } from '../../src/grid/shifts.ts';

const spans = (text: string) => text.split(';').map((span) => ({ from: span.split('-')[0]!, to: span.split('-')[1]! }));
export const PATTERNS = {
  'round-clock': { spans: spans('00:00-08:00;08:00-16:00;16:00-24:00'), days: 'daily', offShiftEn: 'no gap' },
  'two-shift': { spans: spans('08:00-20:00;20:00-08:00'), days: 'daily', offShiftEn: 'no gap' },
  'early-late': { spans: spans('06:30-14:30;14:30-22:30'), days: 'daily', offShiftEn: 'one person on call at night' },
  day: { spans: spans('07:00-19:00'), days: 'daily', offShiftEn: 'one person on call at night' },
  office: { spans: spans('08:30-12:00;14:30-17:30'), days: 'workdays', offShiftEn: 'on call at all other times' },
} as const satisfies Record<string, ShiftPatternRow>;

/** National Day 2026: 1–7 October off, Saturday 10 October made up. */
export const DAYS: ReadonlyMap<string, boolean> = new Map([
  ...['01', '02', '03', '04', '05', '06', '07'].map((day) => [`2026-10-${day}`, false] as const),
  ['2026-10-10', true],
]);

export const CREWS = ['1', '2', '3', '4', '5', '6', '7'];
/** China's time, `2026-11-26 20:00`. */
export const at = (local: string): number => Date.parse(`${local.replace(' ', 'T')}:00+08:00`);
export const local = (time: string | number | null): string | null =>
  time === null ? null : new Date(new Date(time).getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

export interface Given {
  readonly pattern?: string;
  readonly crews?: number;
  readonly standIn?: string;
  readonly standInDuty?: DutyUnit['standInDuty'];
  readonly overrides?: readonly { readonly from: string; readonly to: string; readonly crew: string | null }[];
}

/** Units by name; each is on duty round the clock in three crews unless something else is given. */
export function bookOf(given: Readonly<Record<string, Given>>, patterns: Readonly<Record<string, ShiftPatternRow>> = PATTERNS): DutyBook {
  const units = Object.entries(given);
  return makeDutyBook({
    units: new Map(
      units.map(([code, { pattern = 'round-clock', standIn = code, standInDuty = 'full' }]) => [
        code,
        { code, shiftPattern: pattern, standInUnit: standIn, standInDuty },
      ]),
    ),
    shiftPatterns: new Map(Object.entries(patterns)),
    days: DAYS,
    crews: new Map(units.map(([code, { crews = 3 }]) => [code, CREWS.slice(0, crews)])),
    overrides: new Map(
      units.map(([code, { overrides = [] }]) => [
        code,
        overrides.map(({ from, to, crew }, n): DutyOverride => ({ id: `override ${n}`, fromMs: at(from), toMs: at(to), crew })),
      ]),
    ),
  });
}
