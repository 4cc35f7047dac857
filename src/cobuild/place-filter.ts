/** `maySeePlace` and `mayReadWork` for lists. */
import { type RawBuilder, sql } from 'kysely';
import type { Actor } from '../identity/actor.ts';
import { areaOf, workAreaOf } from './chain/scope.ts';

/** @param place  the column with the place's code. */
export function seesPlace(actor: Actor, place: RawBuilder<unknown>): RawBuilder<boolean> {
  return inSight(areaOf(actor), place);
}

/** Of needs and activities. @param place  the column with the place's code. */
export function readsWork(actor: Actor, place: RawBuilder<unknown>): RawBuilder<boolean> {
  return inSight(workAreaOf(actor), place);
}

function inSight(area: readonly string[] | null, place: RawBuilder<unknown>): RawBuilder<boolean> {
  if (area === null) return sql<boolean>`false`;
  return sql<boolean>`exists (
    select from unnest(${[...area]}::text[]) own (code)
    where starts_with(${place}::text, own.code) or starts_with(own.code, ${place}::text))`;
}
