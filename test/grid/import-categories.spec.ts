import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import writeXlsx from 'write-excel-file/node';
import { importFile, type ImportOptions } from '../../src/grid/import/importer.ts';
import { loadReference } from '../../src/grid/reference.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const HEADER = ['类别', '大类', '小类', '处置单位', '主管部门', '立案条件', '结案条件', '处置时限', '备注'];
const csv = (...rows: string[][]) => [HEADER, ...rows].map((row) => row.join(',')).join('\r\n');
const utf8 = (text: string) => new TextEncoder().encode(text);
/** 环卫站 in GB18030, as an office program in China saves it: Node encodes UTF-8 only. */
const GB18030 = new Map([...new TextDecoder('gb18030').decode(allPairs())].map((letter, k) => [letter, k] as const));

/** Every two-byte code of GB2312, in order. */
function allPairs(): Uint8Array {
  const bytes: number[] = [];
  for (let high = 0xa1; high <= 0xf7; high++) for (let low = 0xa1; low <= 0xfe; low++) bytes.push(high, low);
  return Uint8Array.from(bytes);
}
function gb18030(text: string): Uint8Array {
  const pairs = allPairs();
  return Uint8Array.from(
    [...text].flatMap((letter) => {
      const code = GB18030.get(letter);
      return letter.charCodeAt(0) < 128 || code === undefined ? [letter.charCodeAt(0)] : [pairs[2 * code]!, pairs[2 * code + 1]!];
    }),
  );
}

describe('importing the nine-column table of a city office', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase({ world: true });
  });
  afterEach(() => database.drop());
  const run = (bytes: Uint8Array, options: Partial<ImportOptions> = {}) =>
    importFile(database.db.kysely, 441802, 'categories', bytes, { dryRun: false, ...options });
  const reference = () => loadReference(database.db.kysely, 441802);
  const problems = async (bytes: Uint8Array, options: Partial<ImportOptions> = {}) =>
    (await run(bytes, { dryRun: true, ...options })).findings.map(({ row, column, code }) => [row, column, code]);

  it('gives new categories codes that count down from 99, new conditions the next number, and keeps what is there by name', async () => {
    const outcome = await run(
      utf8(
        csv(
          ['部件', '公用设施', '上水井盖', '供水抢修队', '水务局', '井盖被盗', '盖好新井盖', '2小时', ''],
          ['', '', '自助快递柜', '市政维护队、物业联动队', '', '柜体倾倒', '扶正并固定', '1个工作日', ''],
          ['', '', '', '市政维护队', '', '柜门脱落', '装回柜门', '4工作时', ''],
          ['事件', '低空飞行', '无人机扰民', '演示·凤城派出所', '', '夜间低飞', '劝离', '30分钟', '扰民'],
          ['综治', '出租屋', '群租', '公安派出所', '', '一户多间', '恢复原状', '48小时', '有险情'],
        ),
      ),
    );
    expect(outcome).toMatchObject({ findings: [], rows: 5, written: 5 });
    const { categories } = await reference();
    expect(categories.size).toBe(164);
    expect(categories.get('C0101-03')).toMatchObject({
      nameEn: 'Water-supply manhole cover',
      openZh: '井盖被盗',
      level: 'R2',
      origin: 'standard',
    });
    expect(categories.get('C0199-01')).toMatchObject({
      nameZh: '自助快递柜',
      leadType: 'municipal-works',
      assistTypes: ['property-service'],
      level: 'R3',
    });
    expect(categories.get('C0199-02')).toMatchObject({
      openZh: '柜门脱落',
      limitValue: 4,
      limitUnit: 'hours',
      clock: 'working',
      origin: 'local',
    });
    // 事件 has local classes 99 and 98 already; 综治 and 民生 share the run from 99 to 90.
    expect(categories.get('E9799-01')).toMatchObject({ classZh: '低空飞行', leadType: 'police-station', nuisance: true, level: 'R3' });
    expect(categories.get('S8999-01')).toMatchObject({ classZh: '出租屋', danger: true, level: 'R2', keywords: [] });
  });

  it('changes a row that has the same names and the same condition, and adds none', async () => {
    const before = (await reference()).categories.get('C0101-02')!;
    const outcome = await run(
      utf8(csv(['部件', before.classZh, before.nameZh, '供水抢修队', '', before.openZh, before.closeZh, '2个工作日', ''])),
    );
    expect(outcome).toMatchObject({ findings: [], written: 1 });
    const { categories } = await reference();
    expect(categories.size).toBe(159);
    expect(categories.get('C0101-02')).toEqual({ ...before, limitValue: 2, level: 'R4' });
  });

  it('lists every bad row with its column, and then writes nothing, good rows included', async () => {
    const bytes = utf8(
      csv(
        ['部件', '公用设施', '新设施一', '市政维护队', '', '坏了', '修好', '2小时', ''],
        ['部件', '公用设施', '新设施二', '某某局', '', '坏了', '修好', '立即', ''],
        ['物件', '公用设施', '新设施三', '市政维护队', '', '', '修好', '2小时', ''],
        ['部件', '公用设施', '新设施四', '志愿服务队', '', '坏了', '修好', '2小时', ''],
        ['部件', '公用设施', '新设施一', '市政维护队', '', '坏了', '修好', '3小时', ''],
        ['部件', '公用设施', '新设施五', '市政维护队', '', '坏了', '修好', '3个工作日', '危险'],
      ),
    );
    const outcome = await run(bytes);
    expect(outcome.written).toBe(0);
    expect(outcome.findings.map(({ row, column, code }) => [row, column, code])).toEqual(
      expect.arrayContaining([
        [3, '处置单位', 'unknown'],
        [3, '处置时限', 'limit-unreadable'],
        [4, '类别', 'not-allowed-value'],
        [4, '立案条件', 'empty'],
        [5, '处置单位', 'may-not-lead'],
        [6, '立案条件', 'same-condition'],
        [7, '处置时限', 'grave-not-continuous'],
      ]),
    );
    expect(outcome.findings.map(({ row }) => row)).not.toContain(2);
    expect(outcome.findings.find(({ code }) => code === 'unknown')?.what).toEqual({ 'zh-CN': '没有“某某局”', en: 'There is no "某某局"' });
    expect((await reference()).categories.size).toBe(159);
  });

  it('takes the office’s own names of units when told which type they are', async () => {
    const bytes = utf8(csv(['事件', '市容环境', '流动摊点', '区城管局', '', '占道', '清离', '2小时', '']));
    expect(await problems(bytes)).toEqual([[2, '处置单位', 'unknown']]);
    expect(await problems(bytes, { unitTypes: new Map([['区城管局', 'urban-enforcement']]) })).toEqual([]);
    expect(await problems(bytes, { unitTypes: new Map([['区城管局', 'city-office']]) })).toEqual([[null, '处置单位', 'unknown']]);
  });

  it('reads UTF-8 with BOM, GB18030 and XLSX alike', async () => {
    const row = ['部件', '公用设施', '自助快递柜', '市政维护队', '', '柜体倾倒', '扶正并固定', '1个工作日', ''];
    const sheet = [HEADER, row].map((cells) => cells.map((value) => ({ value, type: String as StringConstructor })));
    const xlsx = await writeXlsx(sheet).toBuffer();
    for (const bytes of [utf8(`\ufeff${csv(row)}`), gb18030(csv(row)), new Uint8Array(xlsx)]) {
      expect(await run(bytes, { dryRun: true })).toMatchObject({ rows: 1, written: 0, findings: [] });
    }
  });

  it('refuses what is no table, and says so', async () => {
    expect(await problems(utf8(''))).toEqual([[null, null, 'no-rows']]);
    expect(await problems(Uint8Array.from([0xff, 0xff, 0x80, 0x00]))).toEqual([[null, null, 'unreadable']]);
    expect(await problems(Uint8Array.from([0x50, 0x4b, 3, 4, 1, 2, 3]))).toEqual([[null, null, 'unreadable']]);
    expect(await problems(utf8('类别,大类,小类,处置时限\n部件,公用设施,x,2小时'))).toEqual([
      [1, '处置单位', 'missing-column'],
      [1, '立案条件', 'missing-column'],
      [1, '结案条件', 'missing-column'],
    ]);
    expect(await problems(utf8('a,b\n1,2'))).toContainEqual([1, 'row', 'missing-column']);
  });
});
