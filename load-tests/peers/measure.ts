/** CPU time, quantiles, and callers who wait for their answer. */
import { readdirSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** Clock ticks of /proc a second: 100 on every Linux that Node runs on. */
const TICKS_PER_S = 100;
const US_PER_TICK = 1e6 / TICKS_PER_S;

/** Fields of /proc/<pid>/stat after the name in brackets, which may hold anything. Empty where there is no such process, or no /proc. */
function statOf(pid: number | string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const PARENT = 1;
const USER = 11;
const SYSTEM = 12;
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

function ticks(fields: readonly string[], ...which: number[]): number {
  return which.reduce((sum, i) => sum + Number(fields[i] ?? 0), 0);
}

/** CPU that a process has used, all its threads, microseconds. */
export function cpuOfUs(pid: number): number {
  return ticks(statOf(pid), USER, SYSTEM) * US_PER_TICK;
}

/** CPU that a process and its children have used, those that ended included, microseconds: for PostgreSQL, whose every connection is one. */
export function cpuOfFamilyUs(pid: number): number {
  let sum = ticks(statOf(pid), USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM);
  for (const name of procs()) {
    const fields = statOf(name);
    if (Number(fields[PARENT]) === pid) sum += ticks(fields, USER, SYSTEM);
  }
  return sum * US_PER_TICK;
}

function procs(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Resident memory of a process, bytes; 0 where there is no /proc. */
export function residentBytes(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Nearest-rank quantile; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
}

export const median = (values: readonly number[]): number => {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** What one round of one contender gave. */
export interface Round {
  readonly callers: number;
  readonly units: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the contender's own process, microseconds a unit. */
  readonly nodeUs: number;
  /** What was refused: has to be 0. */
  readonly failed: number;
}

/**
 * Callers who each ask, wait for the answer, and ask again.
 *
 * @param ask  one unit of work by caller k; false counts as failed.
 */
export async function closedLoop(callers: number, warmMs: number, ms: number, ask: (k: number) => Promise<boolean>): Promise<Round> {
  const waits: number[] = [];
  let state: 'warm' | 'measuring' | 'over' = 'warm';
  let failed = 0;
  const loop = async (k: number): Promise<void> => {
    while (state !== 'over') {
      const asked = performance.now();
      const ok = await ask(k);
      if (!ok) failed++;
      if (state === 'measuring') waits.push(performance.now() - asked);
    }
  };
  const loops = Array.from({ length: callers }, (_, k) => loop(k));
  // A caller that throws must end the run, not wait for the others.
  const all = Promise.all(loops);
  await Promise.race([all, sleep(warmMs)]);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  tellMeasuring('begin');
  state = 'measuring';
  await Promise.race([all, sleep(ms)]);
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const measured = waits.slice();
  tellMeasuring('end');
  state = 'over';
  await all;
  return {
    callers,
    units: measured.length,
    seconds,
    p50Ms: quantile(measured, 0.5),
    p99Ms: quantile(measured, 0.99),
    nodeUs: (cpu.user + cpu.system) / measured.length,
    failed,
  };
}

/** The parent reads PostgreSQL's CPU at these two moments. */
function tellMeasuring(moment: 'begin' | 'end'): void {
  process.send?.({ type: 'measuring', moment });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** First line of what a program says of its version; null if there is no such program. */
export function versionOf(program: string, ...args: string[]): string | null {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')[0]!
      .trim();
  } catch {
    return null;
  }
}
