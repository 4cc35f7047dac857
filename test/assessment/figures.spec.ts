/** 效能: what the service counts, against the same counted by hand from the log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behind } from '../../src/assessment/behind.ts';
import { dayFigures } from '../../src/assessment/day.ts';
import { Ledger } from '../../src/assessment/ledger.ts';
import { BehindQuery, type DayFigures } from '../../src/assessment/schemas.ts';
import { viewOf, type View } from '../../src/assessment/view.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { MinuteCounter } from '../dispatch/chain/reference-time.ts';
import { DISTRICT, openDeskWorld, type DeskWorld } from '../dispatch/desk-world.ts';
import { liveThrough } from './busy-days.ts';
import { figuresByHand, percentile, tellAll, type Question, type Run, type Told } from './reference.ts';

const SEED = 20261126;

let world: DeskWorld;
let told: Told[];
let nowMs: number;

beforeAll(async () => {
  world = await openDeskWorld({ nodes: 2 });
  const rules = world.deps.rules;
  const ledgers = world.nodes.map(({ db }) => new Ledger({ db: db.kysely, district: DISTRICT, rules }));
  // Two nodes read the log in turn and at once, while it is being written.
  const between = () => Promise.all(ledgers.map((ledger) => ledger.catchUp()));
  const days = await liveThrough(world, { seed: SEED, incidents: 130, steps: 4_000, between });
  await between();
  nowMs = days.nowMs;
  const calendar = rules().calendar;
  told = await tellAll(world.db, new MinuteCounter(calendar.days, { name: 'the district', spans: calendar.spans }));
}, 300_000);
afterAll(() => world.close());

function view(q: Omit<Question, 'nowMs'>): View {
  const asked = viewOf({ from: q.from, to: q.to, level: q.levels as never, subdistrict: q.subdistrict }, q.actor, new Date(nowMs));
  if ('path' in asked) throw new Error(asked.message);
  return asked;
}

const office: Actor = { account: 'district.441802', role: 'district', district: DISTRICT };
function questions(): Omit<Question, 'nowMs'>[] {
  const { subdistrict, community, cell } = told[0]!.incident;
  const unit = told.flatMap((t) => t.incident.assignments)[0]!.unit;
  const all = { from: '2026-11-16', to: '2026-12-31' };
  return [
    { actor: office, ...all },
    { actor: office, from: '2026-11-17', to: '2026-11-17' },
    { actor: office, from: '2026-11-18', to: '2026-11-19', levels: ['R1', 'R3'] },
    { actor: { account: 'auditor', role: 'auditor', district: DISTRICT }, ...all, subdistrict },
    { actor: { account: `subdistrict.${subdistrict}`, role: 'subdistrict', district: DISTRICT, subdistrict }, ...all },
    { actor: { account: `community.${community}`, role: 'community', district: DISTRICT, subdistrict, community }, ...all },
    { actor: { account: `grid.${cell}`, role: 'gridWorker', district: DISTRICT, subdistrict, community, cell }, ...all },
    { actor: { account: `unit.${unit}`, role: 'unit', district: DISTRICT, unit }, ...all },
    { actor: { account: 'leader.1', role: 'leader', district: DISTRICT, communities: [community] }, ...all },
    { actor: { account: 'district.1', role: 'district', district: 441803 }, ...all },
  ];
}

describe('the days that were lived', () => {
  it('had everything in them that makes figures wrong', () => {
    const runs = told.flatMap((t) => t.runs);
    const seen = new Set(told.map((t) => t.incident.state));
    for (const state of ['closed', 'suspended', 'merged', 'cancelled'] as const) expect(seen, state).toContain(state);
    expect(runs.some((r) => r.undone)).toBe(true);
    expect(runs.some((r) => r.endedBy === 'forceClose')).toBe(true);
    expect(runs.some((r) => r.endedBy === 'decline')).toBe(true);
    expect(runs.some((r) => r.endedBy === 'recall')).toBe(true);
    expect(told.some((t) => t.incident.extensions > 0)).toBe(true);
    expect(
      told.some((t) => t.runs.some((r) => r.clock === 'resolve' && r.endedMs !== null && r.usedMs < r.endedMs - Date.parse(r.startedAt))),
    ).toBe(true);
  });

  it('are in the ledger run by run, used time and all', async () => {
    const rows = await world.db.kysely.selectFrom('step_time').selectAll().execute();
    const found = rows
      .map((r) => [
        r.incident,
        r.clock,
        r.started_at.toISOString(),
        r.ended_at?.getTime() ?? null,
        r.ended_by,
        r.ended_to,
        r.undone,
        r.due_at?.getTime() ?? null,
        r.limit_ms,
        r.used_ms,
      ])
      .sort();
    const expected = told
      .flatMap((t) => t.runs)
      .filter((r) => r.clock !== 'resume')
      .map((r) => [
        r.incident.id,
        r.clock,
        r.startedAt,
        r.endedMs,
        r.endedBy,
        r.endedTo,
        r.undone,
        r.dueMs,
        r.limitMs,
        r.endedMs === null ? null : r.usedMs,
      ])
      .sort();
    expect(found).toEqual(expected);
  });

  it('are the same when the ledger is made anew', async () => {
    const before = await world.db.kysely
      .selectFrom('step_time')
      .selectAll()
      .orderBy('incident')
      .orderBy('clock')
      .orderBy('started_at')
      .execute();
    await world.db.kysely.deleteFrom('step_time').execute();
    await world.db.kysely.updateTable('assessment_cursor').set({ seq: 0 }).execute();
    await new Ledger({ db: world.db.kysely, district: DISTRICT, rules: world.deps.rules }).catchUp();
    const after = await world.db.kysely
      .selectFrom('step_time')
      .selectAll()
      .orderBy('incident')
      .orderBy('clock')
      .orderBy('started_at')
      .execute();
    expect(after).toEqual(before);
  });
});

const share = (part: number, of: number) => (of === 0 ? null : Math.round((1_000 * part) / of) / 10);

describe('the figures', () => {
  it('are what counting by hand gives, for every role and part of the district', async () => {
    let anything = 0;
    for (const q of questions()) {
      const f = await dayFigures(world.db.kysely, view(q));
      const h = figuresByHand(told, { ...q, nowMs });
      anything += f.counts.reported;
      expect(f.counts).toEqual({
        reported: h.reported.length,
        closed: h.closed.length,
        open: h.open.length,
        overdue: h.open.filter(h.overdue).length,
        suspended: h.open.filter((i) => i.state === 'suspended').length,
        critical: h.open.filter((i) => i.level === 'R1').length,
      });
      const figure = (name: string) => f.figures.find((one) => one.name === name)!;
      const acknowledged = h.steps.filter((r) => r.clock === 'acknowledge');
      expect(figure('responseRate')).toMatchObject({
        value: share(acknowledged.filter((r) => !h.late(r)).length, acknowledged.length),
        of: acknowledged.length,
        missed: acknowledged.filter(h.late).length,
      });
      const solved = h.decided.filter((r) => r.endedTo === 'closed' && !r.undone);
      expect(figure('resolutionRate')).toMatchObject({
        value: share(solved.length, h.decided.length),
        of: h.decided.length,
        missed: h.decided.length - solved.length,
      });
      expect(figure('onTimeRate')).toMatchObject({
        value: share(h.decided.filter((r) => !h.late(r)).length, h.decided.length),
        missed: h.decided.filter(h.late).length,
      });
      // Nobody signed in, so nothing rang.
      const critical = h.reported.filter(({ incident: i }) => i.categoryRules.level === 'R1');
      expect(figure('ringDelay')).toMatchObject({ value: null, of: critical.length, unrung: critical.length });
      steps(f, h.steps, h.late);
      tallies(f, h);
      leftOut(f, h);
    }
    expect(anything).toBeGreaterThan(200);
  });

  function steps(f: DayFigures, runs: readonly Run[], late: (r: Run) => boolean): void {
    for (const step of f.steps) {
      const own = runs.filter((r) => r.clock === step.clock);
      const used = own.filter((r) => r.endedMs !== null).map((r) => r.usedMs / r.limitMs);
      expect(step).toMatchObject({
        decided: own.length,
        late: own.filter(late).length,
        lateOpen: own.filter((r) => r.endedMs === null).length,
      });
      for (const [key, p] of [
        ['p50', 0.5],
        ['p90', 0.9],
        ['p95', 0.95],
      ] as const) {
        const expected = percentile(used, p);
        if (expected === null) expect(step[key]).toBeNull();
        else expect(step[key]).toBeCloseTo(expected, 9);
      }
    }
    expect(f.steps.reduce((sum, s) => sum + s.decided, 0)).toBe(runs.length);
  }

  function tallies(f: DayFigures, h: ReturnType<typeof figuresByHand>): void {
    for (const d of f.days) {
      expect(d).toEqual({
        day: d.day,
        reported: h.reported.filter((r) => h.dayOf(r.ms) === d.day).length,
        closed: h.closed.filter((r) => h.dayOf(r.endedMs!) === d.day).length,
        decided: h.decided.filter((r) => h.dayOf(h.verdictMs(r)!) === d.day).length,
        late: h.decided.filter((r) => h.dayOf(h.verdictMs(r)!) === d.day && h.late(r)).length,
      });
    }
    expect(f.days.reduce((sum, d) => sum + d.reported, 0)).toBe(h.reported.length);
    expect(f.hours.reduce((sum, hour) => sum + hour.reported, 0)).toBe(h.reported.length);
    for (const { weekday, hour, reported } of f.hours) {
      expect(reported).toBe(h.reported.filter((r) => h.weekdayOf(r.ms) === weekday && h.hourOf(r.ms) === hour).length);
    }
    for (const l of f.byLevel) {
      const of = <T extends { incident: { level: string } }>(list: readonly T[]) => list.filter((r) => r.incident.level === l.level);
      expect(l).toEqual({
        level: l.level,
        reported: of(h.reported).length,
        closed: of(h.closed).length,
        decided: of(h.decided).length,
        late: of(h.decided).filter(h.late).length,
        open: h.open.filter((i) => i.level === l.level).length,
        overdue: h.open.filter((i) => i.level === l.level && h.overdue(i)).length,
      });
    }
    for (const p of f.byPlace) {
      const here = (i: { subdistrict: string; community: string }) => i[f.places] === p.code;
      const done = h.decided.filter((r) => here(r.incident));
      const asked = h.steps.filter((r) => r.clock === 'acknowledge' && here(r.incident));
      expect(p).toMatchObject({
        reported: h.reported.filter((r) => here(r.incident)).length,
        closed: h.closed.filter((r) => here(r.incident)).length,
        open: h.open.filter(here).length,
        overdue: h.open.filter((i) => here(i) && h.overdue(i)).length,
        decided: done.length,
        late: done.filter(h.late).length,
        toAnswer: asked.length,
        answeredLate: asked.filter(h.late).length,
        onTimeRate: share(done.filter((r) => !h.late(r)).length, done.length),
      });
    }
    const rates = f.byPlace.map((p) => p.onTimeRate ?? 101);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    for (const b of f.backlog) {
      const own = h.open.filter((i) => h.ageOf(i) === b.age);
      expect(b).toEqual({
        age: b.age,
        open: own.length,
        overdue: own.filter(h.overdue).length,
        suspended: own.filter((i) => i.state === 'suspended').length,
      });
    }
  }

  function leftOut(f: DayFigures, h: ReturnType<typeof figuresByHand>): void {
    const here = h.seen.filter((t) => h.inside(Date.parse(t.incident.reportedAt)));
    expect(f.leftOut).toMatchObject({
      merged: here.filter((t) => t.incident.state === 'merged').length,
      cancelled: here.filter((t) => t.incident.state === 'cancelled').length,
      forced: h.counted
        .flatMap((t) => t.runs)
        .filter((r) => r.clock === 'total' && r.endedBy === 'forceClose' && r.endedTo === 'closed' && h.inside(r.endedMs)).length,
    });
  }
});

describe('the list behind a mark', () => {
  /** Read page by page, so that a page's end is no place to lose one. */
  async function count(v: View, mark: Record<string, unknown>): Promise<number> {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await behind(world.db.kysely, v, { ...BehindQuery.parse(mark), limit: 7, ...(after === null ? {} : { after }) });
      seen.push(...page.items.map((i) => `${i.id} ${i.at} ${i.used}`));
      after = page.next;
    } while (after !== null);
    return seen.length;
  }

  it('has as many as the mark counts, for every mark', async () => {
    for (const q of questions().slice(0, 6)) {
      const v = view(q);
      const f = await dayFigures(world.db.kysely, v);
      const marks: [number, Record<string, unknown>][] = [
        [f.counts.reported, { set: 'reported' }],
        [f.counts.closed, { set: 'closed' }],
        [f.counts.open, { set: 'open' }],
        [f.counts.overdue, { set: 'open', late: 'true' }],
        [f.figures[0]!.missed, { set: 'step', clock: 'acknowledge', late: 'true' }],
        [f.figures[1]!.missed, { set: 'decided', solved: 'false' }],
        [f.figures[3]!.missed, { set: 'decided', late: 'true' }],
        [f.figures[4]!.missed, { set: 'rung', late: 'true' }],
        ...f.steps.flatMap((s): [number, Record<string, unknown>][] => [
          [s.decided, { set: 'step', clock: s.clock }],
          [s.late, { set: 'step', clock: s.clock, late: 'true' }],
        ]),
        ...f.hours
          .slice(0, 5)
          .map((h): [number, Record<string, unknown>] => [h.reported, { set: 'reported', weekday: h.weekday, hour: h.hour }]),
        ...f.backlog.flatMap((b): [number, Record<string, unknown>][] => [
          [b.open, { set: 'open', age: b.age }],
          [b.suspended, { set: 'open', age: b.age, suspended: 'true' }],
        ]),
      ];
      for (const [n, mark] of marks) expect({ mark, n: await count(v, mark) }).toEqual({ mark, n });
      for (const p of f.byPlace.slice(0, 2)) {
        const there = { ...v, [f.places]: p.code };
        expect(await count(there, { set: 'decided', late: 'true' })).toBe(p.late);
        expect(await count(there, { set: 'declined' })).toBe(p.declined);
      }
      for (const d of f.days.slice(0, 3)) {
        const that = view({ ...q, from: d.day, to: d.day });
        expect(await count(that, { set: 'decided', late: 'true' })).toBe(d.late);
        expect(await count(that, { set: 'closed' })).toBe(d.closed);
      }
    }
  });

  it('refuses a cursor that is none of ours', async () => {
    const v = view(questions()[0]!);
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const after of ['x', forged({}), forged(['now', told[0]!.incident.id, '', 'now']), forged([1, 2, 3, 4])]) {
      await expect(behind(world.db.kysely, v, { ...BehindQuery.parse({ set: 'reported' }), after })).rejects.toMatchObject({
        code: 'invalid-query',
      });
    }
  });
});

describe('how soon a critical one rang', () => {
  it('goes by the first device, also where its page was closed', async () => {
    const v = view(questions()[0]!);
    const ringDelay = async () => (await dayFigures(world.db.kysely, v)).figures.find((f) => f.name === 'ringDelay')!;
    const { items } = await behind(world.db.kysely, v, BehindQuery.parse({ set: 'rung' }));
    const [first, second] = items;
    const before = await ringDelay();
    const sent = (incident: typeof first, subject: string, seconds: number) =>
      world.db.pool.query(
        `insert into outbound (district, kind, target, key, subject, payload, recipient, seq, incident, assignment, account, session, device, queued_at, due_at, sent_at, outcome)
         select $1, 'webpush', 't', gen_random_uuid()::text, $3, 'null', 'unit:a', 1, $2, gen_random_uuid(), 'unit.a', 's', 'd', x.at, x.at, x.at, 'quieted'
         from (select $4::timestamptz + interval '1 second' * $5 as at) x`,
        [DISTRICT, incident!.id, subject, incident!.reportedAt, seconds],
      );
    await sent(first, 'ring', 3);
    // A notice is no ring.
    await sent(second, 'notice', 3);
    expect(await ringDelay()).toMatchObject({ value: 3, of: before.of, unrung: before.unrung! - 1, missed: before.missed - 1 });
  });
});
