/** Calendar and limits over HTTP, on the whole product. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bumpSettings } from '../../src/db/settings-version.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { caller, type Caller } from './caller.ts';

const DISTRICT = 441802;
const OFFICE = `district.${DISTRICT}`;
const MAY = [OFFICE, 'admin'];
const MAY_NOT = ['subdistrict.441802006', 'community.441802006001', 'grid.441802006001001', 'unit.fengcheng-police', 'auditor'];

let service: TestServer;
let call: Caller;
beforeAll(async () => {
  service = await startTestServer();
  call = caller(service.url);
});
afterAll(() => service.stop());

const off = (day: string, labelZh = '全区停办') => ({ days: [{ from: day, to: day, kind: 'holiday', labelZh }] });
const dayOf = async (day: string) =>
  (await call('auditor', 'GET', `/calendar?year=${day.slice(0, 4)}`)).body.days.find((d: { day: string }) => d.day === day);

describe('who', () => {
  it('reads: everybody; changes: the district and the administrator', async () => {
    for (const account of [...MAY, ...MAY_NOT]) {
      expect([account, (await call(account, 'GET', '/calendar?year=2026')).body.days.length]).toEqual([account, 365]);
      expect([account, (await call(account, 'GET', '/limits')).body.limits.length]).toEqual([account, 36]);
    }
    for (const account of MAY_NOT) {
      const tries = [
        await call(account, 'PUT', '/calendar', off('2026-12-08')),
        await call(account, 'POST', '/calendar/preview', off('2026-12-08')),
        await call(account, 'GET', '/calendar/recount'),
        await call(account, 'PUT', '/limits', { levels: [{ level: 'R4', extensions: 3, suspendDays: 365 }] }),
      ];
      expect([account, tries.map((t) => [t.status, t.body.code])]).toEqual([account, tries.map(() => [403, 'not-allowed'])]);
    }
    for (const [i, account] of MAY.entries()) {
      expect((await call(account, 'PUT', '/calendar', off(`2026-12-1${i + 4}`))).status).toBe(200);
      expect((await call(account, 'GET', '/settings/changes')).body.items[0]).toMatchObject({ account, subject: 'calendar' });
    }
    expect((await call('auditor', 'GET', '/settings/changes')).status).toBe(200);
    expect((await call('community.441802006001', 'GET', '/settings/changes')).status).toBe(403);
  });
});

describe('the calendar', () => {
  it('takes a range of days with a name, and keeps who changed it from what to what', async () => {
    const days = [{ from: '2026-12-19', to: '2026-12-21', kind: 'holiday', labelZh: '全区停办', labelEn: 'offices closed' }];
    const { status, body } = await call(OFFICE, 'PUT', '/calendar', { days });
    expect([status, body.changed]).toEqual([200, 3]);
    expect(await dayOf('2026-12-21')).toEqual({
      day: '2026-12-21',
      kind: 'holiday',
      working: false,
      statutory: false,
      labelZh: '全区停办',
      labelEn: 'offices closed',
      status: 'announced',
    });
    const [change] = (await call(OFFICE, 'GET', '/settings/changes?limit=1')).body.items;
    expect(change).toMatchObject({
      account: OFFICE,
      before: {
        days: [
          { from: '2026-12-19', to: '2026-12-20', kind: 'weekend' },
          { from: '2026-12-21', kind: 'workday' },
        ],
      },
      after: { days: [{ from: '2026-12-19', to: '2026-12-21', kind: 'holiday', labelZh: '全区停办' }] },
    });
  });

  it('refuses what cannot be, changes nothing then, and says what to do', async () => {
    const before = (await call(OFFICE, 'GET', '/calendar?year=2026')).body.basis;
    const { status, body } = await call(OFFICE, 'PUT', '/calendar', {
      ...off('2026-12-22'),
      hours: [
        { from: '08:30', to: '12:00' },
        { from: '11:30', to: '17:30' },
      ],
    });
    expect([status, body.code]).toEqual([422, 'invalid-calendar']);
    expect(body.faults).toMatchObject([{ path: 'hours.1.from', code: 'hours-overlap' }]);
    expect(body.whatToDo['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
    expect((await call(OFFICE, 'GET', '/calendar?year=2026')).body.basis).toBe(before);
  });

  it('is not overwritten by somebody who has not seen the newest', async () => {
    const { basis } = (await call(OFFICE, 'GET', '/calendar')).body;
    expect((await call('admin', 'PUT', '/calendar', { ...off('2026-12-23'), basis })).status).toBe(200);
    const { status, body } = await call(OFFICE, 'PUT', '/calendar', { ...off('2026-12-24'), basis });
    expect([status, body.code]).toEqual([409, 'settings-changed']);
    expect((await dayOf('2026-12-24')).kind).toBe('workday');
  });

  it('takes other working hours, and shows them in the next explanation', async () => {
    const hours = [
      { from: '09:00', to: '12:00' },
      { from: '13:30', to: '18:00' },
    ];
    expect((await call(OFFICE, 'PUT', '/calendar', { hours })).status).toBe(200);
    expect((await call(OFFICE, 'GET', '/calendar')).body.hours).toEqual(hours);
    const incident = await call('grid.441802006001001', 'POST', '/incidents', {
      category: 'C0299-01',
      description: '人行道破损',
      position: { lng: 113.0008, lat: 23.6795 },
    });
    const { items } = (await call(OFFICE, 'GET', `/incidents/${incident.body.id}/deadlines`)).body;
    expect(JSON.stringify(items)).toContain('09:00–12:00、13:30–18:00');
  });

  it('of a whole year is imported by the district, checked as a whole', async () => {
    const csv = await readFile('data/seed/calendar_2027.csv', 'utf8');
    const announced = csv.replaceAll('provisional', 'announced');
    const wrong = announced.replace('2027-01-04,1,workday', '2027-01-04,1,weekend');
    expect(wrong).not.toBe(announced);
    const refused = await call(OFFICE, 'POST', '/imports/calendar', file(wrong));
    expect([refused.status, refused.body.written]).toEqual([422, 0]);
    expect(refused.body.findings[0].whatToDo.en).not.toBe('');
    expect((await call('community.441802006001', 'POST', '/imports/calendar', file(announced))).status).toBe(403);
    expect((await call(OFFICE, 'POST', '/imports/units', file(announced))).status).toBe(403);
    expect((await dayOf('2027-02-05')).status).toBe('provisional');
    const taken = await call(OFFICE, 'POST', '/imports/calendar', file(announced));
    expect(taken.body).toMatchObject({ written: 365, findings: [] });
    expect((await dayOf('2027-02-05')).status).toBe('announced');
    expect((await call(OFFICE, 'GET', '/settings/changes?limit=1')).body.items[0]).toMatchObject({ account: OFFICE, subject: 'calendar' });
  });
});

describe('limits', () => {
  const callLimit = async () =>
    (await call('auditor', 'GET', '/limits')).body.limits.find(
      (l: { level: string; clock: string }) => l.level === 'R3' && l.clock === 'call',
    );

  it('hold for clocks that start after the edit, and leave running ones alone', async () => {
    const report = async () =>
      (
        await call('grid.441802006001001', 'POST', '/incidents', {
          category: 'E0110-01',
          description: '垃圾堆了三天',
          position: { lng: 113.0008, lat: 23.6795 },
        })
      ).body;
    const limitOf = async (id: string) => (await call(OFFICE, 'GET', `/incidents/${id}/deadlines`)).body.items[0].limitMs;
    const first = await report();
    expect(first.level).toBe('R3');
    const { status, body } = await call(OFFICE, 'PUT', '/limits', {
      limits: [{ level: 'R3', clock: 'call', value: 45, unit: 'minutes', kind: 'working' }],
    });
    expect([status, body.warnings]).toEqual([200, []]);
    expect(await limitOf(first.id)).toBe(30 * 60_000);
    expect(await limitOf((await report()).id)).toBe(45 * 60_000);
    expect(await callLimit()).toMatchObject({ value: 45, shared: { value: 30, unit: 'minutes', kind: 'working' } });
    const [change] = (await call(OFFICE, 'GET', '/settings/changes?limit=1')).body.items;
    expect(change).toMatchObject({
      subject: 'limits',
      before: { limits: [{ level: 'R3', clock: 'call', value: 30 }], levels: [] },
      after: { limits: [{ level: 'R3', clock: 'call', value: 45 }], levels: [] },
    });
  });

  it('that are odd are taken, with a warning', async () => {
    const { status, body } = await call('admin', 'PUT', '/limits', {
      limits: [{ level: 'R1', clock: 'arrive', value: 2, unit: 'hours', kind: 'continuous' }],
      levels: [{ level: 'R1', extensions: 1, suspendDays: 0 }],
    });
    expect(status).toBe(200);
    expect(body.warnings).toEqual([
      { level: 'R1', clock: 'arrive', code: 'graver-is-slower' },
      { level: 'R1', code: 'grave-extended' },
    ]);
  });

  it('go back to what all districts share, and then are no row of the district', async () => {
    const limits = [
      { level: 'R3', clock: 'call', value: 30, unit: 'minutes', kind: 'working' },
      { level: 'R1', clock: 'arrive', value: 15, unit: 'minutes', kind: 'continuous' },
    ];
    const levels = [{ level: 'R1', extensions: 0, suspendDays: 0 }];
    expect((await call(OFFICE, 'PUT', '/limits', { limits, levels })).body.warnings).toEqual([]);
    const { kysely } = service.database.db;
    expect(await kysely.selectFrom('district_limit').selectAll().execute()).toEqual([]);
    expect(await kysely.selectFrom('district_level_rule').selectAll().execute()).toEqual([]);
    const again = await call(OFFICE, 'PUT', '/limits', { limits, levels });
    expect([again.status, again.body.code]).toEqual([422, 'nothing-changed']);
  });

  it.each([
    { level: 'R3', clock: 'call', value: 0, unit: 'minutes', kind: 'working' },
    { level: 'R3', clock: 'call', value: 1.5, unit: 'hours', kind: 'working' },
    { level: 'R3', clock: 'call', value: 1, unit: 'workdays', kind: 'continuous' },
    { level: 'R5', clock: 'call', value: 1, unit: 'hours', kind: 'working' },
    { level: 'R3', clock: 'lunch', value: 1, unit: 'hours', kind: 'working' },
  ])('are refused: %o', async (limit) => {
    const { status, body } = await call(OFFICE, 'PUT', '/limits', { limits: [limit] });
    expect([status, body.code, body.errors.length]).toEqual([422, 'invalid-body', 1]);
  });
});

describe('a missing year', () => {
  it('is a note of readyz and a metric, and is added as provisional', async () => {
    const { kysely } = service.database.db;
    const { year } = (await call(OFFICE, 'GET', '/calendar')).body;
    const next = year + 1;
    await kysely.transaction().execute(async (tx) => {
      await tx.deleteFrom('calendar_day').execute();
      await bumpSettings(tx, DISTRICT);
    });
    const missing = async () => /fengming_calendar_missing_years (\d+)/.exec(await (await fetch(`${service.url}/metrics`)).text())?.[1];
    await expect.poll(missing, { timeout: 30_000 }).not.toBe('0');
    const ready = await fetch(`${service.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(((await ready.json()) as { notes: string[] }).notes).toContain(`the working calendar lacks ${year}`);
    const seen = (await call(OFFICE, 'GET', '/calendar')).body;
    expect(seen.missing[0]).toBe(year);
    expect(seen.fillable).toEqual([year, next, year + 2]);
    const filled = await call(OFFICE, 'PUT', '/calendar', { fill: [year, next] });
    expect(filled.status).toBe(200);
    expect((await call(OFFICE, 'GET', '/calendar')).body).toMatchObject({ missing: [], years: [year, next] });
    expect(await missing()).toBe('0');
    expect(((await (await fetch(`${service.url}/readyz`)).json()) as { notes: string[] }).notes).toEqual([]);
  });
});

function file(text: string): FormData {
  const form = new FormData();
  form.set('file', new Blob([text]), 'file.csv');
  return form;
}
