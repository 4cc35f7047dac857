/** Checked rows into the database. Each call belongs into a transaction of the caller: all or nothing. */
import { type Insertable, type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { CategoryTable, UnitTable } from '../../db/tables/grid.ts';
import type { CellRow } from './cell-checks.ts';
import type { CategoryRow, UnitRow } from './rows.ts';

/** PostgreSQL takes 65,535 parameters in one statement; no table here has more than 30 columns. */
const ROWS_PER_STATEMENT = 2000;

/** New rows for a table, in as few statements as its parameters allow. */
export async function insertRows<T extends keyof Schema & string>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<void> {
  for (const some of inParts(rows)) await db.insertInto(table).values(some).execute();
}

/** Adds units, and changes those whose code is there already. Others stay. */
export async function writeUnits(db: Kysely<Schema>, district: number, rows: readonly UnitRow[]): Promise<void> {
  for (const some of inParts(rows)) {
    const values = some.map((row): Insertable<UnitTable> => ({ district, ...row }));
    await db
      .insertInto('unit')
      .values(values)
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet(fromFile(values[0]!)))
      .execute();
  }
}

/** Adds category rows, and changes those whose row code is there already. Others stay: incidents refer to them. */
export async function writeCategories(db: Kysely<Schema>, district: number, rows: readonly CategoryRow[]): Promise<void> {
  for (const some of inParts(rows)) {
    const values = some.map((row): Insertable<CategoryTable> => ({ district, ...row }));
    await db
      .insertInto('category')
      .values(values)
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet(fromFile(values[0]!)))
      .execute();
  }
}

/** Puts a whole layer in place of the one that is there. Incidents keep the codes of cells that are gone. */
export async function replaceCells(db: Kysely<Schema>, district: number, rows: readonly CellRow[]): Promise<void> {
  await db.deleteFrom('cell').where('district', '=', district).execute();
  await insertRows(
    db,
    'cell',
    rows.map((row) => ({ district, ...row, geometry: JSON.stringify(row.geometry) })),
  );
}

/** `set column = excluded.column` for every column that is not the key. */
function fromFile(row: object): Record<string, unknown> {
  const columns = Object.keys(row).filter((column) => column !== 'district' && column !== 'code');
  return Object.fromEntries(columns.map((column) => [column, sql.ref(`excluded.${column}`)]));
}

function* inParts<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) yield rows.slice(from, from + ROWS_PER_STATEMENT);
}
