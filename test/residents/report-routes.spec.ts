/** 我来报: reports without an account, on the whole product; and a flood of them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/dispatch/check.ts';
import { COMMUNITY_HOURLY, DISTRICT_HOURLY } from '../../src/residents/quota.ts';
import { CELL, COMMUNITY, HERE, OFFICE, openWorld, picture, SUBDISTRICT, type Answer, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const PLACE = { lng: String(HERE.lng), lat: String(HERE.lat), accuracyM: '8' };
const REPORT = { description: '井盖翘起来了，骑车差点摔', kind: 'cover', ...PLACE };
let world: World;
let hours = 0;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** So that reports of before do not count. */
async function anHourLater(): Promise<void> {
  hours++;
  await world.service.database.shiftTime(hours * (HOUR_MS + 60_000));
}
const byNumber = async (number: string, account = `community.${COMMUNITY}`) =>
  (await world.call(account, 'GET', `/incidents?q=${number}`)).body.items[0];
const count = async () => {
  const { kysely } = world.service.database.db;
  const row = await kysely
    .selectFrom('incident')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('reported_by', '=', 'resident')
    .executeTakeFirstOrThrow();
  return Number(row.n);
};

describe('a report without an account', () => {
  it('is an ordinary incident that the community looks at first, and has a page at once', async () => {
    const { status, body } = await world.resident().report({ ...REPORT, where: '公交站旁', photos: [await picture(1), await picture(2)] });
    expect(status).toBe(201);
    expect(body.path).toBe(`/r/${body.number}?k=${body.code}`);
    const incident = await byNumber(body.number);
    expect(incident).toMatchObject({
      state: 'reported',
      level: 'R2',
      category: 'C0123-01',
      community: COMMUNITY,
      cell: CELL,
      reportedBy: 'resident',
      description: '井盖翘起来了，骑车差点摔\n位置：公交站旁',
      position: { lng: HERE.lng, lat: HERE.lat, accuracyM: 8 },
      holder: `community:${COMMUNITY}`,
    });
    expect(incident.photos.map(({ kind }: { kind: string }) => kind)).toEqual(['found', 'found']);
    expect(incident.may).toEqual(expect.arrayContaining(['call', 'requestVerification', 'reject']));
    expect((await world.call(`community.${COMMUNITY}`, 'GET', `/incidents/${incident.id}/residents`)).body).toMatchObject({
      fromResident: true,
    });
    const page = await world.resident().get(`/incidents/${body.number}?k=${body.code}`);
    expect(page.body).toMatchObject({ stage: 'received', withCode: true, rating: { open: false } });
    expect((await world.move(`community.${COMMUNITY}`, incident.id, { verb: 'call' })).state).toBe('called');
  });

  it('sent again under its key is the same report, with the same photos', async () => {
    const key = randomUUID();
    const fields = { ...REPORT, photos: [await picture(3)] };
    const before = await count();
    const first = await world.resident().report(fields, key);
    const again = await Promise.all([1, 2, 3].map(() => world.resident().report(fields, key)));
    expect(again.map(({ body }) => body)).toEqual(again.map(() => first.body));
    expect(await count()).toBe(before + 1);
    const other = await world.resident().report({ ...fields, description: '别的事' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('without a position lies in the community that was chosen', async () => {
    const { body } = await world.resident().report({ description: '路灯不亮了', kind: 'light', community: COMMUNITY });
    expect(await byNumber(body.number)).toMatchObject({ community: COMMUNITY, position: { accuracyM: 1_000 } });
    const { areas } = (await world.resident().get('/reports/form')).body;
    expect(areas).toHaveLength(8);
    const { kysely } = world.service.database.db;
    expect(
      await kysely.selectFrom('photo').select('id').where('uploaded_by', '=', 'resident').where('incident', 'is', null).execute(),
    ).toEqual([]);
  });

  it('without a kind belongs to the category that its words name', async () => {
    const { body } = await world.resident().report({ description: '人行道地砖翘起来，老人绊倒', ...PLACE });
    expect(await byNumber(body.number)).toMatchObject({ category: 'C0299-01' });
  });

  it.each([
    [{ ...REPORT, lng: '113.9', lat: '23.1' }, 422, 'outside-district'],
    [{ description: '井盖', kind: 'cover' }, 422, 'outside-district'],
    [{ description: '井盖', kind: 'cover', community: '441802999999' }, 422, 'outside-district'],
    [{ ...REPORT, kind: 'nonsense' }, 422, 'resident-kind-needed'],
    [{ description: '你好', ...PLACE }, 422, 'resident-kind-needed'],
    [{ ...REPORT, description: '   ' }, 422, 'invalid-body'],
    [{ ...REPORT, description: 'x'.repeat(1_001) }, 422, 'invalid-body'],
    [{ ...REPORT, lng: 'east' }, 422, 'invalid-body'],
    [{ ...REPORT, website: 'https://example.org' }, 422, 'invalid-body'],
    [{ ...REPORT, photos: 'no file' }, 422, 'invalid-body'],
    [{ ...REPORT, photos: new Blob(['<svg/>'], { type: 'image/png' }) }, 415, 'photo-not-readable'],
    [{ ...REPORT, photos: new Blob([new Uint8Array(4 * 1024 * 1024 + 1)]) }, 413, 'photo-too-large'],
  ])('that cannot be taken is refused with what to do, and nothing is written: %#', async (fields, status, code) => {
    const before = await count();
    const answer = await world.resident().report(fields as Parameters<ReturnType<World['resident']>['report']>[0]);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.whatToDo['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
    expect(await count()).toBe(before);
  });

  it('takes three photos and no fourth', async () => {
    const photos = await Promise.all([11, 12, 13, 14].map(picture));
    expect((await world.resident().report({ ...REPORT, photos: photos.slice(0, 3) })).status).toBe(201);
    expect((await world.resident().report({ ...REPORT, photos })).body.code).toBe('invalid-body');
  });

  it('is not taken from another page, nor without a key', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(REPORT)) form.append(name, value);
    const post = (headers: Record<string, string>) =>
      fetch(`${world.service.url}/api/v1/public/reports`, { method: 'POST', headers, body: form });
    const foreign = await post({ Origin: 'https://elsewhere.example', 'Idempotency-Key': randomUUID() });
    expect((await foreign.json()) as object).toMatchObject({ status: 403, code: 'foreign-origin' });
    expect((await (await post({})).json()) as object).toMatchObject({ status: 422, code: 'idempotency-key-missing' });
  });

  it('sees nothing of what others report: nobody can sign in as it', async () => {
    const { kysely } = world.service.database.db;
    const account = {
      district: 441802,
      account: 'resident',
      role: 'community',
      name_zh: 'x',
      name_en: 'x',
      community: COMMUNITY,
      subdistrict: SUBDISTRICT,
    } as const;
    await expect(
      kysely
        .insertInto('account')
        .values({ ...account, password_hash: 'x' })
        .execute(),
    ).rejects.toThrow(/account_not_reserved/);
  });
});

describe('the switch', () => {
  const turn = (account: string, body: object) => world.call(account, 'PUT', '/settings/residents', body);

  it('is turned by district and administrator only, and who turned it is on record', async () => {
    for (const account of [`subdistrict.${SUBDISTRICT}`, `community.${COMMUNITY}`, `grid.${CELL}`, 'auditor'])
      expect([account, (await turn(account, { mayReport: false })).body.code]).toEqual([account, 'not-allowed']);
    expect((await turn(OFFICE, { mayReport: false })).body).toMatchObject({ mayReport: false, seePhotos: true });
    const [change] = (await world.call('auditor', 'GET', '/settings/changes?limit=1')).body.items;
    expect(change).toMatchObject({
      account: OFFICE,
      subject: 'residents',
      before: { residents: { mayReport: true } },
      after: { residents: { mayReport: false } },
    });
    expect((await turn(OFFICE, { mayReport: false })).body.code).toBe('nothing-changed');
    const refused = await world.resident().report(REPORT);
    expect([refused.status, refused.body.code]).toEqual([403, 'residents-may-not-report']);
    expect((await world.resident().get('/reports/form')).body).toMatchObject({ mayReport: false, kinds: [], areas: [] });
    expect((await turn('admin', { mayReport: true, basis: 'of before' })).body.code).toBe('settings-changed');
    expect((await turn('admin', { mayReport: true })).status).toBe(200);
    expect((await world.resident().get('/reports/form')).body).toMatchObject({ mayReport: true });
  });
});

describe('a flood', () => {
  const flood = (n: number, fields: Record<string, string>, address?: string): Promise<Answer[]> =>
    Promise.all(Array.from({ length: n }, () => patiently(() => world.resident(address).report(fields))));
  /** A dozen are read at a time: the others are asked to come back, and do. */
  async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await ask();
      if (answer.status !== 503) return answer;
      expect(answer.headers.get('retry-after')).not.toBeNull();
    }
  }
  const took = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 201).length;

  it('from one address is stopped there', async () => {
    await anHourLater();
    const answers = await flood(40, { description: '路灯不亮了', kind: 'light', community: COMMUNITY }, '203.0.113.9');
    expect(took(answers)).toBeLessThanOrEqual(20);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.body.code).toBe('too-many-reports');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('from many addresses leaves a community no more than its hour’s worth, to the one', async () => {
    await anHourLater();
    const before = await count();
    const answers = await flood(30, { description: '路灯不亮了', kind: 'light', community: COMMUNITY });
    expect(took(answers)).toBe(COMMUNITY_HOURLY);
    expect(await count()).toBe(before + COMMUNITY_HOURLY);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    const neighbour = await world.resident().report({ description: '路灯不亮了', kind: 'light', community: '441802006002' });
    expect(neighbour.status).toBe(201);
    await anHourLater();
    expect((await world.resident().report(REPORT)).status).toBe(201);
  });

  it('over all communities leaves the district its hour’s worth, while staff report as ever', async () => {
    await anHourLater();
    const { areas } = (await world.resident().get('/reports/form')).body;
    const communities: string[] = areas
      .flatMap((a: { communities: { code: string }[] }) => a.communities.map(({ code }) => code))
      .slice(0, 80);
    const answers = await Promise.all(
      communities.map((community) => patiently(() => world.resident().report({ description: '路灯不亮了', kind: 'light', community }))),
    );
    expect(took(answers)).toBe(DISTRICT_HOURLY);
    expect((await world.reported()).state).toBe('reported');
    expect(await checkLog(world.service.database.db)).toEqual([]);
  });

  it('of refused reports takes nothing from the hour', async () => {
    await anHourLater();
    for (let i = 0; i < COMMUNITY_HOURLY + 3; i++)
      await world.resident().report({ ...REPORT, photos: new Blob([new Uint8Array([0xff, 0xd8, 0xff, i])], { type: 'image/jpeg' }) });
    expect((await world.resident().report(REPORT)).status).toBe(201);
  });
});
