import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ACTORS } from './support/fakes.ts';
import { LogWriter, makeFeed } from './support/log-writer.ts';
import { Client, startStack, type Stack } from './support/stack.ts';
import { CELL_A, CELL_B, CELL_OTHER_SUBDISTRICT, chatter } from './support/story.ts';

let database: TestDatabase;
let stack: Stack;

beforeAll(async () => {
  database = await openTestDatabase();
  await makeFeed(database.db.pool);
  // A short memory, so that many replays have to read the log.
  stack = await startStack(database.db, { replay: { moves: 150, bytes: 1_000_000 } });
});
afterAll(async () => {
  await stack?.stop();
  await database?.drop();
});

const WRITERS = 8;
const BATCHES = 60;
const CELLS = [CELL_A, CELL_B, CELL_OTHER_SUBDISTRICT];

describe('followers that keep losing their connection while eight writers run', () => {
  it('miss no move and get none twice', async () => {
    let written = 0;
    let writtenInA = 0;
    /** Those who wait to come back look again with each commit. */
    const absent: (() => void)[] = [];
    const present = new Set<Client>();
    const cellOf = new Map<number, string>();
    const writing = Promise.all(
      Array.from({ length: WRITERS }, async (_, w) => {
        const writer = new LogWriter(database.db.pool);
        for (let i = 0; i < BATCHES; i++) {
          const moves = await writer.commit(chatter(1 + ((i * 7 + w) % 9), CELLS));
          for (const move of moves) {
            cellOf.set(move.seq, move.cell);
            if (move.cell === CELL_A) writtenInA++;
          }
          written += moves.length;
          stack.feed.offer(moves);
          for (const resume of absent.splice(0)) resume();
        }
      }),
    );
    let done = false;
    void writing.then(() => {
      done = true;
      for (const resume of absent.splice(0)) resume();
      for (const client of present) client.recheck();
    });

    /** @param lifetime  moves after which it loses its connection. @param absence  moves of others before it comes back. */
    const follow = async (actor: (typeof ACTORS)[keyof typeof ACTORS], session: string, lifetime: number, absence = 0) => {
      const seqs: number[] = [];
      let connections = 0;
      let since = 0;
      const wanted = (): number => (actor.role === 'district' ? written : writtenInA);
      while (!done || seqs.length < wanted()) {
        while (!done && stack.feed.head < since + absence) await new Promise<void>((resolve) => absent.push(resolve));
        const client = await Client.open(stack, actor, session);
        present.add(client);
        connections++;
        client.send({ type: 'follow', since, epoch: stack.feed.epoch });
        const enough = seqs.length + lifetime;
        await client.until((c) => seqs.length + c.seqs.length >= Math.min(enough, done ? wanted() : Infinity));
        present.delete(client);
        client.ws.terminate();
        await client.closed;
        seqs.push(...client.seqs);
        since = seqs.at(-1) ?? 0;
      }
      return { seqs, connections, actor };
    };
    const followers = await Promise.all([
      follow(ACTORS.district, 'often', 40),
      follow(ACTORS.district, 'rarely', 100, 400),
      follow(ACTORS.gridWorker, 'narrow', 25),
    ]);
    await writing;

    expect(written).toBeGreaterThan(2_000);
    const all = [...cellOf.keys()].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: written }, (_, i) => i + 1));
    for (const { seqs, actor } of followers)
      expect(seqs).toEqual(actor.role === 'district' ? all : all.filter((seq) => cellOf.get(seq) === CELL_A));
    expect(followers[0]!.connections).toBeGreaterThan(20);
    expect(followers[2]!.connections).toBeGreaterThan(10);
    expect(stack.errors).toEqual([]);
    const pages = await stack.registry.getSingleMetric('fengming_ws_replay_pages_total')!.get();
    for (const from of ['memory', 'log']) expect(pages.values.find((v) => v.labels['from'] === from)?.value, from).toBeGreaterThan(0);
  });
});
