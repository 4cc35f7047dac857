/** The answer to an address that has to wait. */
import type { Context } from 'hono';
import { problem, type AppEnv } from '../router.ts';

/** @param waitMs  until the address may ask again: told in whole seconds, at least one. */
export function tooMany(c: Context<AppEnv>, waitMs: number, code: 'too-many-requests' | 'too-many-reports' = 'too-many-requests') {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return problem(c, code, undefined, { retryAfterS: seconds }, { 'Retry-After': String(seconds) });
}
