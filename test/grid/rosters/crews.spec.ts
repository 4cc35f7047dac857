import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/db/migrate.ts';
import { MIGRATIONS } from '../../../src/db/migrations/all.ts';
import { importFile } from '../../../src/grid/import/importer.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { DISTRICT } from './station.ts';

describe('班组 (crews)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase({ world: true });
  });
  afterAll(() => database.drop());

  const crews = (db: TestDatabase) => db.db.kysely.selectFrom('crew').selectAll().orderBy('unit').orderBy('place').execute();

  it('of the demo world are as many as each unit has, and say that they are invented', async () => {
    const units = await database.db.kysely.selectFrom('unit').select(['code', 'crews']).execute();
    const made = await crews(database);
    expect(made.length).toBeGreaterThan(150);
    for (const unit of units)
      expect(made.filter((crew) => crew.unit === unit.code).map((crew) => crew.place)).toEqual(
        Array.from({ length: unit.crews }, (_, n) => n + 1),
      );
    expect(made.filter((crew) => !crew.name_zh.startsWith('演示·') || !crew.name_en.startsWith('Demo ') || crew.phone !== null)).toEqual(
      [],
    );
  });

  it('of an imported unit are there with it, under plain names; a second import makes no more', async () => {
    const file = new TextEncoder().encode(
      '单位编码,单位名称,单位类型,经度,纬度,班次,班组数,替补单位\nnew-police,新城派出所,公安派出所,113.05335,23.61661,三班全天,4,henghe-police',
    );
    for (let n = 0; n < 2; n++)
      expect(await importFile(database.db.kysely, DISTRICT, 'units', file, { dryRun: false })).toMatchObject({ written: 1, findings: [] });
    const made = (await crews(database)).filter((crew) => crew.unit === 'new-police');
    expect(made.map((crew) => [crew.code, crew.name_zh, crew.name_en])).toEqual([
      ['1', '一班', 'Crew 1'],
      ['2', '二班', 'Crew 2'],
      ['3', '三班', 'Crew 3'],
      ['4', '四班', 'Crew 4'],
    ]);
  });

  it('of units that were there before there were crews are made when the database is brought up', async () => {
    const old = await openTestDatabase();
    const pool = new pg.Pool({ ...old.config, max: 1 });
    const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    await sql`drop schema public cascade; create schema public`.execute(owner);
    const provider = { getMigrations: async () => ({ ...MIGRATIONS }) };
    const { error } = await new Migrator({ db: owner, provider }).migrateTo('0006-push');
    expect(error).toBeUndefined();
    await sql`
      insert into district values (${sql.lit(DISTRICT)}, '演示区', 'Demo', '{}');
      insert into subdistrict values (${sql.lit(DISTRICT)}, '441802006', 'subdistrict', '凤城街道', 'Fengcheng', '{}');
      insert into community values (${sql.lit(DISTRICT)}, '441802006001', '441802006', 'neighbourhood', '演示社区', null, '{}');
      insert into unit_type values (${sql.lit(DISTRICT)}, 'police-station', '公安派出所', 'Police station', '治安', 'Order', true);
      insert into shift_pattern values (${sql.lit(DISTRICT)}, 'day', '白班', 'Day', '{07:00-19:00}', 'daily', '电话值守', 'on call');
      insert into unit values (${sql.lit(DISTRICT)}, 'old-police', '演示·老派出所', 'Demo old station', 'police-station', '441802006', '441802006001',
        113, 23, 'area', '{441802006}', 'day', 2, 'old-police', 'full')`.execute(owner);
    await owner.destroy();
    await migrate(old.config);
    expect((await crews(old)).map((crew) => [crew.unit, crew.code, crew.name_zh, crew.name_en])).toEqual([
      ['old-police', '1', '演示·一班', 'Demo crew 1'],
      ['old-police', '2', '演示·二班', 'Demo crew 2'],
    ]);
    await old.drop();
  });
});
