/** CSV and XLSX → rows of text, numbered as a spreadsheet numbers them. */
import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { type Finding, finding } from './findings.ts';

export interface SheetRow {
  /** The header is row 1. */
  readonly number: number;
  /** Trimmed text by column name; an empty cell is ''. */
  readonly cells: ReadonlyMap<string, string>;
}

export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: readonly SheetRow[];
}

const MAX_ROWS = 100_000;

/**
 * Reads the first sheet. CSV may be UTF-8 (with or without BOM) or GB18030, as office programs in China save it; which one is found out
 * from the bytes. XLSX is known by its first bytes, not by its name.
 */
export async function readSheetFile(bytes: Uint8Array): Promise<{ sheet: Sheet } | { findings: Finding[] }> {
  let lines: { number: number; cells: string[] }[];
  try {
    lines = isZip(bytes) ? await xlsxLines(bytes) : csvLines(decodeText(bytes));
  } catch (error) {
    return { findings: [finding(null, null, 'unreadable', { why: error instanceof Error ? error.message : String(error) })] };
  }
  const [header, ...rest] = lines.filter((line) => line.cells.some((cell) => cell !== ''));
  if (!header || rest.length === 0) return { findings: [finding(null, null, 'no-rows')] };
  if (rest.length > MAX_ROWS) return { findings: [finding(null, null, 'unreadable', { why: `${rest.length} > ${MAX_ROWS} rows` })] };
  const columns = header.cells;
  const doubled = columns.filter((name, k) => name !== '' && columns.indexOf(name) < k);
  if (doubled.length > 0) return { findings: doubled.map((name) => finding(header.number, name, 'column-twice', { column: name })) };
  const rows = rest.map(({ number, cells }) => ({ number, cells: new Map(columns.map((name, k) => [name, cells[k] ?? ''])) }));
  return { sheet: { columns, rows } };
}

/** UTF-8 when the bytes are valid UTF-8, else GB18030. @throws TypeError when they are neither. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

function csvLines(text: string): { number: number; cells: string[] }[] {
  if (text.includes('\u0000')) throw new Error('NUL in the text');
  const records: string[][] = parse(text, { relax_column_count: true, skip_empty_lines: false });
  return records.map((cells, k) => ({ number: k + 1, cells: cells.map((cell) => cell.trim()) }));
}

async function xlsxLines(bytes: Uint8Array): Promise<{ number: number; cells: string[] }[]> {
  const rows = await readSheet(Buffer.from(bytes));
  return rows.map((cells, k) => ({ number: k + 1, cells: cells.map(cellText) }));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  // A date cell holds no time zone: its UTC parts are what the sheet shows.
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return String(value).replaceAll('\u0000', '').trim();
}
