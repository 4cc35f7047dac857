/** The messages that are replayed say what they are about: a report of a fight is none of a broken road. */
import { expect, it, test } from 'vitest';
import { readDemoSheet } from '../src/grid/demo-files.ts';
import { categoryOf } from '../scripts/replay/categories.ts';
import { readMessages } from '../scripts/replay/inputs.ts';
import type { Category } from '../web/shared/types.ts';

const messages = readMessages('data/replay/reports.jsonl');
const table = (await readDemoSheet('categories')).rows.map(({ cells }) => {
  const of = (column: string) => cells.get(column) ?? '';
  const words = { nameZh: of('category_zh'), nameEn: of('category_en'), openZh: of('open_zh'), openEn: of('open_en') };
  return {
    code: of('row'),
    category: of('category'),
    ...words,
    keywords: of('keywords_zh').split(';').filter(Boolean),
  } as unknown as Category;
});
const named = (code: string) => table.find((row) => row.code === code)?.nameZh;

it('every message that is shipped names a category of the table', () => {
  expect(messages.length).toBeGreaterThan(20);
  for (const { title, category } of messages) expect([title, named(category ?? '')]).toEqual([title, expect.any(String)]);
});

test.each([
  ['楼下吵架动手', '邻里纠纷'],
  ['河涌发黑', '河道污染'],
  ['幼儿园门口没有护栏', '校园周边安全'],
  ['树枝压在电线上', '行道树'],
])('%s is about %s', (title, name) => {
  expect(
    named(
      categoryOf(
        messages.find((one) => one.title === title)!,
        table,
      ),
    ),
  ).toBe(name);
});

it('a message of another file goes by its words, as on the field page; by its label only where no word speaks', () => {
  expect(named(categoryOf({ title: '', text: '三台小车停在消防通道上', label: '城乡建设' }, table))).toBe('占用消防通道');
  expect(named(categoryOf({ title: '', text: 'qq', label: '环境保护' }, table))).toBe('暴露生活垃圾');
});
