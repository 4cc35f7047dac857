/** The joints with the chain: a hard incident becomes a need; claims and bookings join it as assistants; they end with it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { serviceAt } from './service.ts';

let server: TestServer;
let service: ReturnType<typeof serviceAt>;
/** The database's, when the spec began. */
let now: Date;
beforeAll(async () => {
  server = await startTestServer();
  service = serviceAt(server.url);
  const { rows } = await server.database.db.pool.query<{ now: Date }>('select app_now() as now');
  now = rows[0]!.now;
});
afterAll(async () => {
  await server.stop();
});

/** In 凤城街道, cell 441802006001001. */
const HERE = { lng: 113.0008, lat: 23.6795, accuracyM: 6 };
const grid = 'grid.441802006001001';
const community = 'community.441802006001';
const office = 'subdistrict.441802006';
const police = 'member.fengcheng-union-01';
/** 凤城中心学校: no responding unit. */
const school = 'member.fengcheng-union-03';
const power = 'member.fengcheng-union-05';
/** On duty round the clock, so that the hour of the test does not matter. */
const LEAD = 'fengcheng-governance';

/** Made once, for what is sent twice. */
const KEY = '0199a7f0-0000-7000-8000-00000000a551';

/** What follows by itself is waited for as a page waits for it: by looking again. */
const soon = <T>(look: () => Promise<T>) => vi.waitFor(look, { timeout: 20_000, interval: 50 });
const inDays = (days: number) => new Date(now.getTime() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

async function dispatched(): Promise<{ id: string; number: string }> {
  const made = await service.post(grid, '/incidents', { category: 'C0299-01', description: '演示·人行道塌了一片', position: HERE });
  const { id, number } = made.body;
  await service.move(community, id, { verb: 'call' });
  await service.move(office, id, { verb: 'accept' });
  const sent = await service.move(office, id, { verb: 'dispatch', lead: { unit: LEAD } });
  expect(sent.status).toBe(200);
  return { id, number };
}
const needFor = async (incident: string, quantity = 2) =>
  service.post(office, '/needs', {
    committee: 'fengcheng-union',
    link: 'problem',
    titleZh: '演示·围挡和疏导人手',
    quantity,
    unitZh: '人',
    due: inDays(10),
    incident,
  });
const assignmentsOf = async (incident: string) =>
  (await service.get(office, `/incidents/${incident}`)).assignments as {
    id: string;
    unit: string;
    role: string;
    state: string;
    until: string | null;
  }[];
const assistantOf = async (incident: string, unit: string) => {
  const found = (await assignmentsOf(incident)).findLast((one) => one.unit === unit);
  if (found === undefined) throw new Error(`${unit} has not joined`);
  return found;
};
const asUnit = async (unit: string, incident: string, ...verbs: string[]) => {
  const { id } = await assistantOf(incident, unit);
  for (const verb of verbs)
    expect(await service.move(`unit.${unit}`, incident, { verb, assignment: id }), verb).toMatchObject({ status: 200 });
};

describe('a hard incident becomes a need', () => {
  it('once, by whoever sees it, as long as it goes on', async () => {
    const { id, number } = await dispatched();
    const made = await needFor(id);
    expect(made).toMatchObject({ status: 201, body: { incident: id, number, fromCategory: 'C0299-01' } });
    expect(await needFor(id)).toMatchObject({ status: 409, body: { code: 'incident-has-need' } });
    const stranger = await service.post('subdistrict.441802007', '/needs', {
      committee: 'dongcheng-union',
      link: 'problem',
      titleZh: '别处',
      quantity: 1,
      unitZh: '人',
      due: inDays(3),
      incident: id,
    });
    expect(stranger).toMatchObject({ status: 404 });
  });

  it('a claim by a member that is a responding unit joins as an assistant with a clock of its own, and comes back delivered', async () => {
    const { id } = await dispatched();
    const { body: need } = await needFor(id);
    await service.post(police, `/needs/${need.code}/claims`, { quantity: 1 });
    const assist = await soon(() => assistantOf(id, 'fengcheng-police'));
    expect(assist).toMatchObject({ role: 'assist', state: 'assigned', until: expect.any(String) });
    const claim = async () => (await service.get(office, `/needs/${need.code}`)).claims[0];
    await soon(async () => expect(await claim()).toMatchObject({ assignment: assist.id, unit: 'fengcheng-police' }));
    await asUnit('fengcheng-police', id, 'acknowledge', 'arrive', 'finish');
    await soon(async () => expect(await claim()).toMatchObject({ state: 'delivered' }));
  });

  it('a body that is no unit joins under its own name, and answers for itself', async () => {
    const { id } = await dispatched();
    const { body: need } = await needFor(id);
    await service.post(school, `/needs/${need.code}/claims`, { quantity: 2 });
    const assist = await soon(() => assistantOf(id, 'fengcheng-union-03'));
    const mine = await soon(async () => {
      const { items } = await service.get(school, '/assists');
      expect(items).toHaveLength(1);
      return items[0];
    });
    expect(mine).toMatchObject({ assignment: assist.id, state: 'assigned', of: 'claim' });
    expect(mine.may).toEqual(expect.arrayContaining(['acknowledge', 'decline']));
    expect(await service.post(police, `/assists/${assist.id}/moves`, { verb: 'acknowledge' })).toMatchObject({ status: 404 });
    const log = await service.post(school, `/assists/${assist.id}/moves`, { verb: 'acknowledge' });
    expect(log).toMatchObject({ status: 200, body: { state: 'acknowledged' } });
    const moves = await service.get(office, `/incidents/${id}/moves`);
    expect(moves.items.at(-1)).toMatchObject({ verb: 'acknowledge', actor: school });
  });

  it('what is sent again under its key gets its answer, also once it is over on this side', async () => {
    const { id } = await dispatched();
    const { body: need } = await needFor(id);
    await service.post(school, `/needs/${need.code}/claims`, { quantity: 1 });
    const { assignment } = await soon(async () => {
      const mine = (await service.get(school, '/assists')).items.find((one: { incident: string }) => one.incident === id);
      expect(mine).toBeDefined();
      return mine;
    });
    const path = `/assists/${assignment}/moves`;
    for (const verb of ['acknowledge', 'arrive']) expect(await service.post(school, path, { verb })).toMatchObject({ status: 200 });
    const finish = { verb: 'finish' };
    const first = await service.ask(school, 'POST', path, finish, KEY);
    expect(first).toMatchObject({ status: 200, body: { state: 'finished' } });
    await soon(async () => expect((await service.get(office, `/needs/${need.code}`)).claims[0].state).toBe('delivered'));
    expect(await service.ask(school, 'POST', path, finish, KEY)).toEqual(first);
    expect(await service.ask(school, 'POST', path, { verb: 'depart' }, KEY)).toMatchObject({ body: { code: 'idempotency-key-reused' } });
    expect(await service.post(school, path, finish)).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
    expect(await service.post(police, path, finish)).toMatchObject({ status: 404 });
  });

  it('declined at the incident, the part is free for others', async () => {
    const { id } = await dispatched();
    const { body: need } = await needFor(id);
    await service.post(police, `/needs/${need.code}/claims`, { quantity: 2 });
    const { id: assignment } = await soon(() => assistantOf(id, 'fengcheng-police'));
    await soon(async () => expect((await service.get(office, `/needs/${need.code}`)).claims[0].assignment).toBe(assignment));
    await service.move('unit.fengcheng-police', id, { verb: 'decline', assignment, reason: '演示·另有警情' });
    await soon(async () =>
      expect(await service.get(office, `/needs/${need.code}`)).toMatchObject({ left: 2, claims: [{ state: 'givenBack' }] }),
    );
  });

  it('claimed before anybody is dispatched, it joins with the dispatch', async () => {
    const made = await service.post(grid, '/incidents', { category: 'C0299-01', description: '演示·等派遣', position: HERE });
    const { id } = made.body;
    await service.move(community, id, { verb: 'call' });
    await service.move(office, id, { verb: 'accept' });
    const { body: need } = await needFor(id);
    await service.post(police, `/needs/${need.code}/claims`, { quantity: 1 });
    expect(await assignmentsOf(id)).toEqual([]);
    await service.move(office, id, { verb: 'dispatch', lead: { unit: LEAD } });
    await soon(() => assistantOf(id, 'fengcheng-police'));
  });
});

describe('a shared resource joins', () => {
  const booking = (resource: string, incident: string, more: object = {}) => {
    const from = now;
    const until = new Date(from.getTime() + 4 * 3_600_000);
    return service.post(office, `/resources/${resource}/bookings`, { from, until, purpose: '演示·事件处置', incident, ...more });
  };

  it('called when it may be called, without an answer; the member sees to it', async () => {
    const { id } = await dispatched();
    expect(await booking('res-01', id, { call: true })).toMatchObject({ status: 422, body: { code: 'not-callable' } });
    expect(await booking('res-03', id, { call: true })).toMatchObject({ status: 201, body: { state: 'agreed' } });
    const assist = await soon(() => assistantOf(id, 'res-03'));
    // Whoever works at the incident sees what comes to it; whoever does not see it sees nothing.
    const seenBy = async (account: string) => (await service.get(account, `/bookings?incident=${id}`)).items;
    for (const account of [`unit.${LEAD}`, grid]) expect(await seenBy(account), account).toMatchObject([{ resource: 'res-03', may: [] }]);
    expect(await seenBy('unit.longtang-police')).toEqual([]);
    const unit = (await service.get(office, '/units')).items.find((one: { code: string }) => one.code === 'res-03');
    expect(unit).toMatchObject({ nameZh: expect.stringContaining('应急发电车'), type: 'shared-resource' });
    for (const verb of ['acknowledge', 'arrive', 'finish']) {
      expect(await service.post(power, `/assists/${assist.id}/moves`, { verb }), verb).toMatchObject({ status: 200 });
    }
    await soon(async () => expect((await service.get(office, `/bookings?incident=${id}`)).items[0]).toMatchObject({ state: 'done' }));
  });

  it('a venue once its owner agrees; and it may never lead', async () => {
    const { id } = await dispatched();
    const asked = await booking('res-01', id);
    expect(asked).toMatchObject({ status: 201, body: { state: 'asked' } });
    expect((await assignmentsOf(id)).map((one) => one.unit)).toEqual([LEAD]);
    await service.post(school, `/bookings/${asked.body.code}/moves`, { verb: 'agree' });
    await soon(() => assistantOf(id, 'res-01'));
    await service.move(office, id, { verb: 'recall', reason: '演示·换主办' });
    const leads = await service.move(office, id, { verb: 'dispatch', lead: { unit: 'res-01' } });
    expect(leads).toMatchObject({ status: 422, body: { code: 'unit-may-not-lead' } });
    // Recalled with all the others, it goes again with the next dispatch.
    await service.move(office, id, { verb: 'dispatch', lead: { unit: LEAD } });
    await soon(async () => expect(await assistantOf(id, 'res-01')).toMatchObject({ state: 'assigned' }));
  });
});

it('what is lent at other hours than before is on duty by them when it joins again', async () => {
  const pattern = async () => {
    const { rows } = await server.database.db.pool.query(`select shift_pattern from unit where code = 'res-03'`);
    return rows[0]?.shift_pattern as string | undefined;
  };
  const joins = async () => {
    const { id } = await dispatched();
    const until = new Date(now.getTime() + 3_600_000);
    const wish = { from: now, until, purpose: '演示·事件处置', incident: id, call: true };
    const { body } = await service.post(office, '/resources/res-03/bookings', wish);
    await soon(() => assistantOf(id, 'res-03'));
    const joined = await pattern();
    await service.post(office, `/bookings/${body.code}/moves`, { verb: 'finish' });
    return joined;
  };
  const before = await joins();
  const amend = { verb: 'amend', hours: '05:30-23:15' };
  expect(await service.post(power, '/resources/res-03/moves', amend)).toMatchObject({ status: 200 });
  expect([before, await joins()]).toEqual([expect.not.stringContaining('2315'), 'hours-0530-2315']);
});

describe('what ends on this side ends at the incident too', () => {
  const claims = async (code: string) => (await service.get(office, `/needs/${code}`)).claims as { code: string; state: string }[];
  const letGo = (incident: string, unit: string) =>
    soon(async () => expect(await assistantOf(incident, unit)).toMatchObject({ state: 'released' }));
  /** A need of a new incident, claimed by the school, which has joined. */
  async function claimed(): Promise<{ id: string; need: string; claim: string }> {
    const { id } = await dispatched();
    const { body: need } = await needFor(id);
    await service.post(school, `/needs/${need.code}/claims`, { quantity: 1 });
    const { id: assignment } = await soon(() => assistantOf(id, 'fengcheng-union-03'));
    const claim = await soon(async () => {
      const found = (await service.get(office, `/needs/${need.code}`)).claims[0];
      expect(found).toMatchObject({ assignment });
      return found.code as string;
    });
    return { id, need: need.code, claim };
  }

  it('given back: its assignment is let go, and the lead alone brings the incident on', async () => {
    const { id, claim } = await claimed();
    expect(await service.post(school, `/claims/${claim}/moves`, { verb: 'giveBack', reason: '演示·人手不够' })).toMatchObject({
      status: 200,
    });
    await letGo(id, 'fengcheng-union-03');
    expect((await service.get(office, `/incidents/${id}/moves`)).items.at(-1)).toMatchObject({ verb: 'release', actor: 'system' });
    await asUnit(LEAD, id, 'acknowledge', 'arrive', 'finish');
    expect(await service.get(office, `/incidents/${id}`)).toMatchObject({ state: 'disposed' });
  });

  it('delivered by hand: let go; sent back, it goes there again with a clock of its own', async () => {
    const { id, need, claim } = await claimed();
    const { id: first } = await assistantOf(id, 'fengcheng-union-03');
    await service.post(school, `/claims/${claim}/moves`, { verb: 'deliver', delivery: '演示·已到位' });
    await letGo(id, 'fengcheng-union-03');
    expect((await claims(need))[0]).toMatchObject({ state: 'delivered' });
    await service.post(office, `/claims/${claim}/moves`, { verb: 'sendBack', reason: '演示·还差一人' });
    const again = await soon(async () => {
      const assist = await assistantOf(id, 'fengcheng-union-03');
      expect(assist).toMatchObject({ state: 'assigned', until: expect.any(String) });
      expect((await claims(need))[0]).toMatchObject({ state: 'claimed', assignment: assist.id });
      return assist;
    });
    expect(again.id).not.toBe(first);
    // Finished there, it is delivered; sent back once more, it is not delivered by what was finished before.
    for (const verb of ['acknowledge', 'arrive', 'finish']) await service.post(school, `/assists/${again.id}/moves`, { verb });
    await soon(async () => expect((await claims(need))[0]).toMatchObject({ state: 'delivered' }));
    await service.post(office, `/claims/${claim}/moves`, { verb: 'sendBack', reason: '演示·再补' });
    await soon(async () => expect(await assistantOf(id, 'fengcheng-union-03')).toMatchObject({ state: 'assigned' }));
    expect((await claims(need))[0]).toMatchObject({ state: 'claimed' });
  });

  it('the need withdrawn: whoever joined for it is let go', async () => {
    const { id, need } = await claimed();
    await service.post(office, `/needs/${need}/moves`, { verb: 'withdraw', reason: '演示·不需要了' });
    await letGo(id, 'fengcheng-union-03');
  });

  it('a loan cancelled or given back: let go', async () => {
    const { id } = await dispatched();
    const until = new Date(now.getTime() + 3_600_000);
    for (const [verb, by] of [
      ['cancel', power],
      ['finish', office],
    ] as const) {
      const wish = { from: now, until, purpose: '演示·事件处置', incident: id, call: true };
      const { body } = await service.post(office, '/resources/res-03/bookings', wish);
      await soon(async () => expect(await assistantOf(id, 'res-03')).toMatchObject({ state: 'assigned' }));
      const over = await service.post(by, `/bookings/${body.code}/moves`, {
        verb,
        ...(verb === 'cancel' ? { reason: '演示·车坏了' } : {}),
      });
      expect(over).toMatchObject({ status: 200 });
      await letGo(id, 'res-03');
    }
  });

  it('who was sent by an office stays, whatever becomes of the claim', async () => {
    const { id, need, claim } = await claimed();
    await service.move(office, id, { verb: 'addUnit', unit: 'fengcheng-police' });
    await service.post(police, `/needs/${need}/claims`, { quantity: 1 });
    const own = await soon(async () => {
      const found = (await service.get(office, `/needs/${need}`)).claims.find((one: { unit: string }) => one.unit === 'fengcheng-police');
      expect(found?.assignment).toBe((await assistantOf(id, 'fengcheng-police')).id);
      return found;
    });
    await service.post(police, `/claims/${own.code}/moves`, { verb: 'giveBack', reason: '演示·按派遣处置' });
    // The same look lets go of the school.
    await service.post(school, `/claims/${claim}/moves`, { verb: 'giveBack', reason: '演示·人手不够' });
    await letGo(id, 'fengcheng-union-03');
    expect(await assistantOf(id, 'fengcheng-police')).toMatchObject({ state: 'assigned' });
  });
});

describe('the incident ends', () => {
  it('closed: what was delivered is confirmed, the rest let go, the need ends with it', async () => {
    const { id, number } = await dispatched();
    const { body: need } = await needFor(id, 3);
    await service.post(police, `/needs/${need.code}/claims`, { quantity: 1 });
    await soon(() => assistantOf(id, 'fengcheng-police'));
    await asUnit(LEAD, id, 'acknowledge', 'arrive');
    await asUnit('fengcheng-police', id, 'acknowledge', 'arrive', 'finish');
    await soon(async () => expect((await service.get(office, `/needs/${need.code}`)).claims[0].state).toBe('delivered'));
    await asUnit(LEAD, id, 'finish');
    await service.move(office, id, { verb: 'assignCheck', checker: grid });
    const closed = await service.move(community, id, { verb: 'confirmClose' });
    expect(closed).toMatchObject({ status: 200, body: { incident: { state: 'closed' } } });
    await soon(async () => expect(await service.get(office, `/needs/${need.code}`)).toMatchObject({ state: 'closed', confirmed: 1 }));
    const after = await service.get(office, `/needs/${need.code}`);
    expect(after.claims[0]).toMatchObject({ state: 'confirmed' });
    expect(after.endReason).toContain(number);
    expect(await needFor(id)).toMatchObject({ status: 409, body: { code: 'incident-ended' } });
  });

  it('aborted: nobody is confirmed, everybody is free', async () => {
    const { id } = await dispatched();
    const { body: need } = await needFor(id);
    await service.post(police, `/needs/${need.code}/claims`, { quantity: 1 });
    await soon(() => assistantOf(id, 'fengcheng-police'));
    await service.move(office, id, { verb: 'abort', reason: '演示·误报' });
    await soon(async () =>
      expect(await service.get(office, `/needs/${need.code}`)).toMatchObject({
        state: 'closed',
        confirmed: 0,
        claims: [{ state: 'released' }],
      }),
    );
  });

  it('what a member did at incidents stands beside its appraisal', async () => {
    const quarter = `${inDays(0).slice(0, 4)}Q${Math.ceil(Number(inDays(0).slice(5, 7)) / 3)}`;
    const { items } = await service.get(police, `/appraisals?quarter=${quarter}`);
    expect(items[0].facts.sent).toBeGreaterThanOrEqual(4);
    expect(items[0].facts.inTime).toBeGreaterThanOrEqual(2);
    expect(items[0].facts.declined).toBe(1);
  });
});

it('a drill calls out nobody: it becomes no need, and nothing is booked for it', async () => {
  const made = await service.post(office, '/incidents', { category: 'C0299-01', description: '演示·演练', position: HERE, drill: true });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  expect(await needFor(made.body.id)).toMatchObject({ status: 422, body: { code: 'incident-is-drill' } });
  const until = new Date(now.getTime() + 3_600_000);
  const booked = await service.post(office, '/resources/res-03/bookings', {
    from: now,
    until,
    purpose: '演练',
    incident: made.body.id,
    call: true,
  });
  expect(booked).toMatchObject({ status: 422, body: { code: 'incident-is-drill' } });
});
