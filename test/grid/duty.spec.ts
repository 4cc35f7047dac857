import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf } from '../../src/china-time.ts';
import { crewOf } from '../../src/grid/shifts.ts';
import { at, bookOf, CREWS, local, PATTERNS } from './duty-world.ts';

/** 26 November 2026 is a Thursday. */
const crewsFrom = (book: ReturnType<typeof bookOf>, from: string, to: string) =>
  book.shifts('station', at(from), at(to)).map((shift) => `${local(shift.fromMs)!.slice(5)} ${shift.state === 'off' ? '–' : shift.crew}`);

describe('班次 (shifts)', () => {
  it('a night shift goes on past midnight, and its crew is the one that began it', () => {
    const book = bookOf({ station: { pattern: 'two-shift', crews: 3 } });
    const evening = book.at('station', at('2026-11-26 23:59'));
    const morning = book.at('station', at('2026-11-27 07:59'));
    expect(morning).toEqual(evening);
    expect([evening.state, local(evening.until)]).toEqual(['on', '2026-11-27 08:00']);
    expect([book.at('station', at('2026-11-27 08:00')).crew, local(evening.next!.from)]).toEqual([evening.next!.crew, '2026-11-27 08:00']);
  });

  it('between its shifts the crew that worked last is on call', () => {
    const book = bookOf({ station: { pattern: 'day', crews: 2 } });
    const noon = book.at('station', at('2026-11-26 12:00'));
    const night = book.at('station', at('2026-11-27 03:00'));
    expect(night).toMatchObject({ state: 'onCall', crew: noon.crew, next: noon.next });
    expect([local(night.until), local(night.next!.from)]).toEqual(['2026-11-27 07:00', '2026-11-27 07:00']);
    expect(night.next!.crew).not.toBe(noon.crew);
  });

  it('an office has one crew a day, over lunch too', () => {
    const book = bookOf({ station: { pattern: 'office', crews: 2 } });
    const crew = book.at('station', at('2026-11-26 09:00')).crew;
    expect(book.at('station', at('2026-11-26 13:00'))).toMatchObject({ state: 'onCall', crew });
    expect(book.at('station', at('2026-11-26 15:00'))).toMatchObject({ state: 'on', crew });
    expect(book.at('station', at('2026-11-27 09:00')).crew).not.toBe(crew);
  });

  it('a make-up Saturday is a working day, and a holiday Thursday is not', () => {
    const book = bookOf({ station: { pattern: 'office', crews: 2 } });
    expect(book.at('station', at('2026-10-10 09:00')).state).toBe('on');
    const holiday = book.at('station', at('2026-10-01 09:00'));
    expect([holiday.state, local(holiday.next!.from)]).toEqual(['onCall', '2026-10-08 08:30']);
  });

  it('days off are shared: each day another crew is on call', () => {
    const book = bookOf({ station: { pattern: 'office', crews: 2 } });
    const [saturday, sunday] = ['2026-11-28 10:00', '2026-11-29 10:00'].map((time) => book.at('station', at(time)));
    expect([saturday!.state, sunday!.state, local(saturday!.until)]).toEqual(['onCall', 'onCall', '2026-11-29 08:30']);
    expect(saturday!.crew).not.toBe(sunday!.crew);
  });

  it('a unit without a crew has nobody, at any hour', () => {
    for (const pattern of Object.keys(PATTERNS)) {
      expect(bookOf({ station: { pattern, crews: 0 } }).at('station', at('2026-11-26 21:00'))).toMatchObject({
        state: 'off',
        crew: null,
        next: null,
      });
    }
  });

  it('of shifts that overlap for the hand-over, the one that begins takes over', () => {
    const patterns = {
      long: {
        spans: [
          { from: '08:00', to: '20:30' },
          { from: '20:00', to: '08:30' },
        ],
        days: 'daily',
        offShiftEn: 'no gap',
      },
    } as const;
    const book = bookOf({ station: { pattern: 'long', crews: 2 } }, patterns);
    expect(local(book.at('station', at('2026-11-26 19:59')).until)).toBe('2026-11-26 20:00');
    expect(book.at('station', at('2026-11-26 20:10')).crew).not.toBe(book.at('station', at('2026-11-26 19:59')).crew);
  });
});

describe('轮班 (rotation)', () => {
  it('is the same whoever asks and whenever: it follows from the date alone', () => {
    expect(crewsFrom(bookOf({ station: {} }), '2026-11-26 00:00', '2026-11-27 08:00')).toEqual([
      '11-26 00:00 3',
      '11-26 08:00 1',
      '11-26 16:00 2',
      '11-27 00:00 3',
    ]);
  });

  it('passes over one crew on Monday, where each would have the same shift for ever', () => {
    expect(crewsFrom(bookOf({ station: {} }), '2026-11-29 08:00', '2026-11-30 16:00')).toEqual([
      '11-29 08:00 1',
      '11-29 16:00 2',
      '11-30 00:00 1',
      '11-30 08:00 2',
    ]);
  });

  it.each(Object.keys(PATTERNS) as (keyof typeof PATTERNS)[])('%s: nobody works two shifts on end, and all take their share', (name) => {
    const pattern = PATTERNS[name];
    for (const crews of [2, 3, 4, 5, 6, 7]) {
      const shifts = Array.from({ length: 7 * 60 }, (_, d) => d + dayOf(at('2026-01-01 00:00'))).flatMap((day) =>
        name === 'office' ? [crewOf(pattern, crews, day, 0)] : pattern.spans.map((_, k) => crewOf(pattern, crews, day, k)),
      );
      expect(shifts.filter((crew, n) => crew === shifts[n - 1])).toEqual([]);
      const share = Array.from({ length: crews }, (_, crew) => shifts.filter((c) => c === crew).length);
      expect(Math.max(...share) - Math.min(...share), `${crews} crews ${share.join(' ')}`).toBeLessThanOrEqual(shifts.length / 20);
      // Three and more crews: nobody has the nights for ever.
      const aDay = shifts.length / (7 * 60);
      for (let span = 0; crews > 2 && span < aDay; span++) expect(new Set(shifts.filter((_, n) => n % aDay === span)).size).toBe(crews);
    }
  });
});

describe('调整 (overrides)', () => {
  it('put another crew in over midnight, and nothing else changes', () => {
    const plain = bookOf({ station: {} });
    const book = bookOf({ station: { overrides: [{ from: '2026-11-26 22:00', to: '2026-11-27 02:00', crew: '1' }] } });
    expect(crewsFrom(book, '2026-11-26 16:00', '2026-11-27 08:00')).toEqual([
      '11-26 16:00 2',
      '11-26 22:00 1',
      '11-27 00:00 1',
      '11-27 02:00 3',
    ]);
    for (const time of ['2026-11-26 21:59', '2026-11-27 02:00', '2026-11-27 12:00']) {
      expect(book.at('station', at(time)).crew).toBe(plain.at('station', at(time)).crew);
    }
    expect(local(book.runEnds('station', '1', at('2026-11-26 23:00')))).toBe('2026-11-27 02:00');
  });

  it('call a crew in where only the telephone would be answered', () => {
    const book = bookOf({
      station: { pattern: 'day', crews: 2, overrides: [{ from: '2026-11-26 19:00', to: '2026-11-27 07:00', crew: '1' }] },
    });
    expect(book.at('station', at('2026-11-26 23:00'))).toMatchObject({ state: 'on', crew: '1' });
  });

  it('a swap of two shifts is two overrides, and each crew still works as much', () => {
    const plain = bookOf({ station: {} });
    const book = bookOf({
      station: {
        overrides: [
          { from: '2026-11-27 00:00', to: '2026-11-27 08:00', crew: '1' },
          { from: '2026-11-27 08:00', to: '2026-11-27 16:00', crew: '3' },
        ],
      },
    });
    const worked = (of: typeof book) => of.shifts('station', at('2026-11-27 00:00'), at('2026-11-28 00:00')).map((shift) => shift.crew);
    expect([worked(plain), worked(book)]).toEqual([
      ['3', '1', '2'],
      ['1', '3', '2'],
    ]);
  });

  it('of two that overlap the later one counts', () => {
    const overrides = [
      { from: '2026-11-26 08:00', to: '2026-11-26 16:00', crew: '3' },
      { from: '2026-11-26 12:00', to: '2026-11-26 14:00', crew: null },
    ];
    expect(crewsFrom(bookOf({ station: { overrides } }), '2026-11-26 08:00', '2026-11-26 16:00')).toEqual([
      '11-26 08:00 3',
      '11-26 12:00 –',
      '11-26 14:00 3',
    ]);
  });

  it('with nobody leaves a hole that ends with the interval', () => {
    const book = bookOf({ station: { overrides: [{ from: '2026-11-26 16:00', to: '2026-11-27 00:00', crew: null }] } });
    const duty = book.at('station', at('2026-11-26 18:00'));
    expect([duty.state, duty.crew, local(duty.until), duty.next!.crew]).toEqual(['off', null, '2026-11-27 00:00', '3']);
  });
});

describe('替补 (stand-ins)', () => {
  const hole = [{ from: '2026-11-26 16:00', to: '2026-11-27 00:00', crew: null }];
  const then = at('2026-11-26 18:00');

  it('a unit that has somebody comes itself, also when only on call', () => {
    const book = bookOf({ station: { pattern: 'day', standIn: 'other' }, other: {} });
    expect(book.comesFor('station', at('2026-11-26 03:00'))).toEqual({ unit: 'station', duty: 'full' });
  });

  it('a hole brings the stand-in, which may only guard the place where the table says so', () => {
    expect(bookOf({ station: { overrides: hole, standIn: 'other' }, other: {} }).comesFor('station', then)).toEqual({
      unit: 'other',
      duty: 'full',
    });
    const guard = bookOf({ station: { overrides: hole, standIn: 'other', standInDuty: 'secure-only' }, other: {} });
    expect(guard.comesFor('station', then)).toEqual({ unit: 'other', duty: 'secure-only' });
  });

  it('the stand-in’s own duty counts: with a hole too, its stand-in comes, and the least duty of the chain holds', () => {
    const book = bookOf({
      station: { overrides: hole, standIn: 'second', standInDuty: 'secure-only' },
      second: { overrides: hole, standIn: 'third' },
      third: {},
    });
    expect(book.comesFor('station', then)).toEqual({ unit: 'third', duty: 'secure-only' });
  });

  it('two that stand in for each other, both with a hole, have nobody – and the question ends', () => {
    const book = bookOf({ station: { overrides: hole, standIn: 'other' }, other: { overrides: hole, standIn: 'station' } });
    expect(book.comesFor('station', then)).toBeNull();
    expect(bookOf({ station: { overrides: hole } }).comesFor('station', then)).toBeNull();
  });

  it('a unit that is not in the book is a fault, not a hole', () => {
    expect(() => bookOf({ station: {} }).at('elsewhere', then)).toThrow(RangeError);
  });
});

describe('at any instant', () => {
  const minute = fc.integer({ min: 0, max: 800 * 1_440 }).map((minutes) => at('2026-01-01 00:00') + minutes * 60_000);
  const roundClock = fc.constantFrom('round-clock', 'two-shift');

  it('a unit round the clock has exactly one crew at work', () => {
    fc.assert(
      fc.property(minute, roundClock, fc.integer({ min: 1, max: 7 }), (now, pattern, crews) => {
        const book = bookOf({ station: { pattern, crews } });
        const here = book.shifts('station', now, now + 1);
        expect(here).toHaveLength(1);
        expect(here[0]!.state).toBe('on');
        expect(CREWS.slice(0, crews)).toContain(here[0]!.crew);
        expect(book.at('station', now).crew).toBe(here[0]!.crew);
      }),
    );
  });

  it('pieces of any pattern follow one another without a gap or an overlap, whatever overrides lie over them', () => {
    const overrides = fc.array(
      fc.record({ from: minute, minutes: fc.integer({ min: 1, max: 4_000 }), crew: fc.constantFrom('1', '2', null) }),
      { maxLength: 4 },
    );
    const ofAnyPattern = fc.constantFrom(...(Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]));
    fc.assert(
      fc.property(
        minute,
        ofAnyPattern,
        fc.integer({ min: 1, max: 5 }),
        overrides,
        fc.integer({ min: 1, max: 20_000 }),
        (from, pattern, crews, laid, minutes) => {
          const text = (ms: number) => local(ms)!;
          const given = laid.map((o) => ({ from: text(o.from), to: text(o.from + o.minutes * 60_000), crew: o.crew }));
          const to = from + minutes * 60_000;
          const shifts = bookOf({ station: { pattern, crews, overrides: given } }).shifts('station', from, to);
          expect(shifts[0]!.fromMs).toBeLessThanOrEqual(from);
          expect(shifts.at(-1)!.toMs).toBeGreaterThanOrEqual(to);
          for (const [n, shift] of shifts.entries()) {
            expect(shift.toMs).toBeGreaterThan(shift.fromMs);
            if (n > 0) expect(shift.fromMs).toBe(shifts[n - 1]!.toMs);
            expect(shift.crew === null).toBe(shift.state === 'off');
            const last = given.filter((o) => at(o.from) <= shift.fromMs && shift.toMs <= at(o.to)).at(-1);
            if (last !== undefined) expect(shift.crew).toBe(last.crew);
            else expect(shift.crew).toBe(shift.planned);
          }
        },
      ),
    );
  });

  it('whoever comes for a unit is there, however the stand-ins are chained', () => {
    const names = ['a', 'b', 'c', 'd'];
    const unit = fc.record({
      standIn: fc.constantFrom(...names),
      standInDuty: fc.constantFrom('full' as const, 'secure-only' as const),
      hole: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.tuple(unit, unit, unit, unit), (units) => {
        const overrides = [{ from: '2026-11-26 00:00', to: '2026-11-27 00:00', crew: null }];
        const book = bookOf(
          Object.fromEntries(units.map(({ hole, ...row }, n) => [names[n]!, { ...row, ...(hole ? { overrides } : {}) }])),
        );
        for (const name of names) {
          const comes = book.comesFor(name, at('2026-11-26 12:00'));
          const reached = new Set<string>();
          for (let here = name; !reached.has(here); here = units[names.indexOf(here)]!.standIn) reached.add(here);
          if (comes === null) expect([...reached].every((one) => units[names.indexOf(one)]!.hole)).toBe(true);
          else expect([units[names.indexOf(comes.unit)]!.hole, reached.has(comes.unit)]).toEqual([false, true]);
        }
      }),
    );
  });
});
