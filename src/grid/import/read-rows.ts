/** A sheet through a schema: typed rows with their numbers, and a finding for every field that the schema refuses. Pure. */
import type { z } from 'zod';
import { type FaultCode, FAULT_CODES, type Finding, finding, type Words } from './findings.ts';
import type { Sheet } from './sheet.ts';

/** A row of a table and where it stands in the file. */
export interface Numbered<T> {
  readonly number: number;
  readonly value: T;
}

export interface ReadRows<T> {
  /** Only those rows in which nothing was refused. */
  readonly rows: Numbered<T>[];
  readonly findings: Finding[];
}

/** How people call the columns of a table, and the values of those that take only some. */
export interface ColumnWords {
  readonly heading: (column: string) => string | Words;
  readonly valuesOf: (column: string, codes: readonly string[]) => string | Words;
}
const AS_WRITTEN: ColumnWords = { heading: (column) => column, valuesOf: (_, codes) => codes.join(', ') };

export function readRows<T>(sheet: Sheet, schema: z.ZodType<T, unknown>, words: ColumnWords = AS_WRITTEN): ReadRows<T> {
  const rows: Numbered<T>[] = [];
  const findings: Finding[] = [];
  const missing = new Set<string>();
  for (const { number, cells } of sheet.rows) {
    const result = schema.safeParse(Object.fromEntries(cells));
    if (result.success) {
      rows.push({ number, value: result.data });
      continue;
    }
    for (const issue of result.error.issues) {
      const column = String(issue.path[0] ?? '');
      const { code, expected } = faultOf(issue, column, words);
      if (code === 'missing-column') missing.add(column);
      else findings.push(finding(number, column, code, { value: cells.get(column) ?? '', expected }));
    }
  }
  // Said once, not for every row.
  for (const column of missing) findings.unshift(finding(1, column, 'missing-column', { column: words.heading(column) }));
  return { rows, findings };
}

function faultOf(issue: z.core.$ZodIssue, column: string, words: ColumnWords): { code: FaultCode; expected: string | Words } {
  if (issue.code === 'invalid_value') return { code: 'not-allowed-value', expected: words.valuesOf(column, issue.values.map(String)) };
  const [code = '', expected = ''] = issue.message.split('|');
  // A message that is no fault code would be zod's own: a schema without words, a mistake of ours.
  if (!FAULT_CODES.has(code)) throw new Error(`no words for "${issue.message}"`);
  return { code: code as FaultCode, expected };
}

/** A finding for each row whose key was there before. */
export function doubled<T>(rows: readonly Numbered<T>[], column: string, key: (value: T) => string): Finding[] {
  const first = new Map<string, number>();
  const findings: Finding[] = [];
  for (const { number, value } of rows) {
    const name = key(value);
    const other = first.get(name);
    if (other === undefined) first.set(name, number);
    else findings.push(finding(number, column, 'twice', { value: name, other }));
  }
  return findings;
}
