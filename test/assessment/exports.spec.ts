/** 导出: what leaves as a file is what the caller sees, guarded, bounded and on record. */
import { parse } from 'csv-parse/sync';
import { randomUUID } from 'node:crypto';
import readXlsx from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvStream } from '../../src/assessment/exports/csv-stream.ts';
import { exportRoutes, type ExportRoutesDeps } from '../../src/assessment/exports/routes.ts';
import { dayFigures } from '../../src/assessment/day.ts';
import { Ledger } from '../../src/assessment/ledger.ts';
import { BOM, csvLines } from '../../src/csv.ts';
import type { AuditEntry } from '../../src/identity/audit.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { Problem } from '../../src/errors.ts';
import { answerProblem, newRouter } from '../../src/router.ts';
import { DISTRICT, done, openDeskWorld, peopleOf, pointIn, reportInput, type DeskWorld } from '../dispatch/desk-world.ts';

/** More than two pages of the export. */
const REPORTS = 2_100;
const HERE = 60;

let world: DeskWorld;
let ledger: Ledger;
const noted: AuditEntry[] = [];
let ask: (actor: Actor, path: string, limits?: ExportRoutesDeps['limits']) => Promise<Response>;

beforeAll(async () => {
  world = await openDeskWorld();
  const { db, deps } = world;
  ledger = new Ledger({ db: db.kysely, district: DISTRICT, rules: deps.rules });
  const cells = [...world.reference.cells.values()];
  const elsewhere = cells.find((c) => c.subdistrict !== world.cell.subdistrict)!;
  const points = new Map([world.cell, elsewhere].map((cell) => [cell, pointIn(world.reference, cell)]));
  // Many at once: the journal writes them together.
  await Promise.all(
    Array.from({ length: REPORTS }, async (_, i) => {
      const cell = i < HERE ? world.cell : elsewhere;
      const input = { ...reportInput(world), position: points.get(cell)!, description: '=HYPERLINK("x")' };
      return done(await world.desk.report(input, peopleOf(cell).gridWorker, randomUUID()));
    }),
  );
  ask = async (actor, path, limits) => {
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', actor);
      c.set('sessionId', randomUUID());
      await next();
    });
    app.route(
      '/',
      exportRoutes({
        db: db.kysely,
        clock: world.clock,
        reference: () => world.reference,
        audit: { record: async (entry) => void noted.push(entry) },
        figures: (view) => dayFigures(db.kysely, view),
        catchUp: () => ledger.catchUp(),
        ...(limits === undefined ? {} : { limits }),
      }),
    );
    app.onError((error, c) => {
      if (error instanceof Problem) return answerProblem(c, error);
      throw error;
    });
    return app.request(path);
  };
}, 120_000);
afterAll(() => world.close());

const rowsOf = (text: string) => parse(text, { bom: true, relax_column_count: true }) as string[][];

describe('incidents as CSV', () => {
  it('are all that the district has, with a mark that Excel understands', async () => {
    const answer = await ask(world.people.district, '/exports/incidents.csv');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="incidents-\d{4}-\d\d-\d\d\.csv"$/);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows = rowsOf(new TextDecoder().decode(bytes));
    expect(rows).toHaveLength(1 + REPORTS);
    expect(new Set(rows.slice(1).map((r) => r[0])).size).toBe(REPORTS);
    // What people wrote stays inside.
    expect(rows.flat().some((cell) => cell.includes('HYPERLINK'))).toBe(false);
  });

  it('are of the caller’s place alone', async () => {
    const rows = rowsOf(await (await ask(world.people.subdistrict, '/exports/incidents.csv')).text());
    expect(rows).toHaveLength(1 + HERE);
    const narrowed = rowsOf(
      await (await ask(world.people.district, `/exports/incidents.csv?community=${world.cell.community}&language=en`)).text(),
    );
    expect(narrowed).toHaveLength(1 + HERE);
    expect(narrowed[0]![0]).toBe('Number');
  });

  it('come page by page, not as a whole', async () => {
    const answer = await ask(world.people.district, '/exports/incidents.csv');
    const reader = answer.body!.getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value).split('\r\n').length).toBeLessThan(1_100);
    await reader.cancel();
  });

  it('are on record: who, what, and how many rows', async () => {
    noted.length = 0;
    await (await ask(world.people.district, '/exports/incidents.csv?from=2020-01-01&to=2020-01-02')).text();
    expect(noted).toMatchObject([
      {
        what: 'exported',
        account: world.people.district.account,
        detail: { what: 'incidents.csv', rows: 0, from: '2020-01-01', to: '2020-01-02' },
      },
    ]);
    const kept = await world.db.kysely
      .insertInto('audit')
      .values({ district: DISTRICT, what: 'exported', account: null, session: null, address: null, detail: '{}' })
      .returning('what')
      .execute();
    expect(kept).toEqual([{ what: 'exported' }]);
  });
});

describe('exports', () => {
  it('are for those who answer for a place', async () => {
    for (const actor of [world.people.gridWorker, world.people.unit('urban-traffic')]) {
      expect((await ask(actor, '/exports/incidents.csv')).status).toBe(403);
    }
  });
  it.each(['incidents.csv', 'incidents.xlsx', 'moves.csv'])('are bounded: %s', async (file) => {
    const answer = await ask(world.people.district, `/exports/${file}`, { csvRows: 100, xlsxRows: 100 });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'export-too-large', mostRows: 100 });
  });
  it('give their place back: refused, read, given up, or not taken in time', async () => {
    const one = { atOnce: 1, waiting: 0 };
    const appWith = (streamMs: number) => {
      const app = newRouter();
      app.use(async (c, next) => {
        c.set('actor', world.people.district);
        c.set('sessionId', randomUUID());
        await next();
      });
      app.route(
        '/',
        exportRoutes({
          db: world.db.kysely,
          clock: world.clock,
          reference: () => world.reference,
          audit: { record: async () => undefined },
          figures: (view) => dayFigures(world.db.kysely, view),
          catchUp: () => ledger.catchUp(),
          limits: { ...one, xlsxRows: 10, streamMs },
        }),
      );
      return app;
    };
    const app = appWith(600_000);
    const held = await app.request('/exports/incidents.csv');
    expect((await app.request('/exports/figures.csv')).status).toBe(503);
    await held.body!.cancel();
    expect((await app.request('/exports/incidents.xlsx')).status).toBe(422);
    expect((await (await app.request('/exports/figures.csv')).text()).length).toBeGreaterThan(100);

    const hasty = appWith(50);
    const forgotten = await hasty.request('/exports/moves.csv');
    await expect.poll(async () => (await hasty.request('/exports/figures.csv')).status, { timeout: 90_000 }).toBe(200);
    await expect(forgotten.text()).rejects.toThrow();
  }, 120_000);
  it('are not begun by HEAD, whose body nobody reads: no place is taken, and nothing is on record', async () => {
    const app = newRouter();
    const recorded: AuditEntry[] = [];
    app.use(async (c, next) => {
      c.set('actor', world.people.district);
      c.set('sessionId', randomUUID());
      await next();
    });
    app.route(
      '/',
      exportRoutes({
        db: world.db.kysely,
        clock: world.clock,
        reference: () => world.reference,
        audit: { record: async (entry) => void recorded.push(entry) },
        figures: (view) => dayFigures(world.db.kysely, view),
        catchUp: () => ledger.catchUp(),
        limits: { atOnce: 1, waiting: 0 },
      }),
    );
    for (const file of ['incidents.csv', 'moves.csv', 'figures.csv', 'figures.xlsx', 'incidents.xlsx']) {
      const answer = await app.request(`/exports/${file}`, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('allow')], file).toEqual([405, 'GET']);
    }
    expect(recorded).toEqual([]);
    expect((await app.request('/exports/figures.csv')).status).toBe(200);
  });
  it('break off where reading fails, instead of ending early', async () => {
    let ended = 0;
    const table = {
      head: ['a'],
      count: async () => 2,
      async *pages() {
        yield [['1']];
        throw new Error('the database is away');
      },
    };
    await expect(new Response(csvStream(table, () => (ended += 1), 1_000)).text()).rejects.toThrow();
    expect(ended).toBe(1);
  });
});

describe('workbooks and the log', () => {
  it('hold the figures, a sheet for each part', async () => {
    const answer = await ask(world.people.district, '/exports/figures.xlsx');
    const sheets = await readXlsx(Buffer.from(await answer.arrayBuffer()));
    expect(JSON.stringify(sheets)).toContain('响应率');
    expect(JSON.stringify(sheets)).toContain('在办时长');
  });
  it('hold incidents with texts as texts', async () => {
    const answer = await ask(world.people.subdistrict, '/exports/incidents.xlsx');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(JSON.stringify(await readXlsx(bytes))).toContain(world.cell.code);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
  });
  it('hold each move once, in order', async () => {
    const rows = rowsOf(await (await ask(world.people.subdistrict, '/exports/moves.csv?language=en')).text());
    expect(rows).toHaveLength(1 + HERE);
    expect(new Set(rows.slice(1).map((r) => r[3]))).toEqual(new Set(['report']));
  });
});

describe('a field of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '\r=1'])('that a spreadsheet would run is a text: %j', (text) => {
    const [row] = rowsOf(BOM + csvLines([[text]]));
    expect(row![0]!.startsWith("'")).toBe(true);
  });
  it('survives commas, quotes and lines', () => {
    const nasty = ['a,b', '说"好"', '一\r\n二', ''];
    expect(rowsOf(BOM + csvLines([nasty]))[0]).toEqual(nasty);
  });
  it('keeps numbers numbers, below zero too', () => {
    expect(csvLines([[-5, 0.5, null]])).toBe('-5,0.5,\r\n');
  });
});
