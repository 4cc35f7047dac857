/** Figures, incidents and moves as files: in the caller's scope, on record, bounded, and read in pieces. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Kysely } from 'kysely';
import { dateOf } from '../../china-time.ts';
import { BOM, csvLines } from '../../csv.ts';
import type { Schema } from '../../db/schema.ts';
import type { Reference } from '../../grid/reference.ts';
import type { Audit } from '../../identity/audit.ts';
import { problems } from '../../problems.ts';
import { newRouter, problem, type AppEnv } from '../../router.ts';
import { makeSlots, NoSlot } from '../../slots.ts';
import { ExportQuery, type DayFigures } from '../schemas.ts';
import { viewOf, type View } from '../view.ts';
import { csvStream } from './csv-stream.ts';
import { asOneTable, figureSheets, type Sheet } from './figures.ts';
import { incidentTable, moveTable, type Table } from './incidents.ts';
import type { Language, Names } from './words.ts';
import { xlsxOf } from './xlsx.ts';

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

export interface Limits {
  readonly csvRows: number;
  readonly xlsxRows: number;
  readonly atOnce: number;
  readonly waiting: number;
  /** How long a client may take for a file, milliseconds. */
  readonly streamMs: number;
}
/**
 * Ours. A quarter of a district's year is some 50,000 incidents and a million moves; a spreadsheet as XLSX is packed in memory, so it is given
 * fewer. Two at once: an export is nobody's emergency.
 */
const LIMITS: Limits = { csvRows: 200_000, xlsxRows: 20_000, atOnce: 2, waiting: 4, streamMs: 300_000 };
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
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
  const slots = makeSlots(limits.atOnce, limits.waiting);

  /** Checks who asks and what for, takes a slot, and puts it on record before the first byte leaves. */
  async function given(
    c: Context<AppEnv>,
    what: What,
    query: ExportQuery,
    give: (view: View, language: Language, done: () => void) => Promise<Given>,
  ): Promise<ReturnType<typeof problem>> {
    const { actor, sessionId } = c.var;
    // hono answers HEAD with what GET gives and drops the body: nobody would read or cancel it, and the record would tell of a file that never left.
    if (c.req.method === 'HEAD') return problem(c, 'method-not-allowed', undefined, { allow: ['GET'] }, { Allow: 'GET' });
    if (!EXPORTERS.has(actor.role)) return problem(c, 'not-allowed', 'Exports are for those who answer for a place.');
    const view = viewOf(query, actor, deps.clock.now());
    if ('path' in view) return problem(c, 'invalid-query', undefined, { errors: [view] });
    const slot = await taken(slots);
    if (slot === null) return problem(c, 'busy', undefined, undefined, { 'Retry-After': '5' });
    try {
      await deps.catchUp();
      const answer = await give(view, query.language, slot);
      if ('tooLarge' in answer) {
        slot();
        return problem(c, 'export-too-large', `more than ${answer.tooLarge} rows`, { mostRows: answer.tooLarge });
      }
      const { rows, type, body, ending } = answer;
      const { from = '', to = '' } = query;
      await deps.audit.record({
        what: 'exported',
        account: actor.account,
        session: sessionId,
        detail: { what: `${what}.${ending}`, rows, from, to },
      });
      const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${what}-${fileDays(view)}.${ending}"` };
      return c.body(body, 200, headers) as unknown as ReturnType<typeof problem>;
    } catch (error) {
      slot();
      throw error;
    }
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

type Given =
  | { readonly tooLarge: number }
  | {
      readonly rows: number;
      readonly type: string;
      readonly ending: 'csv' | 'xlsx';
      readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
    };

/** @returns what gives the slot back, once or more often; null when none is free. */
function taken(slots: ReturnType<typeof makeSlots>): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    slots
      .run(() => new Promise<void>((done) => resolve(() => done())))
      .catch((error: unknown) => (error instanceof NoSlot ? resolve(null) : reject(error as Error)));
  });
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
