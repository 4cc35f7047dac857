/** Programs that are not JavaScript: built from here with Go and a C compiler, or left out with the reason. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** Not in git, and gone with `node_modules`. */
const BUILT = path.join(import.meta.dirname, '../node_modules/.cache/peers');
/** The module, so that everybody measures the same. */
const NATS = 'github.com/nats-io/nats-server/v2@v2.12.2';

export type Tool = { readonly path: string } | { readonly why: string };

function built(name: string, program: string, args: readonly string[], cwd: string): Tool {
  const target = path.join(BUILT, name);
  mkdirSync(BUILT, { recursive: true });
  const done = spawnSync(program, args, { cwd, env: { ...process.env, GOBIN: BUILT }, encoding: 'utf8' });
  if (done.status === 0 && existsSync(target)) return { path: target };
  if ((done.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return { why: `there is no ${program} here` };
  return { why: `${program} ${args.join(' ')}: ${(done.stderr || done.error?.message || `ended with ${done.status}`).split('\n')[0]}` };
}

const go = (name: string, folder: string): Tool =>
  built(name, 'go', ['build', '-o', path.join(BUILT, name), '.'], path.join(import.meta.dirname, folder));

export const client = (): Tool => go('client', 'client');
export const centrifuge = (): Tool => go('centrifuge', 'centrifuge');

export function natsServer(): Tool {
  const before = path.join(BUILT, 'nats-server');
  return existsSync(before) ? { path: before } : built('nats-server', 'go', ['install', NATS], BUILT);
}

export function floor(): Tool {
  const compile = (compiler: string): Tool =>
    built('floor', compiler, ['-O2', '-o', path.join(BUILT, 'floor'), 'floor.c'], import.meta.dirname);
  if (process.platform !== 'linux') return { why: 'it needs epoll, so Linux' };
  const gcc = compile('gcc');
  return 'path' in gcc ? gcc : compile('cc');
}
