/** Where the cluster and its socket live, and that nobody else has laid them there for us. */
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { canEnter, type UserIds } from './run-as.ts';
import { EmbeddedUnusable } from './unusable.ts';

export interface Folders {
  /** Data directory of PostgreSQL. Made by initdb, so it may not exist yet; its parent does. */
  readonly cluster: string;
  /** Holds the socket. 0700: who may enter it may use the database. */
  readonly socket: string;
}

/** What root keeps outside the data directory, when that is closed to the user PostgreSQL runs as. */
export const SYSTEM_HOME = '/var/lib/fengming';
/** sockaddr_un takes 104 bytes on macOS and 108 on Linux, with the closing zero. */
const MAX_SOCKET_BYTES = 103;
const SOCKET_NAME = '/.s.PGSQL.5432';

/** Makes the data directory. @returns its real path, so that a link to it is the same place. */
export function makeDataDir(dataDir: string): string {
  const made = mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  // Under a strict umask even 0755 comes out closed; PostgreSQL, run as another user, has to pass through.
  if (made !== undefined && process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  return realpathSync(dataDir);
}

/** @param dataDir  real path, as `makeDataDir` gives it. @throws EmbeddedUnusable if a folder is somebody else's. */
export function makeFolders(dataDir: string, ids: UserIds | undefined, log: (line: string) => void): Folders {
  const home = canEnter(dataDir, ids) ? dataDir : systemHome(dataDir);
  if (home !== dataDir) log(`${dataDir} is closed to the user that PostgreSQL runs as: the database is in ${home}`);

  const cluster = path.join(home, 'pg');
  requireOwnCluster(cluster, ids);

  const beside = path.join(home, 'run');
  const short = Buffer.byteLength(beside + SOCKET_NAME) <= MAX_SOCKET_BYTES;
  // Not os.tmpdir(): a second start with another TMPDIR must come to the same place.
  const socket = short ? beside : path.join('/tmp', `fengming-${process.getuid?.() ?? 0}-${tagOf(dataDir)}`);
  makePrivate(socket, ids);
  return { cluster, socket };
}

function systemHome(dataDir: string): string {
  const home = path.join(SYSTEM_HOME, tagOf(dataDir));
  makeOwn(SYSTEM_HOME);
  makeOwn(home);
  return home;
}

function tagOf(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
}

/** A folder of root's that others may pass through and none may write to. */
export function makeOwn(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  requireOwner(dir, 0, 0o022);
  chmodSync(dir, 0o755);
}

/** A folder that only `ids` (or we) can enter. One that is there already must be just that: in /tmp anybody may have made it. */
function makePrivate(dir: string, ids: UserIds | undefined): void {
  const made = mkdirSync(dir, { recursive: true, mode: 0o700 });
  const uid = ids?.uid ?? process.getuid?.() ?? 0;
  if (made !== undefined && ids) chownSync(dir, ids.uid, ids.gid);
  requireOwner(dir, uid, 0o077);
}

/** Started by root once and by somebody else now, or the other way round: PostgreSQL would only say "permission denied". */
function requireOwnCluster(cluster: string, ids: UserIds | undefined): void {
  const stat = lstatSync(cluster, { throwIfNoEntry: false });
  const uid = ids?.uid ?? process.getuid?.();
  if (!stat || uid === undefined || stat.uid === uid) return;
  throw new EmbeddedUnusable(
    `${cluster} 属于用户 ${stat.uid}，现在要用用户 ${uid} 运行：请用原来的用户启动，或 chown -R ${uid} 这个目录，或用 DATA_DIR 换一个目录`,
    `${cluster} belongs to user ${stat.uid}, PostgreSQL would now run as ${uid}: start as before, chown -R ${uid} that folder, or choose another DATA_DIR`,
  );
}

function requireOwner(dir: string, uid: number, forbidden: number): void {
  const stat = lstatSync(dir);
  const right = stat.isDirectory() && stat.uid === uid && (stat.mode & forbidden) === 0;
  if (right) return;
  throw new EmbeddedUnusable(
    `目录 ${dir} 不是本系统建的，或别人能写：请先查清并删掉它，或用 DATA_DIR 换一个目录`,
    `The folder ${dir} is not ours, or others may write to it: look into it and remove it, or choose another DATA_DIR`,
  );
}
