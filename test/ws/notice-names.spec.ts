/** What a notice of 共建共治 is about has a name in the inbox, and no person's. */
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InboxStore } from '../../src/ws/inbox.ts';
import type { NoticeItem } from '../../src/ws/notice-item.ts';
import { type CobuildHouse, DISTRICT, openHouse } from '../cobuild/house.ts';

let house: CobuildHouse;
let inbox: InboxStore;

beforeAll(async () => {
  house = await openHouse();
  inbox = new InboxStore(house.database.db.pool, DISTRICT);
});
afterAll(() => house?.close());

/** As it lies in the inbox of the district. */
async function told(notice: NoticeItem['notice'], about: Readonly<Record<string, string | number>>): Promise<NoticeItem> {
  const [{ seq } = { seq: 0 }] = await inbox.tell({ key: uuid(), recipients: ['district'], notice, about }, house.clock.now());
  const { items } = await inbox.list(['district'], { limit: 200 });
  return items.find((item) => item.seq === seq)!;
}

describe('a notice of 共建共治', () => {
  it.each([
    ['needOverdue', { kind: 'need', code: 'need-01' }, '校门口早高峰护学岗', 'Morning crossing guards at schools'],
    ['resolutionOverdue', { kind: 'resolution', code: 'fengcheng-union-2026q4-r2' }, '老旧楼集中充电点供电改造先做两处', null],
    ['conferenceCalled', { kind: 'conference', code: 'fengcheng-union-2026q4' }, '演示·凤城街道大工委', null],
    ['conferenceMissing', { kind: 'committee', code: 'fengcheng-union' }, '演示·凤城街道大工委', null],
    ['termEnding', { kind: 'member', code: 'fengcheng-union-01' }, '演示·凤城派出所', 'Demo Fengcheng Police Station'],
    ['appraisalOpen', { kind: 'appraisal', code: 'fengcheng-union-01' }, '演示·凤城派出所', null],
    ['agreementEnding', { kind: 'agreement', code: 'agr-02' }, '停电半小时内派发电车', 'Generator sent within half an hour of a cut'],
    ['bookingAsked', { kind: 'booking', code: 'b', resource: 'res-03' }, '应急发电车', 'Generator truck'],
  ] as const)('%s is called by its name', async (notice, about, zh, en) => {
    const { subject, about: codes } = await told(notice, about);
    expect(subject).toMatchObject({ zh, en: en ?? expect.any(String) });
    expect(codes).toEqual(about);
  });

  it('names the body that it concerns beside', async () => {
    const claim = { kind: 'need', code: 'need-01', member: 'fengcheng-union-02' };
    expect(await told('claimOverdue', claim)).toMatchObject({ body: { zh: '演示·凤城综合执法队', en: 'Demo Fengcheng Enforcement Team' } });
  });

  it('has no name where there is none, and none of what is gone', async () => {
    expect(await told('leaderChanged', { kind: 'leader', code: 'fengcheng-01' })).toMatchObject({ subject: null, body: null });
    expect(await told('needClosed', { kind: 'need', code: 'nowhere' })).toMatchObject({ subject: null });
    expect(await told('rosterHole', { unit: 'fengcheng-police' })).toMatchObject({ subject: null, body: null });
  });

  it('names all that the quarter tells by itself, and no person', async () => {
    await house.service.check();
    const tells = house.told.filter(({ about }) => about['kind'] !== 'leader');
    expect(tells.length).toBeGreaterThan(3);
    const people = await house.database.db.pool.query<{ person_zh: string }>(
      'select person_zh from member union select person_zh from leader',
    );
    for (const { notice, about } of tells) {
      const { subject, body } = await told(notice, about);
      expect(subject, `${notice} ${JSON.stringify(about)}`).not.toBeNull();
      for (const { person_zh } of people.rows) expect([subject?.zh, body?.zh], notice).not.toContain(person_zh);
    }
  });
});
