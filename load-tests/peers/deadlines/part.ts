/** Part 5: a million pending deadlines, some of which become due at a steady rate. */
import pg from 'pg';
import { DISTRICT, type Cluster } from '../cluster.ts';
import { enter, firstLine, type Contender } from '../contest.ts';
import { fill, filledId } from '../transitions/fill.ts';
import type { Due, Lags } from './lags.ts';

export interface DeadlineRow extends Lags {
  readonly rate: number;
  /** From the start of the process until all that is due soon was in memory, and until all was. */
  readonly readyMs: number;
  readonly allMs: number;
  /** CPU a deadline, process and PostgreSQL together. */
  readonly cpuUs: number;
}

export interface DeadlinesResult {
  readonly pending: number;
  readonly seconds: number;
  readonly product: readonly DeadlineRow[];
  readonly peers: readonly (DeadlineRow & { readonly peer: string })[];
  readonly missing: readonly { readonly contender: string; readonly why: string }[];
}

const PRODUCT: Contender = { name: 'deadlines', file: 'deadlines/product.ts', content: 'world' };
const PEERS: readonly Contender[] = [
  { name: 'pg-boss, every 0.5 s (its minimum)', file: 'deadlines/pg-boss.ts', content: 'empty' },
  { name: 'graphile-worker, every 2 s', file: 'deadlines/graphile-worker.ts', content: 'empty', env: { POLL_MS: '2000' } },
  { name: 'graphile-worker, every 100 ms', file: 'deadlines/graphile-worker.ts', content: 'empty', env: { POLL_MS: '100' } },
];
/** From setting a deadline to the first: for the process to start, or for the jobs to be inserted. */
const AHEAD_MS = 10_000;
const PEER_RATE = 1_000;

type Ready = Pick<DeadlineRow, 'readyMs' | 'allMs'>;
type Ran = Lags & { readonly ownUs: number };

export async function deadlines(cluster: Cluster, quick: boolean, say: (line: string) => void): Promise<DeadlinesResult> {
  const pending = quick ? 30_000 : 1_000_000;
  const seconds = quick ? 3 : 10;
  const rates = quick ? [1_000] : [1_000, 5_000];
  const database = 'peer_deadlines';
  const config = await cluster.database(database, 'world');
  await fill(config, pending, say);
  const product: DeadlineRow[] = [];
  let first = 0;
  for (const rate of rates) {
    const due: Due = { fromMs: Date.now() + AHEAD_MS, rate, count: rate * seconds };
    await setDue(config, due, first);
    const { child, pgUs } = await enter(cluster, PRODUCT, { config, due, first });
    try {
      const ready = await child.ask<Ready>('ready');
      const ran = await child.ask<Ran>('run', due);
      product.push(rowOf(ran, rate, ready, pgUs));
      say(`  Fengming deadlines: ${JSON.stringify(product.at(-1))}`);
    } finally {
      await child.end();
    }
    first += due.count;
  }
  await cluster.drop(database);
  const { peers, missing } = await runPeers(cluster, { pending, seconds }, say);
  return { pending, seconds, product, peers, missing };
}

function rowOf({ ownUs, ...lags }: Ran, rate: number, ready: Ready, pgUs: { begin: number; end: number }): DeadlineRow {
  return { ...lags, rate, ...ready, cpuUs: (ownUs + pgUs.end - pgUs.begin) / lags.fired };
}

/** Moves the next rung of some filled incidents, those from `first` on, to a steady rate. */
async function setDue(config: pg.ClientConfig, due: Due, first: number): Promise<void> {
  const db = new pg.Client(config);
  await db.connect();
  await db.query(
    `update incident i set next_due_at = x.due,
       doc = replace(doc::text, doc->'clocks'->'step'->>'rungAt', to_char(x.due at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::json
     from unnest($1::uuid[]) with ordinality u(id, n),
       lateral (select to_timestamp(($2::float8 + floor((u.n - 1) * 1000.0 / $3)) / 1000) as due) x
     where i.district = $4 and i.id = u.id`,
    [Array.from({ length: due.count }, (_, n) => filledId(first + n)), due.fromMs, due.rate, DISTRICT],
  );
  await db.end();
}

async function runPeers(
  cluster: Cluster,
  { pending, seconds }: { pending: number; seconds: number },
  say: (line: string) => void,
): Promise<Pick<DeadlinesResult, 'peers' | 'missing'>> {
  const peers: (DeadlineRow & { peer: string })[] = [];
  const missing: { contender: string; why: string }[] = [];
  for (const contender of PEERS) {
    const database = 'peer_jobs';
    try {
      const config = await cluster.database(database, 'empty');
      const { child, pgUs } = await enter(cluster, contender, { config, pending });
      try {
        const due: Due = { fromMs: Date.now() + AHEAD_MS, rate: PEER_RATE, count: PEER_RATE * seconds };
        await child.ask('due', due);
        const ran = await child.ask<Ran>('run', due);
        peers.push({ ...rowOf(ran, PEER_RATE, { readyMs: Number.NaN, allMs: Number.NaN }, pgUs), peer: contender.name });
        say(`  ${contender.name}: ${JSON.stringify(peers.at(-1))}`);
      } finally {
        await child.end();
      }
    } catch (error) {
      missing.push({ contender: contender.name, why: firstLine(error) });
    }
    await cluster.drop(database);
  }
  return { peers, missing };
}
