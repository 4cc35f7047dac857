import { describe, expect, it } from 'vitest';
import { provisionalYear } from '../../src/grid/calendar-days.ts';
import { type CalendarBook, type CalendarEdit, editCalendar } from '../../src/grid/calendar-edit.ts';

const HOURS = [
  { from: '08:30', to: '12:00' },
  { from: '14:30', to: '17:30' },
];
const book: CalendarBook = { days: new Map(provisionalYear(2027).map((day) => [day.day, day])), hours: HOURS };

function edited(edit: CalendarEdit) {
  const result = editCalendar(book, edit);
  if (!result.ok) throw new Error(result.faults.map((f) => f.what.en).join('; '));
  return result;
}
const faults = (edit: CalendarEdit): string[] => {
  const result = editCalendar(book, edit);
  return result.ok ? [] : result.faults.map((f) => `${f.path} ${f.code}`);
};

describe('an edit of days', () => {
  it('makes a range of days a holiday with a name, and says which days are other ones', () => {
    const { book: after, changed } = edited({
      days: [{ from: '2027-02-04', to: '2027-02-05', kind: 'holiday', labelZh: '春节放假', labelEn: 'Spring Festival holiday' }],
    });
    expect(changed.map((d) => d.day)).toEqual(['2027-02-04', '2027-02-05']);
    expect(after.days.get('2027-02-04')).toMatchObject({ kind: 'holiday', working: false, statutory: false, status: 'announced' });
    // It was a statutory one before, and stays one.
    expect(after.days.get('2027-02-05')).toMatchObject({ statutory: true, labelEn: 'Spring Festival holiday', status: 'announced' });
    expect(book.days.get('2027-02-04')!.working).toBe(true);
  });

  it('makes a weekend day a make-up workday (调休), and back to what the weekday says', () => {
    const made = edited({ days: [{ from: '2027-02-20', to: '2027-02-20', kind: 'makeup_workday' }] });
    expect(made.book.days.get('2027-02-20')).toMatchObject({ kind: 'makeup_workday', working: true, labelZh: '调休上班' });
    const back = editCalendar(made.book, { days: [{ from: '2027-02-20', to: '2027-02-20', kind: 'usual' }] });
    expect(back).toMatchObject({ ok: true, changed: [{ day: '2027-02-20', kind: 'weekend', working: false }] });
  });

  it('leaves the kind and confirms the days when only the status is given: the notice is out', () => {
    const { changed, book: after } = edited({ days: [{ from: '2027-01-01', to: '2027-12-31', status: 'announced' }] });
    expect(changed).toHaveLength(365);
    for (const [day, { kind, labelZh }] of after.days) expect({ day, kind, labelZh }).toEqual({ day, ...pick(day) });
    function pick(day: string) {
      const { kind, labelZh } = book.days.get(day)!;
      return { kind, labelZh };
    }
  });

  it.each<[string, CalendarEdit, string]>([
    ['no date', { days: [{ from: '2027-02-30', to: '2027-03-01', kind: 'usual' }] }, 'days.0.from not-a-day'],
    ['ends before it begins', { days: [{ from: '2027-03-02', to: '2027-03-01', kind: 'usual' }] }, 'days.0.to days-order'],
    [
      'a make-up workday on a Monday',
      { days: [{ from: '2027-03-01', to: '2027-03-01', kind: 'makeup_workday' }] },
      'days.0 makeup-not-weekend',
    ],
    [
      'a make-up workday before the notice',
      { days: [{ from: '2027-03-06', to: '2027-03-06', kind: 'makeup_workday', status: 'provisional' }] },
      'days.0 makeup-provisional',
    ],
    ['a holiday without a name', { days: [{ from: '2027-03-01', to: '2027-03-01', kind: 'holiday' }] }, 'days.0 name-missing'],
    ['a statutory workday', { days: [{ from: '2027-03-01', to: '2027-03-01', statutory: true }] }, 'days.0 statutory-not-holiday'],
    ['a year that is missing', { days: [{ from: '2028-01-03', to: '2028-01-03', kind: 'usual' }] }, 'days.0 year-missing'],
    ['nothing that is new', { days: [{ from: '2027-03-01', to: '2027-03-05', kind: 'usual', status: 'provisional' }] }, ' nothing'],
    ['nothing at all', {}, ' nothing'],
    [
      'the same day twice',
      {
        days: [
          { from: '2027-03-01', to: '2027-03-03', kind: 'holiday', labelZh: '停办' },
          { from: '2027-03-03', to: '2027-03-04', kind: 'usual' },
        ],
      },
      'days.1 days-overlap',
    ],
  ])('refuses %s', (_what, edit, fault) => {
    expect(faults(edit)).toEqual([fault]);
  });

  it('says what to do in both languages, with the day in it', () => {
    const result = editCalendar(book, { days: [{ from: '2027-03-01', to: '2027-03-01', kind: 'makeup_workday' }] });
    expect(result.ok).toBe(false);
    for (const { what, whatToDo } of result.ok ? [] : result.faults) {
      expect(what['zh-CN']).toContain('2027-03-01');
      expect(what.en).toContain('2027-03-01');
      expect(whatToDo['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
      expect(whatToDo.en).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});

describe('a missing year', () => {
  it('is added whole, and its days can be changed in the same edit', () => {
    const { book: after, changed } = edited({
      fill: [2028],
      days: [{ from: '2028-10-02', to: '2028-10-08', kind: 'holiday', labelZh: '国庆节放假' }],
    });
    expect(changed).toHaveLength(366);
    expect(after.days.get('2028-10-07')).toMatchObject({ kind: 'holiday', status: 'announced' });
    expect(after.days.get('2028-10-10')).toMatchObject({ kind: 'workday', status: 'provisional' });
  });

  it('is refused when it is there, or cannot be made', () => {
    expect(faults({ fill: [2027, 2060] })).toEqual(['fill.0 year-there', 'fill.1 year-unknown']);
  });
});

describe('working hours', () => {
  it('are taken in place of those that hold', () => {
    const hours = [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ];
    expect(edited({ hours })).toMatchObject({ book: { hours }, changed: [], hoursChanged: true });
    expect(edited({ hours: [{ from: '00:00', to: '24:00' }] }).book.hours).toHaveLength(1);
  });

  it.each<[string, readonly (readonly [string, string])[], string]>([
    ['none', [], 'hours hours-none'],
    ['no time of a day', [['8:30', '12:00']], 'hours.0.from hours-form'],
    ['a time after the end of a day', [['08:30', '25:00']], 'hours.0.to hours-form'],
    ['an end before the begin', [['12:00', '08:30']], 'hours.0.to hours-order'],
    ['past midnight', [['22:00', '06:00']], 'hours.0.to hours-order'],
    [
      'overlapping',
      [
        ['08:30', '12:00'],
        ['11:00', '17:00'],
      ],
      'hours.1.from hours-overlap',
    ],
    [
      'touching',
      [
        ['08:30', '12:00'],
        ['12:00', '17:00'],
      ],
      'hours.1.from hours-overlap',
    ],
    [
      'out of order',
      [
        ['14:30', '17:30'],
        ['08:30', '12:00'],
      ],
      'hours.1.from hours-overlap',
    ],
    ['seven spans', Array.from({ length: 7 }, (_, i) => [`0${i}:00`, `0${i}:30`] as const), 'hours hours-many'],
  ])('are refused: %s', (_what, spans, fault) => {
    expect(faults({ hours: spans.map(([from, to]) => ({ from, to })) })).toEqual([fault]);
  });
});
