/** Part 3: how the rate changes as the table grows. */
import os from 'node:os';
import type { Cluster } from '../cluster.ts';
import { enter, figuresOf, line, oneRound, type Entrant, type Figures } from '../contest.ts';
import { quiet } from '../machine.ts';
import type { Options } from '../options.ts';
import { fill } from './fill.ts';

export interface SizeRow {
  readonly incidents: number;
  readonly spread: 'recent' | 'all';
  readonly figures: Figures;
}

export interface SizeResult {
  /** Work on the machine when the rounds began: filling takes long, and what it leaves to PostgreSQL is waited for. */
  readonly loadBefore: number;
  readonly rows: readonly SizeRow[];
}

const CALLERS = 64;
const SPREADS = ['recent', 'all'] as const;

export async function size(cluster: Cluster, { quick, tenMillion }: Options, say: (line: string) => void): Promise<SizeResult> {
  const sizes = [10_000, ...(quick ? [50_000] : [1_000_000]), ...(tenMillion ? [10_000_000] : [])];
  const time = quick ? { rounds: 2, warmMs: 500, ms: 1_000 } : { rounds: 4, warmMs: 2_000, ms: 5_000 };
  const entrants = new Map<number, Entrant>();
  const rounds = new Map<string, Awaited<ReturnType<typeof oneRound>>[]>();
  let loadBefore: number;
  try {
    for (const incidents of sizes) {
      const config = await cluster.database(`peer_size_${incidents}`, 'world');
      await fill(config, incidents, say);
      const contender = { name: `${incidents.toLocaleString('en')} incidents`, file: 'transitions/on-many.ts', content: 'world' as const };
      entrants.set(incidents, await enter(cluster, contender, { config, count: incidents }));
    }
    loadBefore = quick ? os.loadavg()[0]! : await quiet(say);
    for (const spread of SPREADS) {
      for (let i = 0; i < time.rounds; i++) {
        for (const [incidents, entrant] of entrants) {
          const round = await oneRound(cluster, entrant, { callers: CALLERS, warmMs: time.warmMs, ms: time.ms, spread });
          const key = `${incidents} ${spread}`;
          rounds.set(key, [...(rounds.get(key) ?? []), round]);
        }
      }
    }
  } finally {
    for (const entrant of entrants.values()) await entrant.child.end();
    for (const incidents of sizes) await cluster.drop(`peer_size_${incidents}`);
  }
  const rows = sizes.flatMap((incidents) =>
    SPREADS.map((spread) => {
      const figures = figuresOf(`${incidents.toLocaleString('en')} incidents, ${spread}`, rounds.get(`${incidents} ${spread}`)!);
      say(line(figures));
      return { incidents, spread, figures };
    }),
  );
  return { loadBefore, rows };
}
