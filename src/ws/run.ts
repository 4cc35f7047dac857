/** Frames in the making, shared by all who get the same moves. */
import { movesFrame, type EncodedMove, type TextFrame } from './encode.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * A run of moves on the way to becoming a frame. Audiences that get the same moves walk the same path, so they end at the same run and
 * share its bytes.
 */
export class Run {
  readonly length: number;
  /** 0 for the empty run. */
  readonly lastSeq: number;
  readonly #before: Run | null;
  readonly #move: EncodedMove | null;
  #next: Map<number, Run> | null = null;
  #frames: readonly [TextFrame] | null = null;

  constructor(before: Run | null = null, move: EncodedMove | null = null) {
    this.#before = before;
    this.#move = move;
    this.length = before ? before.length + 1 : 0;
    this.lastSeq = move?.seq ?? 0;
  }

  with(move: EncodedMove): Run {
    this.#next ??= new Map();
    let next = this.#next.get(move.seq);
    if (!next) this.#next.set(move.seq, (next = new Run(this, move)));
    return next;
  }

  get hasFrame(): boolean {
    return this.#frames !== null;
  }

  /** Built when the first asks. */
  frame(): TextFrame {
    return this.frames()[0];
  }

  /** The frame as what a wire is handed: one list for all who get it alone. */
  frames(): readonly [TextFrame] {
    return (this.#frames ??= [movesFrame(Run.#path(this))]);
  }

  static #path(last: Run): EncodedMove[] {
    const moves: EncodedMove[] = [];
    for (let run: Run | null = last; run !== null; run = run.#before) if (run.#move) moves.push(run.#move);
    return moves.reverse();
  }
}

/** Bytes of finished replays that are kept for the next one who asks. */
const SHARED_BYTES = 8 * 1024 * 1024;
/** How long, ms. When a node restarts everybody comes back within a few seconds, and most missed the same. */
const SHARED_MS = 1_000;

/** Frames of replays, made once for all who missed the same moves in the same few moments. */
export class SharedReplays {
  readonly #scheduler: Scheduler;
  #root: Run | null = null;
  #bytes = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** @param moves  at least one, in seq order. */
  frameOf(moves: readonly EncodedMove[]): TextFrame {
    if (!this.#root || this.#bytes > SHARED_BYTES) {
      const root = new Run();
      this.#root = root;
      this.#bytes = 0;
      this.#scheduler.after(SHARED_MS, () => {
        if (this.#root === root) this.forget();
      });
    }
    let run = this.#root;
    for (const move of moves) run = run.with(move);
    const isNew = !run.hasFrame;
    const frame = run.frame();
    if (isNew) this.#bytes += frame.bytes.length;
    return frame;
  }

  /** When the seqs begin to mean something else. */
  forget(): void {
    this.#root = null;
    this.#bytes = 0;
  }
}
