/** Starts PostgreSQL, stops it, and deals with one that an earlier server has left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { type Settings, serverArguments, spawnOptions } from './cluster.ts';
import { commandLineOf, isAlive } from './processes.ts';
import type { UserIds } from './run-as.ts';

type Log = (line: string) => void;

const POLL_MS = 20;
/** Crash recovery may take minutes and must not be cut short: it is waited for as long as the process lives, and said so now and then. */
const STILL_WAITING_MS = 10_000;
/** A fast shutdown writes a checkpoint. Past this it is ended at once; the next start recovers from the WAL. */
const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
/** After a `kill -9` of the postmaster its children need a moment to notice; until then they hold the shared memory. */
const ORPHANS_GONE_MS = 30_000;
const ORPHANS_RETRY_MS = 200;
const STDERR_KEPT = 4_000;

export interface Postmaster {
  readonly pid: number;
  /** Fulfilled when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
}

/** @returns once it takes connections. @throws with the last lines of PostgreSQL's own log if it ends before that. */
export async function startPostmaster(settings: Settings, binaries: Binaries, ids: UserIds | undefined, log: Log): Promise<Postmaster> {
  const givenUpAt = performance.now() + ORPHANS_GONE_MS;
  for (;;) {
    try {
      return await startOnce(settings, binaries, ids, log);
    } catch (error) {
      const orphans = error instanceof Error && error.message.includes('pre-existing shared memory block');
      if (!orphans || performance.now() > givenUpAt) throw error;
      await sleep(ORPHANS_RETRY_MS);
    }
  }
}

async function startOnce(settings: Settings, { postgres }: Binaries, ids: UserIds | undefined, log: Log): Promise<Postmaster> {
  const child = spawn(postgres, serverArguments(settings), {
    ...spawnOptions(ids),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl+C in the terminal reaches only us, and PostgreSQL is stopped last, when its queries are done.
    detached: true,
  });
  const { pid, ended, lastWords } = watch(child);
  if (pid === undefined) throw new Error(`PostgreSQL cannot be started: ${postgres}: ${await ended}`);
  // However our process ends, short of a kill -9, PostgreSQL is told to end too. Nothing can be waited for at that moment.
  const tell = () => process.kill(pid, 'SIGINT');
  process.on('exit', tell);
  void ended.then(() => process.off('exit', tell));

  let sayAt = performance.now() + STILL_WAITING_MS;
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const file = readPidFile(settings.cluster);
    if (file?.pid === pid && file.status === 'ready') return { pid, ended };
    if (performance.now() > sayAt) {
      log(`PostgreSQL is still ${file?.status ?? 'starting'} (recovering after a crash can take minutes)`);
      sayAt = performance.now() + STILL_WAITING_MS;
    }
    await Promise.race([sleep(POLL_MS), ended]);
  }
  throw new Error(`PostgreSQL ended while starting: ${lastWords()} (more in ${path.join(settings.cluster, 'log')})`);
}

function watch(child: ChildProcess) {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  // `error` comes instead of `exit` when the program cannot be run at all.
  const ended = Promise.race([once(child, 'exit'), once(child, 'error').then(([error]) => error as unknown)]).catch(
    (error: unknown) => error,
  );
  // Children of a postmaster that was killed hold its stderr a little longer: nobody waits for them here.
  void ended.then(() => child.stderr?.destroy());
  return { pid: child.pid, ended, lastWords: () => stderr.trim() || 'no word of why' };
}

/**
 * Ends the PostgreSQL that works on this cluster, if any, and waits until it is gone: its pid file is the last thing it removes.
 *
 * @returns whether there was one.
 * @throws if it does not end even when told to drop everything.
 */
export async function stopPostmaster(cluster: string, log: Log): Promise<boolean> {
  const file = readPidFile(cluster);
  if (!file || !worksOn(file.pid, cluster)) return false;
  // SIGINT: end all sessions, write a checkpoint. SIGQUIT: end now, recover at the next start.
  if (await endedAfter('SIGINT', file.pid, cluster, FAST_SHUTDOWN_MS)) return true;
  log(`PostgreSQL (process ${file.pid}) does not stop; it is ended without a checkpoint and will recover at the next start`);
  if (await endedAfter('SIGQUIT', file.pid, cluster, IMMEDIATE_SHUTDOWN_MS)) return true;
  throw new Error(`PostgreSQL (process ${file.pid}) on ${cluster} does not end`);
}

async function endedAfter(signal: NodeJS.Signals, pid: number, cluster: string, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    throw error;
  }
  while (performance.now() < until) {
    if (readPidFile(cluster)?.pid !== pid || !worksOn(pid, cluster)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/**
 * Makes way for a new PostgreSQL on a cluster that no server owns: one left behind by a killed server is stopped, so that the new one runs
 * with this program's settings and as our child.
 */
export async function clearLeftBehind({ cluster, socket }: Settings, log: Log): Promise<void> {
  if (await stopPostmaster(cluster, log)) {
    log('stopped a PostgreSQL that an earlier server had left behind');
    return;
  }
  const file = readPidFile(cluster);
  if (file && isAlive(file.pid)) disownPidFiles(cluster, socket);
}

/**
 * After a crash the pid in the files may be a stranger's, or that of a dead process that nobody collects: PostgreSQL would take it for a
 * twin of its own and refuse to start for ever. The socket's file is ours alone and goes. The cluster's stays, because it also names the
 * shared memory by which PostgreSQL makes sure that no child of the old one lives: our own pid is put in, and PostgreSQL passes over the
 * pid of its parent.
 */
function disownPidFiles(cluster: string, socket: string): void {
  rmSync(path.join(socket, '.s.PGSQL.5432.lock'), { force: true });
  const pidFile = pidFileOf(cluster);
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^-?\d+/, String(process.pid)));
}

/** In doubt (no /proc, no ps) a living process with the pid in the file counts as PostgreSQL. */
function worksOn(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  const command = commandLineOf(pid);
  return command === undefined || command.includes(` -D ${cluster} `);
}

const pidFileOf = (cluster: string) => path.join(cluster, 'postmaster.pid');

/** Lines of the pid file: pid, directory, start, port, socket directory, address, shared memory, status. */
function readPidFile(cluster: string): { pid: number; status: string } | undefined {
  let text: string;
  try {
    text = readFileSync(pidFileOf(cluster), 'utf8');
  } catch (error) {
    // PostgreSQL removes it at its end, and a new one that finds an old file puts its own in the place of it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  // A standalone backend writes its pid negative.
  const pid = Math.abs(Number(lines[0]));
  return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : undefined;
}
