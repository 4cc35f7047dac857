/** A NATS server on a free port, if this machine has one. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export interface NatsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where `go install github.com/nats-io/nats-server/v2@latest` or a package puts it. */
export function findNats(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), path.join(process.env.GOPATH ?? path.join(homedir(), 'go'), 'bin'), '/usr/sbin'];
  return folders.map((folder) => path.join(folder, 'nats-server')).find((file) => existsSync(file));
}

export function startNats(file: string): Promise<NatsServer> {
  const child = spawn(file, ['--addr', '127.0.0.1', '--port', '-1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
      const port = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port === undefined || !said.includes('Server is ready')) return;
      resolve({
        url: `nats://127.0.0.1:${port}`,
        stop: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      });
    });
    void ended.then(() => reject(new Error(`nats-server ended before it was ready:\n${said}`)));
  });
}
