/**
 * Keeps what the log tells: a row for each place and move, written once, whichever nodes live.
 *
 * The log is followed from a cursor that moves in the same transaction as the rows are written. Any node may write, one at a time; one that dies in the middle leaves
 * rows and cursor as they were, and the next one goes on from there. The journal knows nothing of it: a move never waits for its notices.
 */
import type pg from 'pg';
import { isEnd, type State } from '../dispatch/chain/states.ts';
import type { PushedMove } from './encode.ts';
import type { MoveLog } from './log.ts';
import type { AnyNotice } from './notice-item.ts';
import { noticesOf, type Inbox, type Notice } from './notices.ts';
import { every, realScheduler, type Scheduler } from './scheduler.ts';

export interface NoticeLogDeps {
  readonly pool: pg.Pool;
  readonly district: number;
  readonly log: Pick<MoveLog, 'after'>;
  readonly onError: (error: unknown) => void;
  readonly scheduler?: Scheduler;
  /** Most moves that wait to be written; past it they are read from the log again. */
  readonly mostWaiting?: number;
}

/** What only settles notices, or tells nobody, may wait for company so long, ms. */
const GATHER_MS = 1_000;
/** Between two writes: each is a commit, and they must not queue up beside the journal's. The sockets have long been told. */
const PAUSE_MS = 100;
/** Where another node is writing, or the database is away. */
const RETRY_MS = 500;
/** Moves of the log read at a time where this node did not see them. */
const PAGE = 1_000;
const MOST_WAITING = 20_000;
/** A cursor that stays behind costs whoever takes over one look at each move in between. */
const MOST_BEHIND = 5_000;

const WRITE = {
  name: 'ws-notice-write',
  text: `select notice_write($1, $2, $3, $4::bigint[], $5::text[], $6::uuid[], $7::text[], $8::smallint[], $9::timestamptz[],
    $10::uuid[], $11::bigint[], $12::timestamptz[], $13::boolean[], $14::text[]) as here`,
};

/** Notices that ask for the next step, or say that it is near its limit: once the incident goes on they need no answer. What was late stays until somebody has seen it. */
const ASK_FOR_STEP: readonly AnyNotice[] = [
  'remind',
  'warn',
  'called',
  'urged',
  'review',
  'arbitration',
  'verificationAsked',
  'checkAsked',
];

/** A move matters here if it tells somebody, or if it brings an incident on. */
const matters = (move: PushedMove): boolean => move.told !== undefined || move.from !== move.to;

export class NoticeLog {
  readonly #deps: NoticeLogDeps;
  readonly #scheduler: Scheduler;
  /** Moves that matter, in seq order, that nobody is known to have written. */
  #waiting: PushedMove[] = [];
  /** Every move after this one that matters is in `#waiting`. */
  #from = 0;
  /** The last move that this node has seen. */
  #seen = 0;
  /** Up to here it is known to be written. */
  #written = 0;
  #run: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #stopTicking = (): void => {};

  constructor(deps: NoticeLogDeps) {
    this.#deps = deps;
    this.#scheduler = deps.scheduler ?? realScheduler;
  }

  /** The run of moves starts, or starts anew, after `head`. What was logged before is read from the log if nobody has written it. */
  begin(head: number): void {
    this.#waiting = [];
    this.#from = this.#seen = head;
    this.#written = 0;
  }

  async start(): Promise<void> {
    const { pool, district } = this.#deps;
    await pool.query('insert into notice_cursor (district, seq) values ($1, 0) on conflict (district) do nothing', [district]);
    this.#stopTicking = every(this.#scheduler, GATHER_MS, () => this.#tick(), this.#deps.onError);
    this.#wake();
  }

  /** Moves as they were pushed, in seq order, none left out. */
  take(moves: readonly PushedMove[]): void {
    if (moves.length === 0) return;
    let tells = false;
    for (const move of moves) {
      if (!matters(move)) continue;
      this.#waiting.push(move);
      tells ||= move.told !== undefined;
    }
    this.#seen = moves.at(-1)!.seq;
    if (this.#waiting.length > (this.#deps.mostWaiting ?? MOST_WAITING)) {
      this.#waiting = [];
      this.#from = this.#seen;
    }
    if (tells) this.#wake();
  }

  /** Notices of moves that may not be in the table yet. */
  *unwritten(): Iterable<Notice> {
    for (const move of this.#waiting) yield* noticesOf(move);
  }

  /** Resolves when everything that was taken so far is written, by this node or another. */
  async settled(): Promise<void> {
    while (this.#run) await this.#run;
  }

  /** Writes what waits, once. */
  async stop(): Promise<void> {
    this.#stopTicking();
    if (this.#waiting.length > 0) this.#wake();
    this.#stopped = true;
    await this.settled();
  }

  #tick(): void {
    if (this.#waiting.length > 0 || this.#seen - this.#written > MOST_BEHIND) this.#wake();
  }

  #wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#run ??= this.#write().finally(() => (this.#run = null));
  }

  async #write(): Promise<void> {
    // What is pushed in this very turn goes into one write; and the sockets come first.
    await new Promise<void>((resolve) => this.#scheduler.soon(resolve));
    while (this.#again) {
      this.#again = false;
      try {
        while (!(await this.#writeOn()));
        if (this.#again && !this.#stopped) await new Promise<void>((resolve) => void this.#scheduler.after(PAUSE_MS, resolve));
      } catch (error) {
        this.#deps.onError(error);
        if (this.#stopped) return;
        this.#again = true;
        await new Promise<void>((resolve) => void this.#scheduler.after(RETRY_MS, resolve));
      }
    }
  }

  /** One write. @returns whether all that was seen is written now. */
  async #writeOn(): Promise<boolean> {
    const upTo = this.#seen;
    const here = await this.#writeRun(this.#from, upTo, this.#waiting);
    if (here === null) {
      if (this.#stopped) return true;
      await new Promise<void>((resolve) => void this.#scheduler.after(RETRY_MS, resolve));
      return false;
    }
    if (here < this.#from && here < upTo) {
      await this.#readOn(here, Math.min(this.#from, upTo));
      return false;
    }
    // A cursor beyond what was seen here is another node's, or of before a restore: `begin` follows then.
    this.#forget(Math.max(upTo, here));
    return this.#seen <= this.#written;
  }

  /** Moves that this node did not see, or had too many of: from the log. */
  async #readOn(after: number, to: number): Promise<void> {
    const page = await this.#deps.log.after(after, Math.min(PAGE, to - after));
    const last = page.at(-1);
    if (!last) throw new Error(`the log has no moves after ${after}, so what they tell is not written`);
    await this.#writeRun(after, last.seq, page.filter(matters));
  }

  #forget(upTo: number): void {
    this.#written = Math.max(this.#written, upTo);
    this.#from = Math.max(this.#from, Math.min(upTo, this.#seen));
    let done = 0;
    while (done < this.#waiting.length && this.#waiting[done]!.seq <= upTo) done++;
    if (done > 0) this.#waiting = this.#waiting.slice(done);
  }

  /** @returns where the cursor stood; null: another node is writing. Nothing was written unless it stood from `from` on, before `to`. */
  async #writeRun(from: number, to: number, moves: readonly PushedMove[]): Promise<number | null> {
    const notices = moves.flatMap(noticesOf);
    const changes = newest(moves.filter((m) => m.from !== m.to));
    const { rows } = await this.#deps.pool.query<{ here: number | string | null }>({
      ...WRITE,
      values: [
        this.#deps.district,
        from,
        to,
        notices.map((n) => n.seq),
        notices.map((n): Inbox => n.recipient),
        notices.map((n) => n.incident),
        notices.map((n) => n.notice),
        notices.map((n) => (n.level === null ? null : Number(n.level.slice(1)))),
        notices.map((n) => n.at),
        changes.map((m) => m.incident),
        changes.map((m) => m.seq),
        changes.map((m) => m.at),
        changes.map((m) => isEnd(m.to as State)),
        ASK_FOR_STEP,
      ],
    });
    const here = rows[0]?.here ?? null;
    return here === null ? null : Number(here);
  }
}

/** The last change of each incident: it settles all notices before it. */
function newest(changes: readonly PushedMove[]): PushedMove[] {
  return [...new Map(changes.map((move) => [move.incident, move])).values()];
}
