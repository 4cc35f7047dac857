/**
 * The feed: from the journal (this node's moves, in any order) and from the log (everybody's) it makes one run of moves, in seq order, each once, none
 * left out; encodes each once and keeps the newest for replay.
 *
 * It goes on only from its own seq + 1. Answers of the journal's lanes come out of order, other nodes commit in between, a wake-up may be lost: whatever is
 * missing is read from the log, by one reader at a time.
 */
import { makeSlots } from '../slots.ts';
import { encodeMove, type EncodedMove, type PushedMove } from './encode.ts';
import type { Bus } from './bus.ts';
import type { FeedHead, MoveLog } from './log.ts';
import type { PushMetrics } from './metrics.ts';
import type { OpenAssignment } from './open-work.ts';
import { REPLAY_LIMITS, ReplayBuffer, type ReplayLimits } from './ring.ts';
import { every, realScheduler, type Scheduler } from './scheduler.ts';

export interface FeedDeps {
  readonly district: number;
  readonly log: MoveLog;
  readonly bus: Bus;
  readonly onError: (error: unknown) => void;
  readonly metrics?: PushMetrics;
  readonly scheduler?: Scheduler;
  readonly replay?: ReplayLimits;
  /** How often to look at the head without being woken, ms. */
  readonly pollMs?: number;
}

/** Where a run of moves starts: at the start of the node, and anew when the database was restored under it. */
export interface FeedStart extends FeedHead {
  readonly open: readonly OpenAssignment[];
}

/** Most moves read from the log in one query. */
export const LOG_PAGE = 1_000;
/** Moves of before the start that are loaded at once; older ones are read when somebody asks. */
const WARM_MOVES = 2_000;
/** How long a hole may be filled by another lane's answer before the log is read for it, ms. */
const HOLE_PATIENCE_MS = 5;
/** Past this many moves waiting behind a hole they are dropped: the log has them. */
const MOST_WAITING = 20_000;
const POLL_MS = 1_000;
/** Replays that read the log at the same time: many devices that come back at once must not take every connection of the pool. */
const MOST_REPLAY_READS = 4;

export class Feed {
  readonly district: number;
  readonly #deps: FeedDeps;
  readonly #scheduler: Scheduler;
  readonly #buffer: ReplayBuffer;
  /** Moves that came before their turn, by seq. */
  readonly #waiting = new Map<number, PushedMove>();
  readonly #onMoves: ((moves: readonly EncodedMove[]) => void)[] = [];
  readonly #onStart: ((start: FeedStart) => void)[] = [];
  readonly #reads = new Map<string, Promise<readonly EncodedMove[]>>();
  readonly #replayReads = makeSlots(MOST_REPLAY_READS, Infinity);
  #head = 0;
  #epoch = '';
  /** Highest head that anybody spoke of. */
  #known = 0;
  #state: 'new' | 'starting' | 'running' | 'stopped' = 'new';
  /** The page that is on its way. */
  #reading: Promise<void> | null = null;
  /** The reader that goes on page by page; whoever wakes it meanwhile only asks it to read once more. */
  #readingOn: Promise<void> | null = null;
  #readAgain = false;
  #holeTimer: (() => void) | null = null;
  #stopPolling = (): void => {};

  constructor(deps: FeedDeps) {
    this.#deps = deps;
    this.district = deps.district;
    this.#scheduler = deps.scheduler ?? realScheduler;
    this.#buffer = new ReplayBuffer(deps.replay ?? REPLAY_LIMITS);
    deps.bus.onWake((head) => {
      if (head !== null && head <= this.#head) return;
      this.#known = Math.max(this.#known, head ?? 0);
      if (this.#state === 'running') void this.#readOn();
    });
  }

  /** seq of the newest move that was handed on. */
  get head(): number {
    return this.#head;
  }
  get epoch(): string {
    return this.#epoch;
  }
  /** Loaded, and nothing known to exist is missing. */
  get caughtUp(): boolean {
    return this.#state === 'running' && this.#known <= this.#head;
  }

  /** Moves in seq order, each once; called in the turn in which they became complete. Before `start`. */
  onMoves(listener: (moves: readonly EncodedMove[]) => void): void {
    this.#beforeStart();
    this.#onMoves.push(listener);
  }

  /** Called once at the start and whenever the run starts anew. Before `start`. */
  onStart(listener: (start: FeedStart) => void): void {
    this.#beforeStart();
    this.#onStart.push(listener);
  }

  /** @throws what the database throws; may be tried again. */
  async start(): Promise<void> {
    this.#beforeStart();
    await this.#begin('new');
    this.#stopPolling = every(this.#scheduler, this.#deps.pollMs ?? POLL_MS, () => this.#poll(), this.#deps.onError);
    // What was committed between the snapshot and now, by nodes whose wake-ups came too early.
    await this.refresh();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#stopPolling();
    this.#holeTimer?.();
    await this.#reading;
  }

  /** Takes moves that this node has just committed, in any order; tells the other nodes. */
  offer(moves: readonly PushedMove[]): void {
    if (moves.length === 0) return;
    let highest = 0;
    for (const move of moves) {
      highest = Math.max(highest, move.seq);
      if (move.seq > this.#head) this.#waiting.set(move.seq, move);
    }
    this.#known = Math.max(this.#known, highest);
    this.#deps.bus.announce(highest);
    if (this.#state === 'running') this.#drain();
  }

  /** Reads the log until this feed has all that was committed before the call. @throws what the database throws. */
  async refresh(): Promise<void> {
    const { head } = await this.#deps.log.head();
    while (this.#head < head && this.#state === 'running') {
      if ((await this.#readPage()) === 0 && this.#head < head)
        throw new Error(`the log has no moves after ${this.#head}, but its head is ${head}`);
    }
  }

  /**
   * Up to `limit` moves after `seq`, at most to the head: at once when they are still in memory, else from the log. Readers who ask for the same
   * page at the same time share one query.
   */
  read(seq: number, limit: number): readonly EncodedMove[] | Promise<readonly EncodedMove[]> {
    const kept = this.#buffer.after(seq, limit);
    this.#deps.metrics?.replayed.inc({ from: kept ? 'memory' : 'log' });
    if (kept) return kept;
    const size = Math.min(limit, LOG_PAGE);
    const key = `${this.#epoch}/${seq}/${size}`;
    let read = this.#reads.get(key);
    if (!read) {
      read = this.#replayReads.run(async () => (await this.#deps.log.after(seq, size)).filter((m) => m.seq <= this.#head).map(encodeMove));
      this.#reads.set(key, read);
      const forget = (): void => void this.#reads.delete(key);
      read.then(forget, forget);
    }
    return read;
  }

  async placesOf(incidents: readonly string[]): ReturnType<MoveLog['placesOf']> {
    return this.#deps.log.placesOf(incidents);
  }

  #beforeStart(): void {
    if (this.#state !== 'new') throw new Error('the feed has started: listeners come before it, or they would miss moves');
  }

  /** Loads where to start from and goes on from there. What is offered meanwhile waits. */
  async #begin(ifItFails: 'new' | 'running'): Promise<void> {
    this.#state = 'starting';
    try {
      const start = await this.#deps.log.snapshot();
      const warm: PushedMove[] = [];
      for (let seq = Math.max(0, start.head - WARM_MOVES); seq < start.head; seq = warm.at(-1)!.seq) {
        const page = await this.#deps.log.after(seq, Math.min(LOG_PAGE, start.head - seq));
        if (page.length === 0) throw new Error(`the log has no moves after ${seq}, but its head is ${start.head}`);
        warm.push(...page);
      }
      this.#buffer.clear();
      for (const move of warm) this.#buffer.push(encodeMove(move));
      this.#head = this.#known = start.head;
      this.#epoch = start.epoch;
      for (const listener of this.#onStart) listener(start);
    } catch (error) {
      this.#state = ifItFails;
      throw error;
    }
    this.#state = 'running';
    this.#drain();
  }

  /** Hands on what now follows without a hole; sees to the hole if there is one. */
  #drain(): void {
    const ready: EncodedMove[] = [];
    for (let next; (next = this.#waiting.get(this.#head + 1));) {
      this.#waiting.delete(next.seq);
      ready.push(this.#take(next));
    }
    this.#handOn(ready);
    if (this.#waiting.size === 0) return;
    for (const seq of this.#waiting.keys()) if (seq <= this.#head) this.#waiting.delete(seq);
    if (this.#waiting.size > MOST_WAITING) this.#waiting.clear();
    this.#holeTimer ??= this.#scheduler.after(HOLE_PATIENCE_MS, () => {
      this.#holeTimer = null;
      if (this.#waiting.size > 0 && this.#state === 'running') void this.#readOn();
    });
  }

  #take(move: PushedMove): EncodedMove {
    const encoded = encodeMove(move);
    this.#buffer.push(encoded);
    this.#head = move.seq;
    return encoded;
  }

  #handOn(moves: readonly EncodedMove[]): void {
    this.#measure();
    if (moves.length > 0) for (const listener of this.#onMoves) listener(moves);
  }

  #measure(): void {
    this.#known = Math.max(this.#known, this.#head);
    this.#deps.metrics?.feedHead.set(this.#head);
    this.#deps.metrics?.feedLag.set(this.#known - this.#head);
  }

  /** Reads until everything known of at the last call is here. A failure is tried again by the next poll. */
  #readOn(): Promise<void> {
    this.#readAgain = true;
    const read = async (): Promise<void> => {
      try {
        while (this.#readAgain) {
          this.#readAgain = false;
          while ((await this.#readPage()) === LOG_PAGE);
        }
      } catch (error) {
        this.#deps.onError(error);
      }
    };
    return (this.#readingOn ??= read().finally(() => (this.#readingOn = null)));
  }

  /** Reads one page after the head. Whoever comes while a page is on its way waits for that and then reads a fresh one. @returns moves in the page. */
  async #readPage(): Promise<number> {
    while (this.#reading) await this.#reading;
    let count = 0;
    const read = async (): Promise<void> => {
      this.#deps.metrics?.holesRead.inc();
      const epoch = this.#epoch;
      const page = await this.#deps.log.after(this.#head, LOG_PAGE);
      if (this.#state !== 'running' || this.#epoch !== epoch) return;
      count = page.length;
      const ready: EncodedMove[] = [];
      let hole: number | null = null;
      for (const move of page) {
        // The journal may have handed some of them over meanwhile.
        if (move.seq <= this.#head) continue;
        if (move.seq !== this.#head + 1) {
          hole = move.seq;
          break;
        }
        this.#waiting.delete(move.seq);
        ready.push(this.#take(move));
      }
      this.#handOn(ready);
      this.#drain();
      if (hole !== null) throw new Error(`the log has a hole before ${hole}: nothing after ${this.#head} is pushed until it is filled`);
    };
    const reading = read().finally(() => (this.#reading = null));
    // Those who wait only want to know that it has ended.
    this.#reading = reading.catch(() => {});
    await reading;
    return count;
  }

  async #poll(): Promise<void> {
    try {
      const headBefore = this.#head;
      const { head, epoch } = await this.#deps.log.head();
      if (this.#state !== 'running') return;
      if (epoch !== this.#epoch || head < headBefore) {
        this.#waiting.clear();
        await this.#begin('running');
      } else if (head > this.#head) {
        this.#known = Math.max(this.#known, head);
        await this.#readOn();
      }
    } catch (error) {
      this.#deps.onError(error);
    }
  }
}
