/** What was taken out can be brought in: every table that goes both ways, as CSV and XLSX, in both languages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headingsOf, type ImportName } from '../../src/cobuild/import/headings.ts';
import { EXPORTS, IMPORTS } from '../../src/cobuild/table-routes.ts';
import { XLSX } from '../../src/exports/workbook.ts';
import { type CobuildHouse, openHouse, PEOPLE } from './house.ts';
import { newRouter } from '../../src/router.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

const BOTH_WAYS = [...IMPORTS.keys()].filter((name) => EXPORTS.has(name)) as ImportName[];
const bytesOf = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
  const app = newRouter();
  app.use(async (c, next) => {
    c.set('actor', PEOPLE.district);
    await next();
  });
  for (const router of house.service.routers) app.route('/', router);
  const answer = await app.request(path);
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
};
const bringIn = (table: string, bytes: Uint8Array<ArrayBuffer>, query = '') => {
  const form = new FormData();
  form.append('file', new File([bytes], 'table', { type: XLSX }));
  return house.ask(PEOPLE.district, 'POST', `/cobuild/imports/${table}${query}`, form);
};
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replace('\uFEFF', '');

it('goes both ways for every part with a list of its own', () => {
  expect(BOTH_WAYS).toEqual(
    expect.arrayContaining(['agreements', 'resources', 'plans', 'members', 'conferences', 'needs', 'activities', 'projects', 'leaders']),
  );
});

describe.each(BOTH_WAYS)('%s', (table) => {
  it.each(['csv', 'xlsx'].flatMap((kind) => ['zh-CN', 'en'].map((language) => [kind, language] as const)))(
    'taken out and brought in again as %s in %s is nothing new, and no fault',
    async (kind, language) => {
      const file = await bytesOf(`/cobuild/exports/${table}.${kind}?language=${language}`);
      const answer = await bringIn(table, file);
      expect(answer).toMatchObject({ status: 200, body: { fresh: 0, written: 0, findings: [] } });
      expect(answer.body.rows).toBeGreaterThan(0);
    },
  );

  it('takes a new row under the headings that it goes out with: nothing but the content can be wrong', async () => {
    const [head, row] = textOf(await bytesOf(`/cobuild/exports/${table}.csv`)).split('\r\n') as [string, string];
    const { body } = await bringIn(table, new TextEncoder().encode(`${head}\r\nnew-one${row.slice(row.indexOf(','))}\r\n`), '?dryRun=true');
    const codes = body.findings.map((one: { code: string }) => one.code);
    // A committee's export has the conference of its quarter in one column: a new one is brought in with the template.
    if (table !== 'committees') expect(codes).not.toContain('missing-column');
    expect(codes).not.toContain('not-allowed-value');
  });

  it('has no two columns of one name', () => {
    for (const language of ['zh', 'en'] as const) {
      const names = Object.values(headingsOf(table)).map((one) => one[language]);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('模板 (template)', () => {
  it.each(['members', 'conferences', 'agreements', 'plans', 'needs', 'resources', 'projects', 'activities'])(
    '%s: its example is read without fault, in both languages',
    async (table) => {
      for (const kind of ['csv', 'xlsx']) {
        for (const language of ['zh-CN', 'en']) {
          const file = await bytesOf(`/cobuild/imports/${table}.${kind}?language=${language}`);
          expect(await bringIn(table, file, '?dryRun=true')).toMatchObject({ status: 200, body: { rows: 1, fresh: 1, findings: [] } });
        }
      }
    },
  );

  it('is for whoever imports, and of tables that there are', async () => {
    expect((await house.ask(PEOPLE.fengcheng, 'GET', '/cobuild/imports/members.csv')).status).toBe(403);
    expect((await house.ask(PEOPLE.district, 'GET', '/cobuild/imports/bookings.csv')).status).toBe(404);
  });
});

describe('a fault (finding)', () => {
  it('calls columns and values what the table calls them', async () => {
    const text =
      '编码,委员会编码,单位编码,五联,签订,止,承诺,转为,转为编码\r\nnew-1,ximentang,ximentang-01,友谊联结,2027-01-04,2028-01-04,演示,,\r\n';
    const { status, body } = await bringIn('agreements', new TextEncoder().encode(text));
    expect(status).toBe(422);
    const [missing, links] = body.findings;
    expect(missing).toMatchObject({
      column: 'commitment_en',
      code: 'missing-column',
      heading: { 'zh-CN': '承诺（英文）', en: 'Commitment' },
    });
    expect(missing.what['zh-CN']).toContain('承诺（英文）');
    expect(missing.what.en).toContain('Commitment');
    expect(links).toMatchObject({ column: 'links', code: 'not-allowed-value', heading: { 'zh-CN': '五联' } });
    expect(links.whatToDo['zh-CN']).toContain('资源联享');
    const strange = text
      .replace('友谊联结', '资源联享')
      .replace('承诺,', '承诺,承诺（英文）,')
      .replace('演示,', '演示,Demo,')
      .replace(',ximentang,', ',nowhere,');
    const unknown = (await bringIn('agreements', new TextEncoder().encode(strange))).body.findings[0];
    expect(unknown).toMatchObject({ column: 'committee', code: 'unknown' });
    expect(unknown.whatToDo['zh-CN']).toMatch(/委员会编码$/);
  });
});
