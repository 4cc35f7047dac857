import { describe, expect, it } from 'vitest';
import { mergeWays, type Mergeable } from '../../web/centre/drawer/merging.ts';

const one = (id: string, more: Partial<Mergeable> = {}): Mergeable => ({
  id,
  number: `20261126-${id}`,
  state: 'called',
  reportedAt: `2026-11-26T0${id}:00:00.000Z`,
  may: ['merge'],
  ...more,
});
const ids = (a: Mergeable, b: Mergeable) => mergeWays(a, b).map(({ from, into }) => [from.id, into.id]);

describe('并案: which goes into which', () => {
  it('is the younger into the older first, from whichever of the two one looks', () => {
    const both = [
      ['2', '1'],
      ['1', '2'],
    ];
    expect(ids(one('1'), one('2'))).toEqual(both);
    expect(ids(one('2'), one('1'))).toEqual(both);
  });

  it('is never into one that has ended', () => {
    for (const state of ['merged', 'closed', 'cancelled', 'rejected', 'referred'] as const) {
      expect(ids(one('1', { state, may: ['unmerge'] }), one('2'))).toEqual([]);
    }
  });

  it('only takes what the account may merge, and the other way where the usual one is too late', () => {
    expect(ids(one('1'), one('2', { state: 'dispatched', may: [] }))).toEqual([['1', '2']]);
    expect(ids(one('1', { may: [] }), one('2', { may: [] }))).toEqual([]);
    expect(ids(one('1'), one('2', { id: null, may: undefined }))).toEqual([]);
  });
});
