/** Rows as CSV or XLSX, with the columns in the reader's language. */
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { BOM, csvLines, type CsvValue } from '../../csv.ts';

export type Language = 'zh-CN' | 'en';

export interface Column<T> {
  readonly zh: string;
  readonly en: string;
  /** @returns days as `YYYY-MM-DD`, numbers as numbers. */
  readonly of: (row: T, language: Language) => CsvValue;
  /** In characters, for XLSX. */
  readonly width?: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function csvOf<T>(columns: readonly Column<T>[], rows: readonly T[], language: Language): string {
  return BOM + csvLines([heads(columns, language), ...rows.map((row) => columns.map((column) => column.of(row, language)))]);
}

/** In XLSX a text is marked as one, and so is never run; days are days. */
export async function xlsxOf<T>(columns: readonly Column<T>[], rows: readonly T[], language: Language): Promise<Uint8Array<ArrayBuffer>> {
  const data: SheetData = [
    heads(columns, language).map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...rows.map((row) => columns.map((column) => cell(column.of(row, language)))),
  ];
  const file = await writeXlsxFile(data, { columns: columns.map(({ width = 16 }) => ({ width })) }).toBuffer();
  return new Uint8Array(file);
}

function cell(value: CsvValue): SheetData[number][number] {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return { value, type: Number };
  return DAY.test(value) ? { value: new Date(`${value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' } : { value, type: String };
}

function heads<T>(columns: readonly Column<T>[], language: Language): string[] {
  return columns.map((column) => (language === 'zh-CN' ? column.zh : column.en));
}
