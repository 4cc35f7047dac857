import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bumpSettings, readSettingsVersion } from '../../src/db/settings-version.ts';
import { SettingsWatch } from '../../src/db/settings-watch.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const DISTRICT = 441802;
const PATIENCE = { timeout: 30_000, interval: 25 };

let test: TestDatabase;
const open: SettingsWatch[] = [];
beforeAll(async () => void (test = await openTestDatabase()));
afterEach(async () => {
  for (const watch of open.splice(0)) await watch.stop();
});
afterAll(() => test.drop());

async function node(district = DISTRICT) {
  const faults: unknown[] = [];
  const watch = await SettingsWatch.open({ db: test.db, district, onFault: (fault) => void faults.push(fault) });
  open.push(watch);
  return { watch, faults };
}

const change = (district = DISTRICT) => test.db.kysely.transaction().execute((tx) => bumpSettings(tx, district));

describe('a change of the settings', () => {
  it('is heard of by every node of the district, and by none of another', async () => {
    const [first, second, elsewhere] = [await node(), await node(), await node(440000)];
    const reads = { first: vi.fn(), second: vi.fn(), elsewhere: vi.fn() };
    for (const [name, { watch }] of Object.entries({ first, second, elsewhere })) {
      watch.onChange(async () => reads[name as keyof typeof reads]());
      watch.start();
    }
    const version = await change();
    await vi.waitFor(() => expect([first.watch.version, second.watch.version]).toEqual([version, version]), PATIENCE);
    expect(reads.first).toHaveBeenCalled();
    expect(reads.second).toHaveBeenCalled();
    await elsewhere.watch.refresh();
    expect(reads.elsewhere).not.toHaveBeenCalled();
    expect([...first.faults, ...second.faults, ...elsewhere.faults]).toEqual([]);
  });

  it('that is rolled back is none', async () => {
    const before = await readSettingsVersion(test.db.kysely, DISTRICT);
    const undone = test.db.kysely.transaction().execute(async (tx) => {
      await bumpSettings(tx, DISTRICT);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await readSettingsVersion(test.db.kysely, DISTRICT)).toBe(before);
  });

  it('counts one for each of many at once', async () => {
    const before = await readSettingsVersion(test.db.kysely, DISTRICT);
    const versions = await Promise.all(Array.from({ length: 8 }, () => change()));
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 8 }, (_, i) => before + 1 + i));
  });
});

describe('reading again', () => {
  it('goes in the order in which it was asked for, once for all that changed meanwhile', async () => {
    const { watch } = await node();
    const order: string[] = [];
    watch.onChange(async () => void order.push('reference'));
    watch.onChange(async () => void order.push('rules'));
    await change();
    await change();
    await Promise.all([watch.refresh(), watch.refresh()]);
    expect(order).toEqual(['reference', 'rules']);
  });

  it('that fails is told, holds up none of the others, and is done again', async () => {
    const { watch, faults } = await node();
    const held = watch.version;
    let broken = true;
    const others = vi.fn();
    watch.onChange(async () => {
      if (broken) throw new Error('a figure is missing');
    });
    watch.onChange(async () => others());
    const version = await change();
    await watch.refresh();
    expect(faults).toEqual([new Error('a figure is missing')]);
    expect(others).toHaveBeenCalledTimes(1);
    expect(watch.version).toBe(held);
    broken = false;
    await vi.waitFor(() => expect(watch.version).toBe(version), PATIENCE);
  });

  it('goes on after the connection was lost, with what changed meanwhile', async () => {
    const { watch } = await node();
    watch.start();
    const owner = new pg.Client(test.config);
    await owner.connect();
    const listening = `select pid from pg_stat_activity where datname = current_database() and application_name = 'fengming settings'`;
    const pids = async () => (await owner.query<{ pid: number }>(listening)).rows.map((row) => row.pid);
    await vi.waitFor(async () => expect(await pids()).toHaveLength(1), PATIENCE);
    const [lost] = await pids();
    await owner.query('select pg_terminate_backend($1)', [lost]);
    const version = await change();
    await vi.waitFor(() => expect(watch.version).toBe(version), PATIENCE);
    await vi.waitFor(async () => expect((await pids()).filter((pid) => pid !== lost)).toHaveLength(1), PATIENCE);
    await owner.end();
  });
});
