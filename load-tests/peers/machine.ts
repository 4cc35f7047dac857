/** Where and with what it was measured. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { versionOf } from './measure.ts';

const HERE = import.meta.dirname;

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Work of others on the machine before we began: processes that wanted a core, mean of a minute. */
  readonly loadBefore: number;
  readonly versions: Readonly<Record<string, string | null>>;
}

export async function describeMachine(cluster: Cluster, loadBefore: number): Promise<Machine> {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    loadBefore,
    versions: {
      Fengming: commit() ?? 'unknown',
      Node: process.version,
      PostgreSQL: await cluster.version(),
      kysely: packageVersion('kysely', '../..'),
      pg: packageVersion('pg', '../..'),
      ws: packageVersion('ws', '../..'),
      ...Object.fromEntries(
        ['pg-boss', 'graphile-worker', '@dbos-inc/dbos-sdk', '@restatedev/restate-sdk', '@restatedev/restate-server', 'socket.io'].map(
          (name) => [name, packageVersion(name, '.')],
        ),
      ),
      centrifuge: /centrifuge (v\S+)/.exec(readFileSync(path.join(HERE, 'push/centrifuge/go.mod'), 'utf8'))?.[1] ?? null,
      'nats-server': /nats-server\/v2@(v\S+)'/.exec(readFileSync(path.join(HERE, 'push/tools.ts'), 'utf8'))?.[1] ?? null,
      Go: versionOf('go', 'version'),
      gcc: versionOf('gcc', '--version'),
    },
  };
}

/** Processes that want a core, mean of a minute, for each core: less than this is a machine that has nothing else to do. */
const QUIET_PER_CORE = 0.25;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Waits until the machine has nothing to do, a quarter of an hour at most: PostgreSQL tidies up after many rows, and others may be at work.
 *
 * @returns the load then, processes that want a core, mean of a minute.
 */
export async function quiet(say: (line: string) => void): Promise<number> {
  const until = performance.now() + LONGEST_WAIT_MS;
  const load = () => os.loadavg()[0]!;
  if (load() > QUIET_PER_CORE * os.cpus().length) say(`  waiting for a quiet machine (load ${load().toFixed(1)})`);
  while (load() > QUIET_PER_CORE * os.cpus().length && performance.now() < until) await sleep(5_000);
  say(`  begins at a load of ${load().toFixed(2)}`);
  return load();
}

function packageVersion(name: string, root: string): string | null {
  try {
    return (JSON.parse(readFileSync(path.join(HERE, root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return null;
  }
}

/** Of the tree it was run from; `+` when something in it was not committed. */
function commit(): string | null {
  const at = versionOf('git', '-C', HERE, 'rev-parse', '--short', 'HEAD');
  if (at === null) return null;
  const changed = versionOf('git', '-C', HERE, 'status', '--porcelain', '--untracked-files=no', '--', '../../src');
  return `${at}${changed ? '+' : ''}`;
}
