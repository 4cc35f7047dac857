/**
 * Rings again while nobody answers, on the devices that are connected to this node, and falls silent on those whose shift is over.
 *
 * Each node sees to its own sockets, so several nodes double nothing. It knows only the units of which something rings on a device here: a unit without a socket costs
 * nothing, and there is never more than the open work.
 */
import type { Level } from '../dispatch/chain/incident.ts';
import type { Follower } from './follower.ts';
import type { OpenAssignment } from './open-work.ts';
import { quietOf, ringOf } from './rings.ts';
import type { Scheduler } from './scheduler.ts';
import { hushed, NO_SIGNALS, type Signals } from './signals.ts';

export interface RingRules {
  /** The database's time. */
  readonly now: () => Date;
  /** The first repetition of a ring after `afterMs`, later than it; epoch ms. */
  readonly nextRing: (level: Level, sinceMs: number, afterMs: number) => number;
  /** When the shift of the person at this session ends, epoch ms. null: it rings always; past: it does not ring. */
  readonly shiftEnds: (sessionId: string) => number | null;
}

export interface RepeatsDeps extends RingRules {
  readonly scheduler: Scheduler;
  /** Assignments of the unit that wait for an answer. */
  readonly ringing: (unit: string) => readonly OpenAssignment[];
  /** Live devices of the unit on this node. */
  readonly devices: (unit: string) => Iterable<Follower>;
  /** @returns false when it was not written: the device does not read what waits for it. */
  readonly send: (follower: Follower, signals: Signals) => boolean;
  /** Keeps the evidence of a device that fell silent because its shift was over at `since`. */
  readonly hushed: (follower: Follower, ringing: readonly OpenAssignment[], since: Date) => void;
}

/** All is looked at this often, however far the next ring is: a shift may have been changed, or the database's time set. */
const LONGEST_WAIT_MS = 30_000;

interface Watched {
  /** Rings of before have been seen to. */
  seenMs: number;
  nextMs: number;
}

export class Repeats {
  readonly #deps: RepeatsDeps;
  readonly #units = new Map<string, Watched>();
  #timer: { readonly atMs: number; readonly cancel: () => void } | null = null;

  constructor(deps: RepeatsDeps) {
    this.#deps = deps;
  }

  /** Units that are watched. */
  get size(): number {
    return this.#units.size;
  }

  /** What rings now, for a device that has just come. */
  opening(follower: Follower): Signals {
    return follower.unit === null ? NO_SIGNALS : this.heard(follower, again(this.#deps.ringing(follower.unit)));
  }

  /** What this very device hears of the signals of its place: after the shift of the person at it, no ring. */
  heard(follower: Follower, signals: Signals): Signals {
    if (signals.rings.length === 0 || follower.unit === null) return signals;
    const over = this.#overSince(follower) !== null;
    const told = new Set(signals.rings.map((ring) => ring.assignment));
    // What else rings there is told by the next look, which goes by what the device knows.
    if (this.#deps.ringing(follower.unit).every((a) => told.has(a.assignment))) follower.hushed = over;
    return over ? hushed(signals) : signals;
  }

  /** A device of the unit has come, or something has just been rung there. */
  watch(unit: string): void {
    const ringing = this.#deps.ringing(unit);
    if (ringing.length === 0) return;
    const watched = this.#units.get(unit) ?? { seenMs: this.#deps.now().getTime(), nextMs: 0 };
    this.#units.set(unit, watched);
    this.#plan(watched, ringing, [...this.#deps.devices(unit)]);
    this.#arm(watched.nextMs);
  }

  /** Nothing is watched any more: at the end, and when the run of moves starts anew. */
  forget(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#units.clear();
  }

  #arm(nextMs: number): void {
    if (this.#timer !== null && this.#timer.atMs <= nextMs) return;
    this.#timer?.cancel();
    const nowMs = this.#deps.now().getTime();
    const atMs = Math.min(nextMs, nowMs + LONGEST_WAIT_MS);
    this.#timer = { atMs, cancel: this.#deps.scheduler.after(Math.max(0, atMs - nowMs), () => this.#look()) };
  }

  #look(): void {
    this.#timer = null;
    const nowMs = this.#deps.now().getTime();
    let nextMs = Infinity;
    for (const [unit, watched] of this.#units) {
      // Also those of which nothing is due: a shift may have been made shorter, or the ring was answered.
      this.#see(unit, watched, nowMs);
      if (this.#units.has(unit)) nextMs = Math.min(nextMs, watched.nextMs);
    }
    if (this.#units.size > 0) this.#arm(nextMs);
  }

  #see(unit: string, watched: Watched, nowMs: number): void {
    const ringing = this.#deps.ringing(unit);
    const devices = [...this.#deps.devices(unit)];
    if (ringing.length === 0 || devices.length === 0) return void this.#units.delete(unit);
    const due = ringing.filter((a) => this.#deps.nextRing(a.level, Date.parse(a.at), watched.seenMs) <= nowMs);
    for (const device of devices) {
      const over = this.#overSince(device);
      if (over !== null) {
        // What could not be written is tried again at the next look.
        if (!device.hushed) device.hushed = this.#hush(device, ringing, over);
      } else {
        // Back on duty, or the shift was made longer: everything that waits.
        const rings = device.hushed ? ringing : due;
        if (rings.length > 0 && this.#deps.send(device, again(rings))) device.hushed = false;
      }
    }
    watched.seenMs = nowMs;
    this.#plan(watched, ringing, devices);
  }

  #plan(watched: Watched, ringing: readonly OpenAssignment[], devices: readonly Follower[]): void {
    let nextMs = Infinity;
    for (const { level, at } of ringing) nextMs = Math.min(nextMs, this.#deps.nextRing(level, Date.parse(at), watched.seenMs));
    for (const { sessionId } of devices) {
      const endsMs = this.#deps.shiftEnds(sessionId);
      if (endsMs !== null && endsMs > watched.seenMs) nextMs = Math.min(nextMs, endsMs);
    }
    watched.nextMs = nextMs;
  }

  /** When the shift at this device ended; null while it rings. */
  #overSince({ sessionId }: Follower): Date | null {
    const endsMs = this.#deps.shiftEnds(sessionId);
    return endsMs !== null && endsMs <= this.#deps.now().getTime() ? new Date(endsMs) : null;
  }

  /** @returns whether the device was told. */
  #hush(device: Follower, ringing: readonly OpenAssignment[], since: Date): boolean {
    const written = this.#deps.send(device, { ...NO_SIGNALS, frames: ringing.map((a) => quietOf(a.assignment)) });
    if (written) this.#deps.hushed(device, ringing, since);
    return written;
  }
}

function again(ringing: readonly OpenAssignment[]): Signals {
  const rings = ringing.map(ringOf);
  return { frames: rings.map((r) => r.frame), rings, notices: [] };
}
