/** Two nodes on one database: what is changed at one holds at the other, without a restart. */
import { readFile } from 'node:fs/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bumpSettings } from '../../src/db/settings-version.ts';
import { startServer, type RunningServer } from '../../src/server.ts';
import { PASSWORD, startTestServer, type TestServer } from '../support/server.ts';
import { caller } from './caller.ts';

let one: TestServer;
let two: RunningServer;
const said: string[] = [];

beforeAll(async () => {
  one = await startTestServer();
  two = await startServer({
    owner: one.database.config,
    district: 441802,
    host: '127.0.0.1',
    port: 0,
    world: false,
    log: pino({ level: 'warn' }, { write: (line: string) => void said.push(line) }),
    distDir: '/nonexistent',
  });
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});

async function signedIn(url: string, account: string): Promise<{ Authorization: string }> {
  const answer = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ account, password: PASSWORD }),
  });
  return { Authorization: `Bearer ${((await answer.json()) as { token: string }).token}` };
}

describe('a second node', () => {
  it('goes by an import that the first has taken', async () => {
    const headers = await signedIn(one.url, 'admin');
    const nameAt = async (url: string): Promise<string | undefined> => {
      const answer = await fetch(`${url}/api/v1/units`, { headers });
      const { items } = (await answer.json()) as { items: { code: string; nameZh: string }[] };
      return items.find((unit) => unit.code === 'fengcheng-police')?.nameZh;
    };
    const before = await nameAt(two.url);
    expect(before).toBeDefined();
    const [header, ...rows] = (await readFile('data/seed/units.csv', 'utf8')).split('\n');
    const row = rows.find((line) => line.startsWith('fengcheng-police,'))!;
    const renamed = row.replace(before!, `${before}（新址）`);
    expect(renamed).not.toBe(row);
    const body = new FormData();
    body.set('file', new Blob([`${header}\n${renamed}\n`]), 'units.csv');
    const imported = await fetch(`${one.url}/api/v1/imports/units`, { method: 'POST', headers, body });
    expect(await imported.json()).toMatchObject({ written: 1, findings: [] });
    expect(await nameAt(one.url)).toBe(`${before}（新址）`);
    await expect.poll(() => nameAt(two.url), { timeout: 30_000 }).toBe(`${before}（新址）`);
  });

  it('goes by limits and by a calendar that were changed at the first', async () => {
    const [first, second] = [caller(one.url), caller(two.url)];
    const office = 'district.441802';
    const changed = await first(office, 'PUT', '/limits', {
      limits: [{ level: 'R3', clock: 'call', value: 45, unit: 'minutes', kind: 'working' }],
    });
    expect(changed.status).toBe(200);
    const hours = [{ from: '09:00', to: '16:00' }];
    expect((await first(office, 'PUT', '/calendar', { hours })).status).toBe(200);
    const deadline = async () => {
      const incident = await second('grid.441802006001001', 'POST', '/incidents', {
        category: 'E0110-01',
        description: '垃圾堆了三天',
        position: { lng: 113.0008, lat: 23.6795 },
      });
      const [step] = (await second(office, 'GET', `/incidents/${incident.body.id}/deadlines`)).body.items;
      return { limitMs: step.limitMs, hours: step.hours };
    };
    await expect.poll(deadline, { timeout: 30_000 }).toEqual({ limitMs: 45 * 60_000, hours: [{ fromMin: 9 * 60, toMin: 16 * 60 }] });
  });

  it('goes on with the old figures, and says so, while the new ones cannot be read', async () => {
    const { kysely } = one.database.db;
    const row = await kysely.selectFrom('level_rule').selectAll().where('level', '=', 'R3').executeTakeFirstOrThrow();
    await kysely.transaction().execute(async (tx) => {
      await tx.deleteFrom('level_rule').where('level', '=', 'R3').execute();
      await bumpSettings(tx, 441802);
    });
    await expect.poll(() => said.join(''), { timeout: 30_000 }).toContain('level_rule has no row for R3');
    expect((await fetch(`${two.url}/readyz`)).status).toBe(200);
    await kysely.insertInto('level_rule').values(row).execute();
    // Without another change: it is tried again until it can be read.
    const version = (await kysely.selectFrom('settings_version').selectAll().executeTakeFirstOrThrow()).version;
    const heldAt = async (url: string) => /fengming_settings_version (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    for (const url of [one.url, two.url]) await expect.poll(() => heldAt(url), { timeout: 30_000 }).toBe(String(version));
  });
});
