/**
 * Peer: Restate. A virtual object per incident; each step is one call over its HTTP ingress, journalled by its own server, which keeps the
 * state too (no PostgreSQL). It replays and retries. The server's CPU stands where PostgreSQL's stands for the others.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as restate from '@restatedev/restate-sdk';
import { serveParent } from '../child.ts';
import { closedLoop, cpuOfUs, sleep } from '../measure.ts';
import { STEPS } from './walk.ts';

const SERVICE = 9480;
const INGRESS = 9481;
const ADMIN = 9482;
const NODE = 9483;
const START_LIMIT_MS = 40_000;

const incident = restate.object({
  name: 'incident',
  handlers: {
    move: async (ctx: restate.ObjectContext, { version, to }: { version: number; to: string }) => {
      const now = (await ctx.get<{ version: number; state: string }>('state')) ?? { version: 0, state: 'none' };
      if (now.version !== version) throw new restate.TerminalError('somebody else moved it', { errorCode: 409 });
      ctx.set('state', { version: version + 1, state: to });
      return version + 1;
    },
  },
});

let server: ChildProcess;
let dir: string;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1_024 });
const walks = new Map<number, { step: number; id: string }>();

function binary(): string {
  const require = createRequire(import.meta.url);
  const { platform, arch } = process;
  const own = `@restatedev/restate-server-${platform}-${arch}`;
  return path.join(path.dirname(require.resolve(`${own}/package.json`)), 'bin', 'restate-server');
}

function call(id: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port: INGRESS,
        path: `/incident/${id}/move`,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        let answer = '';
        response.on('data', (part) => (answer += part));
        response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode} ${answer}`))));
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

async function register(): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${ADMIN}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: `http://127.0.0.1:${SERVICE}` }),
    }).catch(() => null);
    if (answer?.ok) return;
    if (performance.now() > until) throw new Error('the Restate server does not start');
    await sleep(200);
  }
}

serveParent({
  async open() {
    dir = mkdtempSync('/tmp/fengming-peers-restate-');
    await restate.serve({ services: [incident], port: SERVICE });
    const log = openSync(path.join(dir, 'log'), 'w');
    server = spawn(binary(), ['--node-name', 'peer', '--base-dir', path.join(dir, 'data')], {
      env: {
        ...process.env,
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${INGRESS}`,
        RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${ADMIN}`,
        RESTATE_BIND_ADDRESS: `127.0.0.1:${NODE}`,
        RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${NODE}`,
        RESTATE_LOG_FILTER: 'error',
      },
      stdio: ['ignore', log, log],
    });
    process.on('exit', () => server.kill('SIGKILL'));
    await register();
  },
  async run({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) {
    const before = cpuOfUs(server.pid!);
    const startedMs = performance.now();
    const round = await closedLoop(callers, warmMs, ms, async (k) => {
      const walk = walks.get(k) ?? { step: 0, id: randomUUID() };
      await call(walk.id, { version: walk.step, to: STEPS[walk.step] });
      walks.set(k, walk.step + 1 === STEPS.length ? { step: 0, id: randomUUID() } : { ...walk, step: walk.step + 1 });
      return true;
    });
    // Over the whole round, warm-up included: scaled to the units that were measured.
    const share = (round.seconds * 1_000) / (performance.now() - startedMs);
    const serverUs = ((cpuOfUs(server.pid!) - before) * share) / round.units;
    return { ...round, serverUs };
  },
  async close() {
    server.kill('SIGTERM');
    await sleep(500);
    server.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  },
});
