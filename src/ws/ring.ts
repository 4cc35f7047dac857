/**
 * The replay buffer: the newest moves with their encoded bytes, so that a socket that comes back is answered without the database.
 * (Not to be mixed up with a ring, the push that asks for an answer.)
 */
import type { EncodedMove } from './encode.ts';

export interface ReplayLimits {
  /** Most moves kept. */
  readonly moves: number;
  /** Most bytes of encoded items kept; the objects around them are about as much again. */
  readonly bytes: number;
}

export const REPLAY_LIMITS: ReplayLimits = { moves: 20_000, bytes: 16 * 1024 * 1024 };

/** Holds one unbroken run of seqs, newest last. */
export class ReplayBuffer {
  readonly #limits: ReplayLimits;
  /** Slot of a move: seq modulo the length. */
  readonly #slots: (EncodedMove | undefined)[];
  #first = 1;
  #last = 0;
  #bytes = 0;

  constructor(limits: ReplayLimits = REPLAY_LIMITS) {
    this.#limits = limits;
    this.#slots = new Array<EncodedMove | undefined>(limits.moves);
  }

  get size(): number {
    return this.#last - this.#first + 1;
  }
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RangeError if the move does not follow the newest one: a hole here would be a move that somebody never gets. */
  push(move: EncodedMove): void {
    if (this.size === 0) this.#first = move.seq;
    else if (move.seq !== this.#last + 1) throw new RangeError(`seq ${move.seq} does not follow ${this.#last}`);
    else if (this.size === this.#limits.moves) this.#dropFirst();
    this.#slots[move.seq % this.#limits.moves] = move;
    this.#last = move.seq;
    this.#bytes += move.bytes;
    while (this.#bytes > this.#limits.bytes && this.size > 1) this.#dropFirst();
  }

  /** Up to `limit` moves after `seq`, or null if the first of them is no longer (or not yet) here. */
  after(seq: number, limit: number): EncodedMove[] | null {
    if (seq + 1 < this.#first || seq >= this.#last) return null;
    const found: EncodedMove[] = [];
    const last = Math.min(this.#last, seq + limit);
    for (let s = seq + 1; s <= last; s++) found.push(this.#slots[s % this.#limits.moves]!);
    return found;
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#first = this.#last + 1;
    this.#bytes = 0;
  }

  #dropFirst(): void {
    const slot = this.#first % this.#limits.moves;
    this.#bytes -= this.#slots[slot]!.bytes;
    this.#slots[slot] = undefined;
    this.#first++;
  }
}
