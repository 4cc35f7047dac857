/** Time as push uses it: monotonic, handed in, so that a test moves it instead of sleeping. */

export interface Scheduler {
  /** Monotonic milliseconds; only differences mean something. */
  nowMs(): number;
  /** Runs once what is going on now has returned to the event loop. */
  soon(run: () => void): void;
  /** Runs after `ms`; the answer cancels. Keeps no process alive. */
  after(ms: number, run: () => void): () => void;
}

export const realScheduler: Scheduler = {
  nowMs: () => performance.now(),
  soon: (run) => void setImmediate(run),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Repeats until cancelled; the next wait starts when the run (also an asynchronous one) has ended, so runs never overlap. */
export function every(scheduler: Scheduler, ms: number, run: () => void | Promise<void>, onError: (error: unknown) => void): () => void {
  let stopped = false;
  let cancel = (): void => {};
  const arm = (): void => {
    if (stopped) return;
    cancel = scheduler.after(ms, () => void Promise.resolve().then(run).catch(onError).finally(arm));
  };
  arm();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Longest wait for company, ms: what 400 updates/s to 1,000 sockets need to cost a fifteenth of a write each (measured). */
export const LONGEST_PACE_MS = 50;

/**
 * How long after a flush the next one may start, by how many writes it took.
 *
 * A write costs some 8 µs, so 0.05 ms a write keeps pushing at about a sixth of a core; below 20 writes nothing is saved by waiting. The pause counts
 * from the last flush: a move that comes after a quiet moment leaves at once.
 */
export function paceMs(writes: number): number {
  return writes <= 20 ? 0 : Math.min(LONGEST_PACE_MS, writes * 0.05);
}
