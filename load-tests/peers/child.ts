/** A contender in a process of its own: what the parent asks of it, and what it answers. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A request and its answer, or the error it ended with. */
interface Asked {
  readonly type: 'ask';
  readonly what: string;
  readonly with: unknown;
}
type Answered = { readonly type: 'answer'; readonly value: unknown } | { readonly type: 'failed'; readonly why: string };
interface Measuring {
  readonly type: 'measuring';
  readonly moment: 'begin' | 'end';
}

/** In the child: takes one request after the other. @param parts  by name what the parent may ask for. */
export function serveParent(parts: Readonly<Record<string, (argument: never) => Promise<unknown>>>): void {
  process.on('message', (asked: Asked) => {
    const part = parts[asked.what];
    const answer = part === undefined ? Promise.reject(new Error(`nothing is called ${asked.what}`)) : part(asked.with as never);
    answer.then(
      (value) => process.send!({ type: 'answer', value } satisfies Answered),
      (error: unknown) =>
        process.send!({ type: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Answered),
    );
  });
  // The parent is gone: nobody needs this any more.
  process.on('disconnect', () => process.exit(0));
}

export interface Child {
  readonly pid: number;
  /** One at a time. @throws Error with what the child failed with, or that it ended. */
  ask<T>(what: string, argument?: unknown): Promise<T>;
  /** Asks it to `close`, then ends it. */
  end(): Promise<void>;
}

/** A child that does not end in order is killed, milliseconds. */
const END_LIMIT_MS = 15_000;

/** @param onMeasuring  told when the child begins and ends measuring. */
export function startChild(
  file: string,
  options: {
    args?: readonly string[];
    execArgv?: readonly string[];
    env?: NodeJS.ProcessEnv;
    onMeasuring?: (moment: 'begin' | 'end') => void;
  } = {},
): Child {
  const child: ChildProcess = fork(file, [...(options.args ?? [])], {
    execArgv: [...(options.execArgv ?? [])],
    env: { ...process.env, NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let waiting: { resolve: (value: never) => void; reject: (error: Error) => void } | null = null;
  child.on('message', (message: Answered | Measuring) => {
    if (message.type === 'measuring') return options.onMeasuring?.(message.moment);
    const { resolve, reject } = waiting!;
    waiting = null;
    if (message.type === 'answer') resolve(message.value as never);
    else reject(new Error(message.why));
  });
  child.once('exit', (code, signal) => waiting?.reject(new Error(`${file} ended: ${signal ?? code}`)));
  const ask = <T>(what: string, argument?: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (child.exitCode !== null || !child.connected) return reject(new Error(`${file} has ended`));
      waiting = { resolve, reject };
      child.send({ type: 'ask', what, with: argument } satisfies Asked);
    });
  return {
    pid: child.pid!,
    ask,
    async end() {
      if (child.exitCode !== null || !child.connected) return;
      const ended = once(child, 'exit');
      const late = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
      await ask('close').catch(() => undefined);
      // It ends by itself when nobody talks to it any more.
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(late);
    },
  };
}
