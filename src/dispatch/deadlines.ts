/**
 * Fires what is due: a command with a key of its own, so that each deadline takes effect once, whichever nodes try.
 *
 * Every node knows of every incident when it is due next: it reads the table once at start, what is due soon first, and from then on hears of
 * each move. The table has no index on that time, as it would cost every move more than this costs in all (the update would touch all indexes).
 * One node comes first at an incident; the others look a moment later, so that what a dead node left behind is taken up at once.
 */
import type pg from 'pg';
import type { CommittedMove } from './chain/committed.ts';
import { isEnd } from './chain/states.ts';
import type { Desk } from './desk.ts';
import { DueHeap, lastId, type Due } from './due-heap.ts';
import { readDueSoon, RECORD, SWEEP_INTERVAL_MS } from './due-soon.ts';

/** Half a round trip to the database, at most: so far may a node's idea of its time be ahead. */
const CLOCK_ERROR_MS = 2;
/** How much later the other nodes look, counted from when they would have been first. */
const TAKE_OVER_MS = 1_500;
/** The clock is looked at this often even when nothing is near: time may have been set. */
const LONGEST_WAIT_MS = 1_000;
/** After a refusal or a failure the same incident is tried again no sooner. */
const RETRY_MS = 30_000;
/** Fired together, and at most under way: people's commands find no more than this before them in the journal. */
const BATCH = 250;
const MOST_UNDER_WAY = 500;
/** What comes within this time is read beforehand, this many at once. */
const AHEAD_MS = 500;
const MOST_AHEAD = 1_000;
/** Rows of one page: some ten milliseconds, so that no snapshot is held for long (measured). */
const PAGE = 10_000;

/** A page of open incidents in the order of their ids: that is the order in which they lie in the table, which halves the cost (measured). */
const SWEEP = {
  name: 'deadlines_sweep',
  text: `
    select string_agg(${RECORD}, '' order by id)
    from (select id, version, next_due_at from incident where district = $1 and ended_at is null and id > $2 order by id limit ${PAGE}) page`,
  rowMode: 'array' as const,
};
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const NEWS = {
  name: 'deadlines_news',
  text: 'select id, version, next_due_at from incident where district = $1 and id = any($2::uuid[])',
};

/** A move as anybody tells it; without `dueAt` (`null`: never again) the table is asked. */
export type ToldMove = Pick<CommittedMove, 'incident' | 'version' | 'to'> & { readonly dueAt?: CommittedMove['dueAt'] };

export interface DeadlinesDeps {
  readonly district: number;
  readonly pool: pg.Pool;
  readonly desk: Pick<Desk, 'due' | 'prefetch'>;
  /** The database's time. */
  readonly clock: { now(): Date };
  /** What `readDueSoon` answers, begun before; absent: read at the start. */
  readonly dueSoon?: Promise<Buffer | null>;
  /** Absent: this node is alone. */
  readonly nodes?: { isFirst(incident: string): boolean };
  /** A command of the system was refused, or failed: nobody else would hear of it. */
  readonly onTrouble: (incident: string | null, trouble: unknown) => void;
  /** How late each took effect, milliseconds, for the metrics. */
  readonly onFired?: (lagMs: number) => void;
}

export class Deadlines {
  private readonly deps: DeadlinesDeps;
  private readonly heap = new DueHeap();
  private readonly underWay = new Set<Promise<void>>();
  private firing = 0;
  private made = 0;
  private aheadUntilMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private timerAtMs = Infinity;
  private sweepTimer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();
  private news = new Set<string>();
  private readingNews: Promise<void> | null = null;
  private stopped = false;

  constructor(deps: DeadlinesDeps) {
    this.deps = deps;
  }

  /**
   * Reads what is due soon, and goes by itself from then on: nothing that becomes due will be late.
   *
   * @returns when all that is open has been read too, or that failed and was told; the next sweep reads it then.
   * @throws if the database cannot be reached.
   */
  async start(): Promise<{ readonly all: Promise<void> }> {
    const packed = await (this.deps.dueSoon ?? readDueSoon(this.deps));
    if (packed !== null) this.heap.setPacked(packed);
    this.arm();
    const sweep = () => this.sweep().catch((error) => this.deps.onTrouble(null, error));
    this.sweepTimer = setInterval(() => void sweep(), SWEEP_INTERVAL_MS);
    return { all: sweep() };
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.sweepTimer !== null) clearInterval(this.sweepTimer);
    await Promise.all([this.settled(), this.readingNews, this.sweeping.catch(() => {})]);
  }

  /** Incidents that have a deadline to come. */
  get pending(): number {
    return this.heap.size;
  }

  /** Moves of any node, as they are heard of. */
  noticed(moves: readonly ToldMove[]): void {
    for (const { incident: id, version, to, dueAt } of moves) {
      if (dueAt === null || isEnd(to)) this.heap.drop(id, version);
      else if (dueAt !== undefined) this.dueAt(id, version, Date.parse(dueAt));
      else if (!this.heap.knows(id, version)) this.news.add(id);
    }
    if (this.news.size > 0) this.readingNews ??= this.readNews();
    this.arm();
  }

  /** Reads all that is open, page by page. */
  sweep(): Promise<void> {
    this.sweeping = this.sweeping.catch(() => {}).then(() => this.sweepPages());
    return this.sweeping;
  }

  /** Fires all that is due now, and what becomes due by it. @returns how many moves were made meanwhile. */
  async check(): Promise<number> {
    const before = this.made;
    for (;;) {
      this.fireDue();
      if (this.underWay.size === 0) return this.made - before;
      await this.settled();
    }
  }

  private dueAt(id: string, version: number, dueMs: number): void {
    this.heap.set({ id, version, dueMs, atMs: dueMs });
  }

  private async sweepPages(): Promise<void> {
    for (let page = await this.readPage(BEFORE_ALL); page !== null && !this.stopped;) {
      // The database reads the next page while this one is taken in.
      const next = this.readPage(lastId(page));
      // Awaited below: if it fails before that, it is no unhandled rejection.
      next.catch(() => {});
      this.heap.setPacked(page);
      this.arm();
      page = await next;
    }
  }

  private async readPage(after: string): Promise<Buffer | null> {
    const { pool, district } = this.deps;
    const { rows } = await pool.query<[Buffer | null]>({ ...SWEEP, values: [district, after] });
    return rows[0]![0];
  }

  /** When it is due next is not in the log: asked for all that was heard of meanwhile at once. */
  private async readNews(): Promise<void> {
    const { pool, district } = this.deps;
    while (this.news.size > 0 && !this.stopped) {
      const ids = [...this.news];
      this.news = new Set();
      try {
        const { rows } = await pool.query<{ id: string; version: number; next_due_at: Date | null }>({ ...NEWS, values: [district, ids] });
        for (const { id, version, next_due_at } of rows) {
          if (next_due_at === null) this.heap.drop(id, version);
          else this.dueAt(id, version, next_due_at.getTime());
        }
      } catch (error) {
        this.deps.onTrouble(null, error);
        for (const id of ids) this.news.add(id);
        break;
      }
    }
    this.readingNews = null;
    this.arm();
  }

  private async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /** Begins with what is due, as far as there is room. */
  private fireDue(): void {
    while (!this.stopped && this.firing < MOST_UNDER_WAY) {
      const batch = this.take(this.deps.clock.now().getTime() - CLOCK_ERROR_MS);
      if (batch.length === 0) return;
      this.firing += batch.length;
      const work = this.fireBatch(batch).finally(() => {
        this.underWay.delete(work);
        this.firing -= batch.length;
        this.arm();
      });
      this.underWay.add(work);
    }
  }

  /** What is due and this node's to fire: it comes first there, or has waited for the one that does. */
  private take(nowMs: number): Due[] {
    const { nodes } = this.deps;
    for (;;) {
      const due = this.heap.takeDue(nowMs, BATCH);
      if (nodes === undefined || due.length === 0) return due;
      const mine = due.filter((d) => d.atMs > d.dueMs || nodes.isFirst(d.id));
      if (mine.length < due.length) {
        const firsts = new Set(mine);
        for (const d of due) if (!firsts.has(d)) this.heap.set({ ...d, atMs: nowMs + TAKE_OVER_MS });
      }
      if (mine.length > 0) return mine;
    }
  }

  private async fireBatch(batch: readonly Due[]): Promise<void> {
    await this.deps.desk.prefetch(batch.map((due) => due.id)).catch((error) => this.deps.onTrouble(null, error));
    await Promise.all(batch.map((due) => this.fire(due)));
  }

  /** What is due at the incident after this comes with the commit. */
  private async fire(due: Due): Promise<void> {
    try {
      const answer = await this.deps.desk.due(due.id, due.version);
      if (answer === null) return;
      if (!answer.ok) return this.later(due, answer.refusal);
      if (answer.repeat) return;
      this.made++;
      this.deps.onFired?.(this.deps.clock.now().getTime() - due.dueMs);
    } catch (error) {
      this.later(due, error);
    }
  }

  private later(due: Due, trouble: unknown): void {
    this.deps.onTrouble(due.id, trouble);
    this.heap.set({ ...due, atMs: this.deps.clock.now().getTime() + RETRY_MS });
  }

  /** Reads what is near, so that firing it waits for no read. */
  private readAhead(nowMs: number): void {
    if (this.firing >= MOST_UNDER_WAY) return;
    if (this.aheadUntilMs - nowMs > AHEAD_MS / 2 && this.aheadUntilMs - nowMs <= AHEAD_MS) return;
    const fromMs = Math.max(nowMs, this.aheadUntilMs <= nowMs + AHEAD_MS ? this.aheadUntilMs : nowMs);
    this.aheadUntilMs = nowMs + AHEAD_MS;
    const { nodes, desk, onTrouble } = this.deps;
    const ids = this.heap.coming(fromMs, this.aheadUntilMs, MOST_AHEAD).filter((id) => nodes?.isFirst(id) ?? true);
    if (ids.length > 0) desk.prefetch(ids).catch((error) => onTrouble(null, error));
  }

  private arm(): void {
    if (this.stopped) return;
    const nowMs = this.deps.clock.now().getTime();
    // With all room taken, the end of a batch arms it again.
    const nextMs = this.firing < MOST_UNDER_WAY ? this.heap.nextMs() + CLOCK_ERROR_MS : Infinity;
    const nearMs = nextMs - nowMs > AHEAD_MS ? nextMs - AHEAD_MS : Math.min(nextMs, nowMs + AHEAD_MS / 2);
    const atMs = Math.min(nearMs, nowMs + LONGEST_WAIT_MS);
    if (this.timer !== null) {
      if (this.timerAtMs <= atMs) return;
      clearTimeout(this.timer);
    }
    this.timerAtMs = atMs;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        // What could not be read is asked for again.
        if (this.news.size > 0) this.readingNews ??= this.readNews();
        this.readAhead(this.deps.clock.now().getTime());
        this.fireDue();
        this.arm();
      },
      Math.max(0, atMs - nowMs),
    );
  }
}
