/** What anybody can learn by guessing numbers, and who may rate: on the whole product, with its database. */
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../src/residents/code.ts';
import { COMMUNITY, HERE, LEAD, OFFICE, openWorld, SUBDISTRICT, type World } from './world.ts';

let world: World;
/** Closed by evidence, with a photo before and one after. */
let closed: { id: string; number: string; code: string };

beforeAll(async () => {
  world = await openWorld();
  const { id, number } = await world.closed();
  closed = { id, number, code: await world.codeOf(id) };
});
afterAll(() => world.close());

const photosOff = (seePhotos: boolean) => world.call(OFFICE, 'PUT', '/settings/residents', { seePhotos });

describe('a number that was guessed', () => {
  it('shows steps, times, category and community, and nothing that anybody wrote, is called or lives at', async () => {
    const { status, body } = await world.resident().get(`/incidents/${closed.number}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      number: closed.number,
      stage: 'done',
      category: { zh: '道路破损' },
      community: { zh: expect.stringContaining('社区') },
      ahead: [],
      withCode: false,
      photos: null,
      rating: null,
    });
    expect(body.steps.map(({ step }: { step: string }) => step)).toEqual([
      'received',
      'passedOn',
      'sent',
      'onTheWay',
      'onScene',
      'finished',
      'done',
    ]);
    const { kysely } = world.service.database.db;
    const moves = await kysely.selectFrom('move').select(['actor', 'payload', 'hash']).where('incident', '=', closed.id).execute();
    const text = JSON.stringify(body);
    const secrets = [
      '张三',
      '李四',
      '王五',
      '13800000000',
      '路面开裂',
      closed.id,
      closed.code,
      LEAD,
      String(HERE.lng),
      String(HERE.lat),
      COMMUNITY,
    ];
    const accounts = moves.map(({ actor }) => actor);
    const hashes = moves.map(({ hash }) => hash.toString('hex'));
    for (const secret of [...secrets, ...accounts, ...hashes]) expect([secret, text.includes(secret)]).toEqual([secret, false]);
    expect(Object.keys(body).sort()).toEqual(
      [
        'number',
        'stage',
        'category',
        'community',
        'reportedAt',
        'endedAt',
        'steps',
        'ahead',
        'mergedInto',
        'withCode',
        'photos',
        'rating',
      ].sort(),
    );
  });

  it('of a quarrel says neither what it is nor where; who has the code is told', async () => {
    const { id, number } = await world.reported({ category: 'S9998-01', description: '某户家庭纠纷' });
    const guessed = (await world.resident().get(`/incidents/${number}`)).body;
    expect(guessed).toMatchObject({ stage: 'received', category: null, community: null });
    const invited = (await world.resident().get(`/incidents/${number}?k=${await world.codeOf(id)}`)).body;
    expect(invited).toMatchObject({ withCode: true, category: { zh: '家庭纠纷' }, photos: null });
    expect(JSON.stringify(invited)).not.toContain('某户');
  });

  it.each(['20200101-0001', '99999999-9999', 'x', '%00', "1' or 1=1"])('that is not there is not found: %s', async (number) => {
    const { status, body } = await world.resident().get(`/incidents/${encodeURIComponent(number)}`);
    expect([status, body.code]).toEqual([404, 'not-found']);
    expect(body.whatToDo['zh-CN']).toMatch(/编号/);
  });

  it('of a drill is not there either, and nobody holds out a code of it', async () => {
    const drill = await world.call(OFFICE, 'POST', '/incidents', {
      category: 'E0113-02',
      description: '演练：路面塌陷',
      position: HERE,
      drill: true,
    });
    expect(drill.body).toMatchObject({ drill: true });
    const { status, body } = await world.resident().get(`/incidents/${drill.body.number}`);
    expect([status, body.code]).toEqual([404, 'not-found']);
    expect((await world.call(OFFICE, 'GET', `/incidents/${drill.body.id}/residents`)).body.link).toBeNull();
  });

  it('comes to an end for whoever counts through them', async () => {
    const walker = world.resident();
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await walker.get(`/incidents/20200101-${String(i).padStart(4, '0')}`)).status);
    expect(statuses.indexOf(429)).toBe(30);
    const refused = await walker.get(`/incidents/${closed.number}`);
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await world.resident().get(`/incidents/${closed.number}`)).status).toBe(200);
  });
});

describe('photos', () => {
  const path = (side: string, code?: string) => `/incidents/${closed.number}/photos/${side}${code === undefined ? '' : `?k=${code}`}`;

  it('are one before and one after, small, and only for who has the code', async () => {
    const invited = (await world.resident().get(`/incidents/${closed.number}?k=${closed.code}`)).body;
    expect(invited.photos).toEqual({ before: true, after: true });
    for (const side of ['before', 'after']) {
      const { status, headers, body } = await world.resident().get(path(side, closed.code));
      expect([status, headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      const { width } = await sharp(body).metadata();
      expect(width).toBe(320);
      expect((await world.resident().get(path(side))).status).toBe(404);
      expect((await world.resident().get(path(side, '000000000000'))).status).toBe(404);
    }
  });

  it('are nobody’s to see before the end', async () => {
    const { id, number } = await world.reported();
    const code = await world.codeOf(id);
    expect((await world.resident().get(`/incidents/${number}?k=${code}`)).body.photos).toEqual({ before: false, after: false });
    expect((await world.resident().get(`/incidents/${number}/photos/before?k=${code}`)).status).toBe(404);
  });

  it('are not there where the district has not turned them on', async () => {
    expect((await photosOff(false)).status).toBe(200);
    expect((await world.resident().get(`/incidents/${closed.number}?k=${closed.code}`)).body.photos).toBeNull();
    expect((await world.resident().get(path('after', closed.code))).status).toBe(404);
    expect((await photosOff(true)).status).toBe(200);
    expect((await world.resident().get(path('after', closed.code))).status).toBe(200);
  });
});

describe('a rating', () => {
  it('needs the code of this very incident', async () => {
    const { number } = closed;
    const other = await world.codeOf((await world.reported()).id);
    for (const code of ['', 'abc', '000000000000', other]) {
      const { status, body } = await world.resident().rate(number, code, 3);
      expect([code, status, body.code]).toEqual([code, 403, 'wrong-resident-code']);
    }
    const nobody = await world.resident().rate('20200101-0001', closed.code, 3);
    expect([nobody.status, nobody.body.code]).toEqual([403, 'wrong-resident-code']);
  });

  it('has nothing to judge before it is done', async () => {
    const { id, number } = await world.reported();
    const { status, body } = await world.resident().rate(number, await world.codeOf(id), 3);
    expect([status, body.code]).toEqual([409, 'rating-not-open']);
  });

  it.each([0, 4, 2.5, '3', null])('is 1, 2 or 3, not %j', async (score) => {
    const { status, body } = await world.resident().rate(closed.number, closed.code, score as number);
    expect([status, body.code]).toEqual([422, 'invalid-body']);
  });

  it('is given once; the same device may change it within a day, and then no more', async () => {
    const { id, number } = await world.closed();
    const code = await world.codeOf(id);
    const first = world.resident();
    expect((await first.rate(number, code, 2, { comment: '来得有点慢' })).status).toBe(200);
    const other = await world.resident().rate(number, code, 1);
    expect([other.status, other.body.code]).toEqual([409, 'already-rated']);
    expect((await first.rate(number, code, 3)).body).toMatchObject({ score: 3 });
    const staff = (await world.call(`community.${COMMUNITY}`, 'GET', `/incidents/${id}/residents`)).body;
    expect(staff.ratings).toMatchObject([{ round: 1, score: 3, comment: null, changedAt: expect.any(String) }]);
    expect((await first.get(`/incidents/${number}?k=${code}`)).body.rating).toMatchObject({ open: true, given: 3 });
    const dayAgo = sql<Date>`at - interval '24 hours'`;
    await world.service.database.db.kysely.updateTable('rating').set({ at: dayAgo }).where('incident', '=', id).execute();
    const late = await first.rate(number, code, 1);
    expect([late.status, late.body.code]).toEqual([422, 'too-late']);
  });

  it('of two residents in the same moment is one of them, whole', async () => {
    const { id, number } = await world.closed();
    const code = await world.codeOf(id);
    const crowd = Array.from({ length: 8 }, () => world.resident());
    const answers = await Promise.all(crowd.map((one, i) => one.rate(number, code, i % 2 === 0 ? 3 : 1, { comment: `第 ${i} 人` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
    const winner = answers.findIndex(({ status }) => status === 200);
    const { ratings } = (await world.call(OFFICE, 'GET', `/incidents/${id}/residents`)).body;
    expect(ratings).toMatchObject([{ score: winner % 2 === 0 ? 3 : 1, comment: `第 ${winner} 人`, changedAt: null }]);
  });

  it('of 没办好 is told to the community once, and what is done again is judged anew', async () => {
    const { id, number } = await world.closed();
    const code = await world.codeOf(id);
    const unhappy = world.resident();
    expect((await unhappy.rate(number, code, 1, { comment: '还是坑' })).status).toBe(200);
    expect((await unhappy.rate(number, code, 1, { comment: '还是坑' })).status).toBe(200);
    const notices = (await world.call(`community.${COMMUNITY}`, 'GET', '/notices?open=true&limit=50')).body.items;
    const told = notices.filter(
      (n: { notice: string; about: { incident?: string } | null }) => n.notice === 'notDone' && n.about?.incident === id,
    );
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('还是坑');

    await world.move(`community.${COMMUNITY}`, id, { verb: 'reopen', reason: '居民说没办好' });
    expect((await unhappy.get(`/incidents/${number}?k=${code}`)).body).toMatchObject({
      stage: 'passedOn',
      rating: { open: false, given: null },
    });
    const sent = await world.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'dispatch', lead: { unit: LEAD } });
    const assignment = sent.assignments.at(-1).id;
    for (const verb of ['acknowledge', 'arrive', 'finish']) await world.move(`unit.${LEAD}`, id, { verb, assignment });
    await world.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'acceptEvidence' });
    expect((await unhappy.rate(number, code, 3)).status).toBe(200);
    // The figures go by how it was judged last.
    const behind = async (late: boolean) =>
      (await world.call(OFFICE, 'GET', `/figures/behind?set=rated&late=${late}`)).body.items.filter((i: { id: string }) => i.id === id);
    expect(await behind(false)).toHaveLength(1);
    expect(await behind(true)).toEqual([]);
  });

  it('keeps its words for those who look after the place', async () => {
    const { id, number } = await world.closed();
    await world.resident().rate(number, await world.codeOf(id), 2, { comment: '那个师傅态度不好' });
    const read = async (account: string) => (await world.call(account, 'GET', `/incidents/${id}/residents`)).body;
    for (const account of [`community.${COMMUNITY}`, `subdistrict.${SUBDISTRICT}`, OFFICE, 'auditor'])
      expect([account, (await read(account)).ratings[0].comment]).toEqual([account, '那个师傅态度不好']);
    for (const account of ['grid.441802006001001', `unit.${LEAD}`])
      expect([account, (await read(account)).ratings]).toMatchObject([account, [{ score: 2, comment: null }]]);
    expect((await read('community.441802006002')).code).toBe('not-found');
  });

  it('is not handed out by those whose work is judged, nor by those who only look', async () => {
    const link = async (account: string) => (await world.call(account, 'GET', `/incidents/${closed.id}/residents`)).body.link;
    for (const account of ['grid.441802006001001', `community.${COMMUNITY}`, `subdistrict.${SUBDISTRICT}`, OFFICE])
      expect([account, (await link(account))?.path]).toEqual([account, `/r/${closed.number}?k=${closed.code}`]);
    for (const account of [`unit.${LEAD}`, 'auditor', 'admin']) expect([account, await link(account)]).toEqual([account, null]);
  });
});

it('the key is the district’s own, kept where the service cannot change it', async () => {
  const { kysely } = world.service.database.db;
  const { key } = await kysely.selectFrom('resident_key').select('key').executeTakeFirstOrThrow();
  expect(codeOf(key, 441802, closed.number)).toBe(closed.code);
  await expect(
    kysely
      .updateTable('resident_key')
      .set({ key: Buffer.alloc(32) })
      .execute(),
  ).rejects.toThrow(/permission denied/);
  await expect(kysely.deleteFrom('rating').execute()).rejects.toThrow(/permission denied/);
});
