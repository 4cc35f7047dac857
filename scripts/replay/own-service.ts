/** A service of the replay's own, on a free port with its own data, when none is running. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface OwnService {
  readonly url: string;
  readonly password: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** @throws Error with what the service said if it is not ready within a minute. */
export async function ownService(): Promise<OwnService> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'fengming-replay-'));
  // PostgreSQL runs as another user when this runs as root, and has to reach its folder.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const password = randomBytes(12).toString('base64url');
  const env = { ...process.env, PORT: String(port), DATA_DIR: dataDir, DEMO: '1', DEMO_PASSWORD: password, DATABASE_URL: '' };
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../src/main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (d: Buffer) => (said = (said + d.toString()).slice(-4_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until && child.exitCode === null) {
    const ready = await fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) return { url, password, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`the service did not become ready:\n${said}`);
}
