import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { AlreadyRunning } from '../../src/db/embedded/lock.ts';
import { isAlive } from '../../src/db/embedded/processes.ts';
import { runAs } from '../../src/db/embedded/run-as.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** How long a condition is waited for. What is checked is that it comes, never how fast. */
const PATIENCE = { timeout: 60_000, interval: 25 };
const PROGRAM = path.join(import.meta.dirname, 'server-process.ts');

let dir: string;
let started: Embedded[];
let children: ChildProcess[];

beforeEach(() => {
  dir = makeTempDir('embedded');
  started = [];
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map(kill9));
  for (const embedded of started) await embedded.stop();
  // A postgres that a killed process left behind is this spec's own: one more start and stop ends it.
  if (existsSync(path.join(dir, 'pg', 'postmaster.pid'))) await (await startEmbedded({ dataDir: dir })).stop();
  rmSync(dir, { recursive: true, force: true });
});

async function start(options: { dataDir?: string; fast?: boolean; log?: (line: string) => void } = {}): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir: dir, ...options });
  started.push(embedded);
  return embedded;
}

/** The same in a process of its own, which can be killed. */
async function startElsewhere(): Promise<{ child: ChildProcess; said: { ready: boolean; pid: number; message: string } }> {
  const child = spawn(process.execPath, [PROGRAM, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { child, said: JSON.parse(line) };
}

async function query<Row extends pg.QueryResultRow>(embedded: Embedded, text: string): Promise<Row[]> {
  const client = new pg.Client(embedded.owner);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function kill9(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('one server per data directory', () => {
  it('refuses a second start, names the first with its address, and leaves it unharmed', async () => {
    const { child, said } = await startElsewhere();
    expect(said.ready).toBe(true);

    const refused = await start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AlreadyRunning);
    expect((refused as AlreadyRunning).holder).toMatchObject({ pid: child.pid, address: 'http://127.0.0.1:4321' });

    expect(isAlive(said.pid)).toBe(true);
    expect(await query(ownerOf(dir), 'select 1 as one')).toEqual([{ one: 1 }]);
    child.stdin!.write('stop\n');
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(isAlive(said.pid)).toBe(false);
  });

  it('lets one of three that start at the same moment have it', async () => {
    const all = await Promise.all([startElsewhere(), startElsewhere(), startElsewhere()]);
    expect(all.filter(({ said }) => said.ready)).toHaveLength(1);
    for (const { said } of all.filter((one) => !one.said.ready)) expect(said.message).toContain('already running');
  });

  it('is free again after a stop, and nothing of PostgreSQL is left', async () => {
    const first = await start({ fast: true });
    const { pid } = first;
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(path.join(dir, 'pg', 'postmaster.pid'))).toBe(false);
    const second = await start({ fast: true });
    expect(second.pid).not.toBe(pid);
  });
});

describe('kill -9', () => {
  it('of PostgreSQL under a running server: it comes back by itself with every committed row', async () => {
    const embedded = await start();
    await query(embedded, 'create table kept (n int)');
    await query(embedded, 'insert into kept select generate_series(1, 1000)');
    const before = embedded.pid;
    process.kill(before, 'SIGKILL');
    await vi.waitFor(() => expect(embedded.pid).not.toBe(before), PATIENCE);
    expect(await query(embedded, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  });

  it('of the server: the PostgreSQL it left behind is replaced, rows and all', async () => {
    const { child, said } = await startElsewhere();
    await query(ownerOf(dir), 'create table kept as select 7 as n');
    await kill9(child);
    expect(isAlive(said.pid), 'it outlives its server').toBe(true);

    const next = await start();
    expect(next.pid).not.toBe(said.pid);
    await vi.waitFor(() => expect(isAlive(said.pid)).toBe(false), PATIENCE);
    expect(await query(next, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('of both: the next start recovers', async () => {
    const { child, said } = await startElsewhere();
    await query(ownerOf(dir), 'create table kept as select generate_series(1, 1000) as n');
    await kill9(child);
    process.kill(said.pid, 'SIGKILL');
    expect(await query(await start(), 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  });

  it('and the pid in its file given to another program: that one is left alone and PostgreSQL starts', async () => {
    await (await start({ fast: true })).stop();
    // Of the same user as PostgreSQL: it would take the signal, and PostgreSQL would take it for its twin.
    const stranger = spawn('sleep', ['600'], { ...runAs(), stdio: 'ignore' });
    children.push(stranger);
    const pidFile = path.join(dir, 'pg', 'postmaster.pid');
    writeFileSync(pidFile, `${stranger.pid}\n${path.join(dir, 'pg')}\n0\n5432\n${path.join(dir, 'run')}\n\n  12345         1\nready\n`);

    expect(await query(await start({ fast: true }), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(stranger.pid!)).toBe(true);
  });
});

it('tells PostgreSQL to end when the server ends without stopping it', async () => {
  const { child, said } = await startElsewhere();
  child.stdin!.write('exit\n');
  await once(child, 'exit');
  await vi.waitFor(() => expect(existsSync(path.join(dir, 'pg', 'postmaster.pid'))).toBe(false), PATIENCE);
  await vi.waitFor(() => expect(isAlive(said.pid)).toBe(false), PATIENCE);
});

describe('folders', () => {
  it('has the socket in /tmp, for us alone, when the data directory’s path is too long for one', async () => {
    const deep = path.join(dir, 'd'.repeat(60), 'e'.repeat(60));
    const embedded = await start({ dataDir: deep, fast: true });
    expect(embedded.owner.host).toMatch(/^\/tmp\/fengming-/);
    expect(await query(embedded, 'select 1 as one')).toEqual([{ one: 1 }]);
    await embedded.stop();
    rmSync(embedded.owner.host!, { recursive: true });
  });

  it('uses no socket folder that others can enter, nor a link that somebody laid there', async () => {
    const run = path.join(dir, 'run');
    mkdirSync(run);
    chmodSync(run, 0o777);
    await expect(start()).rejects.toThrow(`The folder ${run} is not ours`);
    rmSync(run, { recursive: true });
    mkdirSync(path.join(dir, 'elsewhere'), { mode: 0o700 });
    symlinkSync(path.join(dir, 'elsewhere'), run);
    await expect(start()).rejects.toThrow(`The folder ${run} is not ours`);
  });

  it.runIf(process.getuid?.() === 0)('refuses the cluster of another user, and says whose it is', async () => {
    await (await start({ fast: true })).stop();
    const { uid, gid } = runAs()!;
    chownSync(path.join(dir, 'pg'), uid + 1, gid);
    await expect(start()).rejects.toThrow(`belongs to user ${uid + 1}`);
  });

  it.runIf(process.getuid?.() === 0)('keeps the database where PostgreSQL may go when root’s data directory is closed to it', async () => {
    chmodSync(dir, 0o700);
    const lines: string[] = [];
    const embedded = await start({ dataDir: path.join(dir, 'data'), fast: true, log: (line) => lines.push(line) });
    const { host } = embedded.owner;
    expect(host).toMatch(/^\/var\/lib\/fengming\//);
    expect(lines.join('\n')).toContain(path.dirname(host!));
    expect(await query(embedded, 'select 1 as one')).toEqual([{ one: 1 }]);
    await embedded.stop();
    rmSync(path.dirname(host!), { recursive: true });
  });

  it('takes a half-made cluster for none', async () => {
    mkdirSync(path.join(dir, 'pg.new'));
    writeFileSync(path.join(dir, 'pg.new', 'PG_VERSION'), '18\n');
    await start({ fast: true });
    expect(readFileSync(path.join(dir, 'pg', 'PG_VERSION'), 'utf8').trim()).toBe('18');
    expect(existsSync(path.join(dir, 'pg.new'))).toBe(false);
  });

  it('refuses the cluster of another major version and leaves it as it is', async () => {
    await (await start({ fast: true })).stop();
    const versionFile = path.join(dir, 'pg', 'PG_VERSION');
    writeFileSync(versionFile, '17\n');
    await expect(start()).rejects.toThrow('was made by PostgreSQL 17');
    expect(readFileSync(versionFile, 'utf8')).toBe('17\n');
  });
});

/** Login to the database of a server in another process. */
function ownerOf(dataDir: string): Embedded {
  return { owner: { host: path.join(dataDir, 'run'), port: 5432, user: 'fengming_owner', database: 'fengming' } } as Embedded;
}
