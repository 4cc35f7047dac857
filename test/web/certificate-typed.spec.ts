import { describe, expect, it, test } from 'vitest';
import { askedBy, askedFrom } from '../../web/shared/certificate-typed.ts';
import { groupedCode } from '../../web/shared/grouped-code.ts';

const KEY = 'Ab3_-xY9Ab3_-xY9Ab3_-x';
const ASKED = { number: '聘-2026-071', key: KEY };
const ADDRESS = `https://fengming.example/certificate/?${new URLSearchParams({ n: ASKED.number, k: KEY }).toString()}`;

describe('验证聘书 (what was typed from the paper)', () => {
  test.each([
    ['as it stands there', '聘-2026-071', KEY],
    ['in groups, as it is printed', ' 聘-2026-071 ', groupedCode(KEY)],
    ['with full-width figures and another dash', '聘—２０２６－０７１', KEY],
    ['the whole address in the first field', ADDRESS, ''],
    ['the whole address in the second field', '', ` ${ADDRESS}`],
  ])('%s', (_, number, key) => {
    expect(askedFrom(number, key)).toEqual(ASKED);
  });

  test.each([
    ['no number', '', KEY],
    ['no code', '聘-2026-071', ''],
    ['a code that none is', '聘-2026-071', '验证码'],
    ['an address that is cut off', ADDRESS.slice(0, ADDRESS.indexOf('&')), ''],
  ])('%s is not enough', (_, number, key) => {
    expect(askedFrom(number, key)).toBeNull();
  });

  it('is the same as by the address of the QR code', () => {
    expect(askedBy(new URL(ADDRESS).search)).toEqual(ASKED);
    expect(askedBy('')).toBeNull();
    expect(groupedCode(KEY)).toBe('Ab3_ -xY9 Ab3_ -xY9 Ab3_ -x');
  });
});
