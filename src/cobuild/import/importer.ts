/** A table of 共建共治 into the database: all of it, or – with one bad row, or as a dry run – nothing. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { Schema } from '../../db/schema.ts';
import type { Finding, Words } from '../../grid/import/findings.ts';
import { type ColumnWords, type Numbered, readRows } from '../../grid/import/read-rows.ts';
import { readSheetFile, type Sheet } from '../../grid/import/sheet.ts';
import { type House, writing } from '../act.ts';
import { dayAt } from '../chain/days.ts';
import { loggedObjects } from '../log.ts';
import { codesIn, columnOf, headingsOf, type ImportName, wordIn } from './headings.ts';
import type { Loading } from './loading.ts';

/** How a table is read, checked and written. */
export interface TableImport<Row> {
  /** Of its objects in the log. */
  readonly kind: string;
  readonly schema: z.ZodType<Row, unknown>;
  /** What must hold between rows, and between rows and the district. */
  readonly check: (tx: Kysely<Schema>, district: number, rows: readonly Numbered<Row>[], loading: Loading) => Promise<Finding[]>;
  /** @returns how many were added. */
  readonly write: (tx: Kysely<Schema>, district: number, rows: readonly Row[], loading: Loading) => Promise<number>;
}

/** Makes tables whose rows are checked against what the district has. @param known  reads it, once for each import. */
export function tablesBeside<Known>(known: (tx: Kysely<Schema>, district: number) => Promise<Known>) {
  return <Row>(
    kind: string,
    schema: TableImport<Row>['schema'],
    check: (rows: readonly Numbered<Row>[], known: Known, loading: Loading) => Finding[],
    write: TableImport<Row>['write'],
  ): TableImport<Row> => ({
    kind,
    schema,
    check: async (tx, district, rows, loading) => check(rows, await known(tx, district), loading),
    write,
  });
}

/** A finding with what people call its column. */
export interface NamedFinding extends Finding {
  readonly heading: Words | null;
}

export interface ImportOutcome {
  readonly dryRun: boolean;
  /** Rows that were read without fault. */
  readonly rows: number;
  /** Of them those that are new: what the log knows already is neither looked at nor written. */
  readonly fresh: number;
  /** 0 with findings and in a dry run. */
  readonly written: number;
  readonly findings: readonly NamedFinding[];
}

/** One import at a time in a database: the second checks against what the first has written. */
const LOCK = 441802019;

export async function importTable<Row>(
  house: House,
  name: ImportName,
  table: TableImport<Row>,
  bytes: Uint8Array,
  { dryRun, shiftDays, account }: { readonly dryRun: boolean; readonly shiftDays: number; readonly account: string },
): Promise<ImportOutcome> {
  const { district, now } = house;
  const headings = headingsOf(name);
  const named = (findings: readonly Finding[]) => findings.map((one) => ({ ...one, heading: headingWords(headings, one.column) }));
  const read = await readSheetFile(bytes);
  if ('findings' in read) return { dryRun, rows: 0, fresh: 0, written: 0, findings: named(read.findings) };
  const sheet = inCodes(read.sheet, headings);
  return writing(house, async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    const known = await loggedObjects(tx, district, table.kind);
    const unknown = sheet.rows.filter(({ cells }) => !known.has(cells.get('code') ?? ''));
    const { rows, findings: fields } = readRows({ ...sheet, rows: unknown }, table.schema, wordsOf(headings));
    // A row that was refused is missing for its neighbours too: said once, by the row.
    const at = now();
    const loading = { shiftDays, today: dayAt(at), now: at, account };
    const findings = fields.length > 0 ? fields : await table.check(tx, district, rows, loading);
    const writes = findings.length === 0 && !dryRun;
    const values = rows.map((row) => row.value);
    const written = writes ? await table.write(tx, district, values, loading) : 0;
    const read = { rows: rows.length + sheet.rows.length - unknown.length, fresh: rows.length };
    return { dryRun, ...read, written, findings: named([...findings].sort((a, b) => (a.row ?? 0) - (b.row ?? 0))) };
  });
}

/** A sheet with headings and values as people write them → with the names of columns and with codes. */
function inCodes(sheet: Sheet, headings: ReturnType<typeof headingsOf>): Sheet {
  const names = new Map(sheet.columns.map((written) => [written, columnOf(headings, written)]));
  const rows = sheet.rows.map(({ number, cells }) => {
    const coded = new Map<string, string>();
    for (const [written, text] of cells) {
      const name = names.get(written)!;
      const heading = headings[name];
      coded.set(name, heading === undefined ? text : codesIn(heading, text));
    }
    return { number, cells: coded };
  });
  return { columns: [...names.values()], rows };
}

function headingWords(headings: ReturnType<typeof headingsOf>, column: string | null): Words | null {
  const heading = column === null ? undefined : headings[column];
  return heading === undefined ? null : { 'zh-CN': heading.zh, en: heading.en };
}

function wordsOf(headings: ReturnType<typeof headingsOf>): ColumnWords {
  const listed = (column: string, codes: readonly string[], language: keyof Words) =>
    codes.map((code) => (headings[column] === undefined ? code : wordIn(headings[column], code, language)));
  return {
    heading: (column) => headingWords(headings, column) ?? column,
    valuesOf: (column, codes) => ({ 'zh-CN': listed(column, codes, 'zh-CN').join('、'), en: listed(column, codes, 'en').join(', ') }),
  };
}
