/** The machine of a run: what it is, for the record, and how many sockets it lets two processes open to each other. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

const PORT_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** Files a process has open besides sockets to the other: database, pages, logs, requests under way. */
const OTHER_FILES = 1_000;
/** Ports left for everything else on this machine. */
const OTHER_PORTS = 2_000;

/** Linux's default range, where the system does not tell. */
const DEFAULT_PORTS = 28_000;

/** Every socket is a file in each of the two processes, and a port of 127.0.0.1. */
export function socketsThatFit(): { readonly most: number; readonly why: string } {
  const said = process.platform === 'win32' ? '' : spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  const files = /^\d+$/.test(said) ? Number(said) : Infinity;
  const [from = 0, to = DEFAULT_PORTS] = existsSync(PORT_RANGE) ? readFileSync(PORT_RANGE, 'utf8').trim().split(/\s+/).map(Number) : [];
  const ports = to - from;
  return {
    most: Math.min(files - OTHER_FILES, ports - OTHER_PORTS),
    why: `ulimit -n ${files === Infinity ? 'unlimited' : files}, ${ports} local ports`,
  };
}

export function describeMachine(): string {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${cpu}), ${gib} GiB, ${type()} ${release()}, Node ${process.version}, load before ${loadavg()[0]!.toFixed(1)}`;
}
