/** The servers of the push comparisons, each started for one measurement and ended after it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { firstLine } from '../contest.ts';
import { sleep } from '../measure.ts';
import { centrifuge, floor, natsServer, type Tool } from './tools.ts';

export interface PushServer {
  readonly name: string;
  /** As the client speaks to it. */
  readonly protocol: 'product' | 'plain' | 'socket.io' | 'centrifuge' | 'nats';
  /** Node: collects its garbage when told. */
  readonly node: boolean;
  /** What to start, or why not. @param args  further arguments. */
  command(port: number, control: number, args: readonly string[]): readonly string[] | { readonly why: string };
}

const script = (file: string): PushServer['command'] => {
  const full = path.join(import.meta.dirname, file);
  return (port, control, args) => [process.execPath, '--expose-gc', full, String(port), String(control), ...args];
};

function program(tool: () => Tool): PushServer['command'] {
  let found: Tool | undefined;
  return (port, control) => {
    found ??= tool();
    return 'why' in found ? found : [found.path, String(port), String(control)];
  };
}

const natsDir = (): string => {
  const dir = mkdtempSync('/tmp/fengming-peers-nats-');
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  return dir;
};
let natsConfig: string | undefined;
const nats = program(natsServer);

/** nats-server is told its ports by a file; what it publishes comes on its own port. */
const natsCommand: PushServer['command'] = (port, control, args) => {
  const command = nats(port, control, args);
  if ('why' in command) return command;
  natsConfig ??= natsDir();
  const file = path.join(natsConfig, 'nats.conf');
  writeFileSync(
    file,
    `host: 127.0.0.1\nport: ${control}\nmax_connections: 64000\nwebsocket { host: 0.0.0.0, port: ${port}, no_tls: true }\n`,
  );
  return [command[0]!, '-c', file];
};

export const PRODUCT_HUB = 'Fengming hub';
export const WS_SEND = 'ws.send each';
export const SOCKET_IO = 'socket.io';
export const CENTRIFUGE = 'centrifuge';
export const NATS_WS = 'NATS websocket';
export const FLOOR = 'C epoll floor';

export const SERVERS: readonly PushServer[] = [
  { name: PRODUCT_HUB, protocol: 'product', node: true, command: script('product.ts') },
  { name: WS_SEND, protocol: 'plain', node: true, command: script('ws-send.ts') },
  { name: SOCKET_IO, protocol: 'socket.io', node: true, command: script('socket-io.ts') },
  { name: CENTRIFUGE, protocol: 'centrifuge', node: false, command: program(centrifuge) },
  { name: NATS_WS, protocol: 'nats', node: false, command: natsCommand },
  { name: FLOOR, protocol: 'plain', node: false, command: program(floor) },
];

export const serverOf = (name: string): PushServer => SERVERS.find((s) => s.name === name)!;

/** Server on the first core, client on the second: neither takes the other's time. Empty where there is no taskset. */
function pinned(core: number): string[] {
  return spawnSync('taskset', ['-c', String(core), 'true']).status === 0 ? ['taskset', '-c', String(core)] : [];
}
const onFirst = pinned(0);
const onSecond = pinned(1);

/** What the client printed. */
export type Reading = Readonly<Record<string, number>>;

let nextPort = 19_400;

/**
 * One server, one client, one measurement.
 *
 * @returns what the client saw, or why the server is missing.
 */
export async function measureServer(
  server: PushServer,
  clientPath: string,
  clientArgs: readonly (string | number)[],
  serverArgs: readonly string[] = [],
): Promise<Reading | { readonly why: string }> {
  const port = nextPort++;
  const control = nextPort++;
  const command = server.command(port, control, serverArgs);
  if ('why' in command) return command as { why: string };
  const [file, ...args] = [...onFirst, ...(command as readonly string[])];
  // One core for the server: a Go program would start threads for all of them.
  const child = spawn(file!, args, {
    env: { ...process.env, GOMAXPROCS: '1', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', server.node ? 'inherit' : 'ignore'],
  });
  try {
    await listening(port, child);
    await listening(control, child);
    return await runClient(clientPath, [
      '-protocol',
      server.protocol,
      '-port',
      port,
      '-control',
      control,
      '-pid',
      child.pid!,
      ...clientArgs,
    ]);
  } catch (error) {
    return { why: firstLine(error) };
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** @param heard  lines the client prints before its last, which is what it saw. */
export async function runClient(
  clientPath: string,
  args: readonly (string | number)[],
  heard: (line: string) => void = () => undefined,
): Promise<Reading> {
  const [file, ...before] = [...onSecond, clientPath];
  const child = spawn(file!, [...before, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let last = '';
  let fault = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line;
    heard(line);
  });
  child.stderr.on('data', (part) => (fault += part));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the client ended with ${code}: ${fault.trim()}`);
  if (fault !== '') console.error(fault.trim());
  return JSON.parse(last) as Reading;
}

const START_LIMIT_MS = 15_000;

export async function listening(port: number, child: ChildProcess): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => resolve(true));
      probe.on('connect', () => probe.destroy());
      probe.on('error', () => resolve(false));
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on ${port}`);
}
