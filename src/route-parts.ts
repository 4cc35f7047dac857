/** What the declarations of JSON routes have in common: bodies and answers for the OpenAPI page, and the idempotency key. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from './router.ts';
import { UUID } from './uuid.ts';

export const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });
export const answers = <T extends z.ZodType>(schema: T, description = '') => ({ ...json(schema), description });

/** Optional here, so that its absence has a code of its own. */
export const keyHeader = z.object({ 'idempotency-key': z.string().optional().openapi({ description: 'A UUID, best a UUIDv7; required' }) });

/** The key in lower case; null if it is missing or no UUID. */
export function keyOf(c: Context<AppEnv>): string | null {
  const key = c.req.header('idempotency-key')?.trim() ?? '';
  return UUID.test(key) ? key.toLowerCase() : null;
}
