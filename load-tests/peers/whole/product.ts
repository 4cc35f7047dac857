/** The whole product in a process of its own: sign-in, HTTP, rules, journal, feed, hub and sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import type pg from 'pg';
import pino from 'pino';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { serveParent } from '../child.ts';
import { DISTRICT } from '../cluster.ts';

const PASSWORD = 'peers-password';
/** A session each for some of the sockets and of the connections that post. */
const SESSIONS = 4;

let server: RunningServer;
let noPages: string;

async function signIn(): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: `district.${DISTRICT}`, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`cannot sign in: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}

serveParent({
  async open(owner: pg.ClientConfig) {
    noPages = mkdtempSync('/tmp/fengming-peers-no-pages-');
    server = await startServer({
      owner,
      district: DISTRICT,
      host: '127.0.0.1',
      port: 0,
      world: true,
      demoPassword: PASSWORD,
      log: pino({ level: 'error' }),
      distDir: noPages,
    });
  },
  async where() {
    const tokens: string[] = [];
    for (let i = 0; i < SESSIONS; i++) tokens.push(await signIn());
    return { port: server.port, tokens };
  },
  async close() {
    await server.stop();
    rmSync(noPages, { recursive: true, force: true });
  },
});
