import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importInto } from '../../src/grid/import/importer.ts';
import { openReference, type ReferenceSource } from '../../src/grid/reference.ts';
import { gridRoutes } from '../../src/grid/routes.ts';
import type { Role } from '../../src/identity/actor.ts';
import { newRouter } from '../../src/router.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

describe('reference data over HTTP', () => {
  let database: TestDatabase;
  let source: ReferenceSource;
  let as: (role: Role) => (path: string, init?: RequestInit) => Promise<Response>;
  beforeAll(async () => {
    database = await openTestDatabase({ world: true });
    source = await openReference(database.db.kysely, 441802);
    const routes = gridRoutes({ reference: source.current, importFile: importInto(database.db.kysely, 441802, source.reload) });
    as = (role) => {
      const app = newRouter();
      app.use(async (c, next) => {
        c.set('actor', { account: role, role, district: 441802 });
        await next();
      });
      app.route('/', routes);
      return async (path, init) => app.request(path, init);
    };
  });
  afterAll(() => database.drop());

  it('says where a point lies, with names', async () => {
    const { lng, lat } = source.current().units.get('fengcheng-police')!.position;
    const answer = await as('gridWorker')(`/cells/at?lng=${lng}&lat=${lat}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      cell: { code: expect.stringMatching(/^441802006005\d{3}$/) },
      community: { code: '441802006005' },
      subdistrict: { code: '441802006', nameZh: '凤城街道', nameEn: 'Fengcheng Subdistrict' },
    });
  });

  it('answers 404 outside the district and 422 for what is no position', async () => {
    const outside = await as('gridWorker')('/cells/at?lng=116.39&lat=39.9');
    expect([outside.status, await outside.json()]).toMatchObject([404, { code: 'not-found', whatToDo: { 'zh-CN': expect.any(String) } }]);
    for (const query of ['', '?lng=x&lat=1', '?lng=&lat=', '?lng=181&lat=1', '?lng=1e2&lat=1', '?lng=Infinity&lat=1']) {
      const refused = await as('gridWorker')(`/cells/at${query}`);
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([422, 'invalid-query']);
    }
  });

  it.each([
    ['/subdistricts', 8],
    ['/communities', 164],
    ['/units', 76],
    ['/categories', 159],
  ])('lists %s', async (path, count) => {
    const answer = await as('auditor')(path);
    const { items, next } = (await answer.json()) as { items: { code: string; geometry?: unknown }[]; next: null };
    expect([items.length, next]).toEqual([count, null]);
    expect(items.every((item) => item.code !== '' && item.geometry === undefined)).toBe(true);
  });

  it.each([
    ['/cells.geojson', 896, ['code', 'community', 'name', 'subdistrict']],
    ['/subdistricts.geojson', 8, ['code', 'kind', 'name', 'nameEn']],
    ['/district.geojson', 1, ['code', 'name', 'nameEn']],
  ])('draws %s with no more than a map needs', async (path, count, properties) => {
    const answer = await as('unit')(path);
    expect(answer.headers.get('content-type')).toContain('application/geo+json');
    const text = await answer.text();
    const { features } = JSON.parse(text) as { features: { properties: object; geometry: { type: string } }[] };
    expect(features).toHaveLength(count);
    expect(Object.keys(features[0]!.properties).sort()).toEqual(properties);
    expect(text).not.toMatch(/\.\d{7}/);
    expect(text.length).toBeLessThan(400_000);
  });

  it('answers 304 to who has this version, and the new one after an import', async () => {
    const ask = (etag: string) => as('district')('/units', { headers: { 'If-None-Match': etag } });
    const first = await as('district')('/units');
    const etag = first.headers.get('etag')!;
    expect([first.headers.get('cache-control'), (await ask(etag)).status, (await ask(`"x", ${etag}`)).status]).toEqual([
      'private, no-cache',
      304,
      304,
    ]);
    expect((await ask('W/"other"')).status).toBe(200);
    await database.db.kysely.updateTable('unit').set({ crews: 7 }).where('code', '=', 'fengcheng-police').execute();
    await source.reload();
    expect((await ask(etag)).status).toBe(200);
  });

  describe('imports', () => {
    const form = (text: string) => {
      const body = new FormData();
      body.set('file', new Blob([text]), 'units.csv');
      return { method: 'POST', body };
    };
    const GOOD =
      '单位编码,单位名称,单位类型,经度,纬度,班次,班组数,替补单位\nnew-fire,新队,消防救援站,113.05335,23.61661,三班全天,2,fengcheng-fire';
    const standIn = () => [...source.current().units.values()].find((unit) => unit.type === 'fire-rescue')!.code;
    const good = () => GOOD.replace('fengcheng-fire', standIn());

    it('are for admins only', async () => {
      for (const role of ['gridWorker', 'community', 'subdistrict', 'district', 'unit', 'member', 'leader', 'auditor'] as const) {
        const refused = await as(role)('/imports/units', form(good()));
        expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'not-allowed']);
      }
    });

    it('write nothing in a dry run, and then at once', async () => {
      const dry = await as('admin')('/imports/units?dryRun=true', form(good()));
      expect([dry.status, await dry.json()]).toMatchObject([200, { dryRun: true, rows: 1, written: 0, findings: [] }]);
      expect(source.current().units.has('new-fire')).toBe(false);
      const real = await as('admin')('/imports/units', form(good()));
      expect([real.status, await real.json()]).toMatchObject([200, { written: 1, findings: [] }]);
      expect(source.current().units.get('new-fire')?.subdistrict).toBe('441802009');
    });

    it('answer 422 with every finding', async () => {
      const answer = await as('admin')('/imports/units', form(good().replace('113.05335', 'x')));
      expect(answer.status).toBe(422);
      const { findings } = (await answer.json()) as { findings: { row: number; column: string; whatToDo: object }[] };
      expect(findings).toContainEqual(
        expect.objectContaining({
          row: 2,
          column: 'lng',
          code: 'not-a-number',
          whatToDo: { 'zh-CN': expect.any(String), en: expect.any(String) },
        }),
      );
    });

    it('refuse an unknown subject, a missing file and a name without a type', async () => {
      const code = async (path: string, init: RequestInit) => {
        const answer = await as('admin')(path, init);
        return [answer.status, ((await answer.json()) as { code: string }).code];
      };
      expect(await code('/imports/people', form(good()))).toEqual([422, 'invalid-query']);
      expect(await code('/imports/units', { method: 'POST', body: new FormData() })).toEqual([422, 'invalid-body']);
      expect(await code('/imports/categories?as=x', form(good()))).toEqual([422, 'invalid-query']);
    });
  });
});
