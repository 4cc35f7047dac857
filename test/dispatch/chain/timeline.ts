/**
 * One incident played in time through the public rules alone: people act, time passes, and the system does what is due at the very instant.
 * Beside it the reference is told the same moves, and has to expect the same next instant at each of them.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Command } from '../../../src/dispatch/chain/commands.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { dueCommand, nextDue } from '../../../src/dispatch/chain/due.ts';
import type { CategoryRules, Incident, Level, Move } from '../../../src/dispatch/chain/incident.ts';
import type { Limit, LimitedClock, Rules } from '../../../src/dispatch/chain/levels.ts';
import { report } from '../../../src/dispatch/chain/report.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { Law } from './reference-clock.ts';
import { ReferenceIncident, type LoggedMove } from './reference-incident.ts';
import { HOURS, MINUTE_MS, MinuteCounter, onTheWall, type Hours } from './reference-time.ts';
import { COMMUNITY, facts, lead, PLACE, SUBDISTRICT, SYSTEM, unit, WORKER } from './world.ts';

const CLOCKS: readonly LimitedClock[] = [
  'call',
  'verification',
  'accept',
  'dispatch',
  'acknowledge',
  'arrive',
  'resolve',
  'assignCheck',
  'check',
];

/** Rules in which every limit of a level is as long as its step says, and what the reference needs of them. */
export interface Figures {
  /** How fast-check shows it: not as ten years of days. */
  readonly [fc.toStringMethod]: () => string;
  readonly rules: Rules;
  readonly law: Law;
}

/** Minutes of each step, the same for R3 and R4; R2 has half, and counts continuously. */
export function figuresOf(days: ReadonlyMap<string, boolean>, hours: Hours, minutes: (clock: LimitedClock) => number): Figures {
  const limits = new Map<`${Level}:${LimitedClock}`, Limit>();
  for (const clock of CLOCKS) {
    const value = minutes(clock);
    limits.set(`R1:${clock}`, { value: Math.max(1, value >> 2), unit: 'minutes', kind: 'continuous' });
    limits.set(`R2:${clock}`, { value: Math.max(1, value >> 1), unit: 'minutes', kind: 'continuous' });
    limits.set(`R3:${clock}`, { value, unit: 'minutes', kind: 'working' });
    limits.set(`R4:${clock}`, { value: value * 2, unit: 'minutes', kind: 'working' });
  }
  const workdayMs = hours.spans.reduce((sum, s) => sum + (s.toMin - s.fromMin) * MINUTE_MS, 0);
  return {
    [fc.toStringMethod]: () => `${hours.name}, ${CLOCKS.map((clock) => `${clock} ${minutes(clock)}`).join(', ')}`,
    rules: {
      limits,
      calendar: { days, spans: hours.spans },
      extensions: { R1: 0, R2: 9, R3: 9, R4: 9 },
      suspendDays: { R1: 0, R2: 0, R3: 366, R4: 366 },
    },
    law: {
      counter: counterOf(days, hours),
      workdayMs,
      limit: (level, clock) => {
        const { value, kind } = limits.get(`${level}:${clock}` as `${Level}:${LimitedClock}`)!;
        return { ms: value * MINUTE_MS, kind };
      },
    },
  };
}

/** One for each table of days and hours: ten years of marks are five megabytes. */
const COUNTERS = new WeakMap<object, Map<string, MinuteCounter>>();
function counterOf(days: ReadonlyMap<string, boolean>, hours: Hours): MinuteCounter {
  const known = COUNTERS.get(days) ?? new Map<string, MinuteCounter>();
  COUNTERS.set(days, known);
  const counter = known.get(hours.name) ?? new MinuteCounter(days, hours);
  known.set(hours.name, counter);
  return counter;
}
/** 08:30–12:00 and 14:30–17:30, as the district works. */
export const OFFICE_HOURS = HOURS[0]!;
/** 08–12 and 14–18. */
export const PROBE_HOURS = HOURS[1]!;

export class Timeline {
  readonly figures: Figures;
  readonly reference: ReferenceIncident;
  /** The log so far. */
  readonly moves: LoggedMove[] = [];
  /** What the system did by itself. */
  readonly bySystem: string[] = [];
  nowMs: number;
  incident: Incident;

  /** Reports at this instant. @param resolveMs  the category's own time to resolve. */
  constructor(figures: Figures, startMs: number, resolveMs: number, level: Level = 'R3') {
    this.figures = figures;
    this.nowMs = startMs;
    const category: CategoryRules = { level, settleOnSpot: true, evidenceClose: true, resolveMs, resolveKind: 'working', nuisance: false };
    this.reference = new ReferenceIncident(figures.law, { level, resolve: { ms: resolveMs, kind: 'working' } }, level);
    const input = { category: 'C0102-01', description: '井盖翻起', position: { lng: 113, lat: 23.68 } };
    const { move, next } = report(input, WORKER, {
      now: new Date(startMs),
      rules: figures.rules,
      id: '01970000-0000-7000-8000-000000000001',
      number: '20261120-0001',
      place: PLACE,
      category: { code: 'C0102-01', rules: category },
    });
    this.incident = next;
    this.#log(move);
  }

  #log({ verb, from, to, at, actor, payload }: Move): void {
    const move: LoggedMove = { verb, from, to, atMs: Date.parse(at), actor, payload: payload as LoggedMove['payload'] };
    this.moves.push(move);
    this.reference.apply(move);
  }

  /** A person's move at once. @returns false where the rules refuse it. */
  try(command: Command, actor: Actor): boolean {
    const decision = decide(this.incident, command, actor, facts({ now: new Date(this.nowMs), rules: this.figures.rules }));
    if (!decision.ok) return false;
    this.incident = decision.next;
    this.#log(decision.move);
    this.proveNext();
    return true;
  }

  do(command: Command, actor: Actor): void {
    if (!this.try(command, actor)) throw new Error(`${command.verb} was refused in ${this.incident.state}`);
  }

  /** Time passes, and the system does all that becomes due on the way, each at its instant. */
  until(targetMs: number): void {
    for (let due = this.nextMs(); due !== null && due <= targetMs; due = this.nextMs()) {
      // What was due while nobody could act is done late, never early.
      this.nowMs = Math.max(this.nowMs, due);
      const command = dueCommand(this.incident, new Date(this.nowMs));
      if (command === null) throw new Error('due, and nothing to do');
      this.bySystem.push(command.verb);
      this.do(command, SYSTEM);
    }
    this.nowMs = Math.max(this.nowMs, targetMs);
  }

  pass(ms: number): void {
    this.until(this.nowMs + ms);
  }

  /** Both expect the same next instant. */
  proveNext(): void {
    const due = this.reference.due();
    const expected = Math.min(...due.map((d) => d.atMs));
    if ((this.nextMs() ?? Infinity) === expected) return;
    const { state, level, version, clocks } = this.incident;
    const awaited = due.map((d) => `${d.what} ${onTheWall(d.atMs)}`).join(', ');
    expect.fail(`v${version} ${level} ${state} at ${onTheWall(this.nowMs)}: expected ${awaited}; the rules say ${JSON.stringify(clocks)}`);
  }

  get stepDueMs(): number {
    return Date.parse(this.incident.clocks.step!.dueAt);
  }
  get totalDueMs(): number {
    return Date.parse(this.incident.clocks.total!.dueAt);
  }

  private nextMs(): number | null {
    const next = nextDue(this.incident);
    return next === null ? null : Date.parse(next);
  }

  /** From wherever it is to handling by this unit; each step after such a time. */
  toHandling(by: string, gaps: () => number): void {
    for (;;) {
      this.pass(gaps());
      const { state } = this.incident;
      if (state === 'handling') return;
      const own = unit(by);
      if (state === 'reported') this.do({ verb: 'call' }, COMMUNITY);
      else if (state === 'called') this.do({ verb: 'accept' }, SUBDISTRICT);
      else if (state === 'coordinating') this.do({ verb: 'dispatch', lead: { unit: by } }, SUBDISTRICT);
      else if (state === 'dispatched') this.do({ verb: 'acknowledge', assignment: lead(this.incident) }, own);
      else if (state === 'responding') this.do({ verb: 'arrive', assignment: lead(this.incident) }, own);
      else throw new Error(`no way from ${state}`);
    }
  }

  suspend(ms: number): void {
    this.do({ verb: 'suspend', until: new Date(this.nowMs + ms).toISOString(), reason: '等配件' }, SUBDISTRICT);
  }

  /** Asked and granted at once. @returns false if it was asked too late. */
  extend(byMs: number): boolean {
    if (!this.try({ verb: 'extend', by: byMs, reason: '等吊车' }, COMMUNITY)) return false;
    this.do({ verb: 'extend', grant: true }, SUBDISTRICT);
    return true;
  }

  /** Finished, found wanting, and back with the same lead. */
  failedCheck(gaps: () => number): void {
    const { unit: by } = this.incident.assignments.find((a) => a.id === lead(this.incident))!;
    this.do({ verb: 'finish', assignment: lead(this.incident) }, unit(by));
    this.pass(gaps());
    this.try({ verb: 'assignCheck' }, SUBDISTRICT);
    this.pass(gaps());
    this.do({ verb: 'failCheck', reason: '没修好' }, COMMUNITY);
  }
}
