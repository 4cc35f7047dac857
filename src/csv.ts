/** Tables for spreadsheets: RFC 4180, with the byte order mark without which Excel reads Chinese as Latin. Pure. */
import { shownInChina } from './china-time.ts';

export type CsvValue = string | number | null;

/** A sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly CsvValue[])[];
  /** Of its columns, in characters; absent: by what they hold. */
  readonly widths?: readonly number[];
  /** Texts `YYYY-MM-DD` are days, which a spreadsheet can count with. */
  readonly days?: boolean;
}

export const BOM = '\uFEFF';
const END_OF_LINE = '\r\n';

export function csvLines(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => row.map(field).join(',') + END_OF_LINE).join('');
}

/** A text that begins like a formula would be run by a spreadsheet, also behind blanks: the quote before it keeps it a text. */
function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^\s*[=+\-@]|^[\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Date and time as clocks in the district show them. */
export function districtTime(at: Date): string {
  return shownInChina(at.getTime()).toISOString().slice(0, 16).replace('T', ' ');
}
