/** Runs in a thread: rows in, the bytes of a workbook out. Texts are cells of text, so nothing in them is a formula. */
import { parentPort, workerData } from 'node:worker_threads';
import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import type { CsvValue, Sheet } from '../csv.ts';

/** Wide enough for what such a column usually holds, in characters. */
const widthOf = (sheet: Sheet, column: number): number => {
  const widths = [sheet.head, ...sheet.rows.slice(0, 200)].map((row) => widthOfText(String(row[column] ?? '')));
  return Math.min(48, Math.max(8, ...widths) + 2);
};
/** A Chinese character takes the room of two digits. */
const widthOfText = (text: string): number => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? 2 : 1), 0);

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const cellOf = (value: CsvValue, days: boolean): SheetData[number][number] => {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return { value, type: Number };
  if (days && DAY.test(value)) return { value: new Date(`${value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
  return { value, type: String };
};

const sheets = (workerData as Sheet[]).map((sheet) => ({
  sheet: sheet.name,
  data: [
    sheet.head.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...sheet.rows.map((row) => row.map((value) => cellOf(value, sheet.days === true))),
  ],
  columns: sheet.head.map((_, i) => ({ width: sheet.widths?.[i] ?? widthOf(sheet, i) })),
  stickyRowsCount: 1,
}));
const bytes = await writeExcelFile(sheets).toBuffer();
parentPort!.postMessage(new Uint8Array(bytes));
