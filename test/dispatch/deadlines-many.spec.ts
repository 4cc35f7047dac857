/** Many deadlines at the same time: each takes effect once, whatever nodes there are, were, or are killed. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/dispatch/deadlines.ts';
import { LiveNodes } from '../../src/dispatch/live-nodes.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { done, openDeskWorld, reportInput, DISTRICT, type DeskWorld } from './desk-world.ts';

/** R2: half of the time from the report to the call, when its holder is reminded. */
const REMINDED_MS = 7.5 * 60_000;
/** Before the next rung. */
const PAST_ALL_MS = REMINDED_MS + 60_000;

describe('many deadlines', () => {
  let world: DeskWorld;
  beforeEach(async () => {
    world = await openDeskWorld({ nodes: 2 });
  });
  afterEach(() => world.close());

  /** @returns when each is due, by incident. */
  async function reportMany(count: number): Promise<Map<string, number>> {
    const due = new Map<string, number>();
    const each = async () => {
      const { incident } = done(await world.desk.report(reportInput(world, 'R2'), world.people.gridWorker, randomUUID()));
      due.set(incident.id, Date.parse(incident.clocks.step!.rungAt!));
    };
    for (let left = count; left > 0; left -= 1_000) await Promise.all(Array.from({ length: Math.min(left, 1_000) }, each));
    return due;
  }

  const fired = async (): Promise<{ incident: string; at: Date }[]> =>
    (await world.db.pool.query(`select incident, at from move where actor = 'system' and verb = 'urge'`)).rows;
  const firedCount = async (): Promise<number> => (await fired()).length;

  async function proveOnceEach(due: ReadonlyMap<string, number>): Promise<void> {
    const moves = await fired();
    expect(moves.length).toBe(due.size);
    expect(new Set(moves.map((m) => m.incident))).toEqual(new Set(due.keys()));
    expect(moves.filter(({ incident, at }) => at.getTime() < due.get(incident)!)).toEqual([]);
    const { rows } = await world.db.pool.query('select f.head::int, (select count(*)::int from move) as moves from feed f');
    expect(rows).toEqual([{ head: due.size * 2, moves: due.size * 2 }]);
  }

  it('are fired once each by two nodes that both find ten thousand in the table, page by page', async () => {
    const due = await reportMany(10_500);
    await world.timeMoves(PAST_ALL_MS);
    // Stands still, so that on a slow machine no later rung comes due meanwhile.
    const at = world.clock.now();
    const still = { now: () => at };
    // Counted from the start: some are fired while the next page is still read.
    let made = 0;
    const troubles: unknown[] = [];
    const deadlines = world.nodes.map(
      ({ deps, desk }) =>
        new Deadlines({ ...deps, clock: still, desk, onTrouble: (_id, trouble) => troubles.push(trouble), onFired: () => (made += 1) }),
    );
    await Promise.all(
      deadlines.map(async (node) => {
        await node.sweep();
        expect(node.pending).toBeGreaterThan(0);
        await node.check();
      }),
    );
    expect(made).toBe(due.size);
    await proveOnceEach(due);
    expect(troubles).toEqual([]);
    for (const node of deadlines) await node.stop();
  }, 240_000);

  it('are shared by the nodes that live: none is tried twice', async () => {
    const due = await reportMany(500);
    const shares = world.nodes.map(
      ({ db }) => new LiveNodes({ district: DISTRICT, connect: () => db.client('deadlines'), onFault: (error) => expect.fail(`${error}`) }),
    );
    for (const share of [...shares, ...shares]) await share.look();
    expect(shares.map((s) => s.count)).toEqual([2, 2]);
    const tried: string[][] = [[], []];
    await world.timeMoves(PAST_ALL_MS);
    // Stands still, so that nobody is too slow and loses a turn.
    const at = world.clock.now();
    const still = { now: () => at };
    const deadlines = world.nodes.map(({ deps, desk }, i) => {
      const counting = {
        prefetch: desk.prefetch.bind(desk),
        due: (id: string, version?: number) => (tried[i]!.push(id), desk.due(id, version)),
      };
      return new Deadlines({ ...deps, clock: still, desk: counting, nodes: shares[i]!, onTrouble: (id) => expect.fail(`${id}`) });
    });
    for (const d of deadlines) await d.sweep();
    await Promise.all(deadlines.map((d) => d.check()));
    expect(tried.flat().sort()).toEqual([...due.keys()].sort());
    for (const mine of tried) expect(mine.length).toBeGreaterThan(0);
    await proveOnceEach(due);
    for (const d of deadlines) await d.stop();
    for (const share of shares) await share.stop();
  });

  it('of a node that lives but does not fire are taken up by another a moment later', async () => {
    const due = await reportMany(200);
    const [silent, busy] = world.nodes.map(
      ({ db }) => new LiveNodes({ district: DISTRICT, connect: () => db.client('deadlines'), onFault: (error) => expect.fail(`${error}`) }),
    ) as [LiveNodes, LiveNodes];
    for (const share of [silent, busy]) await share.look();
    await world.timeMoves(PAST_ALL_MS);
    let at = world.clock.now().getTime();
    const clock = { now: () => new Date(at) };
    const { deps, desk } = world.nodes[1]!;
    const deadlines = new Deadlines({ ...deps, clock, desk, nodes: busy, onTrouble: (id) => expect.fail(`${id}`) });
    await deadlines.sweep();
    const mine = await deadlines.check();
    expect(mine).toBe([...due.keys()].filter((id) => busy.isFirst(id)).length);
    expect(mine).toBeLessThan(due.size);
    at += 2_000;
    expect(mine + (await deadlines.check())).toBe(due.size);
    await proveOnceEach(due);
    // Once its connection is gone, so are its turns.
    await silent.stop();
    await expect.poll(async () => (await busy.look(), busy.count)).toBe(1);
    await deadlines.stop();
    await busy.stop();
  });

  it('are fired once each by two processes of which one is killed in the middle', async () => {
    const due = await reportMany(3_000);
    // Some seconds before the first, so that both are there when it begins.
    const firstMs = Math.min(...due.values());
    await world.timeMoves(firstMs - Date.now() - 8_000);
    const nodes: NodeProcess[] = [];
    try {
      nodes.push(...(await Promise.all([1, 2].map(() => startNode(world.database.config)))));
      await expect.poll(firedCount, { timeout: 60_000, interval: 20 }).toBeGreaterThan(100);
      await nodes[0]!.kill();
      expect(await firedCount()).toBeLessThan(due.size);
      await expect.poll(firedCount, { timeout: 60_000 }).toBe(due.size);
      await proveOnceEach(due);
      await world.proveLog();
    } finally {
      await Promise.all(nodes.map((n) => n.kill()));
    }
  }, 180_000);
});
