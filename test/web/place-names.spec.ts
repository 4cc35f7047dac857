import { describe, expect, it } from 'vitest';
import { saysCommunity } from '../../web/shared/place-names.ts';

describe('the name of a cell', () => {
  it.each([
    ['高基里第1网格', '高基里社区居委会'],
    ['高基里, cell 1', '高基里 community'],
    ['大有第3网格', '大有村委会'],
    ['大有, cell 3', '大有 village'],
  ])('%s says %s already', (cell, community) => {
    expect(saysCommunity(cell, community)).toBe(true);
  });
  it.each([
    ['新城第1网格', '高基里社区居委会'],
    ['441802006001001', '高基里 community'],
    ['高基里第1网格', ''],
  ])('%s does not say %s', (cell, community) => {
    expect(saysCommunity(cell, community)).toBe(false);
  });
});
