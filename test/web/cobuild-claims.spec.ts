/** 认领 (claims) as the pages count them. */
import { describe, expect, it } from 'vitest';
import { claimersOf, holdingOf, isOpen } from '../../web/shared/cobuild/claims.ts';
import type { Claim } from '../../web/shared/cobuild/types.ts';

const claim = (member: string, quantity: number, state: Claim['state']) =>
  ({ code: `${member} ${state}`, member, orgZh: member, orgEn: member, quantity, state }) as Claim;

describe('认领 (claims)', () => {
  const claims = [
    claim('school', 3, 'delivered'),
    claim('police', 2, 'givenBack'),
    claim('school', 1, 'claimed'),
    claim('bank', 4, 'confirmed'),
  ];

  it('hold their part until they are given back, lapse or are let go', () => {
    expect(holdingOf({ claims }).map((one) => one.quantity)).toEqual([3, 1, 4]);
    expect(holdingOf({ claims: [claim('bank', 1, 'lapsed'), claim('bank', 1, 'released')] })).toEqual([]);
  });

  it('name each unit once, in the order in which they came', () => {
    expect(claimersOf({ claims }).map(({ orgZh, sum }) => [orgZh, sum])).toEqual([
      ['school', 4],
      ['bank', 4],
    ]);
  });

  it('are of a need that is open until all is confirmed or it ends otherwise', () => {
    const states = ['open', 'partClaimed', 'claimed', 'confirmed', 'withdrawn', 'closed'] as const;
    expect(states.filter((state) => isOpen({ state }))).toEqual(['open', 'partClaimed', 'claimed']);
  });
});
