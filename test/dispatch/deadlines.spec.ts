import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/dispatch/deadlines.ts';
import { carry, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

const MINUTE_MS = 60_000;

describe('deadlines', () => {
  let world: DeskWorld;
  beforeEach(async () => {
    world = await openDeskWorld({ nodes: 2 });
  });
  afterEach(async () => {
    await world.proveLog();
    await world.close();
  });

  const systemMoves = async (): Promise<{ incident: string; verb: string; at: Date }[]> =>
    (await world.db.pool.query(`select incident, verb, at from move where actor = 'system' order by seq`)).rows;
  /** All nodes look at the table and at the clock at the same time, until none finds anything. */
  const everybodyLooks = async () => {
    for (;;) {
      await Promise.all(world.nodes.map((n) => n.deadlines.sweep()));
      const made = await Promise.all(world.nodes.map((n) => n.deadlines.check()));
      if (made.every((n) => n === 0)) return;
    }
  };

  /** What follows at once is due two milliseconds later at the earliest: clocks differ by as much. */
  const firesNext = async (deadlines: Deadlines): Promise<number> => {
    for (;;) {
      await deadlines.sweep();
      const made = await deadlines.check();
      if (made > 0) return made;
    }
  };

  it('fires each once with two nodes looking at the same time, and none early', async () => {
    const { people } = world;
    const incidents = [];
    for (let i = 0; i < 40; i++)
      incidents.push((await carry(world, reportInput(world, 'R2'), [[people.community, { verb: 'call' }]])).incident);
    // R2: 15 minutes from called to dispatched.
    await world.timeMoves(15 * MINUTE_MS - 30_000);
    await everybodyLooks();
    const reminders = await systemMoves();
    expect(reminders.map((m) => m.verb)).toEqual(Array(80).fill('urge'));
    await world.timeMoves(15 * MINUTE_MS + 1_000);
    await everybodyLooks();
    const fired = (await systemMoves()).slice(reminders.length);
    expect(fired.map((m) => m.verb)).toEqual(Array(40).fill('supervise'));
    expect(new Set(fired.map((m) => m.incident)).size).toBe(40);
    const due = new Map(incidents.map((i) => [i.id, Date.parse(i.clocks.step!.dueAt)]));
    expect(fired.filter((m) => m.at.getTime() < due.get(m.incident)!)).toEqual([]);
    expect(world.nodes.flatMap((n) => n.troubles)).toEqual([]);
  });

  it('climbs the ladder by itself: 50, 80, 100, 150 and 200 % of the limit', async () => {
    const { people } = world;
    const { incident } = await carry(world, reportInput(world, 'R2'), [[people.community, { verb: 'call' }]]);
    const shares: unknown[] = [];
    for (const minutes of [8, 13, 16, 23, 31]) {
      await world.timeMoves(minutes * MINUTE_MS);
      await everybodyLooks();
      const { rows } = await world.db.pool.query(
        `select payload->>'share' share from move where incident = $1 and actor = 'system' order by seq`,
        [incident.id],
      );
      shares.push(rows.map((r) => r.share).join(' '));
    }
    expect(shares).toEqual(['50', '50 80', '50 80 100', '50 80 100 150', '50 80 100 150 200']);
  });

  it('carries 特急 to the units without a person, and finds it again after a crash at any step', async () => {
    const { people } = world;
    const answer = await world.desk.report(reportInput(world, 'R1'), people.gridWorker, randomUUID());
    if (!answer.ok) throw new Error('refused');
    // Nobody was told of the commit: as after a crash right behind it. Another node finds what is due in the table.
    for (const { deadlines } of [world.nodes[1]!, world.nodes[0]!, world.nodes[1]!]) expect(await firesNext(deadlines)).toBe(1);
    expect((await systemMoves()).map((m) => m.verb)).toEqual(['call', 'accept', 'dispatch']);
    const { rows } = await world.db.pool.query('select state, lead_unit is not null led from incident');
    expect(rows).toEqual([{ state: 'dispatched', led: true }]);
  });

  it('raises 特急 to a person when the run card finds no lead', async () => {
    const { people, reference } = world;
    const node = world.nodes[0]!;
    const { Desk } = await import('../../src/dispatch/desk.ts');
    const nobody = { ...reference, nearest: { nearestUnits: () => [] } };
    const desk = new Desk({ ...node.deps, reference: () => nobody });
    const deadlines = new Deadlines({ ...node.deps, desk, onTrouble: (_id, trouble) => node.troubles.push(trouble) });
    await desk.report(reportInput(world, 'R1'), people.gridWorker, randomUUID());
    for (let i = 0; i < 3; i++) expect(await firesNext(deadlines)).toBe(1);
    await deadlines.stop();
    expect((await systemMoves()).map((m) => m.verb)).toEqual(['call', 'accept', 'raise']);
    expect(node.troubles).toEqual([]);
  });

  it('lets an acknowledgement lapse that nobody followed by arriving', async () => {
    const { people } = world;
    const last = await carry(world, reportInput(world, 'R2'), [
      [people.community, { verb: 'call' }],
      [people.subdistrict, { verb: 'accept' }],
      [people.subdistrict, { verb: 'dispatch', runCard: true }],
    ]);
    const lead = last.incident.assignments.find((a) => a.role === 'lead')!;
    await world.desk.move(last.incident.id, { verb: 'acknowledge', assignment: lead.id }, people.unit(lead.unit), randomUUID());
    await world.timeMoves(31 * MINUTE_MS);
    await everybodyLooks();
    const { rows } = await world.db.pool.query(`select verb, to_state from move where incident = $1 and actor = 'system' order by seq`, [
      last.incident.id,
    ]);
    expect(rows).toContainEqual({ verb: 'lapse', to_state: 'dispatched' });
  });

  it('does nothing at an incident that a person moved on meanwhile', async () => {
    const { people } = world;
    const [one, two] = world.nodes;
    const { incident } = await carry(world, reportInput(world, 'R2'), [[people.community, { verb: 'call' }]]);
    await one!.deadlines.sweep();
    await world.timeMoves(6 * MINUTE_MS);
    await one!.deadlines.sweep();
    expect(one!.deadlines.pending).toBe(1);
    // Moved on by the other node; this one still has the old time in memory, half of the limit.
    await two!.desk.move(incident.id, { verb: 'returnCall', reason: '不在本街道' }, people.subdistrict, randomUUID());
    await world.timeMoves(8 * MINUTE_MS);
    expect(await one!.deadlines.check()).toBe(0);
    expect(await systemMoves()).toEqual([]);
  });

  it('tries again later, and says so, when the database refuses', async () => {
    const { people } = world;
    const node = world.nodes[0]!;
    const { incident } = await carry(world, reportInput(world, 'R2'), [[people.community, { verb: 'call' }]]);
    let broken = true;
    const desk = {
      prefetch: async () => {},
      due: async (id: string, version?: number) => {
        if (broken) throw new Error('away');
        return node.desk.due(id, version);
      },
    };
    const deadlines = new Deadlines({
      ...node.deps,
      desk,
      onTrouble: (id, trouble) => node.troubles.push([id, (trouble as Error).message]),
    });
    await world.timeMoves(16 * MINUTE_MS);
    await deadlines.sweep();
    expect(await deadlines.check()).toBe(0);
    expect(node.troubles).toEqual([[incident.id, 'away']]);
    broken = false;
    await world.timeMoves(17 * MINUTE_MS);
    expect(await deadlines.check()).toBe(1);
    await deadlines.stop();
  });

  describe('at a start', () => {
    /** A node whose pages of the sweep come when `let go` is called, or fail. */
    const starting = (onTrouble: (trouble: unknown) => void) => {
      const { db, deps, desk } = world.nodes[0]!;
      let go: (value?: Promise<never>) => void = () => undefined;
      const gate = new Promise<void>((resolve) => (go = (value) => resolve(value)));
      const pool = {
        connect: () => db.pool.connect(),
        query: async (statement: pg.QueryConfig) => {
          await gate;
          return db.pool.query(statement);
        },
      } as unknown as pg.Pool;
      const deadlines = new Deadlines({ ...deps, pool, desk, onTrouble: (_id, trouble) => onTrouble(trouble) });
      return { deadlines, go };
    };
    /** One that is due in half a quarter of an hour and one that is due later than a start reads first, at any hour of the day. */
    const soonAndLate = async () => {
      const { people } = world;
      const soon = (await carry(world, reportInput(world, 'R2'), [[people.community, { verb: 'call' }]])).incident;
      const late = (await carry(world, reportInput(world, 'R4'), [[people.community, { verb: 'call' }]])).incident;
      const { rows } = await world.db.pool.query('select id, next_due_at > app_now() + $1::interval as late from incident', ['31 minutes']);
      expect(new Map(rows.map((r) => [r.id, r.late]))).toEqual(
        new Map([
          [soon.id, false],
          [late.id, true],
        ]),
      );
      return { soon, late };
    };

    it('knows what is due soon before all has been read, and fires it', async () => {
      const { soon } = await soonAndLate();
      const { deadlines, go } = starting((trouble) => expect.fail(`${trouble}`));
      const { all } = await deadlines.start();
      expect(deadlines.pending).toBe(1);
      await world.timeMoves(8 * MINUTE_MS);
      while ((await systemMoves()).length === 0) await deadlines.check();
      expect((await systemMoves()).map(({ incident, verb }) => [incident, verb])).toEqual([[soon.id, 'urge']]);
      go();
      await all;
      expect(deadlines.pending).toBe(2);
      await deadlines.stop();
      expect(await systemMoves()).toHaveLength(1);
    });

    it('goes on with what is due soon when the rest cannot be read, and says so', async () => {
      await soonAndLate();
      const troubles: unknown[] = [];
      const { deadlines, go } = starting((trouble) => troubles.push(trouble));
      const { all } = await deadlines.start();
      const away = new Error('away');
      const failed = Promise.reject(away);
      go(failed as Promise<never>);
      await all;
      expect(troubles).toEqual([away]);
      expect(deadlines.pending).toBe(1);
      await deadlines.stop();
    });
  });
});
