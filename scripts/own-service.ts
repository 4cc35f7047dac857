/** The service that a script talks to: the one that is running, or one of the script's own, on a free port with its own data. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Service {
  readonly url: string;
  readonly password: string;
  /** Started by the script, and ended with it. */
  readonly own: boolean;
  /** Where an own service keeps its data; null for another. */
  readonly dataDir: string | null;
  /** Ends a service of the script's own; leaves another alone. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
/** A service that does not answer by then is taken as not there, milliseconds. */
const READY_ANSWER_MS = 2_000;

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

/**
 * The service at `url`, if it is ready and the password of its demo accounts is known; else one of the script's own.
 *
 * @param name  of the script, for the folder of its data.
 * @throws Error with what the own service said if it is not ready within a minute.
 */
export async function useService(url: string, name: string): Promise<Service> {
  const password = knownPassword();
  if (password !== undefined && (await isReady(url))) return { url, password, own: false, dataDir: null, stop: async () => {} };
  return ownService(name);
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_ANSWER_MS) }).then(
    (r) => r.ok,
    () => false,
  );
}

function knownPassword(): string | undefined {
  const file = path.join(process.env.DATA_DIR || '.data', 'demo-password');
  return process.env.DEMO_PASSWORD || (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
}

/** One of the script's own in any case. @throws Error as `useService`. */
export async function ownService(name: string): Promise<Service> {
  const dataDir = mkdtempSync(path.join(tmpdir(), `fengming-${name}-`));
  // PostgreSQL runs as another user when this runs as root, and has to reach its folder.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const password = randomBytes(12).toString('base64url');
  const env = { ...process.env, PORT: String(port), DATA_DIR: dataDir, DEMO: '1', DEMO_PASSWORD: password, DATABASE_URL: '', BUS_URL: '' };
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../src/main.ts')], {
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
    if (await isReady(url)) return { url, password, own: true, dataDir, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`the service did not become ready:\n${said}`);
}
