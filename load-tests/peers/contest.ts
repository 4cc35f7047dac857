/** Contenders in turns: A B C, A B C, … each in a process of its own, only one at work at a time, so that a swing of the machine meets all. */
import path from 'node:path';
import { startChild, type Child } from './child.ts';
import type { Cluster } from './cluster.ts';
import { median, type Round } from './measure.ts';

export interface Contender {
  readonly name: string;
  /** Module of the child, below this folder. */
  readonly file: string;
  /** What its database holds before it opens. */
  readonly content: 'empty' | 'world';
  /** How many callers it is asked with; absent: all. */
  readonly callers?: readonly number[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Medians over the rounds. */
export interface Figures {
  readonly contender: string;
  readonly callers: number;
  readonly rounds: number;
  readonly perS: number;
  /** Slowest and fastest round: how much the machine swung. */
  readonly lowPerS: number;
  readonly highPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly nodeUs: number;
  /** CPU of PostgreSQL (or of the peer's own server) a unit. */
  readonly serverUs: number;
  readonly failed: number;
}

export interface Missing {
  readonly contender: string;
  readonly why: string;
}

export interface ContestResult {
  readonly figures: readonly Figures[];
  readonly missing: readonly Missing[];
  /** What `prove` of a contender found wrong afterwards. */
  readonly faults: readonly { readonly contender: string; readonly found: readonly unknown[] }[];
}

interface Timing {
  readonly callers: readonly number[];
  readonly rounds: number;
  readonly warmMs: number;
  readonly ms: number;
}

export type MeasuredRound = Round & { readonly serverUs: number };

/** A child, and PostgreSQL's CPU at the two ends of what it measured last. */
export interface Entrant {
  readonly contender: Contender;
  readonly child: Child;
  readonly pgUs: { begin: number; end: number };
}

/**
 * A little work, then the statistics that autovacuum makes of a new table within a minute: before, PostgreSQL plans for empty tables, and
 * keeps that plan (docs/performance.md). All contenders get the same.
 */
export async function settle(cluster: Cluster, { contender, child }: Entrant): Promise<void> {
  await child.ask('run', { callers: Math.min(8, ...(contender.callers ?? [])), warmMs: 200, ms: 800 });
  await cluster.analyze(databaseOf(contender));
}

/** @param open  argument of the child's `open`, if not the login of a database of its own. */
export async function enter(cluster: Cluster, contender: Contender, open?: unknown): Promise<Entrant> {
  const pgUs = { begin: 0, end: 0 };
  const child = startChild(path.join(import.meta.dirname, contender.file), {
    env: contender.env,
    onMeasuring: (moment) => (pgUs[moment] = cluster.cpuUs()),
  });
  try {
    await child.ask('open', open ?? (await cluster.database(databaseOf(contender), contender.content)));
  } catch (error) {
    await child.end();
    throw error;
  }
  return { contender, child, pgUs };
}

const databaseOf = ({ name }: Contender): string => `peer_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`;

export async function contest(
  cluster: Cluster,
  contenders: readonly Contender[],
  timing: Timing,
  say: (line: string) => void,
): Promise<ContestResult> {
  const missing: Missing[] = [];
  const entrants: Entrant[] = [];
  for (const contender of contenders) {
    try {
      const entrant = await enter(cluster, contender);
      entrants.push(entrant);
      await settle(cluster, entrant);
    } catch (error) {
      missing.push({ contender: contender.name, why: firstLine(error) });
      say(`${contender.name}: ${firstLine(error)}`);
    }
  }
  const rounds = new Map<string, MeasuredRound[]>();
  try {
    for (const callers of timing.callers) {
      for (let i = 0; i < timing.rounds; i++) {
        for (const entrant of entrants) {
          if (!(entrant.contender.callers ?? timing.callers).includes(callers)) continue;
          const round = await oneRound(cluster, entrant, { callers, warmMs: timing.warmMs, ms: timing.ms });
          const key = `${entrant.contender.name} ${callers}`;
          rounds.set(key, [...(rounds.get(key) ?? []), round]);
        }
      }
      for (const { contender } of entrants) {
        const last = rounds.get(`${contender.name} ${callers}`);
        if (last !== undefined) say(line(figuresOf(contender.name, last)));
      }
    }
    const faults = [];
    for (const { contender, child } of entrants) {
      const found = await child
        .ask<unknown[]>('prove')
        .catch((error: Error) => (/nothing is called/.test(error.message) ? [] : [error.message]));
      if (found.length > 0) faults.push({ contender: contender.name, found });
    }
    const figures = timing.callers.flatMap((callers) =>
      entrants.flatMap(({ contender }) => {
        const all = rounds.get(`${contender.name} ${callers}`);
        return all === undefined ? [] : [figuresOf(contender.name, all)];
      }),
    );
    return { figures, missing, faults };
  } finally {
    for (const { child, contender } of entrants) {
      await child.end();
      await cluster.drop(databaseOf(contender));
    }
  }
}

/** @param argument  of the child's `run`. */
export async function oneRound(cluster: Cluster, { child, pgUs }: Entrant, argument: object): Promise<MeasuredRound> {
  await cluster.checkpoint();
  const round = await child.ask<Round & { serverUs?: number }>('run', argument);
  return { ...round, serverUs: round.serverUs ?? (pgUs.end - pgUs.begin) / round.units };
}

export function figuresOf(contender: string, rounds: readonly MeasuredRound[]): Figures {
  const of = (pick: (round: MeasuredRound) => number): number => median(rounds.map(pick));
  const rates = rounds.map((r) => r.units / r.seconds);
  return {
    contender,
    callers: rounds[0]!.callers,
    rounds: rounds.length,
    perS: median(rates),
    lowPerS: Math.min(...rates),
    highPerS: Math.max(...rates),
    p50Ms: of((r) => r.p50Ms),
    p99Ms: of((r) => r.p99Ms),
    nodeUs: of((r) => r.nodeUs),
    serverUs: of((r) => r.serverUs),
    failed: rounds.reduce((sum, r) => sum + r.failed, 0),
  };
}

export function line(f: Figures): string {
  const ms = (n: number): string => n.toFixed(2);
  return `  ${f.contender.padEnd(34)} ${String(f.callers).padStart(5)} callers ${f.perS.toFixed(0).padStart(7)}/s  p50 ${ms(f.p50Ms)} p99 ${ms(f.p99Ms)} ms  CPU ${f.nodeUs.toFixed(0)} + ${f.serverUs.toFixed(0)} µs`;
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
