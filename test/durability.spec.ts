/**
 * The server and its PostgreSQL are killed without warning in the middle of a replay. Afterwards nothing that was answered is missing,
 * nothing is there twice, and every follower that came back with `since` has everything once.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { readMessages, readTimingJson } from '../scripts/replay/inputs.ts';
import { replay } from '../scripts/replay/replay.ts';
import { makeTempDir } from './support/temp-dir.ts';

const PASSWORD = 'durability-test';
const dataDir = makeTempDir('durability');
let child: ChildProcess | undefined;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function start(port: number): Promise<void> {
  const env = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    DEMO: '1',
    DEMO_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
  };
  child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (;;) {
    if (child.exitCode !== null) throw new Error('the server ended while starting');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
}

/** Both at once, so that neither has time to tell the other. */
async function killAll(): Promise<void> {
  const [pidFile] = globSync(path.join(dataDir, '**/postmaster.pid'));
  const postgres = Number(readFileSync(pidFile!, 'utf8').split('\n')[0]);
  const ended = new Promise((resolve) => child!.once('exit', resolve));
  child!.kill('SIGKILL');
  process.kill(postgres, 'SIGKILL');
  await ended;
}

afterAll(async () => {
  if (child?.exitCode === null) {
    const ended = new Promise((resolve) => child!.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

it('survives kill -9 of server and PostgreSQL in the middle of a replay, twice', async () => {
  const port = await freePort();
  await start(port);
  const messages = readMessages('data/replay/reports.jsonl');
  let kills = 0;
  let killing: Promise<void> | undefined;
  const result = await replay({
    url: `http://127.0.0.1:${port}`,
    password: PASSWORD,
    messages: [...messages, ...messages],
    calls: readTimingJson('data/replay/timing.json'),
    speed: 2_000,
    seed: 7,
    patienceMs: 90_000,
    onProgress: (_, moves) => {
      // By the number of moves, not by time: in the middle of the work on any machine.
      if (moves < 100 * (kills + 1) || kills === 2) return;
      kills += 1;
      killing = (killing ?? Promise.resolve()).then(killAll).then(() => start(port));
    },
  });
  await killing;
  expect(kills).toBe(2);
  expect(result.errors).toEqual([]);
  expect({ lost: result.lost, unanswered: result.unanswered }).toEqual({ lost: [], unanswered: [] });
  expect({ missed: result.missed, doubled: result.doubled }).toEqual({ missed: 0, doubled: 0 });
  expect(result.reports).toBe(messages.length * 2);
  expect(result.moves).toBeGreaterThan(300);
  expect(result.repeats).toBeGreaterThan(0);
  expect(result.reconnects).toBeGreaterThan(0);
}, 240_000);
