import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importFile } from '../../src/grid/import/importer.ts';
import { loadReference } from '../../src/grid/reference.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const HEADER = '单位编码,单位名称,单位类型,经度,纬度,服务范围,班次,班组数,替补单位';

describe('importing units', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase({ world: true });
  });
  afterEach(() => database.drop());
  const run = (text: string, dryRun = false) => importFile(database.db.kysely, 441802, 'units', utf8(text), { dryRun });
  const unit = async (code: string) => (await loadReference(database.db.kysely, 441802)).units.get(code);

  it('takes Chinese columns and names, and finds community and subdistrict by the position', async () => {
    const outcome = await run(
      `${HEADER}\nhenghe-fire-2,横荷二队,消防救援站,113.05335,23.61661,横荷街道;龙塘镇,三班全天,2,henghe-fire-3\nhenghe-fire-3,横荷三队,消防救援站,113.0534,23.61662,,三班全天,2,横荷二队`,
    );
    expect(outcome).toMatchObject({ findings: [], written: 2 });
    expect(await unit('henghe-fire-2')).toMatchObject({
      type: 'fire-rescue',
      community: '441802009004',
      subdistrict: '441802009',
      scope: ['441802009', '441802105'],
      scopeKind: 'area',
      shiftPattern: 'round-clock',
      standInUnit: 'henghe-fire-3',
      mayLead: true,
    });
    expect(await unit('henghe-fire-3')).toMatchObject({ scope: ['441802009'], standInUnit: 'henghe-fire-2' });
  });

  it('takes its own table as it is: the same 76 units again, one of them changed', async () => {
    const text = await readFile(new URL('../../data/seed/units.csv', import.meta.url), 'utf8');
    const outcome = await run(text.replace('fengcheng-police,演示·凤城派出所', 'fengcheng-police,演示·凤城一所'));
    expect(outcome).toMatchObject({ findings: [], written: 76 });
    expect((await unit('fengcheng-police'))?.nameZh).toBe('演示·凤城一所');
  });

  it('lists every bad row and writes nothing', async () => {
    const outcome = await run(
      [
        HEADER,
        'good-one,好单位,消防救援站,113.05335,23.61661,,三班全天,2,bad-two',
        'bad-one,坏单位甲,消防队,116.4,39.9,横荷街道,三班全天,2,good-one',
        'bad-two,坏单位乙,消防救援站,113.0534,23.61662,,三班全天,两个,good-one',
        'good-one,好单位,消防救援站,113.0535,23.61663,,通宵,2,nobody',
      ].join('\n'),
    );
    expect(outcome.written).toBe(0);
    expect(outcome.findings.map(({ row, column, code }) => [row, column, code])).toEqual([
      [3, 'lng', 'outside'],
      [4, 'crews', 'not-a-number'],
      [5, 'code', 'twice'],
      [5, 'shift_pattern', 'unknown'],
      [5, 'stand_in_unit', 'unknown'],
    ]);
    expect(await unit('good-one')).toBeUndefined();
  });
});
