/**
 * One server per data directory.
 *
 * Node has no file lock of its own, and a file with a pid in it lies after a `kill -9` (in a container the same pid soon belongs to
 * somebody else). SQLite, which comes with Node, locks its file in the kernel: two can never hold it, and it is free the moment the
 * process is gone, however it went. Nothing is ever stored in that file.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isAlive } from './processes.ts';

/** Who holds a data directory, as far as it is known. */
export interface Holder {
  readonly pid: number;
  /** Where it is served, once it is: `http://127.0.0.1:8080`. */
  readonly address?: string;
  /** Folder of PostgreSQL's socket. */
  readonly socket?: string;
}

export interface DirLock {
  /** Tells a second start where the first one is served, and tools where its database is. */
  announce(address: string, socket: string): void;
  release(): void;
}

/** Another server works on these data. It was not touched. */
export class AlreadyRunning extends Error {
  readonly holder: Holder | undefined;

  constructor(dataDir: string, holder: Holder | undefined) {
    const zhWho = holder ? `进程 ${holder.pid}${holder.address ? `，${holder.address}` : ''}` : '进程号未知';
    const enWho = holder ? `process ${holder.pid}${holder.address ? `, ${holder.address}` : ''}` : 'process unknown';
    super(
      `凤鸣已在用 ${dataDir}（${zhWho}）。请直接打开它，或先停掉它，或用 DATA_DIR 换一个目录。\n` +
        `Fengming is already running on ${dataDir} (${enWho}). Open that one, stop it first, or choose another directory with DATA_DIR.`,
    );
    this.name = 'AlreadyRunning';
    this.holder = holder;
  }
}

const SQLITE_BUSY = 5;

/** @param dataDir  exists and is writable. @throws AlreadyRunning if another server, or this one, holds it. */
export function lockDataDir(dataDir: string): DirLock {
  const about = path.join(dataDir, 'server.json');
  const file = new DatabaseSync(path.join(dataDir, 'lock'), { timeout: 0 });
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw new AlreadyRunning(dataDir, readHolder(about));
    throw error;
  }
  const write = (holder: Holder) => {
    // Renamed into place: a second start never reads half of it.
    writeFileSync(`${about}.new`, JSON.stringify(holder));
    renameSync(`${about}.new`, about);
  };
  write({ pid: process.pid });
  return {
    announce: (address, socket) => write({ pid: process.pid, address, socket }),
    release() {
      rmSync(about, { force: true });
      file.close();
    },
  };
}

/** Who serves these data at the moment; undefined when nobody does. */
export function holderOf(dataDir: string): Holder | undefined {
  const holder = readHolder(path.join(dataDir, 'server.json'));
  return holder !== undefined && isAlive(holder.pid) ? holder : undefined;
}

function readHolder(about: string): Holder | undefined {
  try {
    const { pid, address, socket } = JSON.parse(readFileSync(about, 'utf8')) as Record<string, unknown>;
    if (typeof pid !== 'number') return undefined;
    return { pid, ...(typeof address === 'string' ? { address } : {}), ...(typeof socket === 'string' ? { socket } : {}) };
  } catch {
    // The holder is just starting, or the file was removed by hand: the lock counts, the file only explains it.
    return undefined;
  }
}
