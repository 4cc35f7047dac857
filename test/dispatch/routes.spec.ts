import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Situation } from '../../src/dispatch/chain/run-cards.ts';
import { placeRulesSource } from '../../src/dispatch/place-rules.ts';
import { dispatchRoutes } from '../../src/dispatch/routes.ts';
import { sendingRoutes } from '../../src/dispatch/sending-routes.ts';
import { loadRules } from '../../src/dispatch/rules.ts';
import { Problem } from '../../src/errors.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { answerProblem, newRouter } from '../../src/router.ts';
import { DISTRICT, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are looked at field by field
type Body = any;

describe('incidents over HTTP', () => {
  let world: DeskWorld;
  /** Where the units say they are. */
  let positions: Situation['positions'] = new Map();
  let request: (actor: Actor, method: string, path: string, body?: unknown, key?: string | null) => Promise<{ status: number; body: Body }>;

  beforeAll(async () => {
    world = await openDeskWorld();
    const rules = await loadRules(world.db.kysely, world.reference.calendar);
    const routes = dispatchRoutes({
      desk: world.desk,
      db: world.db,
      clock: world.clock,
      reference: () => world.reference,
      rules: () => rules,
      placeRules: placeRulesSource(world.db.kysely, DISTRICT, world.clock),
    });
    let caller: Actor;
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', caller);
      await next();
    });
    app.route('/', routes);
    app.route(
      '/',
      sendingRoutes({ ...world, reference: () => world.reference, situation: () => ({ ...world.deps.situation(), positions }) }),
    );
    app.onError((error, c) => {
      if (error instanceof Problem) return answerProblem(c, error);
      throw error;
    });
    request = async (actor, method, path, body, key = randomUUID()) => {
      caller = actor;
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (key !== null && method === 'POST') headers['idempotency-key'] = key;
      const answer = await app.request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: answer.status, body: await answer.json() };
    };
  });
  afterAll(() => world.close());

  const reported = async (level: 'R1' | 'R2' | 'R3' | 'R4' = 'R4'): Promise<Body> =>
    (await request(world.people.gridWorker, 'POST', '/incidents', reportInput(world, level))).body;
  const move = (actor: Actor, id: string, body: object, key?: string | null) => request(actor, 'POST', `/incidents/${id}/moves`, body, key);

  it('answers a report with 201 and the incident', async () => {
    const { status, body } = await request(world.people.gridWorker, 'POST', '/incidents', reportInput(world));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'reported',
      step: '网格发现',
      level: 'R4',
      version: 1,
      cell: world.cell.code,
      assignments: [],
      overdue: false,
      closedAt: null,
      lead: null,
      deadlines: [{ clock: 'call' }, { clock: 'total' }],
    });
    expect(body.may).toContain('withdraw');
    expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('gives the same answer for the same key, and refuses it for another body', async () => {
    const key = randomUUID();
    const first = await request(world.people.gridWorker, 'POST', '/incidents', reportInput(world), key);
    const again = await request(world.people.gridWorker, 'POST', '/incidents', reportInput(world), key.toUpperCase());
    expect(again).toEqual(first);
    const other = await request(world.people.gridWorker, 'POST', '/incidents', { ...reportInput(world), description: '别的' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('names what is wrong, each with its own code', async () => {
    const { people } = world;
    const input = reportInput(world);
    const { id } = await reported();
    const missing = randomUUID();
    const cases: [Actor, string, string, unknown, string | null | undefined, number, string][] = [
      [people.gridWorker, 'POST', '/incidents', input, null, 422, 'idempotency-key-missing'],
      [people.gridWorker, 'POST', '/incidents', input, 'not-a-uuid', 422, 'idempotency-key-missing'],
      [people.gridWorker, 'POST', '/incidents', { ...input, description: 'a\u0000b' }, undefined, 422, 'invalid-body'],
      [people.gridWorker, 'POST', '/incidents', { ...input, category: 'X0000' }, undefined, 422, 'unknown-category'],
      [people.gridWorker, 'POST', '/incidents', { ...input, position: { lng: 100, lat: 20 } }, undefined, 422, 'outside-district'],
      [people.gridWorker, 'POST', '/incidents', { ...input, position: { lng: 999, lat: 20 } }, undefined, 422, 'invalid-body'],
      [people.gridWorker, 'POST', '/incidents', { ...input, foundAt: '2999-01-01T00:00:00Z' }, undefined, 422, 'found-in-future'],
      [
        people.gridWorker,
        'POST',
        '/incidents',
        { ...input, photos: ['00000000-0000-7000-8000-000000000000'] },
        undefined,
        422,
        'unknown-photo',
      ],
      [people.auditor, 'POST', '/incidents', input, undefined, 403, 'not-yours'],
      [people.community, 'POST', `/incidents/${id}/moves`, { verb: 'call' }, null, 422, 'idempotency-key-missing'],
      [people.community, 'POST', `/incidents/${id}/moves`, { verb: 'explode' }, undefined, 422, 'invalid-body'],
      [people.community, 'POST', `/incidents/${id}/moves`, { verb: 'reject' }, undefined, 422, 'invalid-body'],
      [people.community, 'POST', `/incidents/${id}/moves`, { verb: 'lapse', assignment: missing }, undefined, 422, 'invalid-body'],
      [people.community, 'POST', `/incidents/${id}/moves`, { verb: 'resume' }, undefined, 409, 'no-such-move'],
      [people.community, 'POST', `/incidents/${id}/moves`, { verb: 'call', expectedVersion: 7 }, undefined, 409, 'version-conflict'],
      [people.gridWorker, 'POST', `/incidents/${id}/moves`, { verb: 'call' }, undefined, 403, 'not-yours'],
      [people.unit('nobody'), 'POST', `/incidents/${id}/moves`, { verb: 'call' }, undefined, 404, 'not-found'],
      [people.community, 'POST', `/incidents/${missing}/moves`, { verb: 'call' }, undefined, 404, 'not-found'],
      [people.community, 'POST', '/incidents/nonsense/moves', { verb: 'call' }, undefined, 404, 'not-found'],
      [people.unit('nobody'), 'GET', `/incidents/${id}`, undefined, undefined, 404, 'not-found'],
      [people.unit('nobody'), 'GET', `/incidents/${id}/moves`, undefined, undefined, 404, 'not-found'],
      [people.unit('nobody'), 'GET', `/incidents/${id}/deadlines`, undefined, undefined, 404, 'not-found'],
      [people.unit('nobody'), 'GET', `/incidents/${id}/run-card`, undefined, undefined, 404, 'not-found'],
      [people.district, 'GET', '/incidents/nonsense', undefined, undefined, 404, 'not-found'],
      [people.district, 'GET', '/incidents?state=gone', undefined, undefined, 422, 'invalid-query'],
      [people.district, 'GET', '/incidents?limit=201', undefined, undefined, 422, 'invalid-query'],
      [people.district, 'GET', '/incidents?after=xyz', undefined, undefined, 422, 'invalid-query'],
    ];
    const before = (await world.db.pool.query('select count(*) n from move')).rows[0].n;
    for (const [actor, method, path, body, key, status, code] of cases) {
      const answer = await request(actor, method, path, body, key);
      expect({ path, body, status: answer.status, code: answer.body.code }).toEqual({ path, body, status, code });
      expect(answer.body.whatToDo['zh-CN']).toBeTruthy();
    }
    expect((await world.db.pool.query('select count(*) n from move')).rows[0].n).toBe(before);
  });

  it('takes an incident with two units from report to closed', async () => {
    const { people } = world;
    const { id } = await reported('R2');
    const step = async (actor: Actor, body: object) => {
      const answer = await move(actor, id, body);
      expect({ body, status: answer.status, code: answer.body.code }).toEqual({ body, status: 200, code: undefined });
      return answer.body.incident;
    };
    await step(people.community, { verb: 'call' });
    await step(people.subdistrict, { verb: 'accept' });
    const sent = await step(people.subdistrict, { verb: 'dispatch', runCard: true });
    expect(sent.assignments.length).toBeGreaterThan(1);
    for (const verb of ['acknowledge', 'depart', 'arrive', 'finish']) {
      for (const a of sent.assignments) await step(people.unit(a.unit), { verb, assignment: a.id });
    }
    await step(people.subdistrict, { verb: 'assignCheck' });
    const closed = await step(people.community, { verb: 'confirmClose', score: 5 });
    expect(closed).toMatchObject({ state: 'closed', proof: 'checked', score: 5, deadlines: [], overdue: false });
    expect(closed.closedAt).not.toBeNull();

    const log = (await request(people.auditor, 'GET', `/incidents/${id}/moves`)).body;
    expect(log.items[0]).toMatchObject({ version: 1, verb: 'report', from: null, to: 'reported', actor: people.gridWorker.account });
    expect(log.items.at(-1)).toMatchObject({ verb: 'confirmClose', from: 'checking', to: 'closed' });
    expect(log.items.map((m: Body) => m.version)).toEqual(log.items.map((_: Body, i: number) => i + 1));
    expect(log.items.every((m: Body) => /^[0-9a-f]{64}$/.test(m.hash))).toBe(true);
    await world.proveLog();
  });

  it('answers one of two racers with 200 and the other with 409', async () => {
    const { id } = await reported();
    const race = [1, 2].map((n) => move(world.people.community, id, { verb: 'comment', text: `${n}`, expectedVersion: 1 }));
    expect((await Promise.all(race)).map((a) => a.status).sort()).toEqual([200, 409]);
  });

  it('tells the reporter’s account only to communities and up, and to the reporter; others hear what the reporter is', async () => {
    const { people } = world;
    const { id } = await reported('R2');
    await move(people.community, id, { verb: 'call' });
    await move(people.subdistrict, id, { verb: 'accept' });
    const { body } = await move(people.subdistrict, id, { verb: 'dispatch', runCard: true });
    const unit = people.unit(body.incident.lead);
    const seenBy = async (actor: Actor) => (await request(actor, 'GET', `/incidents/${id}`)).body.reportedBy;
    expect(await seenBy(unit)).toBe('grid');
    expect(await seenBy({ ...people.gridWorker, account: 'grid.colleague' })).toBe('grid');
    for (const actor of [people.gridWorker, people.community, people.subdistrict, people.district, people.auditor]) {
      expect(await seenBy(actor)).toBe(people.gridWorker.account);
    }
  });

  it('hides a reporter’s account in the log also where it is named after nobody’s rule', async () => {
    const { people } = world;
    const reporter = { ...people.gridWorker, account: 'zhang.san' };
    const { id } = (await request(reporter, 'POST', '/incidents', reportInput(world, 'R2'))).body;
    await move(people.community, id, { verb: 'call' });
    await move(people.subdistrict, id, { verb: 'accept' });
    const { body } = await move(people.subdistrict, id, { verb: 'dispatch', runCard: true });
    const actorsSeenBy = async (actor: Actor): Promise<string[]> =>
      (await request(actor, 'GET', `/incidents/${id}/moves`)).body.items.map((m: Body) => m.actor);
    const offices = [people.community.account, people.subdistrict.account, people.subdistrict.account];
    expect(await actorsSeenBy(people.unit(body.incident.lead))).toEqual(['person', ...offices]);
    for (const actor of [reporter, people.community, people.district]) expect(await actorsSeenBy(actor)).toEqual(['zhang.san', ...offices]);
  });

  it('explains each deadline in both languages', async () => {
    const { id } = await reported('R2');
    const { body } = await request(world.people.community, 'GET', `/incidents/${id}/deadlines`);
    expect(body.items.map((d: Body) => d.clock)).toEqual(['call', 'total']);
    expect(body.items[0]).toMatchObject({ limitMs: 15 * 60_000, kind: 'continuous', overdue: false });
    expect(body.items[0].lines[0]).toMatchObject({
      zh: '社区呼叫限 15 分钟，按 R2 紧急时限表',
      en: 'Limit for community call: 15 minutes, by the table of R2',
    });
    for (const line of body.items.flatMap((d: Body) => d.lines))
      expect(line).toMatchObject({ zh: expect.any(String), en: expect.any(String) });
  });

  it('shows whom the run card would send, also for another level', async () => {
    const { id } = await reported('R2');
    const { status, body } = await request(world.people.subdistrict, 'GET', `/incidents/${id}/run-card`);
    expect(status).toBe(200);
    expect(world.reference.units.get(body.lead.chosen)!.type).toBe(body.lead.wanted);
    const graver = await request(world.people.subdistrict, 'GET', `/incidents/${id}/run-card?level=R1`);
    expect(graver.body.card).not.toBe(body.card);
  });

  it('shows what a further alarm would add, without a lead', async () => {
    const { id } = await reported('R2');
    const second = await request(world.people.subdistrict, 'GET', `/incidents/${id}/run-card?alarm=2`);
    expect(second).toMatchObject({ status: 200, body: { alarm: 2, lead: null } });
    expect(second.body.assisting.length).toBeGreaterThan(1);
    expect((await request(world.people.subdistrict, 'GET', `/incidents/${id}/run-card?alarm=0`)).status).toBe(422);
  });

  it('shows every unit as it stands, nearest first', async () => {
    const { id } = await reported('R2');
    const { body } = await request(world.people.subdistrict, 'GET', `/incidents/${id}/units`);
    expect(body.items).toHaveLength(world.reference.units.size);
    const far = body.items.map((u: Body) => u.distanceM);
    expect(far).toEqual([...far].sort((a, b) => a - b));
    expect(body.items[0]).toMatchObject({ from: 'home', duty: 'on', sent: false, declined: false, standIn: { duty: 'on' } });
  });

  it('tells where the units are to those who send them here and those who see all positions, and to nobody else', async () => {
    const { people } = world;
    const { community } = world.cell;
    const linked = (role: 'leader' | 'member'): Actor => ({ account: role, role, district: DISTRICT, communities: [community] });
    const { id } = await reported('R2');
    await move(people.community, id, { verb: 'call' });
    await move(people.subdistrict, id, { verb: 'accept' });
    const sent = (await move(people.subdistrict, id, { verb: 'dispatch', runCard: true })).body.incident.assignments as Body[];
    const unit = (role: string) => people.unit(sent.find((a) => a.role === role).unit);
    const moved = [...world.reference.units.keys()][0]!;
    positions = new Map(
      [...world.reference.units.keys()].map((code) => [code, { position: world.position, at: world.clock.now().toISOString() }]),
    );

    const elsewhere = { ...people.subdistrict, account: 'subdistrict.441802007', subdistrict: '441802007' };
    const cases: [Actor, units: number, card: number][] = [
      [people.subdistrict, 200, 200],
      [people.district, 200, 200],
      [people.auditor, 200, 200],
      [{ account: 'admin', role: 'admin', district: DISTRICT }, 200, 200],
      [linked('leader'), 200, 200],
      [unit('lead'), 200, 200],
      [unit('assist'), 403, 403],
      [people.community, 403, 200],
      [people.gridWorker, 403, 403],
      [linked('member'), 403, 403],
      [elsewhere, 404, 404],
    ];
    for (const [actor, units, card] of cases) {
      const read = await request(actor, 'GET', `/incidents/${id}/units`);
      const filled = await request(actor, 'GET', `/incidents/${id}/run-card?alarm=2`);
      expect({ who: actor.account, units: read.status, card: filled.status }).toEqual({ who: actor.account, units, card });
      if (units === 200) expect(read.body.items.find((u: Body) => u.unit === moved)).toMatchObject({ from: 'position', distanceM: 0 });
      if (units === 403) expect(read.body.code).toBe('not-allowed');
    }
    const { body } = await request(people.subdistrict, 'GET', `/incidents/${id}/run-card?level=R1`);
    expect(body.lead).toMatchObject({ from: 'position', distanceM: 0 });
    const told = (await request(people.community, 'GET', `/incidents/${id}/run-card?level=R1`)).body;
    expect(told.lead.from).toBe('home');
    positions = new Map();
    // The same as if no unit had said where it is, to the last word of the reasons.
    expect((await request(people.subdistrict, 'GET', `/incidents/${id}/run-card?level=R1`)).body).toEqual(told);
  });

  it('keeps the ownership that anybody on the way said', async () => {
    const input = { ...reportInput(world), ownership: 'property' };
    const { body } = await request(world.people.gridWorker, 'POST', '/incidents', input);
    expect(body.ownership).toBe('property');
    expect((await move(world.people.community, body.id, { verb: 'call' })).body.incident.ownership).toBe('property');
    expect((await move(world.people.subdistrict, body.id, { verb: 'accept', ownership: 'private' })).body.incident.ownership).toBe(
      'private',
    );
    expect((await request(world.people.gridWorker, 'POST', '/incidents', { ...input, ownership: 'mine' })).status).toBe(422);
  });

  it('lists what waits for a ruling, and no longer once it is ruled', async () => {
    const { id } = await reported();
    await move(world.people.community, id, { verb: 'call' });
    await move(world.people.subdistrict, id, { verb: 'accept' });
    const pending = async () =>
      (await request(world.people.subdistrict, 'GET', '/incidents?arbitration=pending')).body.items.map((i: Body) => i.id);
    const leads = [...world.reference.units.values()].filter((u) => u.mayLead).slice(0, 3);
    for (const { code } of leads) {
      expect(await pending()).toEqual([]);
      const sent = await move(world.people.subdistrict, id, { verb: 'dispatch', lead: { unit: code } });
      const assignment = sent.body.incident.assignments.at(-1).id;
      await move(world.people.unit(code), id, { verb: 'decline', assignment, reason: '不归我们管' });
    }
    expect(await pending()).toEqual([id]);
    await move(world.people.subdistrict, id, { verb: 'arbitrate', unit: leads[0]!.code, ruling: '归你' });
    expect(await pending()).toEqual([]);
    const ruled = await request(world.people.subdistrict, 'GET', '/incidents?arbitration=ruled');
    expect(ruled.body.items.map((i: Body) => i.id)).toEqual([id]);
  });

  it('lists a page and the way to the next', async () => {
    await reported();
    await reported();
    const first = (await request(world.people.community, 'GET', '/incidents?limit=1')).body;
    const second = (await request(world.people.community, 'GET', `/incidents?limit=1&after=${first.next}`)).body;
    expect(first.items).toHaveLength(1);
    expect(second.items).toHaveLength(1);
    expect(second.items[0].id).not.toBe(first.items[0].id);
    expect(second.items[0].may).toContain('call');
  });
});
