/** What residents choose from, against the category table of the demo world. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, test } from 'vitest';
import { isDiscreet, kindsOf, RESIDENT_KINDS, rowFor, type KnownCategory } from '../../src/residents/kinds.ts';

const rows = parse(readFileSync('data/seed/categories.csv', 'utf8'), { columns: true }) as Record<string, string>[];
const categories = new Map(
  rows.map((row): [string, KnownCategory] => [
    row['row']!,
    {
      code: row['row']!,
      kind: row['kind'] as KnownCategory['kind'],
      category: row['category']!,
      nameZh: row['category_zh']!,
      level: row['level'] as KnownCategory['level'],
      keywords: row['keywords_zh']!.split(';').filter(Boolean),
    },
  ]),
);
const by = (words: string, kind?: string) => rowFor({ kind, words }, categories);
const levelOf = (code: string | null) => (code === null ? null : categories.get(code)!.level);

describe('the kinds', () => {
  it('are all offered in the demo world', () => {
    expect(kindsOf(categories).map(({ kind }) => kind)).toEqual(RESIDENT_KINDS.map(({ kind }) => kind));
    expect(new Set(RESIDENT_KINDS.map(({ kind }) => kind)).size).toBe(RESIDENT_KINDS.length);
  });
  test.each(RESIDENT_KINDS)('$kind sets nothing off by itself and is a thing of the street', ({ kind, category }) => {
    expect(by('', kind)).toBe(category);
    expect(levelOf(category)).not.toBe('R1');
    expect(isDiscreet(categories.get(category)!)).toBe(false);
  });
  it('whose row a district lacks, or holds for R1, are not offered', () => {
    const without = new Map([...categories].filter(([code]) => code !== 'C0123-01'));
    expect(kindsOf(without).some(({ kind }) => kind === 'cover')).toBe(false);
    const grave = new Map(categories).set('C0123-01', { ...categories.get('C0123-01')!, level: 'R1' });
    expect(kindsOf(grave).some(({ kind }) => kind === 'cover')).toBe(false);
    expect(rowFor({ kind: 'cover', words: '井盖' }, grave)).toBeNull();
  });
  it('that nobody knows are none', () => expect(by('井盖', 'nonsense')).toBeNull());
});

describe('the words', () => {
  it('find the category that they name, at its gravest row that may be reported', () => {
    expect(by('人行道地砖翘起来了')).toBe('C0299-01');
    expect(by('污水井的盖子不见了')).toBe('C0102-01');
  });
  it('of an emergency are not taken: nobody’s words alone make units ring', () => {
    for (const code of categories.keys()) {
      const { nameZh } = categories.get(code)!;
      expect([nameZh, levelOf(by(nameZh))]).not.toEqual([nameZh, 'R1']);
    }
  });
  it('of quarrels and people in need are not taken here', () => {
    const discreet = [...categories.values()].filter(isDiscreet);
    expect(discreet.length).toBeGreaterThan(30);
    for (const { nameZh } of discreet) {
      const found = by(nameZh);
      if (found !== null) expect([nameZh, isDiscreet(categories.get(found)!)]).toEqual([nameZh, false]);
    }
  });
  it('that say nothing give nothing', () => {
    for (const words of ['', '你好', '。。。']) expect(by(words)).toBeNull();
  });
});
