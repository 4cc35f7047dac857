/**
 * Why a goal is missed, by profile: what Node does more when somebody follows (goal 4), where the cores wait while halves are written
 * (goal 1), what a move costs more among a million incidents (goal 5), and what a storm of returning sockets consists of (goal 10). Shares, not rates: the profiler itself costs.
 *
 *     node load-tests/micro/profiles.ts [--only=waits,push-on,growth,storm] [--ms=8000]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startCluster, type Cluster } from '../peers/cluster.ts';
import { enter, oneRound, settle, type MeasuredRound } from '../peers/contest.ts';
import { cpuOfUs, sleep } from '../peers/measure.ts';
import { fill } from '../peers/transitions/fill.ts';
import { listening, runClient } from '../peers/push/servers.ts';
import { client } from '../peers/push/tools.ts';
import { openProfiler, type Digest } from './sampling.ts';

const { values: args } = parseArgs({
  options: { only: { type: 'string', default: 'waits,push-on,growth,storm' }, ms: { type: 'string', default: '8000' } },
});
const MS = Number(args.ms);
const WARM_MS = 1_500;
const CALLERS = 64;
const FOLLOWERS = 20;
const SHOWN = 22;
const INSPECTOR = 19_380;

const tool = client();
if ('why' in tool) throw new Error(`the followers' client is missing: ${tool.why}`);
const CLIENT = tool.path;

const lineOf = ({ units, seconds, nodeUs, serverUs }: MeasuredRound): string =>
  `${(units / seconds).toFixed(0)}/s, Node ${nodeUs.toFixed(1)} µs, PostgreSQL ${serverUs.toFixed(1)} µs`;

function table(title: string, columns: Readonly<Record<string, { readonly digest: Digest; readonly units: number }>>): void {
  const sums = new Map<string, number>();
  for (const { digest, units } of Object.values(columns)) {
    for (const [place, ms] of digest) sums.set(place, (sums.get(place) ?? 0) + ms / units);
  }
  const places = [...sums].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  console.log(`\n${title}`);
  console.table(
    places.map(([place]) => ({
      place,
      ...Object.fromEntries(
        Object.entries(columns).map(([name, { digest, units }]) => [name, +(((digest.get(place) ?? 0) * 1_000) / units).toFixed(2)]),
      ),
    })),
  );
}

/** One round of the core under the profiler, with followers or without. */
async function profiledRound(cluster: Cluster, on: boolean, port: number): Promise<{ digest: Digest; units: number; line: string }> {
  const entrant = await enter(cluster, {
    name: on ? 'profiled on' : 'profiled off',
    file: on ? 'transitions/with-push.ts' : 'transitions/without-push.ts',
    content: 'world',
    env: { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` },
  });
  try {
    await settle(cluster, entrant);
    await oneRound(cluster, entrant, { callers: CALLERS, warmMs: 500, ms: 3_000 });
    const seconds = (WARM_MS + MS + 3_000) / 1_000;
    const following = on
      ? runClient(CLIENT, [
          '-mode',
          'drain',
          '-protocol',
          'product',
          '-port',
          await entrant.child.ask<number>('port'),
          '-n',
          FOLLOWERS,
          '-seconds',
          seconds,
        ])
      : undefined;
    await sleep(1_500);
    const profiler = await openProfiler(port);
    await profiler.start();
    // No warming up: the profile is of all that is counted.
    const round = await oneRound(cluster, entrant, { callers: CALLERS, warmMs: 0, ms: MS });
    const digest = await profiler.stop();
    profiler.close();
    await following;
    return { digest, units: round.units, line: `${on ? 'on' : 'off'}: ${lineOf(round)}` };
  } finally {
    await entrant.child.end();
  }
}

async function pushOn(cluster: Cluster): Promise<void> {
  const off = await profiledRound(cluster, false, INSPECTOR);
  const on = await profiledRound(cluster, true, INSPECTOR + 1);
  console.log(`${off.line}\n${on.line}`);
  table(`µs of Node a move, ${CALLERS} callers, without and with ${FOLLOWERS} followers`, { off, on });
}

/** Looks every 2 ms at what the connections that write are doing, until told to stop. @param after  ms until the first look. */
function lookAtWaits(looker: pg.Client, database: string, after: number): { stop(): Promise<{ looks: number; shares: object[] }> } {
  const counts = new Map<string, number>();
  let looks = 0;
  let going = true;
  const looking = (async () => {
    await sleep(after);
    while (going) {
      const { rows } = await looker.query<{ what: string }>({
        name: 'waits',
        text: `select case when state = 'active' then coalesce(wait_event_type || ' ' || wait_event, 'at work') else 'idle' end as what
          from pg_stat_activity where datname = $1 and backend_type = 'client backend' and query like '%journal_write%' and pid <> pg_backend_pid()`,
        values: [database],
      });
      const what =
        rows
          .map((r) => r.what)
          .sort()
          .join(' + ') || 'none';
      counts.set(what, (counts.get(what) ?? 0) + 1);
      looks++;
      await sleep(2);
    }
  })();
  return {
    async stop() {
      going = false;
      await looking;
      const shares = [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 12)
        .map(([what, n]) => ({ 'the connections that write': what, 'share %': +((n * 100) / looks).toFixed(1) }));
      return { looks, shares };
    },
  };
}

/** What PostgreSQL's connections wait for while the core writes, looked at from a connection beside. */
async function waits(cluster: Cluster): Promise<void> {
  for (const callers of [64, 256]) {
    const entrant = await enter(cluster, { name: 'waits', file: 'transitions/product.ts', content: 'world' });
    const looker = new pg.Client({ ...cluster.owner, database: 'postgres' });
    await looker.connect();
    try {
      await settle(cluster, entrant);
      await oneRound(cluster, entrant, { callers, warmMs: 500, ms: 3_000 });
      const looking = lookAtWaits(looker, 'peer_waits', WARM_MS);
      const cpu = cpuOfUs(entrant.child.pid);
      const from = performance.now();
      const round = await oneRound(cluster, entrant, { callers, warmMs: WARM_MS, ms: MS });
      const node = (cpuOfUs(entrant.child.pid) - cpu) / 1_000 / (performance.now() - from);
      const { looks, shares } = await looking.stop();
      const perS = round.units / round.seconds;
      console.log(
        `\n${callers} callers: ${perS.toFixed(0)}/s, Node ${round.nodeUs.toFixed(1)} µs, PostgreSQL ${round.serverUs.toFixed(1)} µs: ` +
          `${((perS * (round.nodeUs + round.serverUs)) / 1e6).toFixed(2)} cores; Node alone ${(node * 100).toFixed(0)} % of one, ${looks} looks`,
      );
      console.table(shares);
    } finally {
      await looker.end();
      await entrant.child.end();
    }
  }
}

/** The same recent incidents moved, among few and among many: what Node does, and what PostgreSQL reads and waits for. */
async function growth(cluster: Cluster): Promise<void> {
  const columns: Record<string, { digest: Digest; units: number }> = {};
  for (const [i, incidents] of [10_000, 1_000_000].entries()) {
    const name = incidents.toLocaleString('en');
    const config = await cluster.database(`growth_${incidents}`, 'world');
    await fill(config, incidents, console.log);
    const entrant = await enter(
      cluster,
      { name, file: 'transitions/on-many.ts', content: 'world', env: { NODE_OPTIONS: `--inspect=127.0.0.1:${INSPECTOR + 5 + i}` } },
      { config, count: incidents },
    );
    const looker = new pg.Client(config);
    await looker.connect();
    try {
      const ask = { callers: CALLERS, warmMs: 0, ms: MS, spread: 'recent' };
      await oneRound(cluster, entrant, { ...ask, ms: 5_000 });
      const plain = await withReads(looker, () => oneRound(cluster, entrant, ask));
      console.log(`${name}: ${lineOf(plain.round)}; ${plain.wal}`);
      console.table(plain.reads);
      const looking = lookAtWaits(looker, `growth_${incidents}`, 500);
      await oneRound(cluster, entrant, ask);
      console.table((await looking.stop()).shares);
      const profiler = await openProfiler(INSPECTOR + 5 + i);
      await profiler.start();
      const round = await oneRound(cluster, entrant, ask);
      columns[name] = { digest: await profiler.stop(), units: round.units };
      profiler.close();
      console.log(`${name}, under the profiler: ${lineOf(round)}`);
    } finally {
      await looker.end();
      await entrant.child.end();
      await cluster.drop(`growth_${incidents}`);
    }
  }
  table(`µs of Node a move, ${CALLERS} callers, the newest 10,000 of so many incidents`, columns);
}

const READS = `select c.relname as what, pg_relation_size(c.oid) / 1048576 as mb,
    coalesce(pg_stat_get_blocks_fetched(c.oid), 0)::int as fetched, coalesce(pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid), 0)::int as missed
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'i')`;

const WAL = 'select wal_fpi::float8 as images, wal_bytes::float8 as bytes from pg_stat_wal';

/** Pages a unit of work asked for, and those that were not in PostgreSQL's buffers, by table and index; and what it wrote to the WAL. */
async function withReads(
  looker: pg.Client,
  run: () => Promise<MeasuredRound>,
): Promise<{ round: MeasuredRound; reads: object[]; wal: string }> {
  const written = async () => (await looker.query<{ images: number; bytes: number }>(WAL)).rows[0]!;
  const look = async () => {
    await looker.query('select pg_stat_clear_snapshot()');
    return (await looker.query<{ what: string; mb: number; fetched: number; missed: number }>(READS)).rows;
  };
  const before = new Map((await look()).map((r) => [r.what, r]));
  const from = await written();
  const round = await run();
  // Backends tell their counts once a second.
  await sleep(1_500);
  const to = await written();
  const wal = `${((to.bytes - from.bytes) / round.units).toFixed(0)} bytes of WAL a move, ${((to.images - from.images) / round.units).toFixed(3)} images of pages`;
  const reads = (await look())
    .map((r) => ({
      what: r.what,
      MB: r.mb,
      'pages a move': +((r.fetched - (before.get(r.what)?.fetched ?? 0)) / round.units).toFixed(2),
      'of them read': +((r.missed - (before.get(r.what)?.missed ?? 0)) / round.units).toFixed(3),
    }))
    .filter((r) => r['pages a move'] >= 0.05)
    .sort((a, b) => b['pages a move'] - a['pages a move']);
  return { round, reads, wal };
}

/** The hub alone; sockets come back and have missed something, or nothing: the difference is what replay costs, the rest is the handshake. */
async function storm(): Promise<void> {
  const SOCKETS = 5_000;
  const MISSED = 100;
  const columns: Record<string, { digest: Digest; units: number }> = {};
  for (const [name, since] of [
    [`${MISSED} missed`, 0],
    ['nothing missed', MISSED],
  ] as const) {
    const port = 19_390 + since * 2;
    const inspector = port + 2;
    const server = spawn(
      process.execPath,
      [
        `--inspect=127.0.0.1:${inspector}`,
        path.join(import.meta.dirname, '../peers/push/product.ts'),
        String(port),
        String(port + 1),
        String(MISSED),
      ],
      { stdio: ['ignore', 'ignore', 'ignore'], env: { ...process.env, NODE_ENV: 'production' } },
    );
    try {
      await listening(port, server);
      const profiler = await openProfiler(inspector);
      await profiler.start();
      const cpu = cpuOfUs(server.pid!);
      const asked =
        since === 0 ? ['-mode', 'storm', '-n', SOCKETS, '-missed', MISSED, '-since', 0] : ['-mode', 'idle', '-n', SOCKETS, '-since', since];
      const reading = await runClient(CLIENT, ['-protocol', 'product', '-port', port, '-control', port + 1, '-pid', server.pid!, ...asked]);
      columns[name] = { digest: await profiler.stop(), units: SOCKETS };
      console.log(`${name}: ${((cpuOfUs(server.pid!) - cpu) / 1_000).toFixed(0)} ms of CPU; ${JSON.stringify(reading)}`);
      profiler.close();
    } finally {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
  }
  table(`µs of Node a socket, ${SOCKETS} sockets at once`, columns);
}

const only = args.only.split(',');
const cluster = await startCluster();
try {
  if (only.includes('waits')) await waits(cluster);
  if (only.includes('push-on')) await pushOn(cluster);
  if (only.includes('growth')) await growth(cluster);
  if (only.includes('storm')) await storm();
} finally {
  await cluster.stop();
}
