/** Part 1: durable transitions. Our core against what one writes first, against the floor, and against its peers, on the same five steps. */
import type { Cluster } from '../cluster.ts';
import { contest, type Contender, type ContestResult } from '../contest.ts';

export const PRODUCT = 'Fengming core';
export const KYSELY = 'kysely transaction, same work';
export const BARE_BATCH = 'bare batch of the same fields';
export const BARE_HALVES = 'bare batch, in halves as the journal';
export const BARE_STATEMENT = 'bare prepared statement, same fields';

const CORE: readonly Contender[] = [
  { name: PRODUCT, file: 'transitions/product.ts', content: 'world' },
  { name: KYSELY, file: 'transitions/kysely.ts', content: 'world' },
  { name: BARE_BATCH, file: 'transitions/bare-batch.ts', content: 'world' },
  { name: BARE_HALVES, file: 'transitions/bare-batch.ts', content: 'world', callers: [64, 256], env: { HALVES: '1' } },
  { name: BARE_STATEMENT, file: 'transitions/bare-statement.ts', content: 'world', callers: [1] },
];

const PEERS: readonly Contender[] = [
  { name: PRODUCT, file: 'transitions/product.ts', content: 'world' },
  { name: 'pg-boss, workers', file: 'transitions/pg-boss.ts', content: 'empty' },
  { name: 'pg-boss, direct', file: 'transitions/pg-boss-direct.ts', content: 'empty' },
  { name: 'graphile-worker', file: 'transitions/graphile-worker.ts', content: 'empty' },
  { name: 'DBOS', file: 'transitions/dbos.ts', content: 'empty' },
  { name: 'Restate', file: 'transitions/restate.ts', content: 'empty', env: { RESTATE_LOGGING: 'ERROR' } },
];

export interface TransitionsResult {
  readonly core: ContestResult;
  readonly peers: ContestResult;
}

export async function transitions(cluster: Cluster, quick: boolean, say: (line: string) => void): Promise<TransitionsResult> {
  const time = quick ? { rounds: 2, warmMs: 400, ms: 1_000 } : { rounds: 5, warmMs: 1_000, ms: 4_000 };
  const core = await contest(cluster, CORE, { callers: quick ? [1, 64, 256] : [1, 8, 64, 256, 1_000], ...time }, say);
  const peers = await contest(cluster, PEERS, { callers: quick ? [1, 64] : [1, 64, 256], ...time, rounds: quick ? 1 : 3 }, say);
  return { core, peers };
}
