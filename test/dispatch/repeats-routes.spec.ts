import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { placeRulesSource } from '../../src/dispatch/place-rules.ts';
import { repeatsRoutes } from '../../src/dispatch/repeats-routes.ts';
import { dispatchRoutes } from '../../src/dispatch/routes.ts';
import { loadRules } from '../../src/dispatch/rules.ts';
import { Problem } from '../../src/errors.ts';
import type { Cell } from '../../src/grid/reference.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { answerProblem, newRouter } from '../../src/router.ts';
import { DISTRICT, openDeskWorld, peopleOf, pointIn, type DeskWorld } from './desk-world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are looked at field by field
type Body = any;

const DAY_MS = 86_400_000;
const COVER = 'C0101-01';
const COVER_CHIPPED = 'C0101-02';
const SEWER_COVER = 'C0102-02';

describe('相似 and 反复 over HTTP', () => {
  let world: DeskWorld;
  let request: (actor: Actor, method: string, path: string, body?: unknown, key?: string) => Promise<{ status: number; body: Body }>;
  let text: (actor: Actor, path: string) => Promise<Response>;
  /** Two communities side by side are not needed: what matters is the scope. */
  let cells: Cell[];
  let cell: Cell;
  let next = 0;
  let days = 0;

  beforeAll(async () => {
    world = await openDeskWorld();
    cells = [...world.reference.cells.values()].filter((_, i) => i % 9 === 0);
    const rules = await loadRules(world.db.kysely, world.reference.calendar);
    const deps = {
      desk: world.desk,
      db: world.db,
      clock: world.clock,
      reference: () => world.reference,
      rules: () => rules,
      placeRules: placeRulesSource(world.db.kysely, DISTRICT, world.clock),
    };
    let caller: Actor;
    const app = newRouter();
    app.use(async (c, go) => {
      c.set('actor', caller);
      await go();
    });
    app.route('/', repeatsRoutes(deps));
    app.route('/', dispatchRoutes(deps));
    app.onError((error, c) => {
      if (error instanceof Problem) return answerProblem(c, error);
      throw error;
    });
    text = async (actor, path) => {
      caller = actor;
      return app.request(path);
    };
    request = async (actor, method, path, body, key = randomUUID()) => {
      caller = actor;
      const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': key };
      const answer = await app.request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: answer.status, body: await answer.json() };
    };
  });
  afterAll(() => world.close());
  /** A cell of its own for each spec, so that none sees the incidents of another. */
  beforeEach(() => {
    cell = cells[next++]!;
  });

  const at = (of: Cell, eastM = 0, accuracyM?: number) => {
    const { lng, lat } = pointIn(world.reference, of);
    return { lng: lng + eastM / 101_800, lat, ...(accuracyM === undefined ? {} : { accuracyM }) };
  };
  const report = async (by: Partial<{ who: Actor; category: string; description: string; position: object }> = {}): Promise<Body> => {
    const { who = peopleOf(cell).gridWorker, category = COVER, description = '菜市场门口井盖不见了', position = at(cell) } = by;
    const { status, body } = await request(who, 'POST', '/incidents', { category, description, position });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  };
  const move = (who: Actor, id: string, body: object) => request(who, 'POST', `/incidents/${id}/moves`, body);
  const similar = async (who: Actor, ask: Record<string, string | number> = {}) => {
    const { lng, lat } = at(cell);
    const query = new URLSearchParams(
      Object.entries({ category: COVER, lng, lat, ...ask }).map(([k, v]): [string, string] => [k, String(v)]),
    );
    return request(who, 'GET', `/incidents/similar?${query}`);
  };
  const later = async (byDays: number) => world.timeMoves((days += byDays) * DAY_MS);

  describe('before a report is sent', () => {
    it('offers what is near, of the same or a related kind, and open; likeliest first, with reasons', async () => {
      const same = await report({ position: at(cell, 8) });
      const chipped = await report({ category: COVER_CHIPPED, position: at(cell, 30) });
      const sewer = await report({ category: SEWER_COVER, position: at(cell, 5), description: '臭水井' });
      await report({ position: at(cell, 300) });
      const { status, body } = await similar(peopleOf(cell).gridWorker, { description: '菜市场东门井盖没了' });
      expect(status).toBe(200);
      expect(body.within).toEqual({ m: 60, days: 30 });
      expect(body.items.map((i: Body) => i.id)).toEqual([same.id, chipped.id, sewer.id]);
      expect(body.items[0]).toMatchObject({ strong: true, distanceM: 8, inScope: true, description: same.description, photos: [] });
      expect(body.items[0].reasons.map((r: Body) => r.code)).toEqual(['same-row', 'close-by', 'fresh', 'words']);
      expect(body.items[0].may).toContain('comment');
      expect(body.items[2].strong).toBe(false);
    });

    it('offers nothing that has ended, and nothing to one far away', async () => {
      const { id } = await report();
      expect((await similar(peopleOf(cell).gridWorker)).body.items).toHaveLength(1);
      expect((await similar(peopleOf(cell).gridWorker, { lat: at(cell).lat + 0.01 })).body.items).toEqual([]);
      await move(peopleOf(cell).community, id, { verb: 'reject', reason: '不属实' });
      expect((await similar(peopleOf(cell).gridWorker)).body.items).toEqual([]);
    });

    it('takes into account what both positions may err', async () => {
      await report({ position: at(cell, 95, 30) });
      expect((await similar(peopleOf(cell).gridWorker)).body.items).toEqual([]);
      const { items } = (await similar(peopleOf(cell).gridWorker, { accuracyM: 40 })).body;
      expect(items).toHaveLength(1);
      expect(items[0]).toMatchObject({ distanceM: 95 });
    });

    it('shows beyond the own scope that it is there, and nothing of it', async () => {
      const told = await report();
      const stranger = peopleOf(cells[next + 40]!).gridWorker;
      const { items } = (await similar(stranger, { description: told.description })).body;
      expect(items).toHaveLength(1);
      expect([0, 20]).toContain(items[0].distanceM);
      expect(items[0].reasons.map((r: Body) => r.code)).toEqual(['same-row', 'close-by', 'fresh'].with(1, items[0].reasons[1].code));
      const { reasons: _, score: __, distanceM: ___, ...rest } = items[0];
      expect(rest).toEqual({
        id: null,
        number: told.number,
        category: COVER,
        state: 'reported',
        reportedAt: told.reportedAt,
        strong: true,
        inScope: false,
      });
      expect(JSON.stringify(items)).not.toContain(told.description);
    });

    it('gives away no place beyond the own scope, from wherever it is asked', async () => {
      await report({ position: at(cell, 7) });
      const { gridWorker } = peopleOf(cell);
      const stranger = peopleOf(cells[next + 40]!).gridWorker;
      const steps = Array.from({ length: 30 }, (_, i) => at(cell, 7 + (i - 15) * 2));
      const exact = new Set<number>();
      for (const { lng, lat } of steps) {
        const [own] = (await similar(gridWorker, { lng, lat })).body.items;
        exact.add(own.distanceM);
        const [beyond] = (await similar(stranger, { lng, lat })).body.items;
        expect(beyond.distanceM % 20).toBe(0);
        expect(Math.abs(beyond.distanceM - own.distanceM)).toBeLessThanOrEqual(25);
        // Neither the words nor the points know it better.
        for (const { code, zh, en } of beyond.reasons) if (code === 'close-by') expect([zh, en].join()).toMatch(/\D(20|40)\D/);
      }
      expect(exact.size).toBeGreaterThan(10);
    });

    it('answers only those who may report, and only about what can be reported', async () => {
      const { people } = world;
      expect((await similar(people.auditor)).body.code).toBe('not-allowed');
      expect((await similar(people.unit('nobody'))).body.code).toBe('not-allowed');
      expect((await similar(people.district, { category: 'X1' })).body.code).toBe('unknown-category');
      expect((await similar(people.district, { lng: 'east' })).body.code).toBe('invalid-query');
      expect((await similar(people.district, { lat: 100 })).body.code).toBe('invalid-query');
    });

    it('never keeps anybody from sending all the same', async () => {
      const first = await report();
      const second = await report();
      expect(second.id).not.toBe(first.id);
    });
  });

  describe('并案 (two reports of one thing)', () => {
    it('is offered at the open incident, merged under its target, and taken back within a day', async () => {
      const { community, subdistrict, gridWorker } = peopleOf(cell);
      const target = await report();
      const twin = await report({ position: at(cell, 6) });
      const offered = (await request(community, 'GET', `/incidents/${twin.id}/similar`)).body.items;
      expect(offered.map((i: Body) => i.id)).toEqual([target.id]);
      expect(offered[0].may).toContain('merge');
      expect((await move(community, twin.id, { verb: 'merge', into: target.id })).status).toBe(200);

      const under = async (who: Actor) =>
        (await request(who, 'GET', `/incidents?mergedInto=${target.id}`)).body.items.map((i: Body) => i.id);
      expect(await under(community)).toEqual([twin.id]);
      expect(await under(peopleOf(cells[next + 40]!).community)).toEqual([]);
      expect((await request(community, 'GET', `/incidents/${target.id}/similar`)).body.items).toEqual([]);

      await move(community, target.id, { verb: 'call' });
      const followed = (await request(gridWorker, 'GET', `/incidents/${twin.id}/target`)).body;
      expect(followed).toMatchObject({ id: target.id, number: target.number, state: 'called' });
      expect(followed.words.zh).toContain(target.number);

      expect((await request(subdistrict, 'GET', `/incidents/${twin.id}`)).body.may).toContain('unmerge');
      expect((await move(subdistrict, twin.id, { verb: 'unmerge' })).body.incident).toMatchObject({ state: 'reported', mergedInto: null });
      expect(await under(community)).toEqual([]);
      expect((await request(gridWorker, 'GET', `/incidents/${twin.id}/target`)).status).toBe(404);
    });

    it('is followed by a reporter from elsewhere in words, to the last of several', async () => {
      const stranger = peopleOf(cells[next + 40]!).gridWorker;
      const { subdistrict } = peopleOf(cell);
      const [last, middle] = [await report(), await report()];
      const own = await report({ who: stranger });
      await move(subdistrict, own.id, { verb: 'merge', into: middle.id });
      await move(subdistrict, middle.id, { verb: 'merge', into: last.id });
      const { body } = await request(stranger, 'GET', `/incidents/${own.id}/target`);
      expect(body).toMatchObject({ id: null, number: last.number, state: 'reported', closedAt: null });
      expect(JSON.stringify(body)).not.toContain(last.description);
    });
  });

  describe('反复 (again and again)', () => {
    it('is said of the one incident, of what was reported before it', async () => {
      const { community } = peopleOf(cell);
      const recurrence = async ({ id }: Body) => (await request(community, 'GET', `/incidents/${id}`)).body.recurrence;
      const first = await report();
      expect(await recurrence(first)).toBeNull();
      await later(10);
      const second = await report({ category: COVER_CHIPPED, position: at(cell, 20) });
      const third = await report();
      expect(await recurrence(third)).toEqual({ count: 2, since: first.reportedAt });
      expect(await recurrence(second)).toEqual({ count: 1, since: first.reportedAt });
      expect(await recurrence(await report({ position: at(cell, 80) }))).toBeNull();
      await later(31);
      expect(await recurrence(await report())).toBeNull();
    });

    it('makes a dossier, in which a merged report counts once', async () => {
      const { community, subdistrict, district } = peopleOf(cell);
      const first = await report();
      await later(20);
      const second = await report({ position: at(cell, 15) });
      const twin = await report({ position: at(cell, 10) });
      await move(community, twin.id, { verb: 'merge', into: second.id });
      await later(20);
      const third = await report({ category: COVER_CHIPPED });
      await move(community, first.id, { verb: 'reject', reason: '不属实' });

      const around = (await request(community, 'GET', `/incidents/${third.id}/recurrences`)).body;
      expect(around).toMatchObject({ id: first.id, kind: 'C0101', count: 3, open: 2, first: first.reportedAt, last: third.reportedAt });
      expect(around.members.map((m: Body) => m.id)).toEqual([first.id, second.id, third.id]);
      expect(around.within).toEqual({ m: 50, days: 30 });

      for (const who of [community, subdistrict, district]) {
        const { items } = (await request(who, 'GET', `/dossiers?days=5&community=${cell.community}`)).body;
        const mine = items.find((d: Body) => d.id === first.id);
        expect(mine).toMatchObject({ count: 3, open: 2, community: cell.community, averageCloseMs: null, units: [] });
        expect(mine.categories).toEqual([
          { code: COVER, count: 2 },
          { code: COVER_CHIPPED, count: 1 },
        ]);
      }
      const elsewhere = peopleOf(cells[next + 40]!);
      expect((await request(elsewhere.community, 'GET', '/dossiers')).body.items.map((d: Body) => d.id)).not.toContain(first.id);
      expect((await request(world.people.unit('nobody'), 'GET', '/dossiers')).body.code).toBe('not-allowed');
      expect((await request(community, 'GET', '/dossiers?least=4')).body.items).toEqual([]);
    });

    it('says of what lies beyond the own scope that it is there, and nothing from which more could be reckoned', async () => {
      const { community, subdistrict } = peopleOf(cell);
      const stranger = peopleOf(cells[next + 40]!).gridWorker;
      const { id } = await report({ position: at(cell, 30) });
      await move(community, id, { verb: 'call' });
      await move(subdistrict, id, { verb: 'accept' });
      const sent = (await move(subdistrict, id, { verb: 'dispatch', runCard: true })).body.incident;
      for (const verb of ['acknowledge', 'arrive', 'finish']) {
        for (const a of sent.assignments) await move(world.people.unit(a.unit), id, { verb, assignment: a.id });
      }
      await move(subdistrict, id, { verb: 'assignCheck' });
      await move(community, id, { verb: 'confirmClose' });
      const own = await report({ who: stranger, position: at(cell) });

      const { body } = await request(stranger, 'GET', `/incidents/${own.id}/recurrences`);
      const { lng, lat } = at(cell);
      expect(body).toMatchObject({ id: own.id, count: 2, open: 1, units: [], averageCloseMs: null, reachM: 0 });
      expect(body.position.lng).toBeCloseTo(lng, 5);
      expect(body.position.lat).toBeCloseTo(lat, 5);
      const hidden = body.members[0];
      expect(hidden).toEqual({ id: null, number: sent.number, category: COVER, state: 'closed', reportedAt: sent.reportedAt });
      expect(body.members[1]).toMatchObject({ id: own.id, level: own.level, closedAt: null, position: own.position });

      const whole = (await request(subdistrict, 'GET', `/incidents/${own.id}/recurrences`)).body;
      expect(whole.units).toHaveLength(sent.assignments.length);
      expect(whole).toMatchObject({ id, reachM: 15, averageCloseMs: expect.any(Number) });
    });

    it('names the units that were there and how long a close took', async () => {
      const { community, subdistrict, gridWorker } = peopleOf(cell);
      const closed: Body[] = [];
      for (let i = 0; i < 2; i++) {
        const { id } = await report();
        await move(community, id, { verb: 'call' });
        await move(subdistrict, id, { verb: 'accept' });
        const sent = (await move(subdistrict, id, { verb: 'dispatch', runCard: true })).body.incident;
        for (const verb of ['acknowledge', 'arrive', 'finish']) {
          for (const a of sent.assignments) await move(world.people.unit(a.unit), id, { verb, assignment: a.id });
        }
        await move(subdistrict, id, { verb: 'assignCheck' });
        expect((await move(community, id, { verb: 'confirmClose' })).body.incident.state).toBe('closed');
        closed.push(sent);
        await later(2);
      }
      const dossier = (await request(gridWorker, 'GET', '/dossiers')).body.items.find((d: Body) => d.id === closed[0].id);
      expect(dossier).toMatchObject({ count: 2, open: 0 });
      expect(dossier.units.map((u: Body) => u.count)).toEqual(closed[0].assignments.map(() => 2));
      expect(dossier.averageCloseMs).toBeGreaterThan(0);
      expect(dossier.averageCloseMs).toBeLessThan(DAY_MS);
    });

    it('pages without holes or doubles, and comes as a table for a spreadsheet', async () => {
      const { district } = world.people;
      const whole = (await request(district, 'GET', '/dossiers?days=366')).body.items.map((d: Body) => d.id);
      expect(whole.length).toBeGreaterThan(2);
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { body } = await request(district, 'GET', `/dossiers?days=366&limit=1${after === null ? '' : `&after=${after}`}`);
        seen.push(...body.items.map((d: Body) => d.id));
        after = body.next;
      } while (after !== null);
      expect(seen).toEqual(whole);
      expect((await request(district, 'GET', '/dossiers?after=xyz')).body.code).toBe('invalid-query');

      const answer = await text(district, '/dossiers.csv?days=366');
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      const bytes = new Uint8Array(await answer.arrayBuffer());
      expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const lines = new TextDecoder().decode(bytes).trimEnd().split('\r\n');
      expect(lines).toHaveLength(whole.length + 1);
      expect(lines[0]).toMatch(/^首件,街镇,社区,类别,次数/);
      expect(lines[1]).toContain('上水井盖');
    });
  });
});
