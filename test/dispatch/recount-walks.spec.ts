/** 时限随日历 (deadlines follow the calendar): all that are open, each once, whichever node walks. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from '../../src/dispatch/desk.ts';
import type { Rules } from '../../src/dispatch/chain/levels.ts';
import { recountEffect } from '../../src/dispatch/recount-effect.ts';
import { RecountWalks } from '../../src/dispatch/recount-walks.ts';
import { loadRules } from '../../src/dispatch/rules.ts';
import { readCalendar } from '../../src/grid/calendar.ts';
import { saveCalendar } from '../../src/grid/calendar-store.ts';
import type { CalendarEdit } from '../../src/grid/calendar-edit.ts';
import { readSettingsVersion } from '../../src/db/settings-version.ts';
import { carry, DISTRICT, done, openDeskWorld, reportInput, type DeskNode, type DeskWorld } from './desk-world.ts';

/** A Wednesday morning in the offices: 10:00 in China. */
const NOW = '2026-12-02T02:00:00.000Z';
const TWO_DAYS_OFF: CalendarEdit = { days: [{ from: '2026-12-02', to: '2026-12-03', kind: 'holiday', labelZh: '全区停办' }] };
const MINUTE_MS = 60_000;

let world: DeskWorld;
beforeEach(async () => {
  world = await openDeskWorld({ nodes: 2 });
  await world.timeMoves(Date.parse(NOW) - Date.now());
});
afterEach(() => world.close());

/** A node of the walk. It goes by what it has read, and reads only when it is told to. */
async function walker(node: DeskNode) {
  const read = async () => ({
    rules: await loadRules(node.db.kysely, await readCalendar(node.db.kysely, DISTRICT), DISTRICT),
    version: await readSettingsVersion(node.db.kysely, DISTRICT),
  });
  let held: { rules: Rules; version: number } = await read();
  const troubles: unknown[] = [];
  let broken = false;
  const desk = new Desk({ ...node.deps, rules: () => held.rules });
  const walks = new RecountWalks({
    district: DISTRICT,
    db: node.db,
    clock: node.clock,
    rules: () => held.rules,
    version: () => held.version,
    recount: (id) => (broken ? Promise.reject(new Error('away')) : desk.recount(id)),
    onTrouble: (incident, trouble) => void troubles.push([incident, (trouble as Error).message]),
  });
  return {
    desk,
    walks,
    troubles,
    held: () => held,
    breaks: (is: boolean) => void (broken = is),
    async reads() {
      held = await read();
    },
  };
}

async function edit(change: CalendarEdit): Promise<number> {
  const saved = await saveCalendar(world.db.kysely, DISTRICT, change, { account: 'district.441802' });
  if (!saved.ok) throw new Error(JSON.stringify(saved));
  return saved.version;
}

/** How often each incident was recounted, by the log. */
async function recounts(): Promise<Map<string, number>> {
  const { rows } = await world.db.pool.query<{ incident: string; n: number }>(
    `select incident, count(*)::int n from move where actor = 'system' and payload->>'notice' = 'recounted' group by incident`,
  );
  return new Map(rows.map((row) => [row.incident, row.n]));
}

describe('after an edit of the calendar', () => {
  it('every open incident on working time has its deadline moved once, with two nodes walking at once, as the preview said', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 25; i++) ids.push((await carry(world, reportInput(world, 'R4'), [])).incident.id);
    const urgent = (await carry(world, reportInput(world, 'R2'), [])).incident;
    const ended = await carry(world, reportInput(world, 'R4'), [[world.people.gridWorker, { verb: 'withdraw', reason: '报错了' }]]);
    const [one, two] = [await walker(world.nodes[0]!), await walker(world.nodes[1]!)];
    const before = one.held().rules;
    const days = new Map(before.calendar.days).set('2026-12-02', false).set('2026-12-03', false);
    const edited = { ...before, calendar: { ...before.calendar, days } };
    const effect = await recountEffect(world.db.pool, DISTRICT, edited, world.clock.now());
    expect(effect).toMatchObject({ open: 26, moving: 25, remindersOnly: 0, later: 25, sooner: 0, overdueAtOnce: 0 });
    expect(effect.examples).toHaveLength(5);
    // Nothing has moved by looking.
    expect(await recounts()).toEqual(new Map());

    const version = await edit(TWO_DAYS_OFF);
    await Promise.all([one.reads(), two.reads()]);
    await Promise.all([one.walks.look(), two.walks.look(), one.walks.look()]);
    expect(await recounts()).toEqual(new Map(ids.map((id) => [id, 1])));
    const { id, clocks } = (await carriedOn(one.desk, effect.examples[0]!.id))!;
    expect([clocks.step!.dueAt, clocks.total!.dueAt]).toContain(effect.examples[0]!.to);
    expect(ids).toContain(id);
    expect(await one.walks.progress()).toMatchObject({
      version,
      account: 'district.441802',
      open: 26,
      looked: 26,
      moved: effect.moving,
    });
    expect((await one.walks.progress())!.finishedAt).not.toBeNull();
    expect((await recounts()).has(urgent.id) || (await recounts()).has(ended.incident.id)).toBe(false);
    expect([...one.troubles, ...two.troubles]).toEqual([]);
    await world.proveLog();
  });

  it('a day that was closed by mistake and opened again leaves the deadline where it was', async () => {
    const { incident } = await carry(world, reportInput(world, 'R3'), []);
    const node = await walker(world.nodes[0]!);
    for (const change of [TWO_DAYS_OFF, { days: [{ from: '2026-12-02', to: '2026-12-03', kind: 'usual' as const }] }]) {
      await edit(change);
      await node.reads();
      await node.walks.look();
    }
    expect(await recounts()).toEqual(new Map([[incident.id, 2]]));
    const after = (await carriedOn(node.desk, incident.id))!;
    expect(after.clocks.step!.dueAt).toBe(incident.clocks.step!.dueAt);
    expect(after.clocks.total!.dueAt).toBe(incident.clocks.total!.dueAt);
  });

  it('a node that has not read the edit yet does not walk by the old calendar', async () => {
    const { incident } = await carry(world, reportInput(world, 'R4'), []);
    const [late, early] = [await walker(world.nodes[0]!), await walker(world.nodes[1]!)];
    await edit(TWO_DAYS_OFF);
    await late.walks.look();
    expect(await late.walks.progress()).toMatchObject({ looked: 0, finishedAt: null });
    await early.reads();
    await early.walks.look();
    expect(await recounts()).toEqual(new Map([[incident.id, 1]]));
  });

  it('what such a node started meanwhile is found by the second walk', async () => {
    const [late, early] = [await walker(world.nodes[0]!), await walker(world.nodes[1]!)];
    await edit(TWO_DAYS_OFF);
    await early.reads();
    await early.walks.look();
    const { incident } = done(await late.desk.report(reportInput(world, 'R4'), world.people.gridWorker, randomUUID()));
    await early.walks.look();
    expect(await recounts()).toEqual(new Map());
    await world.timeMoves(Date.parse(NOW) - Date.now() + 3 * MINUTE_MS);
    await early.walks.look();
    expect(await recounts()).toEqual(new Map([[incident.id, 1]]));
    // Then it is done with.
    expect((await world.db.pool.query('select from recount where checked_at is null')).rowCount).toBe(0);
  });

  it('one that could not be recounted is told, and mended by the second walk', async () => {
    const { incident } = await carry(world, reportInput(world, 'R4'), []);
    const node = await walker(world.nodes[0]!);
    await edit(TWO_DAYS_OFF);
    await node.reads();
    node.breaks(true);
    await node.walks.look();
    expect(node.troubles).toEqual([[incident.id, 'away']]);
    expect(await node.walks.progress()).toMatchObject({ moved: 0 });
    node.breaks(false);
    await world.timeMoves(Date.parse(NOW) - Date.now() + 3 * MINUTE_MS);
    await node.walks.look();
    expect(await recounts()).toEqual(new Map([[incident.id, 1]]));
    expect(await node.walks.progress()).toMatchObject({ moved: 1 });
  });

  const unchecked = async () => (await world.db.pool.query('select from recount where checked_at is null')).rowCount;
  const later = (minutes: number) => world.timeMoves(Date.parse(NOW) - Date.now() + minutes * MINUTE_MS);

  it('one that fails in the second walk too has it walked again, not at once, until it is right', async () => {
    const { incident } = await carry(world, reportInput(world, 'R4'), []);
    const node = await walker(world.nodes[0]!);
    await edit(TWO_DAYS_OFF);
    await node.reads();
    node.breaks(true);
    await node.walks.look();
    await later(3);
    await node.walks.look();
    expect(node.troubles).toHaveLength(2);
    await later(4);
    await node.walks.look();
    expect(node.troubles).toHaveLength(2);
    node.breaks(false);
    await later(10);
    await node.walks.look();
    expect(await recounts()).toEqual(new Map([[incident.id, 1]]));
    expect(await node.walks.progress()).toMatchObject({ moved: 1 });
    expect(await unchecked()).toBe(0);
  });

  it('a second walk that a dead node left in the middle is walked whole once more', async () => {
    const { incident } = await carry(world, reportInput(world, 'R4'), []);
    const node = await walker(world.nodes[0]!);
    await edit(TWO_DAYS_OFF);
    await node.reads();
    node.breaks(true);
    await node.walks.look();
    node.breaks(false);
    // The other had trouble with it in the second walk, went on, and died.
    await world.db.pool.query('update recount set passed = $1', [incident.id]);
    await later(3);
    await node.walks.look();
    expect([await recounts(), await unchecked()]).toEqual([new Map(), 1]);
    await later(10);
    await node.walks.look();
    expect([await recounts(), await unchecked()]).toEqual([new Map([[incident.id, 1]]), 0]);
  });

  it('a newer edit takes over from an older walk', async () => {
    const { incident } = await carry(world, reportInput(world, 'R4'), []);
    const node = await walker(world.nodes[0]!);
    await edit(TWO_DAYS_OFF);
    const newest = await edit({ days: [{ from: '2026-12-04', to: '2026-12-04', kind: 'holiday', labelZh: '全区停办' }] });
    await node.reads();
    await node.walks.look();
    expect(await recounts()).toEqual(new Map([[incident.id, 1]]));
    const { rows } = await world.db.pool.query('select version, checked_at is null as open from recount order by version');
    expect(rows).toEqual([
      { version: newest - 1, open: false },
      { version: newest, open: true },
    ]);
  });
});

const carriedOn = (desk: Desk, id: string) => desk.find(id, world.people.district);
