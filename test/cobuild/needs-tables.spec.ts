/** Needs, claims, resources and plans in and out as tables; and what a conference finds to speak of among them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agendaFacts } from '../../src/cobuild/agenda-facts.ts';
import { loadReference } from '../../src/grid/reference.ts';
import { type CobuildHouse, DISTRICT, openHouse, PEOPLE } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

const importOf = (table: string, text: string, query = '') => {
  const form = new FormData();
  form.append('file', new File([text], `${table}.csv`));
  return house.ask(PEOPLE.admin, 'POST', `/cobuild/imports/${table}${query}`, form);
};
const NEEDS = 'code,committee,link,title_zh,title_en,quantity,unit_zh,unit_en,published,due,from_category\n';
const CLAIMS = 'code,need,member,quantity,claimed_on,due,state\n';
const RESOURCES =
  'code,member,kind,name_zh,name_en,quantity,unit_zh,unit_en,hours,notice_minutes,community,lng,lat,callable,stands_for_type,condition_zh,condition_en\n';
const PLANS = 'code,parent,level,place,owner_unit,name_zh,name_en,starts,ends,measure_zh,measure_en,target,done\n';
const need = (code: string, due = '2026-12-20') => `${code},cuihu,party,演示·读书会,Demo reading circle,3,场,events,2026-11-20,${due},\n`;

describe('tables in', () => {
  it('add what is new, once, and leave what happened as it is', async () => {
    const file = NEEDS + need('need-90') + need('need-01');
    expect(await importOf('needs', file, '?dryRun=true')).toMatchObject({ status: 200, body: { rows: 2, written: 0 } });
    expect(await importOf('needs', file)).toMatchObject({ status: 200, body: { rows: 2, written: 1, findings: [] } });
    expect(await importOf('needs', file)).toMatchObject({ status: 200, body: { written: 0 } });
    expect((await house.ask(PEOPLE.cuihu, 'GET', '/needs/need-90')).body).toMatchObject({ state: 'open', left: 3, place: '441802006027' });
    expect((await house.ask(PEOPLE.fengcheng, 'GET', '/needs/need-01')).body).toMatchObject({ titleZh: '校门口早高峰护学岗' });
  });

  it.each([
    ['needs', NEEDS + need('need-91', '2026-11-01'), 'due'],
    ['needs', NEEDS + need('need-91').replace('cuihu', 'nowhere'), 'committee'],
    ['needs', NEEDS + need('need-91').replace('party', 'friendship'), 'link'],
    [
      'claims',
      `${CLAIMS}c-1,need-90,cuihu-01,2,2026-11-20,2026-12-01,claimed\nc-2,need-90,cuihu-02,2,2026-11-20,2026-12-01,claimed\n`,
      'quantity',
    ],
    ['claims', `${CLAIMS}c-1,need-90,fengcheng-union-01,1,2026-11-20,2026-12-01,claimed\n`, 'member'],
    ['resources', `${RESOURCES}res-90,cuihu-01,venue,演示·厅,Demo hall,1,间,room,8-20,0,441802006027,113.02,23.70,0,,,\n`, 'hours'],
    [
      'resources',
      `${RESOURCES}res-90,cuihu-01,venue,演示·厅,Demo hall,1,间,room,08:00-20:00,0,441802006027,113.02,23.70,1,,,\n`,
      'callable',
    ],
    ['plans', `${PLANS}x,none,plan,441802,fengcheng-governance,演示·计划,Demo plan,2026-12-31,2026-12-01,项,tasks,1,0\n`, 'ends'],
    ['plans', `${PLANS}x,q4-p1,task,441802,fengcheng-governance,演示·任务,Demo task,2026-12-01,2026-12-31,项,tasks,1,0\n`, 'starts'],
    ['plans', `${PLANS}x,q4,task,441802,fengcheng-governance,演示·任务,Demo task,2026-11-02,2026-11-30,项,tasks,1,0\n`, 'parent'],
  ])('%s with a bad row write nothing, and the finding names its column', async (table, text, column) => {
    const answer = await importOf(table, text);
    expect(answer).toMatchObject({ status: 422, body: { written: 0 } });
    expect(answer.body.findings.map((one: { column: string }) => one.column)).toContain(column);
  });
});

describe('tables out', () => {
  it.each(['plans', 'needs', 'claims', 'resources', 'appraisals'])('%s: what the caller sees, in both languages', async (table) => {
    const zh = await house.ask(PEOPLE.fengcheng, 'GET', `/cobuild/exports/${table}.csv`);
    const en = await house.ask(PEOPLE.fengcheng, 'GET', `/cobuild/exports/${table}.csv?language=en`);
    for (const answer of [zh, en]) expect(answer.status).toBe(200);
    expect(zh.body.split('\r\n')[0]).toMatch(/[\u4e00-\u9fff]/);
    expect(en.body.split('\r\n')[0]).not.toMatch(/[\u4e00-\u9fff]/);
    const whole = await house.ask(PEOPLE.district, 'GET', `/cobuild/exports/${table}.csv`);
    expect(whole.body.length).toBeGreaterThan(zh.body.length);
  });
});

describe('what a conference should speak of', () => {
  it('has needs with something left over, those handed to it first, then those that are late', async () => {
    const reference = await loadReference(house.database.db.kysely, DISTRICT);
    const facts = (place: string) => agendaFacts(house.database.db.kysely, DISTRICT, place, { now: house.clock.now(), reference });
    expect((await facts('441802009')).map((fact) => fact.ref)).toEqual(['need-09', 'need-27', 'need-10']);
    await house.ask(PEOPLE.henghe, 'POST', '/needs/need-10/moves', { verb: 'confer' });
    const after = await facts('441802009');
    expect(after.map((fact) => fact.ref)).toEqual(['need-10', 'need-09', 'need-27']);
    expect(after[1]).toMatchObject({
      kind: 'need',
      zh: expect.stringContaining('已超期 10 天'),
      en: expect.stringContaining('10 days over'),
    });
    expect((await facts('441802007')).every((fact) => fact.kind === 'need')).toBe(true);
  });
});
