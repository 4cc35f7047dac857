/** Part 4: push. The product's hub against sending to each, against its peers, and against the floor. */
import pg from 'pg';
import type { Cluster } from '../cluster.ts';
import { median } from '../measure.ts';
import { exampleItem } from './example.ts';
import { measureServer, PRODUCT_HUB, SERVERS, WS_SEND, type PushServer, type Reading } from './servers.ts';
import { client } from './tools.ts';

/** Medians of what the client saw, by name. */
export interface PushRow {
  readonly server: string;
  readonly case: string;
  readonly rounds: number;
  readonly reading: Reading;
}

export interface PushResult {
  readonly rows: readonly PushRow[];
  readonly missing: readonly { readonly contender: string; readonly why: string }[];
}

interface Case {
  readonly name: string;
  readonly servers: readonly PushServer[];
  readonly client: (server: PushServer) => readonly (string | number)[];
  readonly server?: (server: PushServer) => readonly string[];
}

export const MISSED = 100;

export async function push(cluster: Cluster, quick: boolean, say: (line: string) => void): Promise<PushResult> {
  const tool = client();
  if ('why' in tool) return { rows: [], missing: [{ contender: 'all of push', why: `its client is missing: ${tool.why}` }] };
  const many = quick ? 2_000 : 10_000;
  const returning = quick ? 500 : 5_000;
  const seconds = quick ? 2 : 5;
  const rounds = quick ? 1 : 3;
  const login = JSON.stringify(await missedEvents(cluster));
  const broadcast = (n: number, gapMs: number): Case => ({
    name: `broadcast ${n}`,
    servers: SERVERS,
    client: () => ['-mode', 'broadcast', '-n', n, '-seconds', seconds, '-gap', gapMs],
  });
  const inTurn = (server: PushServer): boolean => [PRODUCT_HUB, WS_SEND].includes(server.name);
  const cases: Case[] = [
    broadcast(1_000, 100),
    broadcast(many, 300),
    {
      name: '400 a second to 1,000',
      servers: SERVERS.filter(inTurn),
      client: () => ['-mode', 'rate', '-n', 1_000, '-rate', 400, '-seconds', seconds],
    },
    {
      name: 'idle',
      servers: SERVERS.filter((s) => s.name !== 'C epoll floor'),
      client: ({ node }) => ['-mode', 'idle', '-n', many, ...(node ? ['-collect'] : [])],
    },
    {
      name: 'storm',
      servers: SERVERS.filter(inTurn),
      client: ({ name }) => ['-mode', 'storm', '-n', returning, '-missed', MISSED, ...(name === PRODUCT_HUB ? ['-since', 0] : [])],
      server: ({ name }) => (name === PRODUCT_HUB ? [String(MISSED)] : [String(MISSED), login]),
    },
    ...[0, 20].map((stuck): Case => ({
      name: `${stuck} of 100 stop reading`,
      servers: SERVERS.filter((s) => s.name !== 'C epoll floor'),
      client: () => ['-mode', 'stuck', '-n', 100, '-stuck', stuck, '-rate', 1_000, '-size', 1_000, '-seconds', quick ? 4 : 12],
    })),
  ];
  const rows: PushRow[] = [];
  const missing = new Map<string, string>();
  for (const { name, servers, client: clientArgs, server: serverArgs } of cases) {
    const readings = new Map<string, Reading[]>();
    for (let i = 0; i < rounds; i++) {
      for (const server of servers) {
        if (missing.has(server.name)) continue;
        const reading = await measureServer(server, tool.path, clientArgs(server), serverArgs?.(server));
        if ('why' in reading) {
          missing.set(server.name, `${name}: ${reading.why}`);
          say(`  ${server.name} ${name}: ${reading.why}`);
        } else readings.set(server.name, [...(readings.get(server.name) ?? []), reading as Reading]);
      }
    }
    for (const [server, all] of readings) {
      rows.push({ server, case: name, rounds: all.length, reading: medians(all) });
      say(`  ${name.padEnd(26)} ${server.padEnd(16)} ${brief(rows.at(-1)!.reading)}`);
    }
  }
  return { rows, missing: [...missing].map(([contender, why]) => ({ contender, why })) };
}

const BRIEF = ['cpuUsPerDelivery', 'p50Ms', 'p99Ms', 'bytesPerSocket', 'seconds', 'missing', 'doubled'];

function brief(reading: Reading): string {
  return BRIEF.flatMap((name) => (reading[name] === undefined ? [] : [`${name} ${reading[name]!.toFixed(1)}`])).join('  ');
}

function medians(readings: readonly Reading[]): Reading {
  const names = Object.keys(readings[0]!);
  return Object.fromEntries(names.map((name) => [name, median(readings.map((r) => r[name] ?? Number.NaN))]));
}

/** For the server that asks the database for each socket that comes back. */
async function missedEvents(cluster: Cluster): Promise<pg.ClientConfig> {
  const login = await cluster.database('peer_missed', 'empty');
  const db = new pg.Client(login);
  await db.connect();
  await db.query('create table missed_event (seq bigint primary key, payload text not null)');
  await db.query('insert into missed_event select * from unnest($1::bigint[], $2::text[])', [
    Array.from({ length: MISSED }, (_, i) => i + 1),
    Array.from({ length: MISSED }, (_, i) => exampleItem(i)),
  ]);
  await db.query('vacuum analyze missed_event');
  await db.end();
  return login;
}
