/** Rows as CSV (RFC 4180) or XLSX, with the columns in the reader's language. */
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';

export type Language = 'zh-CN' | 'en';
export type CellValue = string | number | null;

export interface Column<T> {
  readonly zh: string;
  readonly en: string;
  /** @returns days as `YYYY-MM-DD`, numbers as numbers. */
  readonly of: (row: T, language: Language) => CellValue;
  /** In characters, for XLSX. */
  readonly width?: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A spreadsheet runs a text that begins like this as a formula, wherever the text came from. */
const FORMULA = /^[=+\-@\t\r]/;

/** With the byte order mark, without which Excel reads Chinese as Latin. */
export function csvOf<T>(columns: readonly Column<T>[], rows: readonly T[], language: Language): string {
  const lines = [heads(columns, language), ...rows.map((row) => columns.map((column) => column.of(row, language)))];
  return `\uFEFF${lines.map((line) => line.map(field).join(',')).join('\r\n')}\r\n`;
}

/** A quote before it keeps such a text a text. */
export function field(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
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

function cell(value: CellValue): SheetData[number][number] {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return { value, type: Number };
  return DAY.test(value) ? { value: new Date(`${value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' } : { value, type: String };
}

function heads<T>(columns: readonly Column<T>[], language: Language): string[] {
  return columns.map((column) => (language === 'zh-CN' ? column.zh : column.en));
}
