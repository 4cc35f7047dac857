/** What stands between somebody and an object: it is not there, not in their scope, or not as they saw it. Pure. */
import type { Actor } from '../../identity/actor.ts';
import { type CobuildRefusal, refused } from './refusals.ts';
import { maySeePlace } from './scope.ts';

export type Reached<T> = { readonly ok: true; readonly object: T } | CobuildRefusal;

/**
 * An object that somebody wants to move. What is outside their scope is answered as if it were not there.
 *
 * @param expected  the version that they saw; absent: whatever there is.
 */
export function reach<T extends { readonly place: string; readonly version: number }>(
  found: T | null,
  actor: Actor,
  expected: number | undefined,
): Reached<T> {
  if (found === null || !maySeePlace(actor, found.place)) return refused('not-found');
  return staleFor(found.version, expected) ?? { ok: true, object: found };
}

/** The caller has seen another version than the one that is there. @returns null when nothing stands in the way. */
export function staleFor(version: number, expected: number | undefined): CobuildRefusal | null {
  return expected === undefined || expected === version ? null : refused('version-conflict', { version });
}
