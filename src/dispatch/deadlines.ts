/**
 * Fires what is due, on whichever node sees it: a command with a key of its own, so that each deadline takes effect once.
 * Near times are kept in memory, fed by what is committed and by a sweep over the table; a restart loses nothing.
 */
import type pg from 'pg';
import type { CommittedMove } from './chain/committed.ts';
import type { Desk } from './desk.ts';
import { DueHeap, type Due } from './due-heap.ts';

/** Half a round trip to the database, at most: so far may a node's idea of its time be ahead. */
const CLOCK_ERROR_MS = 2;
/** What is due later than this is left to a later sweep. */
const HORIZON_MS = 10 * 60_000;
const SWEEP_INTERVAL_MS = 60_000;
/** The clock is looked at this often even when nothing is near: time may have been set. */
const LONGEST_WAIT_MS = 1_000;
/** After a refusal or a failure the same incident is tried again no sooner. */
const RETRY_MS = 30_000;
const BATCH = 500;

const SWEEP = {
  name: 'deadlines_sweep',
  text: 'select id, version, next_due_at from incident where district = $1 and ended_at is null and next_due_at <= $2',
};

export interface DeadlinesDeps {
  readonly district: number;
  readonly pool: pg.Pool;
  readonly desk: Pick<Desk, 'due' | 'prefetch'>;
  /** The database's time. */
  readonly clock: { now(): Date };
  /** A command of the system was refused, or failed: nobody else would hear of it. */
  readonly onTrouble: (incident: string | null, trouble: unknown) => void;
}

export class Deadlines {
  private readonly deps: DeadlinesDeps;
  private readonly heap = new DueHeap();
  private timer: NodeJS.Timeout | null = null;
  private timerAtMs = Infinity;
  private sweepTimer: NodeJS.Timeout | null = null;
  private running: Promise<number> = Promise.resolve(0);
  private stopped = false;

  constructor(deps: DeadlinesDeps) {
    this.deps = deps;
  }

  /** Reads what is near, and goes by itself from then on. */
  async start(): Promise<void> {
    await this.sweep();
    this.sweepTimer = setInterval(() => void this.sweep().catch((error) => this.deps.onTrouble(null, error)), SWEEP_INTERVAL_MS);
    this.arm();
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.sweepTimer !== null) clearInterval(this.sweepTimer);
    await this.running;
  }

  /** Incidents of which a near deadline is known. */
  get pending(): number {
    return this.heap.size;
  }

  /** Moves of any node, as they are committed. */
  noticed(moves: readonly CommittedMove[]): void {
    const horizonMs = this.deps.clock.now().getTime() + HORIZON_MS;
    for (const { incident: id, version, dueAt } of moves) {
      const dueMs = dueAt === null ? Infinity : Date.parse(dueAt);
      if (dueMs <= horizonMs) this.heap.set({ id, version, dueMs });
      else this.heap.drop(id, version);
    }
    this.arm();
  }

  /** Reads from the table what is due soon: other nodes' incidents, and what was far away when it was written. */
  async sweep(): Promise<void> {
    const { pool, district, clock } = this.deps;
    const until = new Date(clock.now().getTime() + HORIZON_MS);
    const { rows } = await pool.query<{ id: string; version: number; next_due_at: Date }>({ ...SWEEP, values: [district, until] });
    for (const { id, version, next_due_at } of rows) this.heap.set({ id, version, dueMs: next_due_at.getTime() });
    this.arm();
  }

  /** Fires all that is due now, and what becomes due by it. @returns how many moves were made. */
  check(): Promise<number> {
    this.running = this.running.then(() => this.fireAll());
    return this.running;
  }

  private async fireAll(): Promise<number> {
    let made = 0;
    for (;;) {
      if (this.stopped) return made;
      const batch = this.heap.takeDue(this.deps.clock.now().getTime() - CLOCK_ERROR_MS, BATCH);
      if (batch.length === 0) return made;
      await this.deps.desk.prefetch(batch.map((due) => due.id)).catch((error) => this.deps.onTrouble(null, error));
      const results = await Promise.all(batch.map((due) => this.fire(due)));
      made += results.filter(Boolean).length;
    }
  }

  /** What is due at the incident after this comes with the commit. */
  private async fire(due: Due): Promise<boolean> {
    try {
      const answer = await this.deps.desk.due(due.id, due.version);
      if (answer === null) return false;
      if (answer.ok) return !answer.repeat;
      this.later(due, answer.refusal);
    } catch (error) {
      this.later(due, error);
    }
    return false;
  }

  private later(due: Due, trouble: unknown): void {
    this.deps.onTrouble(due.id, trouble);
    this.heap.set({ ...due, dueMs: this.deps.clock.now().getTime() + RETRY_MS });
  }

  private arm(): void {
    if (this.stopped) return;
    const nowMs = this.deps.clock.now().getTime();
    const atMs = Math.min(this.heap.nextMs() + CLOCK_ERROR_MS, nowMs + LONGEST_WAIT_MS);
    if (this.timer !== null) {
      if (this.timerAtMs <= atMs) return;
      clearTimeout(this.timer);
    }
    this.timerAtMs = atMs;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        void this.check().finally(() => this.arm());
      },
      Math.max(0, atMs - nowMs),
    );
  }
}
