import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoAccounts } from '../../src/identity/demo-accounts.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase({ world: true });
  await loadDemoAccounts(test.db.kysely, 'a hash');
});
afterAll(() => test.drop());

const account = (name: string) => test.db.kysely.selectFrom('account').selectAll().where('account', '=', name).executeTakeFirst();
const count = async (sql: string) => Number((await test.db.pool.query(`select count(*) as n from ${sql}`)).rows[0].n);

describe('the demo accounts', () => {
  it('are one for every cell, community, subdistrict, unit, leader and member, and five for the district', async () => {
    for (const [role, table] of [
      ['gridWorker', 'cell'],
      ['community', 'community'],
      ['subdistrict', 'subdistrict'],
      ['unit', 'unit'],
      ['leader', 'leader'],
      ['member', 'member'],
    ]) {
      const there = await count(table!);
      expect(there).toBeGreaterThan(0);
      expect(await count(`account where role = '${role}'`), role).toBe(there);
    }
    expect(await count(`account where account in ('district.441802', 'district.441802.2', 'auditor', 'admin')`)).toBe(4);
  });

  it('stand where their place is', async () => {
    expect(await account('grid.441802006001001')).toMatchObject({
      role: 'gridWorker',
      cell: '441802006001001',
      community: '441802006001',
      subdistrict: '441802006',
      unit: null,
    });
    expect(await account('unit.fengcheng-police')).toMatchObject({ role: 'unit', unit: 'fengcheng-police', subdistrict: null });
    expect((await account('leader.fengcheng-01'))?.communities).toContain('441802006001');
  });

  it('of a committee member see the communities of the committee: one, or all of the subdistrict', async () => {
    const communities = await test.db.kysely
      .selectFrom('community')
      .select('code')
      .where('subdistrict', '=', '441802006')
      .orderBy('code')
      .execute();
    expect((await account('member.fengcheng-union-01'))?.communities).toEqual(communities.map((row) => row.code));
    const { rows } = await test.db.pool.query<{ communities: string[]; place: string }>(
      `select a.communities, c.place from member m join committee c using (district) join account a on a.account = 'member.' || m.code
       where c.code = m.committee and c.tier = 'community'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.communities).toEqual([row.place]);
  });

  it('are not made twice, and keep what was changed', async () => {
    await test.db.kysely.updateTable('account').set({ password_hash: 'another' }).where('account', '=', 'admin').execute();
    expect(await loadDemoAccounts(test.db.kysely, 'a hash')).toBe(0);
    expect((await account('admin'))?.password_hash).toBe('another');
  });
});
