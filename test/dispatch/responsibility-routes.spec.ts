import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proposalRoutes } from '../../src/dispatch/proposal-routes.ts';
import { ProposalWatch } from '../../src/dispatch/proposal-watch.ts';
import { propose } from '../../src/dispatch/proposals.ts';
import { responsibilityRoutes } from '../../src/grid/responsibility-routes.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { newRouter } from '../../src/router.ts';
import { carry, DISTRICT, done, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are looked at field by field
type Body = any;

describe('权责表 over HTTP', () => {
  let world: DeskWorld;
  let reloads = 0;
  let ask: (
    actor: Actor,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; body: Body; tag: string | null }>;
  beforeAll(async () => {
    world = await openDeskWorld();
    const deps = {
      db: world.db.kysely,
      district: DISTRICT,
      now: () => world.clock.now(),
      reference: () => world.reference,
      changed: async () => void (reloads += 1),
    };
    let caller: Actor;
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', caller);
      await next();
    });
    app.route('/', responsibilityRoutes(deps));
    const watch = new ProposalWatch(
      () => propose(world.db.kysely, DISTRICT),
      (error) => {
        throw error;
      },
    );
    app.route('/', proposalRoutes({ ...deps, looked: () => watch.soon() }));
    ask = async (actor, method, path, body, headers = {}) => {
      caller = actor;
      const json = { 'content-type': 'application/json', ...headers };
      const answer = await app.request(path, { method, headers: json, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text), tag: answer.headers.get('etag') };
    };
  });
  afterAll(() => world.close());

  const leads = () => [...world.reference.units.values()].filter((u) => u.mayLead).map((u) => u.code);
  const wanted = (changed: object = {}) => ({
    match: 'category',
    target: 'C0101',
    area: String(DISTRICT),
    unit: leads()[0],
    source: '区府办〔2026〕3号',
    ...changed,
  });
  const add = (changed: object = {}, actor: Actor = world.people.district) => ask(actor, 'POST', '/responsibilities', wanted(changed));
  const list = async (actor: Actor, query = '') => (await ask(actor, 'GET', `/responsibilities${query}`)).body.items as Body[];

  it('takes a rule, shows it to those whom it concerns, and ends it with a reason', async () => {
    const { community, subdistrict } = world.cell;
    const { status, body } = await add({ area: community, ownership: 'property', unit: leads()[1] });
    expect(status).toBe(201);
    expect(body).toMatchObject({ area: community, ownership: 'property', acceptedBy: world.people.district.account, endedAt: null });
    expect(reloads).toBe(1);
    const elsewhere = { ...world.people.subdistrict, subdistrict: '441802007', account: 'subdistrict.441802007' };
    expect(subdistrict).not.toBe('441802007');
    for (const actor of [
      world.people.district,
      world.people.auditor,
      world.people.subdistrict,
      world.people.community,
      world.people.gridWorker,
      world.people.unit(leads()[1]!),
    ]) {
      expect((await list(actor)).map((r) => r.id)).toEqual([body.id]);
    }
    for (const actor of [elsewhere, world.people.unit(leads()[2]!)]) expect(await list(actor)).toEqual([]);

    const ended = await ask(world.people.district, 'POST', `/responsibilities/${body.id}/end`, { reason: '已移交' });
    expect(ended).toMatchObject({ status: 200, body: { endReason: '已移交', endedBy: world.people.district.account } });
    expect(await list(world.people.district)).toEqual([]);
    expect(await list(world.people.district, '?ended=true')).toHaveLength(1);
    expect((await ask(world.people.district, 'POST', `/responsibilities/${body.id}/end`, { reason: '再来' })).status).toBe(404);
  });

  it('refuses a second open rule of the same key and names the first, also when both come at once', async () => {
    const both = await Promise.all([add({ target: 'C0102' }), add({ target: 'C0102', unit: leads()[1] })]);
    expect(both.map((a) => a.status).sort()).toEqual([201, 409]);
    const refused = both.find((a) => a.status === 409)!;
    expect(refused.body).toMatchObject({ code: 'responsibility-exists', rule: both.find((a) => a.status === 201)!.body.id });
    expect((await add({ target: 'C0102', ownership: 'private' })).status).toBe(201);
  });

  it.each([
    ['a category that is not there', { target: 'C9999' }, 422, 'unknown-category'],
    ['a class where a category is meant', { target: 'C01' }, 422, 'unknown-category'],
    ['an area outside', { area: '441803' }, 422, 'unknown-area'],
    ['a cell', { area: '441802006001001' }, 422, 'invalid-body'],
    ['a unit that is not there', { unit: 'nobody' }, 422, 'unknown-unit'],
    ['an ownership that is not there', { ownership: 'state' }, 422, 'invalid-body'],
    ['no source', { source: ' ' }, 422, 'invalid-body'],
  ])('refuses %s', async (_what, changed, status, code) => {
    expect(await add(changed)).toMatchObject({ status, body: { code } });
  });
  it('refuses a unit that may only assist', async () => {
    const assists = [...world.reference.units.values()].find((u) => !u.mayLead)!.code;
    expect(await add({ unit: assists })).toMatchObject({ status: 422, body: { code: 'unit-may-not-lead' } });
  });

  it('is kept by the district and admins only', async () => {
    const admin: Actor = { account: 'admin', role: 'admin', district: DISTRICT };
    const first = await add({ match: 'class', target: 'C02' }, admin);
    expect(first.status).toBe(201);
    for (const actor of [world.people.subdistrict, world.people.community, world.people.auditor, world.people.unit(leads()[0]!)]) {
      expect((await add({ match: 'class', target: 'C03' }, actor)).status).toBe(403);
      expect((await ask(actor, 'POST', `/responsibilities/${first.body.id}/end`, { reason: '不要了' })).status).toBe(403);
    }
  });

  it('finds the rules that could hold for a category and an area', async () => {
    const found = await list(world.people.district, `?category=C0102-01&area=${world.cell.community}`);
    expect(found.length).toBeGreaterThan(0);
    for (const rule of found) expect(['C01', 'C0102', 'C0102-01']).toContain(rule.target);
    expect((await list(world.people.district, `?unit=${leads()[1]}`)).every((r) => r.unit === leads()[1])).toBe(true);
  });

  it('answers 304 to whoever has the same list', async () => {
    const { tag } = await ask(world.people.district, 'GET', '/responsibilities');
    expect((await ask(world.people.district, 'GET', '/responsibilities', undefined, { 'if-none-match': tag! })).status).toBe(304);
    await add({ target: 'C0103', match: 'class' });
    await add({ match: 'class', target: 'C05' });
    expect((await ask(world.people.district, 'GET', '/responsibilities', undefined, { 'if-none-match': tag! })).status).toBe(200);
  });

  describe('建议规则 (proposals)', () => {
    const rulings = async (unit: string, category: string) => {
      const { people } = world;
      for (let n = 0; n < 3; n++) {
        const input = { ...reportInput(world), category };
        const { incident } = await carry(world, input, [
          [people.community, { verb: 'call', ownership: 'municipal' }],
          [people.subdistrict, { verb: 'accept' }],
        ]);
        for (const other of leads()
          .filter((u) => u !== unit)
          .slice(0, 3)) {
          const sent = done(
            await world.desk.move(incident.id, { verb: 'dispatch', lead: { unit: other } }, people.subdistrict, randomUUID()),
          ).incident;
          const decline = { verb: 'decline', assignment: sent.assignments.at(-1)!.id, reason: '不归我们管' } as const;
          done(await world.desk.move(incident.id, decline, people.unit(other), randomUUID()));
        }
        done(await world.desk.move(incident.id, { verb: 'arbitrate', unit, ruling: '归你' }, people.subdistrict, randomUUID()));
      }
    };
    const read = async (actor: Actor, query = '') => (await ask(actor, 'GET', `/responsibilities/proposals${query}`)).body.items as Body[];
    const categories = () =>
      [...new Set([...world.reference.categories.values()].filter((c) => c.level === 'R4').map((c) => c.category))].slice(-2);
    const rowOf = (category: string) =>
      [...world.reference.categories.values()].find((c) => c.category === category && c.level === 'R4')!.code;

    it('carry their evidence and the ownership that all three share, are read by scope and answered by the district', async () => {
      const [category] = categories();
      await rulings(leads()[0]!, rowOf(category!));
      // Whoever neither rules nor answers sets no search off.
      expect(await read(world.people.auditor)).toEqual([]);
      expect(await read(world.people.subdistrict)).toHaveLength(1);
      const elsewhere: Actor = { ...world.people.subdistrict, account: 'subdistrict.441802007', subdistrict: '441802007' };
      expect(await read(elsewhere)).toEqual([]);
      for (const actor of [world.people.community, world.people.gridWorker, world.people.unit(leads()[0]!)]) {
        expect(await ask(actor, 'GET', '/responsibilities/proposals?open=false')).toMatchObject({
          status: 403,
          body: { code: 'not-allowed' },
        });
      }
      const [proposal] = await read(world.people.subdistrict);
      expect(proposal).toMatchObject({ category, ownership: 'municipal', unit: leads()[0], replaces: null, answer: null });
      expect(proposal.evidence).toHaveLength(3);
      const path = `/responsibilities/proposals/${proposal.id}`;
      expect((await ask(world.people.subdistrict, 'POST', `${path}/accept`)).status).toBe(403);
      expect((await ask(world.people.subdistrict, 'POST', `${path}/refuse`, { reason: '不行' })).status).toBe(403);
      const accepted = await ask(world.people.district, 'POST', `${path}/accept`);
      expect(accepted).toMatchObject({
        status: 200,
        body: { target: category, area: world.cell.community, unit: leads()[0], ownership: 'municipal' },
      });
      expect(await ask(world.people.secondDistrict, 'POST', `${path}/accept`)).toMatchObject({
        status: 409,
        body: { code: 'proposal-answered' },
      });
      expect(await read(world.people.district)).toEqual([]);
      expect(await read(world.people.district, '?open=false')).toMatchObject([{ answer: 'accepted', rule: accepted.body.id }]);
    });

    it('show a subdistrict no ruling on an incident that has left its area', async () => {
      const [proposal] = await read(world.people.district, '?open=false');
      const [moved] = proposal.evidence;
      const { pool } = world.db;
      await pool.query("update incident set subdistrict = '441802007' where id = $1", [moved.incident]);
      try {
        const [seen] = await read(world.people.subdistrict, '?open=false');
        expect(seen.evidence).toEqual(proposal.evidence.slice(1));
        expect((await read(world.people.auditor, '?open=false'))[0].evidence).toEqual(proposal.evidence);
        expect(Object.keys(moved).sort()).toEqual(['at', 'incident', 'number', 'ruling']);
      } finally {
        await pool.query('update incident set subdistrict = $2 where id = $1', [moved.incident, world.cell.subdistrict]);
      }
    });

    it('need a reason to be refused', async () => {
      const category = categories()[1]!;
      await rulings(leads()[0]!, rowOf(category));
      const [proposal] = await read(world.people.district);
      const path = `/responsibilities/proposals/${proposal.id}/refuse`;
      expect((await ask(world.people.district, 'POST', path, {})).status).toBe(422);
      expect(await ask(world.people.district, 'POST', path, { reason: '先看一季度' })).toMatchObject({
        status: 200,
        body: { answer: 'refused', reason: '先看一季度' },
      });
      expect(
        (await ask(world.people.district, 'POST', `/responsibilities/proposals/${randomUUID()}/refuse`, { reason: '没有' })).status,
      ).toBe(404);
    });

    it('come page by page, newest first', async () => {
      const { body: all } = await ask(world.people.district, 'GET', '/responsibilities/proposals?open=false');
      expect(all).toMatchObject({ next: null, items: [{ answer: 'refused' }, { answer: 'accepted' }] });
      const { body: first } = await ask(world.people.district, 'GET', '/responsibilities/proposals?open=false&limit=1');
      expect(first).toEqual({ items: all.items.slice(0, 1), next: all.items[0].id });
      const second = await ask(world.people.district, 'GET', `/responsibilities/proposals?open=false&limit=1&after=${first.next}`);
      expect(second.body).toEqual({ items: all.items.slice(1), next: null });
      for (const query of ['limit=0', 'limit=201', 'after=xyz']) {
        expect((await ask(world.people.district, 'GET', `/responsibilities/proposals?${query}`)).body.code).toBe('invalid-query');
      }
    });
  });
});
