/** The way in for what is to be published: a line each, on a port of its own, as for every server of the comparison. */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export function takeLines(port: number, publish: (line: string) => void): void {
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', publish);
  }).listen(port, '127.0.0.1');
}

/** `node … <port> <control port>` */
export function ports(): { readonly port: number; readonly control: number } {
  const [port, control] = process.argv.slice(2).map(Number);
  if (!port || !control) throw new Error('which ports?');
  return { port, control };
}

/** The kernel's queue of connections not taken yet: thousands come at once. */
export const BACKLOG = 8_192;

/** Memory is read after this: what is garbage says nothing of what a socket costs. */
export function collectWhenTold(): void {
  process.on('SIGUSR2', () => {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
  });
}
