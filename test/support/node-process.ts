/** A node of the service as a process of its own, on a given database: what can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import type pg from 'pg';

export interface NodeProcess {
  readonly url: string;
  /** SIGKILL: no time to tell anybody. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;

/** With `options` where the login has some: further settings of each connection. */
function urlOf({ host, port, user, database, options }: pg.ClientConfig): string {
  const url = `postgresql:///${database}?host=${encodeURIComponent(host ?? '')}&port=${port}&user=${user}`;
  return options === undefined ? url : `${url}&options=${encodeURIComponent(options)}`;
}

/** @throws Error with what it said if it ends before it is ready. */
export function startNode(database: pg.ClientConfig, env: Record<string, string> = {}): Promise<NodeProcess> {
  const url = urlOf(database);
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, PORT: '0', DATABASE_URL: url, DEMO: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ready(child);
}

function ready(child: ChildProcess): Promise<NodeProcess> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await ended;
  };
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (data: Buffer) => {
      said += data.toString();
      const address = ADDRESS.exec(said);
      if (address) resolve({ url: address[0], kill: end('SIGKILL'), stop: end('SIGTERM') });
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', (data: Buffer) => (said += data.toString()));
    void ended.then(() => reject(new Error(`a node ended before it was ready:\n${said}`)));
  });
}
