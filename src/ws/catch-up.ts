/** Replay: a follower that is behind gets the moves after its cursor until it meets the live push. Nothing is sent past its byte limit. */
import { byteLength, cutByBytes, type EncodedMove, type TextFrame } from './encode.ts';
import type { Feed } from './feed.ts';
import type { Follower } from './follower.ts';
import { CLOSE } from './frames.ts';
import type { HubLimits } from './limits.ts';
import type { PushMetrics } from './metrics.ts';
import { SharedReplays } from './run.ts';
import type { Scheduler } from './scheduler.ts';
import { NO_SIGNALS, signalsFor, signalsOf, type Signals } from './signals.ts';
import { wants } from './topics.ts';

/** Moves looked at before others get their turn. */
const PAGE_MOVES = 1_000;

export interface CatchUpDeps {
  readonly feed: Feed;
  readonly scheduler: Scheduler;
  readonly limits: HubLimits;
  readonly frameBytes: number;
  /** seq of the last push: where live followers are. */
  readonly pushed: () => number;
  readonly goLive: (follower: Follower) => void;
  readonly send: (follower: Follower, frames: readonly TextFrame[], bytes: number, signals: Signals) => void;
  /** What this device hears of the signals of its place. */
  readonly heard: (follower: Follower, signals: Signals) => Signals;
  readonly resync: (follower: Follower) => void;
  readonly metrics: PushMetrics | undefined;
  readonly onError: (error: unknown) => void;
}

/** The first frames: the welcome, and with it what rings now. */
type Opening = Signals;

/** One write: frames, and the seq up to which the follower then has everything. */
interface Step {
  readonly frames: TextFrame[];
  readonly signals: Signals;
  readonly upTo: number;
  readonly moves: number;
  /** seq of its last move, 0 without any. */
  readonly lastSent: number;
}

export class CatchUp {
  readonly #deps: CatchUpDeps;
  readonly #shared: SharedReplays;

  constructor(deps: CatchUpDeps) {
    this.#deps = deps;
    this.#shared = new SharedReplays(deps.scheduler);
  }

  /** The run of moves starts anew: what was made of the old one is never sent again. */
  forget(): void {
    this.#shared.forget();
  }

  /**
   * Starts at the follower's cursor and ends when it is live, has left, or was told to resync. As long as the moves are in memory and the wire takes them, all of it
   * happens in this very turn, the opening and the first moves in one write.
   */
  run(follower: Follower, opening?: Opening): void {
    const turn = follower.turn;
    this.#walk(follower, turn, opening).catch((error: unknown) => {
      this.#deps.onError(error);
      // Its cursor is its own `since`: it comes back with it.
      if (follower.turn === turn) follower.wire.close(CLOSE.restarting, 'cannot read the log');
    });
  }

  async #walk(follower: Follower, turn: number, opening?: Opening): Promise<void> {
    let lead = opening;
    for (;;) {
      const target = this.#deps.pushed();
      let page: readonly EncodedMove[] = [];
      let atOnce = true;
      if (follower.cursor < target) {
        if (target - follower.cursor > this.#deps.limits.replayMoves) return this.#deps.resync(follower);
        const read = this.#deps.feed.read(follower.cursor, Math.min(PAGE_MOVES, target - follower.cursor));
        atOnce = !(read instanceof Promise);
        page = read instanceof Promise ? await read : read;
        if (follower.turn !== turn) return;
        // The feed was here and its moves are gone: another history.
        if (page.length === 0) return this.#deps.resync(follower);
      } else if (!lead) {
        // No await since `pushed()` was read: this is the seam.
        return this.#deps.goLive(follower);
      }
      let full = false;
      for (const step of this.#steps(follower, page, lead)) {
        const bytes = byteLength(step.frames);
        const buffered = follower.wire.buffered();
        full = buffered > 0 && buffered + bytes > this.#deps.limits.bytesPerSocket;
        if (full) break;
        if (bytes > 0) this.#deps.send(follower, step.frames, bytes, step.signals);
        this.#deps.metrics?.movesPushed.inc(step.moves);
        follower.cursor = step.upTo;
        follower.marked = Math.max(follower.marked, step.lastSent);
        lead = undefined;
      }
      if (full) {
        // Only the cursor is kept while it waits; the page is read again.
        page = [];
        if (!(await this.#drained(follower, turn))) return;
      } else if (atOnce && follower.cursor < this.#deps.pushed()) {
        await new Promise<void>((resolve) => this.#deps.scheduler.soon(resolve));
        if (follower.turn !== turn) return;
      }
    }
  }

  /** Made one at a time, so that a slow follower does not keep a page of finished frames. Always ends with the page's last seq. */
  *#steps(follower: Follower, page: readonly EncodedMove[], lead: Opening | undefined): Generator<Step> {
    const { actor, topics, places } = follower.audience!;
    const wanted = page.filter(({ move }) => wants(actor, topics, move));
    const parts = wanted.length > 0 ? cutByBytes(wanted, this.#deps.frameBytes) : [[]];
    let frames = [...(lead?.frames ?? [])];
    let before = lead;
    let from = follower.cursor;
    for (const [i, part] of parts.entries()) {
      const upTo = i < parts.length - 1 ? part.at(-1)!.seq : (page.at(-1)?.seq ?? from);
      if (part.length > 0) frames.push(this.#shared.frameOf(part));
      const after = Math.max(from, follower.ringsFrom);
      let signals = NO_SIGNALS;
      if (places.length > 0 && upTo > after) {
        const passed = page.filter(({ seq }) => seq > after && seq <= upTo);
        signals = this.#deps.heard(follower, signalsFor(places, signalsOf(passed, places)));
        frames.push(...signals.frames);
      }
      if (before) signals = { frames, rings: [...before.rings, ...signals.rings], notices: [...before.notices, ...signals.notices] };
      yield { frames, signals, upTo, moves: part.length, lastSent: part.at(-1)?.seq ?? 0 };
      from = upTo;
      frames = [];
      before = undefined;
    }
  }

  /** Waits until the wire has taken everything. @returns false if it took too long (and is closed), left, or follows something else now. */
  #drained(follower: Follower, turn: number): Promise<boolean> {
    this.#deps.metrics?.slowSockets.inc();
    return new Promise((resolve) => {
      const end = (drained: boolean): void => {
        if (follower.stopWaiting !== stop) return;
        follower.stopWaiting = null;
        cancel();
        this.#deps.metrics?.slowSockets.dec();
        resolve(drained && follower.turn === turn);
      };
      const stop = (): void => end(false);
      const cancel = this.#deps.scheduler.after(this.#deps.limits.drainMs, () => {
        end(false);
        this.#deps.metrics?.slowClosed.inc();
        follower.wire.close(CLOSE.tooSlow, 'too slow');
      });
      follower.stopWaiting = stop;
      follower.wire.onceDrained(() => end(true));
    });
  }
}
