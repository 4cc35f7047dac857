/** The database by default: a real PostgreSQL from its npm package, on a unix socket, without anything to install or to set up. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, findBinaries } from './embedded/binaries.ts';
import { ensureCluster, OWNER, type Settings } from './embedded/cluster.ts';
import { makeDataDir, makeFolders } from './embedded/folders.ts';
import { holderOf, lockDataDir } from './embedded/lock.ts';
import { clearLeftBehind, type Postmaster, startPostmaster, stopPostmaster } from './embedded/postmaster.ts';
import { runAs, type UserIds } from './embedded/run-as.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Without fsync, and smaller: for tests. Nothing survives a crash of the machine. */
  readonly fast?: boolean;
  readonly log?: (line: string) => void;
}

export interface Embedded {
  /** Login of the owner, who migrates. `openDatabase` makes of it connections of the service. */
  readonly owner: pg.ClientConfig;
  /** Process of PostgreSQL. Another one after it was brought back. */
  readonly pid: number;
  /** Tells a second start on the same data where this one is served. */
  announce(address: string): void;
  /** Returns when PostgreSQL has ended and the data directory is free. */
  stop(): Promise<void>;
}

const DATABASE = 'fengming';
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
/** One that ran for this long did not fail at starting: the next attempt begins at once again. */
const STEADY_MS = 60_000;

/**
 * Starts PostgreSQL on `dataDir`, making the cluster and its database the first time. One that a killed server left behind is replaced.
 * Should PostgreSQL end while the server runs, it is started again, for as long as it takes; connections are lost meanwhile.
 *
 * @throws AlreadyRunning if another server works on `dataDir`, which is not touched.
 * @throws EmbeddedUnusable if it cannot run here; the message says what to do.
 */
export async function startEmbedded({ dataDir, fast = false, log = () => undefined }: EmbeddedOptions): Promise<Embedded> {
  const ids = runAs();
  const home = makeDataDir(dataDir);
  const lock = lockDataDir(home);
  try {
    const binaries = findBinaries(ids);
    const settings: Settings = { ...makeFolders(home, ids, log), fast };
    await clearLeftBehind(settings, log);
    ensureCluster(settings, binaries, ids);
    const first = await startPostmaster(settings, binaries, ids, log);
    const running = supervise(first, settings, binaries, ids, log);
    try {
      await ensureDatabase(loginAt(settings.socket, 'postgres'));
    } catch (error) {
      await running.stop();
      throw error;
    }
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await running.stop();
      lock.release();
    };
    return {
      owner: loginAt(settings.socket, DATABASE),
      get pid() {
        return running.pid();
      },
      announce: (address) => lock.announce(address, settings.socket),
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Login of the owner on the database of a service that runs on these data in another process; undefined when none does. */
export function runningDatabase(dataDir: string): pg.ClientConfig | undefined {
  const socket = holderOf(dataDir)?.socket;
  return socket === undefined ? undefined : loginAt(socket, DATABASE);
}

/** The port is named, or PGPORT in the environment would choose another file name. */
function loginAt(host: string, database: string): pg.ClientConfig {
  return { host, port: 5432, user: OWNER, ssl: false, database };
}

async function ensureDatabase(config: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** Keeps PostgreSQL running until `stop`. */
function supervise(first: Postmaster, settings: Settings, binaries: Binaries, ids: UserIds | undefined, log: (line: string) => void) {
  let current = first;
  const stopping = new AbortController();

  const keeping = (async () => {
    for (let retryMs = FIRST_RETRY_MS; ;) {
      const startedAt = performance.now();
      await current.ended;
      if (performance.now() - startedAt > STEADY_MS) retryMs = FIRST_RETRY_MS;
      while (!stopping.signal.aborted) {
        log(`PostgreSQL (process ${current.pid}) has ended; starting it again`);
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
        if (stopping.signal.aborted) break;
        try {
          current = await startPostmaster(settings, binaries, ids, log);
          log(`PostgreSQL runs again (process ${current.pid})`);
          break;
        } catch (error) {
          log(error instanceof Error ? error.message : String(error));
        }
      }
      if (stopping.signal.aborted) return;
    }
  })();

  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort();
      // Twice at most: a start that was under way when we were told to stop may have come through meanwhile.
      await stopPostmaster(settings.cluster, log);
      await keeping;
      await stopPostmaster(settings.cluster, log);
    },
  };
}
