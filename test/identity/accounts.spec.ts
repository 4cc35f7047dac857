import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DbClock, startClock } from '../../src/db/clock.ts';
import { actorAt } from '../../src/identity/account-place.ts';
import { maySee } from '../../src/identity/scope.ts';
import { openAudit } from '../../src/identity/audit.ts';
import { openSessions, type Sessions } from '../../src/identity/sessions.ts';
import { DISTRICT } from '../app/house.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/account.ts', import.meta.url));
let test: TestDatabase;
let clock: DbClock;
let sessions: Sessions;
beforeAll(async () => {
  test = await openTestDatabase({ world: true });
  const fail = (error: unknown) => {
    throw error;
  };
  const audit = openAudit(test.db.kysely, DISTRICT, fail);
  clock = await startClock(test.db);
  sessions = await openSessions({ db: test.db.kysely, district: DISTRICT, now: () => clock.now(), audit, onFault: fail });
});
afterAll(async () => {
  sessions.stop();
  clock.stop();
  await test.drop();
});

/** Runs the script as an administrator would, with the password in a pipe. @returns how it ended and what it said. */
function account(words: string[], password = ''): Promise<{ code: number | null; said: string }> {
  const { host, port, user, database } = test.config;
  const url = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host!)}`;
  const child = spawn(process.execPath, [SCRIPT, ...words], { env: { ...process.env, DATABASE_URL: url } });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  child.stdin.end(`${password}\n`);
  return new Promise((done) => child.on('close', (code) => done({ code, said })));
}
const signsIn = async (name: string, password: string) => (await sessions.signIn(name, password, '10.0.0.1')).ok;

describe('an account', () => {
  it('is added, gets another password, and is closed; its sessions end with the old password', async () => {
    expect(await account(['add', 'grid.wang.wu', 'gridWorker', '441802006001001'], 'the first one')).toMatchObject({ code: 0 });
    const first = await sessions.signIn('grid.wang.wu', 'the first one', '10.0.0.1');
    const { token } = first as { token: string };
    expect((await sessions.authenticate(token))?.actor).toMatchObject({ role: 'gridWorker', cell: '441802006001001' });

    expect(await account(['password', 'grid.wang.wu'], 'the second one')).toMatchObject({ code: 0 });
    await sessions.sweep();
    expect(await sessions.authenticate(token)).toBeNull();
    expect(await signsIn('grid.wang.wu', 'the first one')).toBe(false);
    expect(await signsIn('grid.wang.wu', 'the second one')).toBe(true);

    expect(await account(['close', 'grid.wang.wu'])).toMatchObject({ code: 0 });
    expect(await signsIn('grid.wang.wu', 'the second one')).toBe(false);
  });

  it.each([
    [['add', 'grid.li.si', 'gridWorker', '441802006001'], '15'],
    [['add', 'grid.li.si', 'gridWorker', '999999999999999'], '999999999999999'],
    [['add', 'li.si', 'gridWorker', '441802006001001'], 'grid.li.si'],
    [['add', 'grid.', 'gridWorker', '441802006001001'], 'grid.'],
    [['add', 'unit.li.si', 'gridWorker', '441802006001001'], 'grid.'],
    [['add', 'li.si', 'leader', '441802006001'], 'leader.li.si'],
    [['add', 'grid.li.si', 'member', '441802006001'], 'member.'],
    [['add', 'li.si', 'unit', 'no-such-unit'], 'no-such-unit'],
    [['add', 'li.si', 'admin', '441802006'], 'no place'],
    [['add', 'li.si', '__proto__'], 'npm run account'],
    [['add', 'Li Si', 'admin'], 'a–z'],
    [['password', 'li.si'], 'No such account'],
    [['close', 'li.si'], 'No such account'],
    [['remove', 'li.si'], 'npm run account'],
  ])('is not made by %j', async (words, said) => {
    const ended = await account(words, 'a good password');
    expect(ended.code).toBe(1);
    expect(ended.said).toContain(said);
    expect(await test.db.kysely.selectFrom('account').select('account').where('account', 'like', '%li.si').execute()).toEqual([]);
    expect(await test.db.kysely.selectFrom('account').select('account').where('account', '=', 'grid.').execute()).toEqual([]);
  });

  it('needs a password that is not too short, and a name that is free', async () => {
    expect((await account(['add', 'zhao.liu', 'admin'], 'short')).said).toContain('at least 10');
    expect((await account(['add', 'zhao.liu', 'admin'], 'long enough')).code).toBe(0);
    expect((await account(['add', 'zhao.liu', 'auditor'], 'long enough')).said).toContain('already');
  });
});

it.each([
  ['gridWorker', '441802006001001', true],
  ['gridWorker', '441802006001002', false],
  ['community', '441802006001', true],
  ['subdistrict', '441802006', true],
  ['subdistrict', '441802007', false],
  ['unit', 'fengcheng-police', true],
  ['leader', '441802006002,441802006001', true],
  ['member', '441802006002', false],
  ['district', '', true],
] as const)('the place of a %s at %s decides what is seen: %s', (role, place, sees) => {
  const incident = {
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
    cell: '441802006001001',
    units: ['fengcheng-police'],
  };
  expect(maySee(actorAt(DISTRICT, 'x', role, place)!, incident)).toBe(sees);
});
