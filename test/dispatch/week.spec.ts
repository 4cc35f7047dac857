/**
 * A week of 5,000 incidents on a virtual clock, with people who act on time, late or never, and nodes that are killed at any moment. Afterwards
 * the log is read: everything that the system had to do was done once, not early, and not later than the next look of any node.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../scripts/replay/random.ts';
import type { Incident, Level } from '../../src/dispatch/chain/incident.ts';
import { proveLadder, type Category } from './chain/ladder-proof.ts';
import { LADDER, type Law, type Limit } from './chain/reference-clock.ts';
import type { LoggedMove } from './chain/reference-incident.ts';
import { HOURS, midnight, MINUTE_MS, MinuteCounter, tenYearsOfDays } from './chain/reference-time.ts';
import { openDeskWorld, peopleOf, pointIn, type DeskWorld } from './desk-world.ts';
import { MIX, ON_THE_SPOT, pick, planNext, type Plan } from './week/people.ts';
import { Town, type News } from './week/town.ts';

const SEED = 20260919;
const INCIDENTS = 5_000;
/** It takes about a minute of this process's processor time; on a machine that is busy otherwise, many times as long. */
const PATIENCE_MS = 900_000;
/** Sunday the 20th is a make-up workday, Friday the 25th a holiday (中秋). */
const START_MS = midnight('2026-09-19') + 12 * 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
const END_MS = START_MS + WEEK_MS;
/** Reports end some hours before the week does. */
const LAST_REPORT_MS = END_MS - 6 * 60 * MINUTE_MS;

interface Ongoing {
  incident: Incident;
  plan: Plan | null;
  readonly random: () => number;
  refused: number;
}

describe('a week of 5,000 incidents, with nodes killed at any moment', () => {
  let world: DeskWorld;
  let town: Town;
  let law: Law;
  const random = seeded(SEED);
  const ongoing = new Map<string, Ongoing>();
  /** Moved by the system, or by someone whose answer was lost: read again before people go on with them. */
  const stale = new Set<string>();

  beforeAll(async () => {
    world = await openDeskWorld();
    law = await lawOf(world);
    town = new Town(world.db, world.deps, START_MS, heard);
  });
  afterAll(async () => {
    await town.close();
    await world.close();
  });

  function heard(news: readonly News[]): void {
    for (const { incident, actor, from, to, verb } of news) {
      if (actor === 'system' && (from !== to || verb === 'lapse')) stale.add(incident);
    }
  }

  /** What people see now, and plan by it. */
  function sees(incident: Incident, more: Partial<Ongoing> = {}): void {
    const before = ongoing.get(incident.id);
    if (before !== undefined && before.incident.version > incident.version) return;
    const one: Ongoing = { random: seeded(SEED + ongoing.size + 1), refused: 0, plan: null, ...before, incident, ...more };
    const changed = before === undefined || before.incident.state !== incident.state || before.plan === null;
    if (changed || more.refused !== undefined) one.plan = planNext(incident, town.nowMs, one.random, law, one.refused);
    ongoing.set(incident.id, one);
  }

  async function readStale(): Promise<void> {
    const ids = [...stale].filter((id) => ongoing.has(id));
    stale.clear();
    const { district } = world.people;
    await Promise.all(
      ids.map(async (id) => {
        const incident = await town.desk().find(id, district);
        if (incident !== null) sees(incident);
      }),
    );
  }

  const cells = () => [...world.reference.cells.values()];
  async function report(i: number): Promise<void> {
    const all = cells();
    const cell = all[Math.floor(random() * all.length)]!;
    const level = pick<Level>(random, MIX);
    const spot = random() < ON_THE_SPOT;
    const categories = [...world.reference.categories.values()].filter((c) => (spot ? c.settleOnSpot : c.level === level));
    const category = categories[Math.floor(random() * categories.length)]!;
    const input = { category: category.code, description: `第 ${i} 件：路面破损`, position: pointIn(world.reference, cell) };
    const key = randomUUID();
    const { gridWorker } = peopleOf(cell);
    const answer = await town.ask((desk) => desk.report(input, gridWorker, key), i);
    if (!answer.ok) throw new Error(`a report was refused: ${JSON.stringify(answer.refusal)}`);
    sees(answer.incident);
  }

  async function act(id: string, one: Ongoing, plan: Plan): Promise<void> {
    const key = randomUUID();
    one.plan = null;
    const answer = await town.ask((desk) => desk.move(id, plan.command, plan.actor, key), Math.floor(one.random() * 8));
    if (answer.ok) return sees(answer.incident, { refused: 0 });
    const incident = await town.desk().find(id, world.people.district);
    sees(incident ?? one.incident, { refused: one.refused + 1 });
  }

  it(
    'each rung of each clock is said once and in time, and every live incident always has a next deadline',
    async () => {
      const reports = Array.from({ length: INCIDENTS }, () => START_MS + random() * (LAST_REPORT_MS - START_MS)).sort((a, b) => a - b);
      let reported = 0;
      await town.start();
      while (town.nowMs < END_MS) {
        town.nowMs += Math.floor((0.5 + random() * 20) * MINUTE_MS);
        // Now and then nobody is there for a while.
        const away = town.nodes === 1 && random() < 0.02;
        if (away) {
          town.drop(0);
          town.nowMs += Math.floor(random() * 40 * MINUTE_MS);
        }
        if (town.nodes === 0 || (town.nodes === 1 && random() < 0.06)) await town.start();
        await readStale();
        const work: Promise<void>[] = [];
        for (; reported < INCIDENTS && reports[reported]! <= town.nowMs; reported++) work.push(report(reported));
        for (const [id, one] of ongoing) if (one.plan !== null && one.plan.atMs <= town.nowMs) work.push(act(id, one, one.plan));
        // People and the system at the same time, or one after the other; and sometimes a node is killed in the middle of it.
        const together = random() < 0.4;
        const killed = random() < 0.07;
        const turns = Math.floor(random() * 12);
        const looking = together ? town.look() : Promise.all(work).then(() => town.look());
        if (killed) {
          await town.dropAtWork(turns, Math.floor(random() * 2));
          if (town.nodes === 0) await town.start();
        }
        await Promise.all([looking, ...work]);
        if (together || killed) await town.look();
      }
      expect(town.troubles).toEqual([]);
      await prove();
    },
    PATIENCE_MS,
  );

  async function prove(): Promise<void> {
    const did = new Map<string, number>();
    const findings: string[] = [];
    let moves = 0;
    const all = await logs();
    for (const { incident, log, nextDueMs } of all) {
      const proof = proveLadder(law, categoryOf(ongoing.get(incident)!.incident), log[0]!.payload.level!, log, town.looks);
      findings.push(...proof.findings.map((f) => `${incident} ${f}`));
      // What is kept as the next deadline is what the moves say, to the millisecond.
      if (nextDueMs !== proof.nextMs) findings.push(`${incident} is due at ${nextDueMs}, expected ${proof.nextMs}`);
      for (const what of proof.did) did.set(what, (did.get(what) ?? 0) + 1);
      moves += log.length;
    }
    expect(findings.slice(0, 20)).toEqual([]);
    // Nothing was changed, nothing is missing: fold, versions, seq and hashes.
    await world.proveLog();
    console.info(
      `${all.length} incidents, ${moves} moves, ${JSON.stringify({ ...town.count, looks: town.looks.length, ...Object.fromEntries(did) })}`,
    );
    expect(all.length).toBe(INCIDENTS);
    // It was a week full of everything, or the proof would be of little.
    expect(moves).toBeGreaterThan(8 * INCIDENTS);
    for (const share of LADDER)
      for (const clock of ['step', 'total']) expect(did.get(`${clock} ${share}`), `${clock} ${share}`).toBeGreaterThan(100);
    for (const what of ['lapse', 'resume', 'answerVerification', 'assignCheck', 'step repeat'])
      expect(did.get(what), what).toBeGreaterThan(30);
    expect(town.count.dropped).toBeGreaterThan(50);
    expect(town.count.droppedAtWork).toBeGreaterThan(40);
    expect(town.count.askedAgain).toBeGreaterThan(50);
    expect(town.count.withTwo).toBeGreaterThan(100);
    expect(town.count.checks).toBeGreaterThan(600);
  }

  async function logs(): Promise<{ incident: string; log: LoggedMove[]; nextDueMs: number | null }[]> {
    const { rows } = await world.db.pool.query(
      `select m.incident, m.verb, m.from_state as from, m.to_state as to, m.at, m.actor, m.payload, i.next_due_at
       from move m join incident i using (district) where i.id = m.incident order by m.incident, m.version`,
    );
    const byId = new Map<string, { incident: string; log: LoggedMove[]; nextDueMs: number | null }>();
    for (const { incident, next_due_at, at, ...move } of rows) {
      const one: { incident: string; log: LoggedMove[]; nextDueMs: number | null } = byId.get(incident) ?? {
        incident,
        log: [],
        nextDueMs: next_due_at?.getTime() ?? null,
      };
      one.log.push({ ...move, atMs: at.getTime() });
      byId.set(incident, one);
    }
    return [...byId.values()];
  }

  function categoryOf({ category }: Incident): Category {
    const row = world.reference.categories.get(category)!;
    return { level: row.level, resolve: { ms: limitMsOf(row.limitValue, row.limitUnit, law), kind: row.clock } };
  }
});

function limitMsOf(value: number, unit: string, law: Pick<Law, 'workdayMs'>): number {
  return value * (unit === 'minutes' ? MINUTE_MS : unit === 'hours' ? 60 * MINUTE_MS : law.workdayMs);
}

/** The district's figures, read from its tables, and its days and hours, read from the seed. */
async function lawOf({ db }: DeskWorld): Promise<Law> {
  const hours = readFileSync('data/seed/working_hours.csv', 'utf8');
  expect(hours).toContain('08:30,12:00');
  expect(hours).toContain('14:30,17:30');
  const workdayMs = 6.5 * 60 * MINUTE_MS;
  const { rows } = await db.pool.query('select level, clock, value, unit, kind from level_limit');
  const limits = new Map<string, Limit>(
    rows.map((r) => [`${r.level} ${r.clock}`, { ms: limitMsOf(r.value, r.unit, { workdayMs }), kind: r.kind }]),
  );
  return {
    counter: new MinuteCounter(tenYearsOfDays(SEED), HOURS[0]!),
    workdayMs,
    limit: (level, clock) => limits.get(`${level} ${clock}`)!,
  };
}
