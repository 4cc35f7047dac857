/**
 * Takes in what the log asks for: each ring for each device of its unit, and that a ring is over. Behind the push and in batches: no move waits for it.
 *
 * Every node hears every move, so each does the same, and the first to write it makes the rest of no effect: a node that dies leaves nothing undone. What a node could
 * not write it makes up for from what rings then.
 */
import type { PushedMove } from '../ws/encode.ts';
import type { OpenAssignment } from '../ws/open-work.ts';
import type { AskedRing, OutboundRows } from './rows.ts';

export interface FeederDeps {
  readonly rows: Pick<OutboundRows, 'takeRings' | 'wakeRings'>;
  readonly now: () => Date;
  /** All that waits for an answer. */
  readonly ringing: () => readonly OpenAssignment[];
  /** Something may be due now. */
  readonly taken: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Between two writes, milliseconds: they must not queue up beside the journal's, and a ring has its grace anyway. */
const PAUSE_MS = 100;
const RETRY_MS = 1_000;
/** Past this it is cheaper to begin again from what rings. */
const MOST_WAITING = 5_000;
/** Rings written with one statement. */
const PAGE = 1_000;

export class Feeder {
  readonly #deps: FeederDeps;
  #rings: AskedRing[] = [];
  #over = new Set<string>();
  /** Something may have been missed: all that rings is taken in anew. */
  #whole = true;
  #run: Promise<void> | null = null;
  #stopped = false;
  #wakeUp: () => void = () => undefined;

  constructor(deps: FeederDeps) {
    this.#deps = deps;
  }

  /** Moves of any node, in order. */
  noticed(moves: readonly PushedMove[]): void {
    let matters = false;
    for (const { seq, incident, level, at, changed, drill } of moves) {
      for (const { id, unit, state, until } of changed ?? []) {
        matters = true;
        // Also where it is asked again: the ring before is over then.
        this.#over.add(id);
        if (state === 'assigned') this.#rings.push({ seq, incident, assignment: id, unit, level, until: until ?? null, at, drill });
      }
    }
    if (this.#rings.length + this.#over.size > MOST_WAITING) {
      this.#rings = [];
      this.#over.clear();
      this.#whole = true;
    }
    if (matters) this.#work();
  }

  /** Takes in all that rings now: at the start, and for a device that has just come. */
  takeAll(): void {
    this.#whole = true;
    this.#work();
  }

  /** Resolves when what was noticed so far is written, or could not be. */
  async settled(): Promise<void> {
    while (this.#run) await this.#run;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp();
    await this.settled();
  }

  #work(): void {
    if (!this.#stopped) this.#run ??= this.#write().finally(() => (this.#run = null));
  }

  async #write(): Promise<void> {
    // What comes in this very turn goes into one write, after the sockets.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#whole || this.#rings.length > 0 || this.#over.size > 0) {
      const { rings, over } = this.#takeOut();
      try {
        for (let i = 0; i < rings.length; i += PAGE) await this.#deps.rows.takeRings(rings.slice(i, i + PAGE), this.#deps.now());
        await this.#deps.rows.wakeRings(over, this.#deps.now());
        this.#deps.taken();
      } catch (error) {
        this.#deps.onFault(error);
        this.#whole = true;
        if (this.#stopped) return;
        await this.#pause(RETRY_MS);
      }
      if (this.#stopped) return;
      await this.#pause(PAUSE_MS);
    }
  }

  #takeOut(): { rings: readonly AskedRing[]; over: readonly string[] } {
    const rings = this.#whole ? this.#deps.ringing().map((open): AskedRing => ({ ...open })) : this.#rings;
    const over = [...this.#over];
    this.#rings = [];
    this.#over = new Set();
    this.#whole = false;
    return { rings, over };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
