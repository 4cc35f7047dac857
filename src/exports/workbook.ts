/** XLSX in a thread of its own: packing some thousand rows takes hundreds of milliseconds, and rings do not wait for a spreadsheet. */
import { Worker } from 'node:worker_threads';
import type { Sheet } from '../csv.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** @throws Error if the thread ends without a file. */
export function xlsxOf(sheets: readonly Sheet[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./workbook-worker.ts', import.meta.url), { workerData: sheets });
    worker.once('message', (bytes: Uint8Array<ArrayBuffer>) => resolve(bytes));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the spreadsheet was not written: its thread ended with ${code}`)));
  });
}
