/** The only writer of incidents and of their log. Group commit without a timer: while one write is under way, the next batch gathers. */
import pg from 'pg';
import { Problem } from '../errors.ts';
import type { CommittedMove } from './chain/committed.ts';
import { committedMove, type Entry } from './entry.ts';
import { Lane, OutcomeUnknown, Unreachable } from './journal-lane.ts';
import { lookUpKey, writeMany, writeOne, type SeenRow, type WrittenRow } from './journal-statements.ts';

export type Outcome =
  | { readonly kind: 'done'; readonly seq: number }
  /** The actor's key was done before; `digest` (hex) tells whether the same was asked. */
  | { readonly kind: 'repeat'; readonly seq: number; readonly incident: string; readonly version: number; readonly digest: string }
  /** The version moved on, or the id exists: nothing was written; decide again. */
  | { readonly kind: 'conflict' };

export interface JournalOptions {
  readonly district: number;
  /** Opens a connection with JOURNAL_OPTIONS; called again after a loss. */
  readonly connect: () => Promise<pg.Client>;
  /** Connections. */
  readonly lanes?: number;
  /**
   * Commands that are worth a write of their own while another write is under way, and that begin one at once where none is: smaller batches
   * cost PostgreSQL more than they save.
   */
  readonly gather?: number;
  /** Most commands in one batch. */
  readonly maxBatch?: number;
  /** Most commands that wait; past it they are refused with `busy`. */
  readonly maxQueue?: number;
  /** Most characters of payload, document and description that wait: some two bytes each. Past it too they are refused with `busy`. */
  readonly maxQueueText?: number;
  /** How long commands wait for a lost database before they are refused with `database-unavailable`, milliseconds. */
  readonly patienceMs?: number;
  /** After each write: how many commands it held and how long it took, for the metrics. */
  readonly observe?: (batch: { commands: number; durationMs: number }) => void;
  /** A listener threw: the move is on disk all the same. */
  readonly onListenerError?: (error: unknown) => void;
}

type Listener = (moves: readonly CommittedMove[]) => void;

interface Waiting {
  readonly entry: Entry;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface LaneState {
  readonly lane: Lane;
  /** Commands of the write under way; 0: idle. */
  writes: number;
  /** Newest seq that had been answered when its write began: what it writes comes after. */
  after: number;
}

export class Journal {
  private readonly district: number;
  private readonly lanes: readonly LaneState[];
  private readonly gather: number;
  private readonly maxBatch: number;
  private readonly maxQueue: number;
  private readonly maxQueueText: number;
  private readonly options: JournalOptions;
  private readonly listeners = new Set<Listener>();
  private queue: Waiting[] = [];
  private queueText = 0;
  private woken = false;
  private stopping = false;
  private readonly flying = new Set<string>();
  /** Committed, and not told yet: a write that began earlier may still answer with an earlier seq. */
  private held: CommittedMove[] = [];
  private newest = 0;
  private idle: (() => void) | null = null;

  constructor(options: JournalOptions) {
    this.options = options;
    this.district = options.district;
    this.gather = options.gather ?? 32;
    this.maxBatch = options.maxBatch ?? 500;
    this.maxQueue = options.maxQueue ?? 20_000;
    this.maxQueueText = options.maxQueueText ?? 32_000_000;
    const patienceMs = options.patienceMs ?? 5_000;
    this.lanes = Array.from({ length: options.lanes ?? 2 }, () => ({ lane: new Lane(options.connect, patienceMs), writes: 0, after: 0 }));
  }

  /** Connects. @throws Problem `database-unavailable` if that does not work within the patience. */
  async start(): Promise<void> {
    await Promise.all(this.lanes.map(({ lane }) => lane.open())).catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  /** Commands that wait or are being written. */
  get waiting(): number {
    return this.queue.length + this.flying.size;
  }

  /** Tells what is on disk: in order of seq, each once. What other nodes wrote between them is missing: a follower reads that from the log. */
  onCommit(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Writes one decided move. Each is taken or refused on its own: a stale version or a broken entry does not disturb its neighbours.
   *
   * @returns once it is on disk, or why it is not.
   * @throws Problem `busy` (nothing written) or `database-unavailable` (the same key again tells whether it was written);
   *   DatabaseError if PostgreSQL refuses this very entry.
   */
  submit(entry: Entry): Promise<Outcome> {
    if (this.stopping) return Promise.reject(unavailable());
    const text = textOf(entry);
    if (this.queue.length >= this.maxQueue || this.queueText + text > this.maxQueueText) {
      return Promise.reject(new Problem('busy', { headers: { 'Retry-After': '1' } }));
    }
    return new Promise((resolve, reject) => {
      this.queueText += text;
      this.queue.push({ entry, resolve, reject });
      // In this very turn: the others are decided while these are written.
      if (this.queue.length >= this.gather) this.next(this.gather);
      this.wake();
    });
  }

  /** Writes what waits, takes nothing new, and closes its connections. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.waiting > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    await Promise.all(this.lanes.map(({ lane }) => lane.close()));
  }

  /** Fewer than `gather` wait for the end of this turn of the event loop: what arrives in it goes into the same batch. */
  private wake(): void {
    if (this.woken || this.queue.length === 0) return;
    this.woken = true;
    setImmediate(() => {
      this.woken = false;
      this.next(1);
    });
  }

  /**
   * Begins a write if one is worth it. Half of all there is goes at a time, so that PostgreSQL writes one half while the other is decided
   * (docs/decisions/0005-write-in-halves.md).
   *
   * @param least  commands that must wait for one to begin while no other is under way.
   */
  private next(least: number): void {
    const state = this.lanes.find((l) => l.writes === 0);
    if (state === undefined) return;
    // A lane that waits for its connection to come back holds nobody up who could be written by another.
    const writing = this.lanes.reduce((sum, { lane, writes }) => sum + (lane.up ? writes : 0), 0);
    const half = Math.max(this.gather, (this.queue.length + writing) >> 1);
    if (this.queue.length < (writing > 0 ? half : least)) return;
    const batch = this.take(Math.min(half, this.maxBatch));
    if (batch.length === 0) return;
    state.writes = batch.length;
    state.after = this.newest;
    void this.write(state.lane, batch).then(() => {
      state.writes = 0;
      for (const w of batch) this.flying.delete(w.entry.move.incident);
      this.tell();
      this.wake();
      if (this.waiting === 0) this.idle?.();
    });
    this.wake();
  }

  /** One command per incident and per key in a batch, and none whose incident is being written; the others wait, in order. */
  private take(most: number): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const incidents = new Set<string>();
    const keys = new Set<string>();
    let i = 0;
    for (; i < this.queue.length && batch.length < most; i++) {
      const waiting = this.queue[i]!;
      const { key, move } = waiting.entry;
      const free = !incidents.has(move.incident) && !keys.has(key) && !this.flying.has(move.incident);
      (free ? batch : left).push(waiting);
      incidents.add(move.incident);
      keys.add(key);
    }
    for (; i < this.queue.length; i++) left.push(this.queue[i]!);
    this.queue = left;
    for (const { entry } of batch) {
      this.flying.add(entry.move.incident);
      this.queueText -= textOf(entry);
    }
    return batch;
  }

  /** Never rejects: every command of the batch gets its answer or its error. */
  private async write(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    const startedMs = performance.now();
    try {
      const row = await this.send(lane, batch);
      this.options.observe?.({ commands: batch.length, durationMs: performance.now() - startedMs });
      this.answer(batch, row);
    } catch (error) {
      if (error instanceof OutcomeUnknown) {
        // Asking again is safe: what was written the first time now loses by its version, and is recognised by its key and hash.
        return this.write(lane, batch);
      }
      if (error instanceof Unreachable) return refuseAll(batch, unavailable(error));
      if (!isPoison(error)) return refuseAll(batch, isPassing(error) ? unavailable(error) : error);
      if (batch.length > 1) {
        const half = batch.length >> 1;
        await this.write(lane, batch.slice(0, half));
        return this.write(lane, batch.slice(half));
      }
      await this.refuseOne(lane, batch[0]!, error);
    }
  }

  private async send(lane: Lane, batch: readonly Waiting[]): Promise<WrittenRow> {
    const [first] = batch;
    const statement =
      batch.length === 1
        ? writeOne(this.district, first!.entry)
        : writeMany(
            this.district,
            batch.map((w) => w.entry),
          );
    const [row] = await lane.run<WrittenRow>(statement);
    return row!;
  }

  private answer(batch: readonly Waiting[], [base, n, won, seenText]: WrittenRow): void {
    const outcomes = new Array<Outcome | undefined>(batch.length);
    const winners = won ?? (n === batch.length ? batch.map((_, i) => i + 1) : []);
    winners.forEach((ordinal, i) => {
      outcomes[ordinal - 1] = { kind: 'done', seq: base + i + 1 };
    });
    if (n > 0) this.newest = Math.max(this.newest, base + n);
    if (seenText !== null) {
      for (const seen of JSON.parse(seenText) as SeenRow[]) outcomes[seen[0] - 1] = outcomeOfSeen(seen, batch[seen[0] - 1]!.entry);
    }
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome?.kind === 'done') this.held.push(committedMove(batch[i]!.entry, outcome.seq));
    }
    for (const [i, w] of batch.entries()) w.resolve(outcomes[i] ?? { kind: 'conflict' });
  }

  /** Its own fault, unless its key was done before on another version: then that is the answer. */
  private async refuseOne(lane: Lane, { entry, resolve, reject }: Waiting, error: unknown): Promise<void> {
    if (!(error instanceof pg.DatabaseError) || error.constraint !== 'move_key') return reject(error);
    try {
      const [seen] = await lane.run<SeenRow>(lookUpKey(this.district, entry.move.actor, entry.key));
      if (seen === undefined) reject(error);
      else resolve(outcomeOfSeen(seen, entry));
    } catch (lookUpError) {
      reject(lookUpError instanceof pg.DatabaseError ? error : unavailable(lookUpError));
    }
  }

  /** Tells all that no write under way can precede: such a write began before, and took its place in the log we do not know where. */
  private tell(): void {
    if (this.held.length === 0) return;
    const upTo = Math.min(...this.lanes.filter((l) => l.writes > 0).map((l) => l.after), Infinity);
    this.held.sort((a, b) => a.seq - b.seq);
    const ready = this.held.filter((m) => m.seq <= upTo);
    if (ready.length === 0) return;
    this.held = this.held.slice(ready.length);
    for (const listener of this.listeners) {
      try {
        listener(ready);
      } catch (error) {
        this.options.onListenerError?.(error);
      }
    }
  }
}

function textOf({ payload, doc, next }: Entry): number {
  return payload.length + doc.length + next.description.length;
}

/** After a lost connection the command meets its own move of before: then it was done, not repeated. */
function outcomeOfSeen([, seq, incident, version, digest, hash]: SeenRow, entry: Entry): Outcome {
  if (hash === entry.hash) return { kind: 'done', seq };
  return { kind: 'repeat', seq, incident, version, digest };
}

function refuseAll(batch: readonly Waiting[], error: unknown): void {
  for (const w of batch) w.reject(error);
}

function unavailable(cause?: unknown): Problem {
  const problem = new Problem('database-unavailable', { headers: { 'Retry-After': '2' } });
  problem.cause = cause;
  return problem;
}

/** SQLSTATE classes 22 (data), 23 (integrity) and 54 (limits), or what could not even be encoded: one entry is to blame, not the batch. */
function isPoison(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(22|23|54)/.test(error.code ?? '');
  return error instanceof TypeError || error instanceof RangeError;
}

/** Rolled back for no fault of the commands: 40 (deadlock), 53 (no resources), 55 (a lock took too long), 57 (cancelled), 25006 (a standby). */
function isPassing(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(40|53|55|57|25006)/.test(error.code ?? '');
}
