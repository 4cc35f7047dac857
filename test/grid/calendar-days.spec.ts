import { describe, expect, it } from 'vitest';
import { FIRST_YEAR, LAST_YEAR, provisionalYear } from '../../src/grid/calendar-days.ts';
import { readDemoTable } from '../../src/grid/demo-files.ts';

const statutory = (year: number) =>
  provisionalYear(year)
    .filter((day) => day.statutory)
    .map((day) => day.day);

describe('a year before its notice is out', () => {
  it('is what the tables that ship have for 2027, day by day', async () => {
    const rows = await readDemoTable('calendar_2027');
    expect(provisionalYear(2027)).toEqual(
      rows.map((row) => ({
        day: row.day,
        kind: row.kind,
        working: row.working,
        statutory: row.statutory,
        labelZh: row.label_zh,
        labelEn: row.label_en,
        status: row.status,
      })),
    );
  });

  it('has the statutory days that were announced for 2026', async () => {
    const announced = (await readDemoTable('calendar_2026')).filter((row) => row.statutory).map((row) => row.day);
    expect(statutory(2026)).toEqual(announced);
  });

  it('has 13 of them, or 12 where 中秋 falls on one of the first three days of October', () => {
    const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i);
    const fewer = years.filter((year) => statutory(year).length !== 13);
    expect(fewer).toEqual([2028, 2031, 2039]);
    expect(fewer.map((year) => statutory(year).length)).toEqual([12, 12, 12]);
  });

  it('has the lunar days of ICU, but where the new moon comes within minutes of midnight', () => {
    const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
    const keyOf = (day: string) => {
      const parts = lunar.formatToParts(new Date(`${day}T00:00:00Z`));
      return ['month', 'day'].map((type) => parts.find((p) => p.type === type)!.value).join('-');
    };
    const feasts: Readonly<Record<string, readonly string[]>> = { 春节放假: ['1-1', '1-2', '1-3'], 端午放假: ['5-5'], 中秋放假: ['8-15'] };
    const different: string[] = [];
    let looked = 0;
    for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
      for (const [label, keys] of Object.entries(feasts)) {
        // Without 除夕, which has another number in each year.
        const days = provisionalYear(year).filter((day) => day.labelZh === label);
        const found = days.slice(label === '春节放假' ? 1 : 0).map(({ day }) => keyOf(day));
        if (found.length > 0 && found.join() !== keys.join()) different.push(`${year} ${label}`);
        looked += found.length;
      }
    }
    expect(different).toEqual(['2027 春节放假', '2030 春节放假']);
    expect(looked).toBeGreaterThan(100);
  });

  it('cannot be made where the lunar days are not known', () => {
    expect(() => provisionalYear(LAST_YEAR + 1)).toThrow(RangeError);
  });
});
