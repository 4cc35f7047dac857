/** Tables of 共建共治 in and out: CSV and XLSX, one pair of routes for every object. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { fileGate, type Limits, LIMITS } from '../exports/file-gate.ts';
import { XLSX, xlsxOf } from '../exports/workbook.ts';
import type { Audit } from '../identity/audit.ts';
import type { Actor } from '../identity/actor.ts';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import type { House } from './act.ts';
import { dayAt } from './chain/days.ts';
import { areaOf } from './chain/scope.ts';
import { NEEDS_EXPORTS } from './export/needs-tables.ts';
import { PEOPLE_EXPORTS, type TableExport } from './export/people-tables.ts';
import { csvOf, sheetOf, templateOf } from './export/sheet.ts';
import type { ImportName } from './import/headings.ts';
import { importTable, type TableImport } from './import/importer.ts';
import { NEEDS_IMPORTS } from './import/needs-tables.ts';
import { PEOPLE_IMPORTS } from './import/people-tables.ts';
import { PROJECT_IMPORTS } from './import/project-tables.ts';
import { tags } from './route-frame.ts';

/** What there is to bring in and to take out. */
export const IMPORTS: ReadonlyMap<string, TableImport<never>> = new Map(
  Object.entries({ ...PEOPLE_IMPORTS, ...NEEDS_IMPORTS, ...PROJECT_IMPORTS } as unknown as Record<string, TableImport<never>>),
);
export const EXPORTS: ReadonlyMap<string, TableExport<never>> = new Map(
  Object.entries({ ...PEOPLE_EXPORTS, ...NEEDS_EXPORTS } as unknown as Record<string, TableExport<never>>),
);

/** A year to either side: a demo world is moved, a table of last year is not made new. */
const MOST_SHIFT_DAYS = 366;
const Words = z.object({ 'zh-CN': z.string(), en: z.string() });
const OutcomeSchema = z
  .object({
    dryRun: z.boolean(),
    rows: z.number().int(),
    fresh: z.number().int().openapi({ description: 'Of the rows those that are not there yet' }),
    written: z.number().int(),
    findings: z.array(
      z.object({
        row: z.number().int().nullable(),
        column: z.string().nullable(),
        heading: Words.nullable().openapi({ description: 'What the column is called in a table that was taken out' }),
        code: z.string(),
        what: Words,
        whatToDo: Words,
      }),
    ),
  })
  .openapi('CobuildImportOutcome');
const outcome = (description: string) => ({ description, content: { 'application/json': { schema: OutcomeSchema } } });

const postImport = createRoute({
  method: 'post',
  path: '/cobuild/imports/{table}',
  tags,
  summary: '导入 Add the rows of a table (CSV, XLSX); with a bad row nothing is written, and what is known already stays',
  request: {
    params: z.object({ table: z.string().max(40) }),
    query: z.object({
      dryRun: z.enum(['true', 'false']).default('false'),
      shiftDays: z.coerce
        .number()
        .int()
        .min(-MOST_SHIFT_DAYS)
        .max(MOST_SHIFT_DAYS)
        .default(0)
        .openapi({ description: 'All dates move so many days' }),
    }),
    body: {
      required: true,
      content: { 'multipart/form-data': { schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }) } },
    },
  },
  responses: {
    200: outcome('Read without fault: written, or in a dry run fit to be'),
    422: outcome('Nothing written; each finding names row, column, what is wrong and what to do'),
    ...problems('not-allowed', 'not-found'),
  },
});
const getTemplate = createRoute({
  method: 'get',
  path: '/cobuild/imports/{file}',
  tags,
  summary: '模板 What a table to bring in looks like: its headings and one example row, as CSV or XLSX',
  request: {
    params: z.object({ file: z.string().regex(/^[a-z_]{1,40}\.(csv|xlsx)$/) }),
    query: z.object({ language: z.enum(['zh-CN', 'en']).default('zh-CN') }),
  },
  responses: {
    200: { description: 'Two rows', content: { 'text/csv': { schema: z.string() }, [XLSX]: { schema: z.any() } } },
    ...problems('not-allowed', 'not-found', 'invalid-query'),
  },
});
const getExport = createRoute({
  method: 'get',
  path: '/cobuild/exports/{file}',
  tags,
  summary: '导出 A table as CSV or XLSX: `members.csv`, `agreements.xlsx`',
  request: {
    params: z.object({ file: z.string().regex(/^[a-z-]{1,40}\.(csv|xlsx)$/) }),
    query: z.object({ language: z.enum(['zh-CN', 'en']).default('zh-CN') }),
  },
  responses: {
    200: { description: 'What the caller sees', content: { 'text/csv': { schema: z.string() }, [XLSX]: { schema: z.any() } } },
    ...problems('not-allowed', 'not-found', 'nothing-to-export', 'invalid-query', 'export-too-large', 'busy'),
  },
});

const mayImport = ({ role }: Pick<Actor, 'role'>): boolean => role === 'admin' || role === 'district';

export function tableRoutes(house: House, audit: Pick<Audit, 'record'>, limits: Limits = LIMITS): OpenAPIHono<AppEnv> {
  const app = newRouter();
  const gate = fileGate(audit, limits);

  app.openapi(postImport, async (c) => {
    const { account } = c.var.actor;
    if (!mayImport(c.var.actor)) return problem(c, 'not-allowed', 'tables are imported by admins and the district');
    const { table: name } = c.req.valid('param');
    const table = IMPORTS.get(name);
    if (table === undefined) return problem(c, 'not-found');
    const { file } = c.req.valid('form') as { file: unknown };
    if (!(file instanceof File)) return problem(c, 'invalid-body', undefined, { errors: [{ path: 'file', message: 'a file is needed' }] });
    const { dryRun, shiftDays } = c.req.valid('query');
    const bytes = new Uint8Array(await file.arrayBuffer());
    const done = await importTable(house, name as ImportName, table, bytes, { dryRun: dryRun === 'true', shiftDays, account });
    return c.json({ ...done, findings: [...done.findings] }, done.findings.length > 0 ? 422 : 200);
  });

  app.openapi(getTemplate, async (c) => {
    if (!mayImport(c.var.actor)) return problem(c, 'not-allowed', 'tables are imported by admins and the district');
    const [name, kind] = c.req.valid('param').file.split('.') as [string, 'csv' | 'xlsx'];
    if (!IMPORTS.has(name)) return problem(c, 'not-found');
    const { language } = c.req.valid('query');
    const { columns, row } = templateOf(name as ImportName);
    const body = kind === 'csv' ? csvOf(columns, [row], language) : await xlsxOf([sheetOf(name, columns, [row], language)]);
    const type = kind === 'csv' ? 'text/csv; charset=utf-8' : XLSX;
    const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}-template.${kind}"` };
    return c.body(body, 200, headers) as unknown as ReturnType<typeof problem>;
  });

  app.openapi(getExport, async (c) => {
    const { actor } = c.var;
    // Members have their own papers on their page; tables of everybody's names are for offices.
    if (areaOf(actor) === null || actor.role === 'member') return problem(c, 'not-allowed');
    const [name, kind] = c.req.valid('param').file.split('.') as [string, 'csv' | 'xlsx'];
    const table = EXPORTS.get(name);
    if (table === undefined) return problem(c, 'not-found');
    const { language } = c.req.valid('query');
    const at = house.now();
    return gate(c, { name, days: dayAt(at) }, async (done) => {
      const rows = await table.rows(house.db, house.district, actor, at);
      const most = kind === 'csv' ? limits.csvRows : limits.xlsxRows;
      if (rows.length === 0) return 'nothing';
      if (rows.length > most) return { tooLarge: most };
      const type = kind === 'csv' ? 'text/csv; charset=utf-8' : XLSX;
      const body = kind === 'csv' ? csvOf(table.columns, rows, language) : await xlsxOf([sheetOf(name, table.columns, rows, language)]);
      done();
      return { rows: rows.length, type, ending: kind, body };
    });
  });
  return app;
}
