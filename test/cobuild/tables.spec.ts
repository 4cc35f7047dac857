/** Tables in and out: CSV and XLSX, for every object of people and papers. */
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCobuild } from '../../src/cobuild/demo.ts';
import { csvOf, sheetOf } from '../../src/cobuild/export/sheet.ts';
import { tableRoutes } from '../../src/cobuild/table-routes.ts';
import { LIMITS } from '../../src/exports/file-gate.ts';
import { xlsxOf } from '../../src/exports/workbook.ts';
import { decodeText } from '../../src/grid/import/sheet.ts';
import type { AuditEntry } from '../../src/identity/audit.ts';
import { newRouter } from '../../src/router.ts';
import { type CobuildHouse, openHouse, PEOPLE } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse('2027-01-10 10:00');
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

const form = (text: string) => {
  const data = new FormData();
  data.append('file', new File([text], 'table.csv', { type: 'text/csv' }));
  return data;
};
const imported = (table: string, text: string, by: (typeof PEOPLE)[keyof typeof PEOPLE] = PEOPLE.admin, query = '') =>
  house.ask(by, 'POST', `/cobuild/imports/${table}${query}`, form(text));

describe('the demo world on another day', () => {
  it('is moved by whole days, so that what was seen on 20 November is seen today', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/agreements/agr-09');
    expect(body).toMatchObject({ until: '2027-01-25', endsInDays: 15 });
    const committees = await house.ask(PEOPLE.district, 'GET', '/committees');
    expect(committees.body.quarter).toBe('2027Q1');
    const missing = committees.body.items.filter((one: { conference: unknown }) => one.conference === null);
    expect(missing.map((one: { code: string }) => one.code).sort()).toEqual(['henghe-union', 'qingfei', 'yinzhan']);
  });

  it('carries its certificates along: a number with a year has that of the appointment', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/members/fengcheng-union-01');
    expect(body).toMatchObject({ appointed: '2025-02-19', certificate: '演聘-2025-001' });
    expect(body.certificates).toMatchObject([{ number: '演聘-2025-001', from: '2025-02-19' }]);
  });

  it('has projects and activities too, some open, some done', async () => {
    const projects = (await house.ask(PEOPLE.fengcheng, 'GET', '/projects')).body.items;
    expect(projects.map((one: { code: string }) => one.code)).toEqual(expect.arrayContaining(['pro-01', 'pro-04']));
    const [survey] = projects.find((one: { code: string }) => one.code === 'pro-01').tasks;
    expect(survey).toMatchObject({ state: 'confirmed', due: '2026-12-27' });
    const activities = (await house.ask(PEOPLE.fengcheng, 'GET', '/activities')).body.items;
    expect(activities.find((one: { code: string }) => one.code === 'act-01')).toMatchObject({ state: 'announced' });
    expect(activities.find((one: { code: string }) => one.code === 'act-06')).toMatchObject({ state: 'held' });
  });

  it('is loaded once: a second node finds it there', async () => {
    expect(await loadCobuild(house.database.db.kysely, 441802, house.clock.now())).toBe(false);
  });
});

describe('导入 (import)', () => {
  const head = 'code,committee,member,links,signed,ends,commitment_zh,commitment_en,becomes,becomes_code';
  const row = 'agr-90,ximentang,ximentang-02,party;security,2027-01-01,2028-01-01,演示·夜间巡逻,Night patrols,,';

  it('adds what is new, and leaves what is known as it is', async () => {
    const known = 'agr-09,ximentang,ximentang-01,resource,2027-01-01,2029-01-01,演示·另一句,Another line,,';
    expect(await imported('agreements', `${head}\n${row}\n${known}\n`)).toMatchObject({
      status: 200,
      body: { rows: 2, written: 1, findings: [] },
    });
    expect((await house.ask(PEOPLE.admin, 'GET', '/agreements/agr-90')).body).toMatchObject({
      state: 'active',
      links: ['party', 'security'],
    });
    expect((await house.ask(PEOPLE.admin, 'GET', '/agreements/agr-09')).body).toMatchObject({ until: '2027-01-25' });
  });

  it('moves all days where it is asked to', async () => {
    const shifted = row.replace('agr-90', 'agr-91').replace('party;security', 'civility');
    await imported('agreements', `${head}\n${shifted}\n`, PEOPLE.admin, '?shiftDays=10');
    expect((await house.ask(PEOPLE.admin, 'GET', '/agreements/agr-91')).body).toMatchObject({ from: '2027-01-11', until: '2028-01-11' });
  });

  it('names row, column and what to do for each fault, and writes nothing', async () => {
    const faulty = [
      'agr-92,ximentang,cuihu-01,party,2027-01-01,2028-01-01,演示,Words,,',
      'agr-93,ximentang,ximentang-01,party,2028-01-01,2027-01-01,演示,Words,,',
      'agr-93,nowhere,ximentang-01,party,2027-01-01,2028-01-01,演示,Words,,',
    ];
    const { status, body } = await imported('agreements', `${head}\n${faulty.join('\n')}\n`);
    expect(status).toBe(422);
    expect(body.written).toBe(0);
    expect(body.findings.map((one: { row: number; column: string; code: string }) => [one.row, one.column, one.code])).toEqual([
      [2, 'member', 'unknown'],
      [3, 'ends', 'term-order'],
      [4, 'code', 'twice'],
      [4, 'committee', 'unknown'],
      [4, 'member', 'unknown'],
    ]);
    const fields = await imported('agreements', `${head}\nagr-94,ximentang,ximentang-01,friendship,2027-13-01,2028-01-01,,Words,,\n`);
    expect(fields.body.findings.map((one: { column: string }) => one.column).sort()).toEqual(['commitment_zh', 'links', 'signed']);
  });

  it('with numbers of our own form leaves the next certificate a number of its own', async () => {
    const columns = 'code,committee,org_zh,org_en,org_kind,person_zh,person_en,post_zh,post_en,appointed,term_end,certificate,unit';
    const member = (code: string, number: string) =>
      `${code},ximentang,演示·诊所,Demo Clinic,hospital,演示·岳,Demo Yue,书记,Secretary,2027-01-01,2028-12-31,${number},`;
    const file = [
      columns,
      member('ximentang-61', '聘-2027-007'),
      member('ximentang-62', '聘-2027-002'),
      member('ximentang-63', '旧聘-2027-900'),
    ];
    expect(await imported('members', file.join('\n'))).toMatchObject({ status: 200, body: { written: 3, findings: [] } });
    const clinic = { orgZh: '演示·新诊所', orgEn: 'Demo New Clinic', orgKind: 'hospital', personZh: '演示·岳', personEn: 'Demo Yue' };
    const post = { postZh: '书记', postEn: 'Secretary', unit: null };
    const proposed = await house.ask(PEOPLE.ximentang, 'POST', '/members', { committee: 'ximentang', ...clinic, ...post });
    const appoint = { verb: 'appoint', until: '2028-12-31' };
    expect(await house.ask(PEOPLE.fengcheng, 'POST', `/members/${proposed.body.code}/moves`, appoint)).toMatchObject({
      status: 200,
      body: { certificate: '聘-2027-008' },
    });
  });

  it('gives no community a second linked leader, and an account of a new one sees what it looks after', async () => {
    const { pool } = house.database.db;
    const columns = 'code,person_zh,person_en,post_zh,post_en,subdistrict,communities';
    const leader = (code: string, communities: string) => `${code},演示·黎,Demo Li,街道包联领导,Linked leader,441802006,${communities}`;
    const held = await imported('leaders', `${columns}\n${leader('fengcheng-91', '441802006020')}\n`);
    expect(held).toMatchObject({ status: 422, body: { written: 0, findings: [{ row: 2, column: 'communities', code: 'taken' }] } });
    await pool.query(`update leader set communities = array_remove(communities, '441802006020') where '441802006020' = any(communities)`);
    await pool.query(
      `insert into account (district, account, role, name_zh, name_en, communities, password_hash)
       values (441802, 'leader.fengcheng-91', 'leader', '演示·黎', 'Demo Li', '{}', 'x')`,
    );
    expect(await imported('leaders', `${columns}\n${leader('fengcheng-91', '441802006020')}\n`)).toMatchObject({
      status: 200,
      body: { written: 1, findings: [] },
    });
    const { rows } = await pool.query(`select communities from account where account = 'leader.fengcheng-91'`);
    expect(rows).toEqual([{ communities: ['441802006020'] }]);
  });

  it('a certificate that was issued already is refused with its row, and with who has it', async () => {
    const columns = 'code,committee,org_zh,org_en,org_kind,person_zh,person_en,post_zh,post_en,appointed,term_end,certificate,unit';
    const member = (code: string, number: string) =>
      `${code},ximentang,演示·诊所,Demo Clinic,hospital,演示·岳,Demo Yue,书记,Secretary,2027-01-01,2028-12-31,${number},`;
    const file = [columns, member('ximentang-71', '聘-2027-071'), member('ximentang-72', '演聘-2025-001')].join('\n');
    const { status, body } = await imported('members', file);
    expect([status, body.written]).toEqual([422, 0]);
    expect(body.findings).toMatchObject([{ row: 3, column: 'certificate', code: 'taken' }]);
    expect(body.findings[0].what['zh-CN']).toContain('fengcheng-union-01');
    expect((await house.ask(PEOPLE.admin, 'GET', '/members/ximentang-71')).status).toBe(404);
  });

  it('conferences come on their own: one in each quarter of a committee, held ones with their minutes', async () => {
    const columns = 'code,committee,quarter,held_on,begins,venue_zh,venue_en,state,minutes_zh';
    const row = (code: string, committee: string, day: string, state = 'planned', minutes = '') =>
      `${code},${committee},${day.startsWith('2026') ? '2026Q4' : '2027Q1'},${day},09:30,社区会议室,,${state},${minutes}`;
    const file = (...rows: string[]) => imported('conferences', [columns, ...rows].join('\n'));
    expect(
      await file(row('qingfei-first', 'qingfei', '2027-02-03'), row('old-one', 'ximentang', '2026-12-01', 'held', '演示·议了三件事')),
    ).toMatchObject({
      status: 200,
      body: { written: 2 },
    });
    const first = await house.ask(PEOPLE.admin, 'GET', '/conferences/qingfei-first');
    expect(first.body).toMatchObject({ state: 'planned', quarter: '2027Q1', startsAt: '2027-02-03T01:30:00.000Z', venueEn: '社区会议室' });
    expect((await house.ask(PEOPLE.admin, 'GET', '/conferences/old-one')).body).toMatchObject({
      state: 'held',
      minutes: '演示·议了三件事',
    });
    const again = await file(row('qingfei-second', 'qingfei', '2027-03-03'));
    expect(again.body.findings).toMatchObject([{ row: 2, column: 'quarter', code: 'taken' }]);
    const early = await file(row('yinzhan-first', 'yinzhan', '2027-03-03', 'held'));
    expect(early.body.findings).toMatchObject([{ row: 2, column: 'state', code: 'not-allowed-value' }]);
    expect((await file(row('nobody-first', 'nobody', '2027-03-03'))).body.findings).toMatchObject([
      { column: 'committee', code: 'unknown' },
    ]);
  });

  it('projects, their tasks and activities come with the steps that lead to where they are', async () => {
    const projects = 'code,committee,link,title_zh,title_en,starts,ends,note_zh\n';
    const tasks = 'code,project,title_zh,title_en,due,member,percent,state,note_zh\n';
    const task = (code: string, rest: string) => `${code},pro-90,演示·任务,Demo task,${rest}\n`;
    await imported('projects', `${projects}pro-90,ximentang,problem,演示·项目,Demo project,2027-01-04,2027-02-28,\n`);
    const faulty =
      tasks + task('t-1', '2027-03-05,,0,open,') + task('t-2', '2027-02-01,cuihu-01,10,claimed,') + task('t-3', '2027-02-01,,0,claimed,');
    expect(
      (await imported('project_tasks', faulty)).body.findings.map((one: { row: number; column: string }) => [one.row, one.column]),
    ).toEqual([
      [2, 'due'],
      [3, 'member'],
      [4, 'member'],
    ]);
    const good =
      tasks +
      task('t-1', '2027-02-05,,0,open,') +
      task('t-2', '2027-02-01,ximentang-01,100,confirmed,演示·办好了') +
      task('t-3', '2027-02-20,ximentang-02,40,claimed,');
    expect((await imported('project_tasks', good)).body).toMatchObject({ written: 3, findings: [] });
    const listed = (await house.ask(PEOPLE.ximentang, 'GET', '/projects')).body.items.find(
      (one: { code: string }) => one.code === 'pro-90',
    );
    expect(listed).toMatchObject({
      percent: 47,
      tasks: [{ code: 't-2', state: 'confirmed' }, { code: 't-1' }, { code: 't-3', percent: 40 }],
    });
    const log = (await house.ask(PEOPLE.ximentang, 'GET', '/projects/pro-90/moves')).body.items;
    const verbsOf = (object: string) => log.filter((one: { payload: object }) => JSON.stringify(one.payload).includes(object)).length;
    expect(log.length).toBe(1 + 1 + 4 + 3);
    expect(verbsOf('pro-90')).toBe(8);
    const activities =
      'code,committee,link,title_zh,title_en,venue_zh,members,held_on,begins,ends,capacity,open_to,state,note_zh,outcome_zh\n';
    const activity = (code: string, rest: string) => `${code},ximentang,civility,演示·活动,Demo activity,演示·广场,ximentang-01,${rest}\n`;
    const wrong =
      activities +
      activity('a-1', '2027-02-01,11:00,09:00,10,everybody,announced,,') +
      activity('a-2', '2027-02-01,09:00,11:00,10,everybody,held,,演示');
    expect((await imported('activities', wrong)).body.findings.map((one: { column: string }) => one.column)).toEqual(['ends', 'state']);
    const right = activities + activity('a-1', '2027-02-01,09:00,11:00,10,everybody,announced,,');
    expect((await imported('activities', right)).body).toMatchObject({ written: 1 });
    const open = (await house.ask(null, 'GET', '/public/activities')).body.items.find((one: { code: string }) => one.code === 'a-1');
    expect(open).toMatchObject({ free: 10, startsAt: '2027-02-01T01:00:00.000Z' });
  });

  it('is for admins and the district', async () => {
    expect(await imported('agreements', `${head}\n${row}\n`, PEOPLE.fengcheng)).toMatchObject({
      status: 403,
      body: { code: 'not-allowed' },
    });
    expect(await imported('nothing', head)).toMatchObject({ status: 404 });
  });
});

describe('导出 (export)', () => {
  it.each(['committees', 'members', 'leaders', 'conferences', 'resolutions', 'agreements'])(
    '%s as CSV and XLSX, by scope',
    async (table) => {
      const all = await house.ask(PEOPLE.district, 'GET', `/cobuild/exports/${table}.csv?language=en`);
      expect(all.headers.get('Content-Disposition')).toBe(`attachment; filename="${table}-2027-01-10.csv"`);
      const lines = (text: string) => decodeText(new TextEncoder().encode(text)).trimEnd().split('\r\n');
      const own = await house.ask(PEOPLE.ximentang, 'GET', `/cobuild/exports/${table}.csv?language=en`);
      expect(lines(own.body).length).toBeGreaterThan(1);
      expect(lines(own.body).length).toBeLessThan(lines(all.body).length);
      expect((await house.ask(PEOPLE.canteen, 'GET', `/cobuild/exports/${table}.csv`)).body).toMatchObject({ code: 'not-allowed' });
    },
  );

  it('is on record: who took which table, and how many rows', async () => {
    const records = async () => {
      const rows = await house.database.db.kysely
        .selectFrom('audit')
        .select(['account', 'detail'])
        .where('what', '=', 'exported')
        .execute();
      return rows.filter((row) => row.account === PEOPLE.henghe.account);
    };
    const { body } = await house.ask(PEOPLE.henghe, 'GET', '/cobuild/exports/members.csv');
    const rows = String(body).trimEnd().split('\r\n').length - 1;
    expect(await records()).toEqual([{ account: PEOPLE.henghe.account, detail: { what: 'members.csv', rows } }]);
  });

  it('as XLSX with days as days and texts as texts', async () => {
    const columns = [
      { zh: '单位', en: 'Body', of: (one: { org: string; day: string; n: number }) => one.org },
      { zh: '日期', en: 'Day', of: (one: { day: string }) => one.day },
      { zh: '数', en: 'Number', of: (one: { n: number }) => one.n },
    ];
    const file = await xlsxOf([sheetOf('表', columns, [{ org: '=1+1', day: '2026-12-05', n: 3 }], 'zh-CN')]);
    expect(await readSheet(Buffer.from(file))).toEqual([
      ['单位', '日期', '数'],
      ['=1+1', new Date('2026-12-05T00:00:00Z'), 3],
    ]);
  });

  it('few at once and bounded, and HEAD takes nothing and leaves no record', async () => {
    const recorded: AuditEntry[] = [];
    const { kysely: db } = house.database.db;
    const house_ = { db, district: 441802, now: () => house.clock.now(), tell: async () => undefined, onFault: () => undefined };
    const audit = { record: async (entry: AuditEntry) => void recorded.push(entry) };
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', PEOPLE.district);
      c.set('sessionId', 'a-session');
      await next();
    });
    app.route('/', tableRoutes(house_, audit, { ...LIMITS, csvRows: 1_000, xlsxRows: 40, atOnce: 1, waiting: 0 }));
    const taken = async (file: string, method = 'GET') => {
      const answer = await app.request(`/cobuild/exports/${file}`, { method });
      return answer.headers.get('content-type')?.includes('json') === true
        ? ((await answer.json()) as { code: string }).code
        : answer.status;
    };
    expect((await app.request('/cobuild/exports/needs.csv', { method: 'HEAD' })).status).toBe(405);
    expect(recorded).toEqual([]);
    expect(await taken('claims.xlsx')).toBe('export-too-large');
    expect(await taken('needs.xlsx')).toBe(200);
    expect(await taken('claims.csv')).toBe(200);
    const both = await Promise.all([taken('needs.xlsx'), taken('needs.xlsx')]);
    expect(both.sort()).toEqual([200, 'busy']);
    const names = recorded.map(({ detail }) => (detail as { what: string }).what);
    expect(names).toEqual(['needs.xlsx', 'claims.csv', 'needs.xlsx']);
  });

  it('runs no formula that somebody typed into a name', () => {
    const shown = (value: string | number) =>
      csvOf([{ zh: '名', en: 'Name', of: (one: string | number) => one }], [value], 'en').slice('\uFEFFName\r\n'.length, -'\r\n'.length);
    for (const text of ['=HYPERLINK("http://x")', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '  =1']) {
      expect(shown(text).replace(/^"/, '').startsWith("'"), JSON.stringify(text)).toBe(true);
    }
    expect(shown('=1,"2"')).toBe('"\'=1,""2"""');
    expect(shown(-1)).toBe('-1');
  });
});
