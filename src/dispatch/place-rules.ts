/** The figures of 相似 and 反复: how near, how many days. A row of the database, kept in memory for a while because every report asks for it. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { RecurrenceRules } from './recurrence.ts';
import type { SimilarRules } from './similar.ts';

export interface PlaceRules {
  readonly similar: SimilarRules;
  readonly recurrence: RecurrenceRules;
}

export interface PlaceRulesSource {
  current(): Promise<PlaceRules>;
  /** What is remembered is read again at the next question. */
  forget(): void;
}

/** How long a change may take to be seen on a node that was not told of it. */
const KEPT_MS = 30_000;

export function placeRulesSource(db: Kysely<Schema>, district: number, clock: { now(): Date }): PlaceRulesSource {
  let kept: { readonly rules: Promise<PlaceRules>; readonly readAtMs: number } | null = null;
  return {
    current() {
      const nowMs = clock.now().getTime();
      if (kept === null || Math.abs(nowMs - kept.readAtMs) > KEPT_MS) {
        const mine = { rules: readPlaceRules(db, district), readAtMs: nowMs };
        kept = mine;
        // A failed reading is nobody's answer for the next half minute.
        mine.rules.catch(() => kept === mine && (kept = null));
      }
      return kept.rules;
    },
    forget: () => void (kept = null),
  };
}

/** The row of the district; where there is none yet it is made, with the figures that the table gives. */
async function readPlaceRules(db: Kysely<Schema>, district: number): Promise<PlaceRules> {
  const read = () => db.selectFrom('place_rule').selectAll().where('district', '=', district).executeTakeFirst();
  let row = await read();
  if (row === undefined) {
    await db
      .insertInto('place_rule')
      .values({ district })
      .onConflict((of) => of.column('district').doNothing())
      .execute();
    row = await read();
  }
  if (row === undefined) throw new Error(`no place_rule for district ${district}`);
  return {
    similar: { withinM: row.similar_m, withinDays: row.similar_days },
    recurrence: { withinM: row.recurrence_m, withinDays: row.recurrence_days },
  };
}
