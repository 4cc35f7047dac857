/** The way out for files, whatever they are of: few at once, bounded, and on record before the first byte leaves. */
import type { Context } from 'hono';
import type { Audit } from '../identity/audit.ts';
import { problem, type AppEnv } from '../router.ts';
import { makeSlots, NoSlot } from '../slots.ts';

export interface Limits {
  readonly csvRows: number;
  readonly xlsxRows: number;
  readonly atOnce: number;
  readonly waiting: number;
  /** How long a client may take for a file, milliseconds. */
  readonly streamMs: number;
}
/**
 * Ours. A quarter of a district's year is some 50,000 incidents and a million moves; a spreadsheet as XLSX is packed in memory, so it is given
 * fewer. Two at once: an export is nobody's emergency.
 */
export const LIMITS: Limits = { csvRows: 200_000, xlsxRows: 20_000, atOnce: 2, waiting: 4, streamMs: 300_000 };

export interface FileToGive {
  /** Without its ending. */
  readonly name: string;
  /** In the file's name: of which day or days it is. */
  readonly days: string;
  /** Goes on record beside name and rows. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** `nothing`: there is no row, and a file without one helps nobody. */
export type Given =
  | 'nothing'
  | { readonly tooLarge: number }
  | {
      readonly rows: number;
      readonly type: string;
      readonly ending: 'csv' | 'xlsx';
      readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
    };

/** Who asks has been checked before. @param make  calls `done`, once or more often, when the file needs its slot no longer. */
export type FileGate = (
  c: Context<AppEnv>,
  file: FileToGive,
  make: (done: () => void) => Promise<Given>,
) => Promise<ReturnType<typeof problem>>;

export function fileGate(audit: Pick<Audit, 'record'>, { atOnce, waiting }: Pick<Limits, 'atOnce' | 'waiting'>): FileGate {
  const slots = makeSlots(atOnce, waiting);
  return async (c, { name, days, detail }, make) => {
    // hono answers HEAD with what GET gives and drops the body: nobody would read or cancel it, and the record would tell of a file that never left.
    if (c.req.method === 'HEAD') return problem(c, 'method-not-allowed', undefined, { allow: ['GET'] }, { Allow: 'GET' });
    const slot = await taken(slots);
    if (slot === null) return problem(c, 'busy', undefined, undefined, { 'Retry-After': '5' });
    try {
      const given = await make(slot);
      if (given === 'nothing' || 'tooLarge' in given) {
        slot();
        if (given === 'nothing') return problem(c, 'nothing-to-export');
        return problem(c, 'export-too-large', `more than ${given.tooLarge} rows`, { mostRows: given.tooLarge });
      }
      const { rows, type, body, ending } = given;
      const { actor, sessionId } = c.var;
      const what = `${name}.${ending}`;
      await audit.record({ what: 'exported', account: actor.account, session: sessionId, detail: { what, rows, ...detail } });
      const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}-${days}.${ending}"` };
      return c.body(body, 200, headers) as unknown as ReturnType<typeof problem>;
    } catch (error) {
      slot();
      throw error;
    }
  };
}

/** @returns what gives the slot back, once or more often; null when none is free. */
function taken(slots: ReturnType<typeof makeSlots>): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    slots
      .run(() => new Promise<void>((done) => resolve(() => done())))
      .catch((error: unknown) => (error instanceof NoSlot ? resolve(null) : reject(error as Error)));
  });
}
