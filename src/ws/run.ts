/** Frames in the making, shared by all who get the same moves. */
import { movesFrame, type EncodedMove, type TextFrame } from './encode.ts';

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
  readonly #next = new Map<number, Run>();
  #frame: TextFrame | null = null;

  constructor(before: Run | null = null, move: EncodedMove | null = null) {
    this.#before = before;
    this.#move = move;
    this.length = before ? before.length + 1 : 0;
    this.lastSeq = move?.seq ?? 0;
  }

  with(move: EncodedMove): Run {
    let next = this.#next.get(move.seq);
    if (!next) this.#next.set(move.seq, (next = new Run(this, move)));
    return next;
  }

  /** Built when the first asks. */
  frame(): TextFrame {
    return (this.#frame ??= movesFrame(Run.#path(this)));
  }

  static #path(last: Run): EncodedMove[] {
    const moves: EncodedMove[] = [];
    for (let run: Run | null = last; run !== null; run = run.#before) if (run.#move) moves.push(run.#move);
    return moves.reverse();
  }
}
