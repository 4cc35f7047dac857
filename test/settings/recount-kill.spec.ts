/** A node is killed while deadlines follow an edit of the calendar: another goes on, and none moves twice or not at all. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveCalendar } from '../../src/grid/calendar-store.ts';
import { DISTRICT, done, openDeskWorld, reportInput, type DeskWorld } from '../dispatch/desk-world.ts';
import { startNode } from '../support/node-process.ts';

/** A Wednesday morning in the offices: 10:00 in China. */
const NOW = '2026-12-02T02:00:00.000Z';
/** More than two pages of a walk. */
const OPEN = 450;
const PATIENCE = { timeout: 60_000, interval: 50 };

let world: DeskWorld;
let owner: pg.Client;
beforeAll(async () => {
  world = await openDeskWorld();
  await world.timeMoves(Date.parse(NOW) - Date.now());
  owner = new pg.Client(world.database.config);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await world.close();
});

const one = async <T>(text: string, values: unknown[] = []): Promise<T> => (await world.db.pool.query(text, values)).rows[0] as T;

it('killed between two pages, with a write under way that nobody waits for any more', async () => {
  const { people } = world;
  const reports = Array.from({ length: OPEN }, () => world.desk.report(reportInput(world, 'R4'), people.gridWorker, randomUUID()));
  const ids = (await Promise.all(reports)).map((answer) => done(answer).incident.id).sort();
  // Whoever comes to this one waits: the walk is past its first page then, and in the middle of its second.
  await owner.query('begin');
  await owner.query('select from incident where district = $1 and id = $2 for update', [DISTRICT, ids[250]]);
  const saved = await saveCalendar(
    world.db.kysely,
    DISTRICT,
    { days: [{ from: '2026-12-02', to: '2026-12-03', kind: 'holiday', labelZh: '全区停办' }] },
    { account: `district.${DISTRICT}` },
  );
  expect(saved.ok).toBe(true);

  const killed = await startNode(world.database.config);
  await expect.poll(() => one<{ looked: number }>('select looked from recount').then((r) => r.looked), PATIENCE).toBe(200);
  const waiting = `select count(*)::int n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  // Only the owner is shown what others wait for.
  await expect.poll(async () => (await owner.query<{ n: number }>(waiting)).rows[0]!.n, PATIENCE).toBeGreaterThan(0);
  await killed.kill();
  await owner.query('rollback');

  const survivor = await startNode(world.database.config);
  try {
    const finished = 'select finished_at is not null as finished, looked, moved from recount';
    await expect.poll(() => one<{ finished: boolean }>(finished).then((r) => r.finished), PATIENCE).toBe(true);
    const { moved } = await one<{ moved: number }>(finished);
    expect(moved).toBe(OPEN);
    const { rows } = await world.db.pool.query<{ incident: string; n: number }>(
      `select incident, count(*)::int n from move where payload->>'notice' = 'recounted' group by incident order by incident`,
    );
    expect(rows).toEqual(ids.map((incident) => ({ incident, n: 1 })));
    await world.proveLog();
  } finally {
    await survivor.stop();
  }
}, 180_000);
