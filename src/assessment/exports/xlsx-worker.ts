/** Runs in a thread: rows in, the bytes of a workbook out. Texts are cells of text, so nothing in them is a formula. */
import { parentPort, workerData } from 'node:worker_threads';
import writeExcelFile from 'write-excel-file/node';
import type { Sheet } from './figures.ts';

/** Wide enough for what such a column usually holds, in characters. */
const widthOf = (sheet: Sheet, column: number): number => {
  const widths = [sheet.head, ...sheet.rows.slice(0, 200)].map((row) => widthOfText(String(row[column] ?? '')));
  return Math.min(48, Math.max(8, ...widths) + 2);
};
/** A Chinese character takes the room of two digits. */
const widthOfText = (text: string): number => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? 2 : 1), 0);

const sheets = (workerData as Sheet[]).map((sheet) => ({
  sheet: sheet.name,
  data: [
    sheet.head.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...sheet.rows.map((row) =>
      row.map((value) => (value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String })),
    ),
  ],
  columns: sheet.head.map((_, i) => ({ width: widthOf(sheet, i) })),
  stickyRowsCount: 1,
}));
const bytes = await writeExcelFile(sheets).toBuffer();
parentPort!.postMessage(new Uint8Array(bytes));
