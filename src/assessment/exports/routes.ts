/** Figures, incidents and moves as files: in the caller's scope, on record, bounded, and read in pieces. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Kysely } from 'kysely';
import { dateOf } from '../../china-time.ts';
import { BOM, csvLines, type Sheet } from '../../csv.ts';
import type { Schema } from '../../db/schema.ts';
import { fileGate, type Given, type Limits, LIMITS } from '../../exports/file-gate.ts';
import { XLSX, xlsxOf } from '../../exports/workbook.ts';
import type { Reference } from '../../grid/reference.ts';
import type { Audit } from '../../identity/audit.ts';
import { problems } from '../../problems.ts';
import { newRouter, problem, type AppEnv } from '../../router.ts';
import { ExportQuery, type DayFigures } from '../schemas.ts';
import { viewOf, type View } from '../view.ts';
import { csvStream } from './csv-stream.ts';
import { asOneTable, figureSheets } from './figures.ts';
import { incidentTable, moveTable, type Table } from './incidents.ts';
import type { Language, Names } from './words.ts';

export interface ExportRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly clock: { now(): Date };
  readonly reference: () => Reference;
  readonly audit: Pick<Audit, 'record'>;
  readonly figures: (view: View) => Promise<DayFigures>;
  /** Everything of the log is in the ledger when it resolves. */
  readonly catchUp: () => Promise<void>;
  readonly limits?: Partial<Limits>;
}

/** Who works from lists of incidents. Units and grid workers have theirs on the page; members look at figures only. */
const EXPORTERS = new Set<string>(['community', 'subdistrict', 'district', 'leader', 'auditor', 'admin']);

const file = (path: string, summary: string, type: string) =>
  createRoute({
    method: 'get',
    path,
    tags: ['assessment'],
    summary,
    request: { query: ExportQuery },
    responses: {
      200: { description: type === XLSX ? 'XLSX' : 'CSV, UTF-8 with a byte order mark', content: { [type]: { schema: z.string() } } },
      ...problems('not-allowed', 'invalid-query', 'export-too-large', 'busy'),
    },
  });

const incidentsCsv = file('/exports/incidents.csv', '导出事件 The incidents that were reported in the period', 'text/csv');
const incidentsXlsx = file('/exports/incidents.xlsx', '导出事件 The same as a workbook', XLSX);
const movesCsv = file('/exports/moves.csv', '导出日志 The log of the incidents that were reported in the period', 'text/csv');
const figuresCsv = file('/exports/figures.csv', '导出效能 The figures of the period', 'text/csv');
const figuresXlsx = file('/exports/figures.xlsx', '导出效能 The same as a workbook, a sheet for each part', XLSX);

type What = 'incidents' | 'moves' | 'figures';

export function exportRoutes(deps: ExportRoutesDeps) {
  const limits = { ...LIMITS, ...deps.limits };
  const gate = fileGate(deps.audit, limits);

  /** Checks who asks and what for. */
  async function given(
    c: Context<AppEnv>,
    what: What,
    query: ExportQuery,
    give: (view: View, language: Language, done: () => void) => Promise<Given>,
  ): Promise<ReturnType<typeof problem>> {
    const { actor } = c.var;
    if (!EXPORTERS.has(actor.role)) return problem(c, 'not-allowed', 'Exports are for those who answer for a place.');
    const view = viewOf(query, actor, deps.clock.now());
    if ('path' in view) return problem(c, 'invalid-query', undefined, { errors: [view] });
    const { from = '', to = '' } = query;
    return gate(c, { name: what, days: fileDays(view), detail: { from, to } }, async (done) => {
      await deps.catchUp();
      return give(view, query.language, done);
    });
  }

  const csvOf = async (table: Table, done: () => void): Promise<Given> => {
    const rows = await table.count(limits.csvRows);
    if (rows > limits.csvRows) return { tooLarge: limits.csvRows };
    return { rows, type: 'text/csv; charset=utf-8', ending: 'csv', body: csvStream(table, done, limits.streamMs) };
  };
  const workbookOf = async (sheets: readonly Sheet[], done: () => void): Promise<Given> => {
    const body = await xlsxOf(sheets);
    done();
    return { rows: sheets.reduce((sum, s) => sum + s.rows.length, 0), type: XLSX, ending: 'xlsx', body };
  };
  const names = (language: Language): Names => namesOf(deps.reference(), language);

  return newRouter()
    .openapi(incidentsCsv, (c) =>
      given(c, 'incidents', c.req.valid('query'), (view, language, done) =>
        csvOf(incidentTable(deps.db, view, language, names(language)), done),
      ),
    )
    .openapi(movesCsv, (c) =>
      given(c, 'moves', c.req.valid('query'), (view, language, done) => csvOf(moveTable(deps.db, view, language), done)),
    )
    .openapi(incidentsXlsx, (c) =>
      given(c, 'incidents', c.req.valid('query'), async (view, language, done) => {
        const table = incidentTable(deps.db, view, language, names(language));
        if ((await table.count(limits.xlsxRows)) > limits.xlsxRows) return { tooLarge: limits.xlsxRows };
        const rows: Sheet['rows'][number][] = [];
        for await (const page of table.pages()) rows.push(...page);
        return workbookOf([{ name: language === 'en' ? 'Incidents' : '事件', head: table.head, rows }], done);
      }),
    )
    .openapi(figuresCsv, (c) =>
      given(c, 'figures', c.req.valid('query'), async (view, language, done) => {
        const rows = asOneTable(figureSheets(await deps.figures(view), language, names(language)));
        done();
        return { rows: rows.length, type: 'text/csv; charset=utf-8', ending: 'csv', body: BOM + csvLines(rows) };
      }),
    )
    .openapi(figuresXlsx, (c) =>
      given(c, 'figures', c.req.valid('query'), async (view, language, done) =>
        workbookOf(figureSheets(await deps.figures(view), language, names(language)), done),
      ),
    );
}

function fileDays({ firstDay, lastDay }: View): string {
  return firstDay === lastDay ? dateOf(firstDay) : `${dateOf(firstDay)}-${dateOf(lastDay)}`;
}

function namesOf(from: Reference, language: Language): Names {
  const named = (thing: { nameZh: string; nameEn: string | null } | undefined, code: string) =>
    (language === 'en' ? thing?.nameEn : null) ?? thing?.nameZh ?? code;
  return {
    category: (code) => named(from.category(code), code),
    community: (code) => named(from.communities.get(code), code),
    subdistrict: (code) => named(from.subdistricts.get(code), code),
    unit: (code) => named(from.units.get(code), code),
  };
}
