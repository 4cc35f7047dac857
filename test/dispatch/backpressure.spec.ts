/** When the database is slower than the people: what waits is bounded, the rest is refused at once, and what was accepted is on disk. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/dispatch/answer.ts';
import { Desk } from '../../src/dispatch/desk.ts';
import type { JournalOptions } from '../../src/dispatch/journal.ts';
import { Problem } from '../../src/errors.ts';
import { carry, done, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

const BATCH = 10;

describe('more commands than the database takes', () => {
  let world: DeskWorld;
  let holder: pg.PoolClient | null = null;
  afterEach(async () => {
    await release();
    await world.proveLog();
    await world.close();
  });

  async function open(journal: Partial<JournalOptions>): Promise<void> {
    world = await openDeskWorld({ journal: { maxBatch: BATCH, lanes: 1, ...journal } });
  }
  /** Holds the lock that every write needs first. */
  async function hold(): Promise<void> {
    holder = await world.db.pool.connect();
    await holder.query('begin');
    await holder.query('select head from feed for update');
  }
  async function release(): Promise<void> {
    await holder?.query('rollback');
    holder?.release();
    holder = null;
  }
  const report = (key: string, description = '路面破损'): Promise<Answer> =>
    world.desk.report({ ...reportInput(world), description }, world.people.gridWorker, key);

  /** The keys of those that were refused, once nothing more is. */
  async function refusedOf(asked: ReadonlyMap<string, Promise<Answer>>, expected: number): Promise<string[]> {
    const refused: string[] = [];
    for (const [key, answer] of asked) {
      answer.catch((error: unknown) => {
        expect(error).toBeInstanceOf(Problem);
        expect(error).toMatchObject({ code: 'busy', headers: { 'Retry-After': '1' } });
        refused.push(key);
      });
    }
    await expect.poll(() => refused.length).toBe(expected);
    return refused;
  }
  const keysOnDisk = async (): Promise<string[]> => (await world.db.pool.query('select key from move')).rows.map((r) => r.key as string);

  it('waits up to a number of commands; the same keys are taken later', async () => {
    await open({ maxQueue: 50 });
    await hold();
    const first = report(randomUUID());
    await expect.poll(() => world.journal.waiting).toBe(1);
    const asked = new Map(Array.from({ length: 300 }, () => randomUUID()).map((key) => [key, report(key)]));
    const refused = await refusedOf(asked, 250);
    // 50 in the queue, and the one that is being written.
    expect(world.journal.waiting).toBe(51);
    await release();
    const accepted = [...asked].filter(([key]) => !refused.includes(key));
    for (const [, answer] of [...accepted, ['', first] as const]) expect(done(await answer).repeat).toBe(false);
    const onDisk = new Set(await keysOnDisk());
    expect(onDisk.size).toBe(51);
    for (const [key] of accepted) expect(onDisk).toContain(key);
    for (const key of refused.slice(0, 40)) expect(done(await report(key)).repeat).toBe(false);
    expect(await keysOnDisk()).toHaveLength(91);
    expect(world.journal.waiting).toBe(0);
  });

  it('waits up to an amount of text, however few the commands', async () => {
    const description = '积'.repeat(9_000);
    await open({ maxQueueText: 200_000 });
    await hold();
    const first = report(randomUUID());
    await expect.poll(() => world.journal.waiting).toBe(1);
    // The description stands in the row and in the report: 18,000 characters and some.
    const asked = new Map(Array.from({ length: 40 }, () => randomUUID()).map((key) => [key, report(key, description)]));
    const refused = await refusedOf(asked, 30);
    expect(world.journal.waiting).toBe(11);
    await release();
    for (const [key, answer] of asked) if (!refused.includes(key)) done(await answer);
    done(await first);
    expect(await keysOnDisk()).toHaveLength(11);
    // What was written leaves its room to others.
    for (let i = 0; i < 3; i++) await Promise.all(Array.from({ length: 10 }, async () => done(await report(randomUUID(), description))));
    expect(await keysOnDisk()).toHaveLength(41);
  });

  it('waits up to a number of commands for one incident too, where each has to wait for the one before', async () => {
    await open({});
    const { incident } = await carry(world, reportInput(world), []);
    const desk = new Desk({ ...world.deps, mostUnderWay: 20 });
    const { community } = world.people;
    await hold();
    const asked = new Map(
      Array.from({ length: 100 }, (_, i) => {
        const key = randomUUID();
        return [key, desk.move(incident.id, { verb: 'comment', text: `第 ${i} 条` }, community, key)] as const;
      }),
    );
    const refused = await refusedOf(asked, 80);
    await expect.poll(() => world.journal.waiting).toBe(1);
    // Who asks again under a key that waits is not one more.
    const [waiting] = [...asked.keys()].filter((key) => !refused.includes(key));
    const again = desk.move(incident.id, { verb: 'comment', text: `第 ${[...asked.keys()].indexOf(waiting!)} 条` }, community, waiting!);
    await release();
    expect(done(await again).repeat).toBe(true);
    for (const [key, answer] of asked) if (!refused.includes(key)) expect(done(await answer).repeat).toBe(false);
    expect(await keysOnDisk()).toHaveLength(21);
    const later = await desk.move(incident.id, { verb: 'comment', text: '又一条' }, community, randomUUID());
    expect(done(later).incident.version).toBe(22);
  });

  it('counts repeats that have to be read from the log, and reads for each key once', async () => {
    await open({});
    const { incident } = await carry(world, reportInput(world), []);
    const { community } = world.people;
    let gate: Promise<void> = Promise.resolve();
    let reads = 0;
    const query = world.db.pool.query.bind(world.db.pool) as (...query: unknown[]) => Promise<unknown>;
    const pool = Object.assign(Object.create(world.db.pool) as pg.Pool, {
      query: async (...asked: unknown[]) => {
        reads++;
        await gate;
        return query(...asked);
      },
    });
    const desk = new Desk({ ...world.deps, pool, mostUnderWay: 5 });
    const ask = (key: string) => desk.move(incident.id, { verb: 'comment', text: '看过了' }, community, key);
    const keys = Array.from({ length: 8 }, () => randomUUID());
    for (const key of keys) done(await ask(key));
    const opened = Promise.withResolvers<void>();
    gate = opened.promise;
    reads = 0;
    const asked = new Map(keys.map((key) => [key, ask(key)]));
    const same = keys.slice(0, 5).map(ask);
    await refusedOf(asked, 3);
    expect(reads).toBe(5);
    opened.resolve();
    const answers = await Promise.all([...[...asked.values()].slice(0, 5), ...same]);
    expect(answers.map((a) => done(a).repeat)).toEqual(Array(10).fill(true));
  });
});
