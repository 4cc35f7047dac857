/** A table as CSV that leaves page by page, as fast as the other side takes it: a page is held in memory, never the table. */
import { BOM, csvLines } from '../../csv.ts';
import type { Table } from './incidents.ts';

/**
 * @param done    called once, when it has left, was given up, or failed.
 * @param mostMs  a client that stops reading does not hold its place longer than this.
 */
export function csvStream(table: Table, done: () => void, mostMs: number): ReadableStream<Uint8Array> {
  const pages = table.pages();
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    done();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(BOM + csvLines([table.head])));
      timer = setTimeout(() => {
        end();
        controller.error(new Error(`the export was not taken within ${mostMs} ms`));
      }, mostMs);
      timer.unref();
    },
    async pull(controller) {
      try {
        const page = await pages.next();
        if (page.done !== true) return controller.enqueue(encoder.encode(csvLines(page.value)));
        end();
        controller.close();
      } catch (error) {
        end();
        // The download breaks off, which is seen; a file that ends early would not be.
        controller.error(error);
      }
    },
    cancel: end,
  });
}
