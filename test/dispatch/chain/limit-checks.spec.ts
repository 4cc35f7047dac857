import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../../src/dispatch/chain/incident.ts';
import type { Limit, Rules } from '../../../src/dispatch/chain/levels.ts';
import { checkLimits } from '../../../src/dispatch/chain/limit-checks.ts';
import { missingYears, neededYears } from '../../../src/dispatch/chain/missing-years.ts';

const WORKDAY = { fromMin: 8 * 60, toMin: 16 * 60 };
const minutes = (value: number, kind: Limit['kind'] = 'continuous'): Limit => ({ value, unit: 'minutes', kind });

function rules(calls: readonly Limit[], more: Partial<Rules> = {}): Rules {
  return {
    limits: new Map(LEVELS.map((level, i) => [`${level}:call` as const, calls[i]!])),
    calendar: { days: new Map(), spans: [WORKDAY] },
    extensions: { R1: 0, R2: 1, R3: 2, R4: 2 },
    suspendDays: { R1: 0, R2: 0, R3: 30, R4: 365 },
    ...more,
  };
}
const FINE = [minutes(2), minutes(15), minutes(30, 'working'), { value: 2, unit: 'hours', kind: 'working' }] as const satisfies Limit[];

describe('a table of limits', () => {
  it('has nothing odd when graver is faster', () => {
    expect(checkLimits(rules(FINE))).toEqual([]);
  });

  it.each<[string, readonly Limit[], object]>([
    ['R1 slower than R2', [minutes(20), ...FINE.slice(1)], { level: 'R1', clock: 'call', code: 'graver-is-slower' }],
    [
      'a working day against hours, as long as the district’s own day',
      [FINE[0], FINE[1], { value: 1, unit: 'workdays', kind: 'working' }, { value: 7, unit: 'hours', kind: 'working' }],
      { level: 'R3', clock: 'call', code: 'graver-is-slower' },
    ],
    ['R2 that stands still at night', [FINE[0], minutes(15, 'working'), FINE[2], FINE[3]], { level: 'R2', code: 'grave-not-continuous' }],
    [
      'half a year for a call',
      [...FINE.slice(0, 3), { value: 130, unit: 'workdays', kind: 'working' }],
      { level: 'R4', code: 'very-long' },
    ],
  ])('is odd: %s', (_what, calls, warning) => {
    expect(checkLimits(rules(calls))).toMatchObject([warning]);
  });

  it('is odd when the gravest may wait', () => {
    const odd = checkLimits(rules(FINE, { extensions: { R1: 1, R2: 1, R3: 2, R4: 2 }, suspendDays: { R1: 0, R2: 5, R3: 30, R4: 365 } }));
    expect(odd).toEqual([
      { level: 'R1', code: 'grave-extended' },
      { level: 'R2', code: 'grave-suspended' },
    ]);
  });
});

describe('years that the calendar needs', () => {
  it.each<[string, string, number[]]>([
    ['in the middle of a year', '2026-06-30T12:00:00Z', [2026]],
    ['before November', '2026-10-31T15:59:59Z', [2026]],
    // In the district it is the first of November already.
    ['from November on', '2026-10-31T16:00:00Z', [2026, 2027]],
    ['at the turn of the year, in the district’s own time', '2026-12-31T16:00:00Z', [2027]],
  ])('are known: %s', (_when, now, years) => {
    expect(neededYears(new Date(now))).toEqual(years);
  });

  it('are missing when their first or last day is not there', () => {
    const days = new Map([
      ['2026-01-01', false],
      ['2026-12-31', true],
      ['2027-01-01', false],
    ]);
    expect(missingYears({ days, spans: [WORKDAY] }, new Date('2026-11-26T00:00:00Z'))).toEqual([2027]);
  });
});
