import { describe, expect, it, test } from 'vitest';
import { decideClaim, isFulfilled, isOverdue, standingOf, type NeedFigures } from '../../../src/cobuild/chain/need.ts';

const need = (over: Partial<NeedFigures> = {}): NeedFigures => ({
  state: 'open',
  quantity: 10,
  claimed: 4,
  confirmed: 0,
  due: '2026-12-18',
  ...over,
});
const TODAY = '2026-11-20';

describe('需求 (a need)', () => {
  test.each([
    [{ claimed: 0 }, 'open'],
    [{ claimed: 4 }, 'partClaimed'],
    [{ claimed: 10 }, 'claimed'],
    [{ state: 'fulfilled', claimed: 10 }, 'confirmed'],
    [{ state: 'withdrawn' }, 'withdrawn'],
    [{ state: 'closed' }, 'closed'],
  ] as const)('%o stands as %s', (over, standing) => {
    expect(standingOf(need(over))).toBe(standing);
  });
  it('is overdue the day after its last, unless it is done', () => {
    expect(isOverdue(need({ due: TODAY }), TODAY)).toBe(false);
    expect(isOverdue(need({ due: '2026-11-19' }), TODAY)).toBe(true);
    expect(isOverdue(need({ due: '2026-11-19', state: 'fulfilled' }), TODAY)).toBe(false);
  });
  it('is fulfilled with the last part confirmed', () => {
    expect([isFulfilled(need({ confirmed: 6 }), 3), isFulfilled(need({ confirmed: 6 }), 4)]).toEqual([false, true]);
  });
});

describe('认领 (a claim)', () => {
  it('ends with the need unless it says an earlier day', () => {
    expect(decideClaim(need(), { quantity: 6 }, TODAY)).toEqual({ due: '2026-12-18' });
    expect(decideClaim(need(), { quantity: 1, due: '2026-12-01' }, TODAY)).toEqual({ due: '2026-12-01' });
  });
  test.each([
    [need(), { quantity: 7 }, 'claim-over-rest'],
    [need({ claimed: 10 }), { quantity: 1 }, 'need-all-claimed'],
    [need({ due: '2026-11-19' }), { quantity: 1 }, 'need-overdue'],
    [need(), { quantity: 1, due: '2026-11-19' }, 'date-in-past'],
    [need(), { quantity: 1, due: '2026-12-19' }, 'claim-after-need'],
  ])('%o of %o: %s', (of, wanted, code) => {
    expect(decideClaim(of, wanted, TODAY)).toMatchObject({ ok: false, code });
  });
});
