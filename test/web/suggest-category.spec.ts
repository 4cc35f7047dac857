import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { commonCategories } from '../../web/field/report/common.ts';
import { offers, presumed, suggest } from '../../web/field/report/suggest.ts';
import { findCategories } from '../../web/shared/category-search.ts';
import type { Category } from '../../web/shared/types.ts';

const rows = parse(readFileSync('data/seed/categories.csv'), { columns: true }) as Record<string, string>[];
const categories = rows.map((r): Category => ({
  code: r['row']!,
  category: r['category']!,
  nameZh: r['category_zh']!,
  nameEn: r['category_en']!,
  openZh: r['open_zh']!,
  openEn: r['open_en']!,
  closeZh: r['close_zh']!,
  closeEn: r['close_en']!,
  level: r['level'] as Category['level'],
  limitValue: Number(r['limit_value']),
  limitUnit: r['limit_unit'] as Category['limitUnit'],
  clock: r['clock'] as Category['clock'],
  settleOnSpot: r['settle_on_spot'] === '1',
  evidenceClose: r['evidence_close'] === '1',
  keywords: r['keywords_zh']!.split(';'),
}));

describe('the suggested category', () => {
  test.each([
    ['路边垃圾堆了好几天', '暴露生活垃圾'],
    ['雨水箅子被树叶堵住', '雨水箅子'],
    ['下水道井盖翻起来了', '污水井盖'],
    ['自来水井盖丢了', '上水井盖'],
    // What is wrong comes before what follows from it, and what stands before 后面 is where it is.
    ['沿江路口井盖缺失，有电动车差点掉进去', '上水井盖'],
    ['公交站后面路面有坑', '道路破损'],
    ['楼道里有天然气味道', '燃气管道破裂'],
  ])('「%s」 is %s', (text, name) => {
    expect(suggest(categories, text, [])[0]?.category.nameZh).toBe(name);
  });

  it('is the graver condition where the words say so', () => {
    expect(suggest(categories, '两家邻居在吵架，要打起来', [])[0]!.category.openZh).toBe('吵到要动手');
    expect(suggest(categories, '井盖缺失', [])[0]!.category.level).toBe('R2');
  });

  it('is in doubt not taken as chosen: it is offered first', () => {
    const text = '昨晚大风，榕树断枝挂在电线上';
    expect(suggest(categories, text, [])[0]!.byWords).toBe(true);
    expect(presumed(suggest(categories, text, []), text)).toBeNull();
  });

  it('offers different categories, not two rows of one', () => {
    const offered = suggest(categories, '井盖坏了', [], 3);
    expect(offered.length).toBe(3);
    expect(new Set(offered.map((s) => s.category.category)).size).toBe(3);
  });

  it('without words offers what is usually reported, and words outweigh habit', () => {
    const usual = ['C0104-01', 'C0101-01'];
    expect(suggest(categories, '', usual).map((s) => s.category.code)).toEqual(usual);
    expect(suggest(categories, '路边垃圾堆了好几天', usual)[0]?.category.nameZh).toBe('暴露生活垃圾');
  });

  it('is taken as chosen by words, or by habit while nothing is written, never by habit against words', () => {
    const usual = ['C0101-02'];
    const taken = (text: string) => presumed(suggest(categories, text, usual), text)?.nameZh ?? null;
    expect(taken('')).toBe('上水井盖');
    expect(taken('路边垃圾堆了好几天')).toBe('暴露生活垃圾');
    expect(taken('zzzz')).toBeNull();
  });

  it('is never taken by habit alone when units would ring at once or within minutes', () => {
    const grave = categories.filter((c) => c.level === 'R1' || c.level === 'R2');
    expect(grave.length).toBeGreaterThan(0);
    for (const { code } of grave) expect(presumed(suggest(categories, '', [code]), '')).toBeNull();
  });

  it('keeps what is only usual apart from what the words speak for', () => {
    const gas = categories.find((c) => c.nameZh === '燃气管道破裂')!;
    const groups = offers(suggest(categories, '路灯坏了', [gas.code]), null);
    expect(groups.map((g) => [g.why, g.categories.map((c) => c.nameZh)])).toEqual([
      ['byWords', ['路灯']],
      ['usual', ['燃气管道破裂']],
    ]);
  });

  it('lets a clear match stand without those that share a character pair by chance', () => {
    expect(suggest(categories, '路灯坏了有人看见漏电', [], 4).map((s) => s.category.nameZh)).toEqual(['路灯']);
  });

  it('says of what was chosen elsewhere only that it is chosen, and offers no more for it', () => {
    const gas = categories.find((c) => c.nameZh === '燃气管道破裂')!;
    const suggestions = suggest(categories, '井盖不见了', []);
    const groups = offers(suggestions, gas);
    expect(groups.map((g) => g.why)).toEqual(['chosen', 'byWords']);
    expect(groups.flatMap((g) => g.categories)).toHaveLength(suggestions.length);
    expect(offers([], gas)).toEqual([{ why: 'chosen', categories: [gas] }]);
    expect(offers([], null)).toEqual([]);
  });

  it('says nothing when it knows nothing', () => {
    expect(suggest(categories, '', [])).toEqual([]);
    expect(suggest(categories, 'zzzz', [])).toEqual([]);
  });
});

describe('searching the categories', () => {
  const found = (query: string) => findCategories(categories, query, categories.length).map((one) => one.category);

  it('finds by name, keyword, condition, code and English', () => {
    for (const query of ['雨水箅子', '水表井', '落叶', 'manhole', 'C0101']) expect(found(query).length, query).toBeGreaterThan(0);
    expect(found('没有这种事')).toEqual([]);
  });

  it('finds by parts, and by other words for one thing', () => {
    expect(found('燃气异味')[0]!.nameZh).toBe('燃气管道破裂');
    expect(found('井盖缺失')[0]!.nameZh).toContain('井盖');
  });
});

describe('on a phone that has reported nothing yet', () => {
  const common = commonCategories(categories);
  const fresh = (text: string, usual: readonly string[] = []) => suggest(categories, text, usual, 2, common);

  it('what is common everywhere is one press away, and no press chooses it for the person', () => {
    const offered = fresh('');
    expect(offered.map((s) => s.category.nameZh)).toEqual(['暴露生活垃圾', '店外经营', '机动车违停', '非法小广告', '占道经营']);
    expect(presumed(offered, '')).toBeNull();
    expect(offers(offered, null).flatMap((g) => g.categories)).toHaveLength(5);
  });

  it('stands behind what is usual here, and gives way to words', () => {
    const usual = ['C0104-02'];
    expect(fresh('', usual).map((s) => s.category.code)[0]).toBe('C0104-02');
    expect(presumed(fresh('', usual), '')?.code).toBe('C0104-02');
    expect(fresh('路灯坏了').map((s) => s.category.nameZh)).toEqual(['路灯']);
    expect(fresh('zzzz')).toHaveLength(5);
  });

  it('is nothing that makes a unit ring, whichever table the district has', () => {
    for (const code of common) expect(['R3', 'R4']).toContain(categories.find((c) => c.code === code)!.level);
    const another = categories.filter((c) => !common.slice(0, 5).includes(c.code));
    expect(commonCategories(another).length).toBeGreaterThan(5);
    expect(commonCategories([])).toEqual([]);
  });
});
