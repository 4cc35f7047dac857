/** Rows as CSV or as a sheet, with the columns in the reader's language. */
import { BOM, csvLines, type CsvValue, type Sheet } from '../../csv.ts';
import { headingsOf, type ImportName, wordIn } from '../import/headings.ts';

export type Language = 'zh-CN' | 'en';

export interface Column<T> {
  readonly zh: string;
  readonly en: string;
  /** @returns days as `YYYY-MM-DD`, numbers as numbers. */
  readonly of: (row: T, language: Language) => CsvValue;
  /** In characters, for XLSX. */
  readonly width?: number;
}

/** What a row writes into a column that can be brought in again. */
interface Filled<T> {
  readonly of: (row: T) => CsvValue | readonly string[];
  readonly width?: number;
}

/**
 * Columns that an import reads, under its headings and with codes in words.
 *
 * @throws Error if the import has no such column: a mistake of ours.
 */
export function columnsOf<T>(table: ImportName, columns: Readonly<Record<string, Filled<T>['of'] | Filled<T>>>): Column<T>[] {
  const headings = headingsOf(table);
  return Object.entries(columns).map(([name, column]) => {
    const heading = headings[name];
    if (heading === undefined) throw new Error(`${table} has no column ${name}`);
    const { of, width } = typeof column === 'function' ? { of: column } : column;
    const text = (row: T, language: Language): CsvValue => {
      const value = of(row);
      if (value === null || typeof value === 'number') return value;
      const parts = typeof value === 'string' ? [value] : value;
      const apart = heading.many === true ? (language === 'zh-CN' ? '、' : '; ') : ';';
      return parts.map((part) => wordIn(heading, part, language)).join(apart);
    };
    return { zh: heading.zh, en: heading.en, of: text, ...(width === undefined ? {} : { width }) };
  });
}

/** All columns of an import, and the one example row. */
export function templateOf(table: ImportName): {
  readonly columns: Column<Readonly<Record<string, string>>>[];
  readonly row: Readonly<Record<string, string>>;
} {
  const headings = Object.entries(headingsOf(table));
  return {
    columns: headings.map(([name, { zh, en, example, values = [] }]) => ({
      zh,
      en,
      // Its words are Chinese as they stand in the table of headings.
      of: (row, language) =>
        language === 'en' ? (values.find((one) => one.zh === example)?.en ?? row[name] ?? null) : (row[name] ?? null),
    })),
    row: Object.fromEntries(headings.map(([name, { example }]) => [name, example])),
  };
}

export function csvOf<T>(columns: readonly Column<T>[], rows: readonly T[], language: Language): string {
  return BOM + csvLines([heads(columns, language), ...rows.map((row) => columns.map((column) => column.of(row, language)))]);
}

/** As a sheet of a workbook. */
export function sheetOf<T>(name: string, columns: readonly Column<T>[], rows: readonly T[], language: Language): Sheet {
  return {
    name,
    head: heads(columns, language),
    rows: rows.map((row) => columns.map((column) => column.of(row, language))),
    widths: columns.map(({ width = 16 }) => width),
    days: true,
  };
}

function heads<T>(columns: readonly Column<T>[], language: Language): string[] {
  return columns.map((column) => (language === 'zh-CN' ? column.zh : column.en));
}
