/**
 * Incidents that a frame has named, until they are read. The cursor of the socket has moved past that frame, so nothing brings it again: what could not be read
 * stays wanted, and is read again until it worked or the service says that it is not for us.
 */
import { asProblem } from './problem.ts';

export interface Wanted {
  want(ids: Iterable<string>): void;
  /** The service is there again: no reason to wait out the pause. */
  hurry(): void;
}

interface Deps {
  /** Frames of one burst are answered with one reading, milliseconds. */
  readonly gatherMs: number;
  /** setTimeout, handed in so that tests decide when time passes. */
  readonly later: (ms: number, run: () => void) => void;
}
/** After a failed reading it is tried again after 2 s, 4 s, 8 s … at most a minute; a new frame or a new connection does not wait. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const READINGS_AT_ONCE = 6;

/** Whether reading the same again may bring it: not reached, busy, or waiting for the person to sign in again. */
export function mayComeYet(thrown: unknown): boolean {
  const problem = asProblem(thrown);
  return problem.passing || problem.status === 401;
}

/** @param read  reads them. @returns those that may come yet. */
export function makeWantedTogether(read: (ids: readonly string[]) => Promise<readonly string[]>, { gatherMs, later }: Deps): Wanted {
  const wanted = new Set<string>();
  let planned: 'no' | 'soon' | 'paused' = 'no';
  let turn = 0;
  let reading = false;
  let failures = 0;

  function plan(how: 'soon' | 'paused', afterMs: number): void {
    planned = how;
    const mine = ++turn;
    later(afterMs, () => mine === turn && void go());
  }
  async function go(): Promise<void> {
    planned = 'no';
    const ids = [...wanted];
    wanted.clear();
    reading = true;
    const failed = await read(ids).catch(() => ids);
    reading = false;
    for (const id of failed) wanted.add(id);
    failures = failed.length === 0 ? 0 : failures + 1;
    if (failures > 0) plan('paused', Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)));
    else if (wanted.size > 0) plan('soon', gatherMs);
  }

  return {
    want(ids) {
      for (const id of ids) wanted.add(id);
      if (wanted.size > 0 && !reading && planned !== 'soon') plan('soon', gatherMs);
    },
    hurry() {
      if (wanted.size > 0 && !reading) plan('soon', 0);
    },
  };
}

/** Each by itself. @param read  reads one. @throws ApiProblem */
export function makeWanted(
  read: (id: string) => Promise<unknown>,
  deps: Deps = { gatherMs: 120, later: (ms, run) => void setTimeout(run, ms) },
): Wanted {
  return makeWantedTogether((ids) => readEach(ids, read), deps);
}

/** Several at once, a few at a time. @returns those that may come yet. */
export async function readEach<T>(all: readonly T[], read: (one: T) => Promise<unknown>): Promise<T[]> {
  const waiting = [...all];
  const failed: T[] = [];
  const worker = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const mine = one;
      await read(mine).catch((thrown: unknown) => mayComeYet(thrown) && failed.push(mine));
    }
  };
  await Promise.all(Array.from({ length: Math.min(READINGS_AT_ONCE, all.length) }, worker));
  return failed;
}
