/** What a replay is fed with: messages as reports, and a dispatch log's times. Files are read here; nothing is invented. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One line of a JSON-lines file of citizens' messages. `category`: what it is about, where somebody has looked. */
const Message = z.object({
  title: z.string().default(''),
  text: z.string(),
  label: z.string().optional(),
  category: z.string().optional(),
});
export type Message = z.infer<typeof Message>;

/** Milliseconds after the unit was sent; null: the button was not pressed. */
export interface UnitTiming {
  readonly acknowledgeMs: number;
  readonly departMs: number;
  readonly arriveMs: number | null;
  readonly finishMs: number;
}

/** One call of a dispatch log. */
export interface CallTiming {
  /** Milliseconds after the first call of the log. */
  readonly receivedMs: number;
  /** From received to dispatched. */
  readonly dispatchMs: number;
  readonly units: readonly UnitTiming[];
}

/** @throws Error naming the line that is no message. */
export function readMessages(file: string): Message[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [Message.parse(JSON.parse(line))];
      } catch (error) {
        throw new Error(`${file}:${i + 1} is no message: {"title","text"} expected`, { cause: error });
      }
    });
}

const LogRow = z.object({
  call: z.string().min(1),
  received: z.string().min(1),
  dispatched: z.string(),
  en_route: z.string(),
  on_scene: z.string(),
  available: z.string(),
});

/**
 * Calls of a fire department's log (columns call, received, dispatched, en_route, on_scene, available), in order of arrival.
 * Rows without the times a journey needs are left out; a missing on_scene stays missing.
 */
export function readCalls(file: string): CallTiming[] {
  const rows = z.array(LogRow).parse(parse(readFileSync(file), { columns: true, skip_empty_lines: true }));
  const byCall = new Map<string, z.infer<typeof LogRow>[]>();
  for (const row of rows) byCall.set(row.call, [...(byCall.get(row.call) ?? []), row]);
  const at = (text: string) => Date.parse(`${text}Z`);
  const calls = [...byCall.values()].flatMap((units) => {
    const received = at(units[0]!.received);
    const sent = units.filter((u) => u.dispatched !== '' && u.en_route !== '' && u.available !== '');
    if (sent.length === 0 || Number.isNaN(received)) return [];
    const dispatched = Math.min(...sent.map((u) => at(u.dispatched)));
    return [
      {
        receivedMs: received,
        dispatchMs: Math.max(0, dispatched - received),
        units: sent.map((u) => unitTiming(at(u.dispatched), at(u.en_route), u.on_scene === '' ? null : at(u.on_scene), at(u.available))),
      },
    ];
  });
  calls.sort((a, b) => a.receivedMs - b.receivedMs);
  const first = calls[0]?.receivedMs ?? 0;
  return calls.map((c) => ({ ...c, receivedMs: c.receivedMs - first }));
}

/** The log has no acknowledgement of its own: it lies half way to en route. */
function unitTiming(dispatched: number, enRoute: number, onScene: number | null, available: number): UnitTiming {
  const departMs = Math.max(0, enRoute - dispatched);
  const arriveMs = onScene === null ? null : Math.max(departMs, onScene - dispatched);
  return { acknowledgeMs: departMs / 2, departMs, arriveMs, finishMs: Math.max(arriveMs ?? departMs, available - dispatched) };
}

/** The same shape from JSON: the small file that is shipped. */
export function readTimingJson(file: string): CallTiming[] {
  const Unit = z.object({ acknowledgeMs: z.number(), departMs: z.number(), arriveMs: z.number().nullable(), finishMs: z.number() });
  const Call = z.object({ receivedMs: z.number(), dispatchMs: z.number(), units: z.array(Unit).min(1) });
  return z
    .array(Call)
    .min(1)
    .parse(JSON.parse(readFileSync(file, 'utf8')));
}
