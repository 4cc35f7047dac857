/** A table of 共建共治 into the database: all of it, or – with one bad row, or as a dry run – nothing. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { Schema } from '../../db/schema.ts';
import type { Finding } from '../../grid/import/findings.ts';
import { type Numbered, readRows } from '../../grid/import/read-rows.ts';
import { readSheetFile } from '../../grid/import/sheet.ts';
import type { House } from '../act.ts';
import { dayAt } from '../chain/days.ts';
import type { Loading } from './loading.ts';

/** How a table is read, checked and written. */
export interface TableImport<Row> {
  readonly schema: z.ZodType<Row, unknown>;
  /** What must hold between rows, and between rows and the district. */
  readonly check: (tx: Kysely<Schema>, district: number, rows: readonly Numbered<Row>[], loading: Loading) => Promise<Finding[]>;
  /** @returns how many were added. */
  readonly write: (tx: Kysely<Schema>, district: number, rows: readonly Row[], loading: Loading) => Promise<number>;
}

/** Makes tables whose rows are checked against what the district has. @param known  reads it, once for each import. */
export function tablesBeside<Known>(known: (tx: Kysely<Schema>, district: number) => Promise<Known>) {
  return <Row>(
    schema: TableImport<Row>['schema'],
    check: (rows: readonly Numbered<Row>[], known: Known, loading: Loading) => Finding[],
    write: TableImport<Row>['write'],
  ): TableImport<Row> => ({
    schema,
    check: async (tx, district, rows, loading) => check(rows, await known(tx, district), loading),
    write,
  });
}

export interface ImportOutcome {
  readonly dryRun: boolean;
  /** Rows that were read without fault. */
  readonly rows: number;
  /** 0 with findings and in a dry run; what the log knew already is left as it is and not counted. */
  readonly written: number;
  readonly findings: readonly Finding[];
}

/** One import at a time in a database: the second checks against what the first has written. */
const LOCK = 441802019;

export async function importTable<Row>(
  { db, district, now }: House,
  table: TableImport<Row>,
  bytes: Uint8Array,
  { dryRun, shiftDays, account }: { readonly dryRun: boolean; readonly shiftDays: number; readonly account: string },
): Promise<ImportOutcome> {
  const read = await readSheetFile(bytes);
  if ('findings' in read) return { dryRun, rows: 0, written: 0, findings: read.findings };
  const { rows, findings: fields } = readRows(read.sheet, table.schema);
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    // A row that was refused is missing for its neighbours too: said once, by the row.
    const at = now();
    const loading = { shiftDays, today: dayAt(at), now: at, account };
    const findings = fields.length > 0 ? fields : await table.check(tx, district, rows, loading);
    const writes = findings.length === 0 && !dryRun;
    const values = rows.map((row) => row.value);
    const written = writes ? await table.write(tx, district, values, loading) : 0;
    return { dryRun, rows: rows.length, written, findings: [...findings].sort((a, b) => (a.row ?? 0) - (b.row ?? 0)) };
  });
}
