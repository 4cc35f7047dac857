/** PostgreSQL refuses to run as root. Started by root, it runs as a user without rights; otherwise as whoever started us. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedUnusable } from './unusable.ts';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/** @returns undefined: as ourselves. @throws EmbeddedUnusable if we are root and there is nobody to run it as. */
export function runAs(): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid && gid) return { uid, gid };
  }
  throw new EmbeddedUnusable(
    'PostgreSQL 不能以 root 运行，系统里又没有 postgres 或 nobody 用户：请用普通用户启动，或设置 DATABASE_URL',
    'PostgreSQL refuses to run as root and there is no user postgres or nobody: start as an ordinary user, or set DATABASE_URL',
  );
}

/** `id` is in POSIX and asks the system's directory, where /etc/passwd alone would miss some (macOS, LDAP). */
function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    const printed = execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    // macOS prints nobody as -2, the system calls want it unsigned.
    return /^-?\d+$/.test(printed) ? Number(printed) >>> 0 : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `ids` may enter `dir`: it and every folder above it, of those that exist. A checkout below /root (0700) is closed to nobody. */
export function canEnter(dir: string, ids: UserIds | undefined): boolean {
  if (!ids) return true;
  for (let folder = path.resolve(dir); ; folder = path.dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat) {
      const enter = stat.uid === ids.uid ? 0o100 : stat.gid === ids.gid ? 0o010 : 0o001;
      if ((stat.mode & enter) === 0) return false;
    }
    if (folder === path.dirname(folder)) return true;
  }
}
