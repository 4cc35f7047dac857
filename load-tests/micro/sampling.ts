/** V8's sampling profiler over the inspector: of any Node process started with `--inspect`, for as long as something is measured. */
import path from 'node:path';
import WebSocket from 'ws';

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string } }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** Milliseconds of self time by place, most first. */
export type Digest = ReadonlyMap<string, number>;

const INTERVAL_US = 500;

/** @param port  of the process's inspector, on loopback. @throws Error if nobody listens there. */
export async function openProfiler(port: number): Promise<{ start(): Promise<void>; stop(): Promise<Digest>; close(): void }> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl, { maxPayload: 2 ** 30 });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (result: unknown) => void>();
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString()) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  let last = 0;
  const ask = (method: string, params: object = {}): Promise<unknown> => {
    socket.send(JSON.stringify({ id: ++last, method, params }));
    return new Promise((resolve) => waiting.set(last, resolve));
  };
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  return {
    start: async () => void (await ask('Profiler.start')),
    stop: async () => digest(((await ask('Profiler.stop')) as { profile: Profile }).profile),
    close: () => socket.close(),
  };
}

function digest({ nodes, samples, timeDeltas }: Profile): Digest {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame.url, callFrame.functionName)]));
  const sums = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const place = places.get(id)!;
    sums.set(place, (sums.get(place) ?? 0) + timeDeltas[i]! / 1_000);
  }
  return new Map([...sums].sort((a, b) => b[1] - a[1]));
}

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A file of ours, a package, a file of Node, or a function without a file: V8's own and what is written in C++. */
function placeOf(url: string, name: string): string {
  if (url === '') return name || '(nameless)';
  if (url.startsWith('node:')) return url;
  const file = url.replace('file://', '');
  const parts = file.split('/node_modules/');
  if (parts.length > 1)
    return parts
      .at(-1)!
      .split('/')
      .slice(0, parts.at(-1)!.startsWith('@') ? 2 : 1)
      .join('/');
  return path.relative(ROOT, file);
}
