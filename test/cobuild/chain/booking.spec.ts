import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { dealSlots, freeThrough, hoursGiven, isOpenFor, refusedWish, type Slots, type Taken } from '../../../src/cobuild/chain/booking.ts';

const at = (time: string) => Date.parse(`${time.replace(' ', 'T')}:00+08:00`);
const taken = (code: string, from: string, to: string, quantity: number): Taken => ({ code, fromMs: at(from), toMs: at(to), quantity });

describe('opening hours', () => {
  test.each([
    ['18:30-21:30', '2026-11-20 18:30', '2026-11-20 21:30', true],
    ['18:30-21:30', '2026-11-20 18:00', '2026-11-20 20:00', false],
    ['18:30-21:30', '2026-11-20 21:00', '2026-11-20 22:00', false],
    ['20:00-07:00', '2026-11-20 23:00', '2026-11-21 06:00', true],
    ['20:00-07:00', '2026-11-21 02:00', '2026-11-21 07:00', true],
    ['20:00-07:00', '2026-11-21 06:00', '2026-11-21 08:00', false],
    ['00:00-24:00', '2026-11-20 03:00', '2026-11-23 03:00', true],
    ['08:00-20:00', '2026-11-20 09:00', '2026-11-21 10:00', false],
  ])('%s: from %s to %s is %s', (hours, from, to, open) => {
    expect(isOpenFor(hours, at(from), at(to))).toBe(open);
  });
});

describe('a wish', () => {
  const hall = { quantity: 1, hours: '08:00-21:00', noticeMinutes: 60, state: 'listed' as const };
  const now = at('2026-11-20 10:00');
  const wish = { fromMs: at('2026-11-20 14:00'), toMs: at('2026-11-20 16:00'), quantity: 1, forIncident: false };
  it('is taken within the hours and with notice', () => {
    expect(refusedWish(hall, wish, now)).toBeNull();
  });
  test.each([
    [{ quantity: 2 }, 'resource-not-so-many'],
    [{ fromMs: at('2026-11-20 10:30') }, 'booking-too-soon'],
    [{ toMs: at('2026-11-20 22:00') }, 'booking-outside-hours'],
    [{ fromMs: at('2026-11-20 09:00') }, 'date-in-past'],
    [{ toMs: wish.fromMs }, 'booking-ends-first'],
    [{ fromMs: at('2026-12-01 10:00'), toMs: at('2026-12-01 09:00') }, 'booking-ends-first'],
    [{ toMs: at('2026-11-29 14:00') }, 'booking-too-long'],
  ])('%o is refused: %s', (change, code) => {
    expect(refusedWish(hall, { ...wish, ...change }, now)).toMatchObject({ code });
  });
  it('for an incident waits for no notice and no hours: whoever lends it decides', () => {
    const night = { ...wish, fromMs: now, toMs: at('2026-11-20 23:30'), forIncident: true };
    expect(refusedWish(hall, night, now)).toBeNull();
    expect(refusedWish({ ...hall, state: 'withdrawn' }, night, now)).toMatchObject({ code: 'resource-withdrawn' });
  });
});

describe('pieces of a resource', () => {
  const pieces = (slots: Slots | undefined) => (slots ?? []).flatMap(([from, to]) => Array.from({ length: to - from }, (_, k) => from + k));

  it('counts what is free by the worst moment of the time, and not by the sum of what touches it', () => {
    const busy = [taken('a', '2026-11-20 08:00', '2026-11-20 10:00', 3), taken('b', '2026-11-20 10:00', '2026-11-20 12:00', 3)];
    expect(freeThrough(4, busy, at('2026-11-20 08:00'), at('2026-11-20 12:00'))).toBe(1);
  });

  it('are dealt anew where a new booking lies across two that hold different ones', () => {
    const two = [taken('a', '2026-11-20 08:00', '2026-11-20 10:00', 1), taken('b', '2026-11-20 09:00', '2026-11-20 11:00', 1)];
    const dealt = dealSlots(2, [...two, taken('c', '2026-11-20 10:00', '2026-11-20 12:00', 1)]);
    expect(dealt).not.toBeNull();
  });

  it('are never two people’s at a time, and are all dealt whenever there are enough at each moment', () => {
    const booking = fc.record({
      from: fc.integer({ min: 0, max: 40 }),
      length: fc.integer({ min: 1, max: 12 }),
      quantity: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(booking, { maxLength: 14 }), (capacity, wishes) => {
        const all = wishes.map(({ from, length, quantity }, k) => ({ code: `b${k}`, fromMs: from, toMs: from + length, quantity }));
        const used = (moment: number) => all.filter((b) => b.fromMs <= moment && b.toMs > moment).reduce((sum, b) => sum + b.quantity, 0);
        const enough = Array.from({ length: 60 }, (_, moment) => used(moment)).every((sum) => sum <= capacity);
        const dealt = dealSlots(capacity, all);
        expect(dealt !== null).toBe(enough);
        if (dealt === null) return;
        for (const b of all) {
          const own = pieces(dealt.get(b.code));
          expect(own).toHaveLength(b.quantity);
          expect(own.every((piece) => piece >= 1 && piece <= capacity)).toBe(true);
          for (const other of all) {
            if (other.code === b.code || other.toMs <= b.fromMs || other.fromMs >= b.toMs) continue;
            expect(pieces(dealt.get(other.code)).filter((piece) => own.includes(piece))).toEqual([]);
          }
        }
      }),
    );
  });
});

it('hours given count each of the people, and a room once', () => {
  expect(hoursGiven('people', 3, 0, 2 * 3_600_000)).toBe(6);
  expect(hoursGiven('venue', 3, 0, 2 * 3_600_000)).toBe(2);
});
