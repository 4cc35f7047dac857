/** Several nodes on one database, over each bus: every follower is complete and in order, also when a node is killed under load. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../scripts/replay/client.ts';
import { Follower } from '../scripts/replay/follower.ts';
import { findNats, startNats, type NatsServer } from './support/nats.ts';
import { startNode } from './support/node-process.ts';
import { PASSWORD, startTestServer, type TestServer } from './support/server.ts';

const nats = findNats();
const BUSES = ['PostgreSQL NOTIFY', 'NATS'] as const;
const WRITERS = 8;
const REPORTS_EACH = 12;
const CELL = '441802006001001';
const REPORTER = `grid.${CELL}`;
const CALLER = 'community.441802006001';

let world: TestServer;
let natsServer: NatsServer | undefined;

beforeAll(async () => {
  // Makes the accounts; the nodes under test come beside it.
  world = await startTestServer();
  if (nats !== undefined) natsServer = await startNats(nats);
});
afterAll(async () => {
  await world.stop();
  await natsServer?.stop();
});

/** A client that goes on at another node when its own is gone. */
function clientAt(urls: readonly string[], start: number) {
  const options = { url: urls[start % urls.length]!, password: PASSWORD, patienceMs: 60_000 };
  return { client: new Client(options), moveTo: (url: string) => void (options.url = url) };
}

async function run(bus: (typeof BUSES)[number], count: number): Promise<void> {
  const env: Record<string, string> = bus === 'NATS' ? { BUS_URL: natsServer!.url } : {};
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(world.database.config, env)));
  const urls = nodes.map((n) => n.url);
  const [victim, survivor] = [urls[0]!, urls[1]!];
  const seqs: number[][] = urls.map(() => []);
  const at = urls.map((_, i) => clientAt(urls, i));
  const followers = at.map(({ client }, i) => new Follower(client, 'district.441802', (item) => seqs[i]!.push(item.seq)));
  try {
    const heads = await Promise.all(followers.map((f) => f.start()));
    const writers = Array.from({ length: WRITERS }, (_, i) => clientAt(urls, i));
    // One after the other: tries of one account at the same moment are counted against it until they prove right.
    for (const { client } of writers) for (const account of [REPORTER, CALLER]) await client.token(account);
    let answered = 0;
    let killed: Promise<void> | undefined;
    const errors: unknown[] = [];
    const write = async ({ client }: (typeof writers)[number], n: number) => {
      const report = await client.post(REPORTER, '/incidents', {
        category: 'C0102-02',
        description: `写手 ${n} 的上报`,
        position: { lng: 113.0008, lat: 23.6795 },
      });
      if (report.status !== 201) return void errors.push(report);
      answered += 1;
      const call = await client.post(CALLER, `/incidents/${report.body.id}/moves`, { verb: 'call' });
      if (call.status !== 200) return void errors.push(call);
      answered += 1;
      if (answered < WRITERS * REPORTS_EACH || killed !== undefined) return;
      for (const one of [...writers, ...at]) if (one.client.options.url === victim) one.moveTo(survivor);
      killed = nodes[0]!.kill();
    };
    await Promise.all(
      writers.map(async (writer, n) => {
        for (let i = 0; i < REPORTS_EACH; i++) await write(writer, n);
      }),
    );
    await killed;
    expect(killed).toBeDefined();
    expect(errors).toEqual([]);
    const head = Math.max(...(await Promise.all([at[1]!, at.at(-1)!].map(({ client }) => headOf(client)))));
    await expect.poll(() => seqs.map((s) => s.at(-1)), { timeout: 30_000 }).toEqual(urls.map(() => head));
    for (const [i, got] of seqs.entries()) expect(got).toEqual(Array.from({ length: head - heads[i]! }, (_, k) => heads[i]! + 1 + k));
    expect(head - Math.min(...heads)).toBe(WRITERS * REPORTS_EACH * 2);
  } finally {
    for (const f of followers) f.stop();
    await Promise.all(nodes.slice(1).map((n) => n.stop()));
    await nodes[0]!.kill();
  }
}

/** The head as a new follower is told it. */
async function headOf(client: Client): Promise<number> {
  const follower = new Follower(client, 'auditor');
  const head = await follower.start();
  follower.stop();
  return head;
}

if (nats === undefined)
  console.warn('nats-server is not installed: the tests over NATS are left out (go install github.com/nats-io/nats-server/v2@latest)');

describe.each(BUSES)('over %s', (bus) => {
  // In CI it is installed before the tests: a missing one is a fault there, not a reason to skip.
  it.skipIf(bus === 'NATS' && nats === undefined && process.env.CI !== 'true').each([2, 4])(
    '%i nodes, one of them killed: every follower has every move once, in order (needs nats-server for NATS)',
    (count) => run(bus, count),
    120_000,
  );
});
