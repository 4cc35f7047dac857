/** The cluster: made once by initdb, with settings that every start gives anew. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Binaries } from './binaries.ts';
import type { UserIds } from './run-as.ts';
import { EmbeddedUnusable } from './unusable.ts';

/** The superuser of the embedded cluster; it owns the tables. The service itself runs as `fengming_app`. */
export const OWNER = 'fengming_owner';
/** First part of the version of the packages in package.json. A cluster of another major version needs pg_upgrade. */
const MAJOR = '18';

export interface Settings {
  readonly cluster: string;
  readonly socket: string;
  /** Nothing survives a crash: for tests only. */
  readonly fast: boolean;
}

/** How a program of PostgreSQL is run: as whom, and with no environment that could change what it does. */
export function spawnOptions(ids: UserIds | undefined) {
  return { ...ids, cwd: '/', env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' } };
}

/**
 * Makes the cluster if there is none. Made beside and renamed into place: half of one is never taken for a whole.
 *
 * @throws EmbeddedUnusable if the cluster that is there belongs to another major version.
 */
export function ensureCluster({ cluster, fast }: Settings, { initdb }: Binaries, ids: UserIds | undefined): void {
  const versionFile = path.join(cluster, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === MAJOR) return;
    throw new EmbeddedUnusable(
      `${cluster} 是 PostgreSQL ${version} 的数据，本程序用 ${MAJOR}：请用原来的程序导出（pg_dump）再导入，或用 DATA_DIR 换一个目录`,
      `${cluster} was made by PostgreSQL ${version}, this program has ${MAJOR}: dump it (pg_dump) with the old program and load it here, or choose another DATA_DIR`,
    );
  }
  const partial = `${cluster}.new`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  if (ids) chownSync(partial, ids.uid, ids.gid);
  const done = spawnSync(
    initdb,
    [
      ...['-D', partial, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--no-instructions'],
      // The builtin provider sorts alike on every machine. lc_ctype too, or pg_trgm sees no Chinese.
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--lc-ctype=C.UTF-8'],
      ...(fast ? ['--no-sync', '--no-data-checksums'] : []),
    ],
    { ...spawnOptions(ids), encoding: 'utf8' },
  );
  if (done.status !== 0) throw new Error(`initdb failed: ${done.stderr || done.error?.message || `signal ${done.signal}`}`);
  renameSync(partial, cluster);
}

/** Arguments of `postgres`. On the command line, so that a change of the program reaches clusters that exist. */
export function serverArguments({ cluster, socket, fast }: Settings): string[] {
  const settings = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: socket,
    timezone: 'Asia/Shanghai',
    ...(fast ? FAST : DURABLE),
  };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/**
 * fsync and synchronous_commit stay at their default, on: nothing is acknowledged that is not on disk.
 * The server writes its own log, a file per weekday, a week in all, below `log/` of the cluster. It names no values of rows
 * (terse leaves out DETAIL, which quotes keys).
 */
const DURABLE = {
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_truncate_on_rotation: 'on',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const FAST = {
  max_connections: '300',
  shared_buffers: '64MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
};
