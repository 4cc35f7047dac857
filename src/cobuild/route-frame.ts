/** What the routes of 共建共治 have in common: bodies, keys, logs, and how a refusal is answered. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Actor } from '../identity/actor.ts';
import { accountAsTold } from '../identity/personal.ts';
import { type AppEnv, problem } from '../router.ts';
import { json, keyOf } from '../route-parts.ts';
import type { Asked, House } from './act.ts';
import { isDay, QUARTER } from './chain/days.ts';
import type { CobuildRefusal } from './chain/refusals.ts';
import type { Law } from './chain/table.ts';
import { type LoggedMove, readMoves } from './log.ts';

/** No control characters but line breaks: the database refuses a NUL, and nobody types the others. */
const LINE = /^[^\p{Cc}]*$/u;
const LINES = /^(?:[^\p{Cc}]|[\n\r\t])*$/u;

export const tags = ['cobuild'];
export const Code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/);
export const Line = (max: number) => z.string().trim().min(1).max(max).regex(LINE);
export const OptionalLine = (max: number) => z.string().trim().max(max).regex(LINE);
export const Lines = (max: number) => z.string().trim().max(max).regex(LINES);
export const DayText = z
  .string()
  .refine(isDay, 'a date, YYYY-MM-DD')
  .openapi({ example: '2026-12-31', description: 'A day of China’s time' });
export const QuarterText = z.string().regex(QUARTER).openapi({ example: '2026Q4' });
export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
export const Time = z.iso.datetime();
export const Version = z.number().int().min(0).optional().openapi({ description: 'As it was seen; another one there: version-conflict' });
export const codeParam = z.object({ code: Code });
export const body = <T extends z.ZodType>(schema: T) => ({ required: true, ...json(schema) });
export const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.null() });

export const MoveSchema = z
  .object({
    version: z.number().int(),
    verb: z.string(),
    from: z.string(),
    to: z.string(),
    actor: z.string().openapi({ description: 'Account; where it names a person and the reader is not told, only its kind' }),
    at: Time,
    payload: z.record(z.string(), z.unknown()),
  })
  .openapi('CobuildMove');

export function moveToWire({ at, actor, ...same }: LoggedMove, reader: Actor): z.infer<typeof MoveSchema> {
  return { ...same, actor: accountAsTold(actor, reader), at: at.toISOString() };
}

/** The log of one object as the reader is told it, oldest first. */
export async function movesOf({ db, district }: House, { kind }: Pick<Law, 'kind'>, code: string, reader: Actor) {
  return (await readMoves(db, district, kind, code)).map((move) => moveToWire(move, reader));
}

/** With the idempotency key; without one, the answer that says so. @param request  path and body: what the key stands for. */
export async function keyed<T>(c: Context<AppEnv>, request: unknown, work: (asked: Asked) => Promise<T>) {
  const key = keyOf(c);
  if (key === null) return problem(c, 'idempotency-key-missing');
  return work({ actor: c.var.actor, key, request: { path: c.req.path, request } });
}

export function answerRefusal(c: Context<AppEnv>, { code, about }: CobuildRefusal) {
  return problem(c, code, undefined, about === undefined ? {} : { about });
}
