/**
 * What the clocks of an incident have to do, worked out anew from the moves of its log. Shares no code with the rules and reads none of the
 * times that they wrote down: only who did what, when. The specs compare the rules with this.
 */
import { ReferenceClock, type Due, type Law, type Limit } from './reference-clock.ts';

/** As it stands in the log. */
export interface LoggedMove {
  readonly verb: string;
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
  readonly actor: string;
  readonly payload: {
    readonly level?: string;
    readonly grant?: boolean;
    readonly by?: number;
    readonly until?: string;
    readonly assignment?: string;
    readonly clock?: 'step' | 'total';
    readonly share?: number;
    readonly repeat?: boolean;
    readonly changed?: readonly { readonly id: string; readonly unit: string; readonly role: string; readonly state: string }[];
  };
}

const CLOCK_OF: Readonly<Record<string, string>> = {
  reported: 'call',
  verifying: 'verification',
  called: 'accept',
  coordinating: 'dispatch',
  dispatched: 'acknowledge',
  responding: 'arrive',
  handling: 'resolve',
  disposed: 'assignCheck',
  checking: 'check',
};
const LEADS = new Set(['dispatched', 'responding', 'handling']);
const ENDED = new Set(['closed', 'rejected', 'cancelled', 'merged', 'referred']);
/** Steps of which the total limit is the sum. */
const TOTAL = ['call', 'accept', 'acknowledge', 'arrive', 'resolve', 'check'];

interface Sent {
  unit: string;
  role: string;
  state: string;
  /** When it became what it is. */
  sinceMs: number;
}

/** One incident, by its moves. */
export class ReferenceIncident {
  readonly #law: Law;
  /** The category's own level and time to resolve, which hold together. */
  readonly #category: { readonly level: string; readonly resolve: Limit };
  state = 'none';
  level: string;
  step: ReferenceClock | null = null;
  total: ReferenceClock | null = null;
  #untilMs = 0;
  #regradedMs = 0;
  #paused: { step: ReferenceClock | null; total: ReferenceClock | null } | null = null;
  #sent = new Map<string, Sent>();
  /** unit and step → the clock that this lead had there. */
  readonly #had = new Map<string, ReferenceClock>();

  constructor(law: Law, category: { readonly level: string; readonly resolve: Limit }, level: string) {
    this.#law = law;
    this.#category = category;
    this.level = level;
  }

  get ended(): boolean {
    return ENDED.has(this.state);
  }

  /** All that the system has to do as things stand, besides what R1 does at once. */
  due(): Due[] {
    if (this.ended || this.state === 'none') return [];
    const due: Due[] = [];
    if (this.state === 'suspended') due.push({ what: 'resume', atMs: this.#untilMs, sinceMs: this.#untilMs });
    else if (this.step !== null) due.push(this.#ofStep(this.step.next('step')!));
    const ofTotal = this.total?.next('total') ?? null;
    if (ofTotal !== null) due.push(ofTotal);
    if (this.state === 'dispatched' || this.state === 'responding') {
      for (const [id, a] of this.#sent) {
        if (a.state !== 'acknowledged') continue;
        const atMs = this.#arriveBy(a);
        due.push({ what: `lapse ${id}`, atMs, sinceMs: Math.max(atMs, a.sinceMs, this.#regradedMs) });
      }
    }
    return due;
  }

  /** In two states the system itself takes the step when the limit is used up. */
  #ofStep(due: Due): Due {
    if (due.what === 'step 50' || due.what === 'step 80') return due;
    if (this.state === 'verifying') return { ...due, what: 'answerVerification' };
    return this.state === 'disposed' ? { ...due, what: 'assignCheck' } : due;
  }

  /** The lead's time is that of the step, with what was granted to it; an assistant's runs from its own answer. */
  #arriveBy(a: Sent): number {
    if (a.role === 'lead' && this.state === 'responding') return this.step!.shareAt(100);
    const { ms, kind } = this.#law.limit(this.level, 'arrive');
    return kind === 'continuous' ? a.sinceMs + ms : this.#law.counter.after(a.sinceMs, ms);
  }

  apply(move: LoggedMove): void {
    const { verb, from, to, atMs, payload } = move;
    const lead = this.#lead();
    if (verb === 'dispatch') this.#sent = new Map();
    for (const c of payload.changed ?? []) {
      const before = this.#sent.get(c.id);
      this.#sent.set(c.id, { ...c, sinceMs: before?.state === c.state ? before.sinceMs : atMs });
    }
    if (payload.clock !== undefined) (payload.clock === 'step' ? this.step : this.total)?.said(atMs);
    const regraded = payload.level !== undefined && payload.level !== this.level;
    if (regraded) {
      this.level = payload.level;
      this.#regradedMs = atMs;
    }
    if (verb === 'extend' && payload.grant === true) for (const clock of [this.step, this.total]) this.#extend(clock, payload.by!, atMs);
    this.state = to;
    if (to !== from) this.#enter(move, lead);
    else if (regraded) this.#relimit(this.step, this.#limit(CLOCK_OF[to]!), atMs);
    if (regraded) this.#relimit(this.total, this.#totalLimit(), atMs);
  }

  #extend(clock: ReferenceClock | null, byMs: number, atMs: number): void {
    if (clock === null) return;
    clock.extendedMs += byMs;
    clock.renew(atMs);
  }

  #relimit(clock: ReferenceClock | null, limit: Limit, atMs: number): void {
    if (clock === null) return;
    clock.limit = limit;
    clock.renew(atMs, true);
  }

  /** Another state, so another step; the total clock is touched by an end and by a suspension only. */
  #enter({ verb, from, to, atMs, payload }: LoggedMove, leadBefore: string | undefined): void {
    if (to === 'suspended') return this.#suspend(atMs, Date.parse(payload.until!));
    if (from === 'suspended' && to === 'handling') return this.#resume(atMs);
    if (LEADS.has(from) && leadBefore !== undefined && this.step !== null) {
      this.step.pause(atMs);
      if (verb === 'lapse') for (const step of ['dispatched', 'responding']) this.#had.delete(`${leadBefore} ${step}`);
      else this.#had.set(`${leadBefore} ${from}`, this.step);
    }
    if (ENDED.has(to)) {
      this.step = null;
      this.#had.clear();
      return;
    }
    // Work on a closed one begins anew; back from any other end, the total clock never stood still.
    if (from === 'closed' || from === 'none') this.total = new ReferenceClock(this.#law, this.#totalLimit(), atMs);
    else if (ENDED.has(from)) this.total?.stays(atMs);
    // 受理 hands nothing over.
    if (from === 'called' && to === 'coordinating') return;
    this.step = this.#stepOf(to, atMs);
  }

  /** The same unit goes on with the clock it had, another begins anew; and so does one that had no time left to answer or to be there. */
  #stepOf(to: string, atMs: number): ReferenceClock {
    const had = LEADS.has(to) ? this.#had.get(`${this.#lead()} ${to}`) : undefined;
    if (had === undefined) return new ReferenceClock(this.#law, this.#limit(CLOCK_OF[to]!), atMs);
    had.limit = this.#limit(CLOCK_OF[to]!);
    const leftMs = had.limit.ms + had.extendedMs - had.usedBy(atMs);
    if (to !== 'handling' && leftMs <= 0) return new ReferenceClock(this.#law, had.limit, atMs);
    had.goOn(atMs);
    had.renew(atMs);
    return had;
  }

  #suspend(atMs: number, untilMs: number): void {
    this.step?.pause(atMs);
    this.total?.pause(atMs);
    this.#paused = { step: this.step, total: this.total };
    this.step = this.total = null;
    this.#untilMs = untilMs;
  }

  #resume(atMs: number): void {
    ({ step: this.step, total: this.total } = this.#paused!);
    this.step?.goOn(atMs);
    this.total?.goOn(atMs);
  }

  #lead(): string | undefined {
    return [...this.#sent.values()].find((a) => a.role === 'lead')?.unit;
  }

  #limit(clock: string): Limit {
    const { level, resolve } = this.#category;
    return clock === 'resolve' && level === this.level ? resolve : this.#law.limit(this.level, clock);
  }

  #totalLimit(): Limit {
    const ms = TOTAL.reduce((sum, clock) => sum + this.#limit(clock).ms, 0);
    return { ms, kind: this.#law.limit(this.level, 'call').kind };
  }
}
