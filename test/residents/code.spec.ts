/** The code of a link: who was given the slip has it, who only counts numbers has not. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CODE_FORM, codeOf, isCode, pathOf } from '../../src/residents/code.ts';

const KEY = Buffer.alloc(32, 7);
const DISTRICT = 441802;
const NUMBER = '20261118-0207';
const CODE = codeOf(KEY, DISTRICT, NUMBER);

describe('a code', () => {
  it('belongs to one number, one district and one key', () => {
    expect(CODE).toMatch(CODE_FORM);
    expect(isCode(KEY, DISTRICT, NUMBER, CODE)).toBe(true);
    expect(isCode(KEY, DISTRICT, '20261118-0208', CODE)).toBe(false);
    expect(isCode(KEY, 441803, NUMBER, CODE)).toBe(false);
    expect(isCode(randomBytes(32), DISTRICT, NUMBER, CODE)).toBe(false);
  });
  it('may be typed as it stands on paper', () => {
    const onPaper = CODE.toUpperCase().match(/.{4}/g)!.join(' ');
    const alike = CODE.replaceAll('0', 'O').replaceAll('1', 'l');
    for (const typed of [onPaper, onPaper.replaceAll(' ', '-'), alike])
      expect([typed, isCode(KEY, DISTRICT, NUMBER, typed)]).toEqual([typed, true]);
  });
  it.each([undefined, '', CODE.slice(1), `${CODE}0`, `${CODE.slice(0, -1)}!`, '\u0000'.repeat(12)])('is not %j', (typed) => {
    expect(isCode(KEY, DISTRICT, NUMBER, typed)).toBe(false);
  });
  it('uses all its letters: none of a thousand numbers shares one', () => {
    const codes = Array.from({ length: 1_000 }, (_, i) => codeOf(KEY, DISTRICT, `20261118-${String(i).padStart(4, '0')}`));
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(codes.join('')).size).toBe(32);
    for (const code of codes) expect(code).toMatch(CODE_FORM);
  });
  it('stands in an address short enough for a coarse QR code', () => {
    expect(pathOf(NUMBER, CODE).length).toBeLessThanOrEqual(32);
  });
});
