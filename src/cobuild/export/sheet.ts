/** Rows as CSV or as a sheet, with the columns in the reader's language. */
import { BOM, csvLines, type CsvValue, type Sheet } from '../../csv.ts';

export type Language = 'zh-CN' | 'en';

export interface Column<T> {
  readonly zh: string;
  readonly en: string;
  /** @returns days as `YYYY-MM-DD`, numbers as numbers. */
  readonly of: (row: T, language: Language) => CsvValue;
  /** In characters, for XLSX. */
  readonly width?: number;
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
