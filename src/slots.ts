/** Work that is dear in processor or memory goes through slots: so much at once, so much waiting, and the rest is told to come back. */

import { Problem } from './errors.ts';

/** Neither a slot nor a place to wait is free. */
export class NoSlot extends Error {
  constructor() {
    super('all slots are taken and the waiting line is full');
    this.name = 'NoSlot';
  }
}

export interface Slots {
  /** Runs `work` once a slot is free, first come first served. @throws NoSlot at once when the line is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * @param atOnce   how many run side by side.
 * @param waiting  how many may wait for one.
 */
export function makeSlots(atOnce: number, waiting: number): Slots {
  let running = 0;
  const line: (() => void)[] = [];

  return {
    async run(work) {
      if (running < atOnce) running++;
      else if (line.length >= waiting) throw new NoSlot();
      // The one that leaves hands its slot over: `running` does not change in between, so nobody slips in.
      else await new Promise<void>((take) => line.push(take));
      try {
        return await work();
      } finally {
        const next = line.shift();
        if (next) next();
        else running--;
      }
    },
  };
}

/** For `catch` behind `run`. @returns what turns a full line into `busy`, with the seconds after which to come back; any other error is thrown on. */
export function busyWhenFull(retryAfterS: number): (error: unknown) => never {
  return (error) => {
    if (error instanceof NoSlot) throw new Problem('busy', { headers: { 'Retry-After': String(retryAfterS) } });
    throw error;
  };
}
