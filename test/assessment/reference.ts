/**
 * The figures once more, the slow way: each incident is folded move by move, its clocks are watched as a person would, time is counted minute by minute,
 * and everything is counted by hand. Shares no code with `src/assessment`.
 */
import { dueAtOf } from '../../src/dispatch/incident-row.ts';
import { applyMove } from '../../src/dispatch/chain/fold.ts';
import type { Clock, Incident } from '../../src/dispatch/chain/incident.ts';
import { moveFromRow, type MoveRow } from '../../src/dispatch/move-row.ts';
import type { Database } from '../../src/db/connect.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { maySee } from '../../src/identity/scope.ts';
import { placed } from '../../src/dispatch/chain/permissions.ts';
import { onTheWall, type MinuteCounter } from '../dispatch/chain/reference-time.ts';

export interface Run {
  readonly incident: Incident;
  readonly clock: string;
  readonly startedAt: string;
  endedMs: number | null;
  endedBy: string | null;
  endedTo: string | null;
  undone: boolean;
  dueMs: number | null;
  limitMs: number;
  kind: Clock['kind'];
  /** When it was the clock that ran, epoch milliseconds. */
  readonly ran: (readonly [from: number, to: number])[];
  usedMs: number;
}

export interface Told {
  readonly incident: Incident;
  readonly runs: Run[];
}

/** Everything in the log, told incident by incident. */
export async function tellAll(db: Database, counter: MinuteCounter): Promise<Told[]> {
  const { rows } = await db.pool.query<MoveRow>('select * from move order by incident, version');
  const logs = new Map<string, MoveRow[]>();
  for (const row of rows) logs.set(row.incident, [...(logs.get(row.incident) ?? []), row]);
  return [...logs.values()].map((log) => tell(log, counter));
}

/** The clock that a step has, running or standing still. */
const stepOf = (i: Incident): Clock | null => (i.state === 'suspended' ? (i.paused?.step ?? null) : i.clocks.step);
const totalOf = (i: Incident): Clock | null => (i.state === 'suspended' ? (i.paused?.total ?? null) : i.clocks.total);

interface Seen {
  readonly incident: Incident;
  readonly ms: number;
  readonly verb: string;
}

function tell(log: readonly MoveRow[], counter: MinuteCounter): Told {
  const states: Seen[] = [];
  for (const move of log.map(moveFromRow)) {
    states.push({ incident: applyMove(states.at(-1)?.incident ?? null, move), ms: Date.parse(move.at), verb: move.verb });
  }
  return { incident: states.at(-1)!.incident, runs: [...runsOf(states, stepOf, counter), ...runsOf(states, totalOf, counter)] };
}

function runsOf(states: readonly Seen[], clockOf: (i: Incident) => Clock | null, counter: MinuteCounter): Run[] {
  const runs: Run[] = [];
  let now: Run | null = null;
  for (const [n, { incident, ms, verb }] of states.entries()) {
    const clock = clockOf(incident);
    const known: Run | null = clock === null ? null : (runs.find((r) => r.clock === clock.name && r.startedAt === clock.startedAt) ?? null);
    if (now !== null && now !== known) {
      now.endedMs = ms;
      now.endedBy = verb;
      now.endedTo = incident.state;
    }
    if (verb === 'reopen') {
      const closing = runs.findLast((r) => r.clock === 'total' && r.endedTo === 'closed' && !r.undone);
      if (closing !== undefined) closing.undone = true;
    }
    if (clock === null) {
      now = null;
      continue;
    }
    const run: Run = known ?? begun(states.at(-1)!.incident, clock, now);
    if (known === null) runs.push(run);
    // The total clock never stands still but for a suspension: also what was merged, and is not any more, took its time.
    else if (run.clock === 'total' && run.endedMs !== null) run.ran.push([run.endedMs, ms]);
    const next = states[n + 1];
    if (next !== undefined && incident.state !== 'suspended') run.ran.push([ms, next.ms]);
    Object.assign(run, { endedMs: null, endedBy: null, endedTo: null, undone: false, limitMs: clock.limitMs, kind: clock.kind });
    run.dueMs = incident.state === 'suspended' ? null : Date.parse(clock.dueAt);
    now = run;
  }
  // Regraded, all of it counts as the new level counts.
  for (const run of runs)
    run.usedMs = run.ran.reduce((sum, [from, to]) => sum + (run.kind === 'working' ? counter.between(from, to) : to - from), 0);
  return runs;
}

function begun(incident: Incident, { name, startedAt, limitMs, kind }: Clock, before: Run | null): Run {
  // 受理 hands nothing over: what ran before it counts on.
  const ran = name === 'dispatch' && before?.clock === 'accept' && before.startedAt === startedAt ? [...before.ran] : [];
  return {
    incident,
    clock: name,
    startedAt,
    endedMs: null,
    endedBy: null,
    endedTo: null,
    undone: false,
    dueMs: null,
    limitMs,
    kind,
    ran,
    usedMs: 0,
  };
}

export interface Question {
  readonly actor: Actor;
  readonly from: string;
  readonly to: string;
  readonly nowMs: number;
  readonly levels?: readonly string[];
  readonly subdistrict?: string;
}

const WITHDRAWN = ['recall', 'abort', 'merge', 'withdraw', 'forceClose', 'refer'];
const dayOf = (ms: number) => onTheWall(ms).slice(0, 10);
const hourOf = (ms: number) => Number(onTheWall(ms).slice(11, 13));
const weekdayOf = (ms: number) => new Date(`${dayOf(ms)}T00:00:00Z`).getUTCDay() || 7;

/** What the answer of the service must hold, part by part. */
export function figuresByHand(told: readonly Told[], q: Question) {
  const inView = (i: Incident) =>
    maySee(q.actor, placed(i)) && (q.levels?.includes(i.level) ?? true) && (q.subdistrict === undefined || i.subdistrict === q.subdistrict);
  const seen = told.filter(({ incident: i }) => inView(i));
  const counted = seen.filter(({ incident: i }) => i.state !== 'merged' && i.state !== 'cancelled');
  const inside = (ms: number | null) => ms !== null && ms <= q.nowMs && dayOf(ms) >= q.from && dayOf(ms) <= q.to;
  const runs = counted.flatMap((t) => t.runs).filter((r) => r.clock !== 'resume');
  const reported = counted
    .filter((t) => inside(Date.parse(t.incident.reportedAt)))
    .map((t) => ({ incident: t.incident, ms: Date.parse(t.incident.reportedAt) }));
  const verdictMs = (r: Run) => (r.endedMs === null ? r.dueMs : r.dueMs === null ? r.endedMs : Math.min(r.endedMs, r.dueMs));
  const late = (r: Run) => r.dueMs !== null && (r.endedMs === null || r.endedMs >= r.dueMs);
  const total = runs.filter((r) => r.clock === 'total');
  const closedWell = (r: Run) => r.endedTo === 'closed' && r.endedBy !== 'forceClose';
  const decided = total.filter((r) => (r.endedMs === null || closedWell(r)) && inside(verdictMs(r)));
  const closed = total.filter((r) => closedWell(r) && !r.undone && inside(r.endedMs));
  const steps = runs.filter((r) => {
    if (r.clock === 'total' || !inside(verdictMs(r))) return false;
    return !(r.endedBy !== null && WITHDRAWN.includes(r.endedBy) && !late(r));
  });
  const open = counted
    .filter(({ incident: i }) => !['closed', 'rejected', 'cancelled', 'merged', 'referred'].includes(i.state))
    .map((t) => t.incident);
  const overdue = (i: Incident) => dueAtOf(i) !== null && Date.parse(dueAtOf(i)!) <= q.nowMs;
  const ageOf = (i: Incident) => {
    const days = (q.nowMs - Date.parse(i.reportedAt)) / 86_400_000;
    return days < 1 ? 'day' : days < 3 ? 'threeDays' : days < 7 ? 'week' : days < 30 ? 'month' : 'older';
  };
  return { seen, counted, reported, decided, closed, steps, open, late, verdictMs, overdue, ageOf, dayOf, hourOf, weekdayOf, inside };
}

/** Between the two nearest, as statistics books have it. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
}
