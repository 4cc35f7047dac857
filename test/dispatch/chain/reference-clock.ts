/** A clock as the stretches of time in which it ran: what the rules derive, worked out anew and without their code. */
import { MINUTE_MS, type MinuteCounter } from './reference-time.ts';

/** Shares of a limit at which the ladder speaks, in per cent. */
export const LADDER = [50, 80, 100, 150, 200] as const;
const DAY_MS = 1_440 * MINUTE_MS;

export interface Limit {
  readonly ms: number;
  readonly kind: 'working' | 'continuous';
}

/** The figures of a district, and its working time. */
export interface Law {
  readonly counter: MinuteCounter;
  /** Counted milliseconds of a working day. */
  readonly workdayMs: number;
  limit(level: string, clock: string): Limit;
}

/** What the system has to do, and when. `what` is for example `step 80`, `total 200`, `step repeat`, `lapse <assignment>` or `resume`. */
export interface Due {
  readonly what: string;
  readonly atMs: number;
  /** Since when it could be done: later than `atMs` where a clock goes on that had passed it before it stood still. */
  readonly sinceMs: number;
}

export class ReferenceClock {
  readonly #law: Law;
  readonly #ran: { fromMs: number; toMs: number }[] = [];
  limit: Limit;
  extendedMs = 0;
  /** Index in LADDER of what comes next; 5: all was said. */
  rung = 0;
  /** After the last rung: when it is said again. */
  #againMs = 0;
  #next: { rung: number; atMs: number } | null = null;
  #changedMs: number;

  constructor(law: Law, limit: Limit, startMs: number) {
    this.#law = law;
    this.limit = limit;
    this.#changedMs = startMs;
    this.#ran.push({ fromMs: startMs, toMs: Infinity });
  }

  get running(): boolean {
    return this.#ran.at(-1)!.toMs === Infinity;
  }

  pause(atMs: number): void {
    this.#ran.at(-1)!.toMs = atMs;
    this.#next = null;
  }

  /** Under the limit that it had. */
  goOn(atMs: number): void {
    this.#ran.push({ fromMs: atMs, toMs: Infinity });
    this.stays(atMs);
  }

  /** What was said stays said. */
  stays(nowMs: number): void {
    this.#changedMs = nowMs;
    this.#next = null;
    if (this.rung === LADDER.length) this.#againMs = this.#again(nowMs);
  }

  /** When so much of limit and extensions is used up; Infinity while it stands still before that. */
  shareAt(percent: number): number {
    // Rounded up, so that nothing is said early.
    let left = Math.ceil(((this.limit.ms + this.extendedMs) * percent) / 100);
    for (const { fromMs, toMs } of this.#ran) {
      const used = toMs === Infinity ? Infinity : this.#counted(fromMs, toMs);
      if (left <= used) return this.#after(fromMs, left);
      left -= used;
    }
    return Infinity;
  }

  /** Counted milliseconds used by then. */
  usedBy(atMs: number): number {
    return this.#ran.reduce((sum, { fromMs, toMs }) => sum + this.#counted(fromMs, Math.max(fromMs, Math.min(toMs, atMs))), 0);
  }

  /**
   * Under a new limit each share that lies ahead is said, also one that was said under the old one. What is behind is not said again; of
   * what is behind and was never said only the last is.
   *
   * @param stays  whether a clock past its last share before and after keeps the time at which it is said again
   */
  renew(nowMs: number, stays = false): void {
    this.#changedMs = nowMs;
    const wasDone = this.rung === LADDER.length;
    this.#next = null;
    const behind = LADDER.filter((share) => this.shareAt(share) <= nowMs).length;
    this.rung = behind > this.rung ? behind - 1 : behind;
    if (this.rung === LADDER.length && !(wasDone && stays)) this.#againMs = this.#again(nowMs);
  }

  /** What the ladder says next. */
  next(name: 'step' | 'total'): Due | null {
    const { rung } = this;
    if (rung === LADDER.length && name === 'total') return null;
    if (this.#next?.rung !== rung) this.#next = { rung, atMs: rung === LADDER.length ? this.#againMs : this.shareAt(LADDER[rung]!) };
    const { atMs } = this.#next;
    return { what: `${name} ${LADDER[rung] ?? 'repeat'}`, atMs, sinceMs: Math.max(atMs, this.#changedMs) };
  }

  said(atMs: number): void {
    this.rung = Math.min(this.rung + 1, LADDER.length);
    this.#next = null;
    if (this.rung === LADDER.length) this.#againMs = this.#again(atMs);
  }

  /** After the last: once a whole limit, and not more than once a day. */
  #again(nowMs: number): number {
    const least = this.limit.kind === 'working' ? this.#law.workdayMs : DAY_MS;
    return this.#after(nowMs, Math.max(least, this.limit.ms + this.extendedMs));
  }

  #counted(fromMs: number, toMs: number): number {
    return this.limit.kind === 'continuous' ? toMs - fromMs : this.#law.counter.between(fromMs, toMs);
  }

  #after(fromMs: number, ms: number): number {
    return this.limit.kind === 'continuous' ? fromMs + ms : this.#law.counter.after(fromMs, ms);
  }
}
