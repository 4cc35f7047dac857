/**
 * Failed sign-ins, counted in the database: a restart forgets none, and several nodes count as one.
 *
 * A try is taken before the password is checked and given back when it was right. So twenty wrong tries at the same moment are
 * counted as exactly as twenty in a row.
 */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';

/** Tries within the last WINDOW_MS, not since a fixed moment: whenever one looks back, there were no more than the limit. */
export const TRIES_WINDOW_MS = 15 * 60_000;
/** For one account, from wherever. */
export const ACCOUNT_TRIES = 5;
/**
 * From one address, whatever the account: enough for the typing errors of an office behind one address, and one that wants to lock
 * others out reaches no more than six accounts in the window.
 */
export const ADDRESS_TRIES = 30;

export interface Subject {
  readonly kind: 'account' | 'address';
  readonly name: string;
}

export type TakenTry =
  | { readonly ok: true; /** Tries that are left after this one. */ readonly left: number; readonly giveBack: () => Promise<void> }
  | { readonly ok: false; readonly waitMs: number };

export interface Tries {
  /** How long until each of the subjects has a try left again; 0 when they have one now. Takes none. */
  waitMs(subjects: readonly Subject[]): Promise<number>;
  take(subject: Subject): Promise<TakenTry>;
  /** Forgets what failed before: the right password was given. */
  clear(subject: Subject): Promise<void>;
  /** Removes rows whose tries all lie before the window. */
  prune(): Promise<void>;
}

const LIMIT = { account: ACCOUNT_TRIES, address: ADDRESS_TRIES } as const;
const WINDOW = sql`make_interval(secs => ${sql.lit(TRIES_WINDOW_MS / 1_000)})`;
/** The tries of row `t` that still count. */
const RECENT = sql`(select coalesce(array_agg(x order by x), '{}') from unnest(t.tried_at) x where x > app_now() - ${WINDOW})`;

export function openTries(db: Kysely<Schema>, district: number): Tries {
  const waitOf = async (subject: Subject): Promise<number> => {
    // With five in the window the oldest has to leave it; were there more, the one that makes them four again.
    const { rows } = await sql<{ ms: number | null }>`
      select (extract(epoch from recent[cardinality(recent) - ${LIMIT[subject.kind]}::int + 1] + ${WINDOW} - app_now()) * 1000)::float8 as ms
      from (select ${RECENT} as recent from sign_in_tries t
            where district = ${district} and kind = ${subject.kind} and subject = ${digest(subject)}) r
      where cardinality(recent) >= ${LIMIT[subject.kind]}::int`.execute(db);
    return Math.max(0, Math.ceil(rows[0]?.ms ?? 0));
  };

  return {
    async waitMs(subjects) {
      return Math.max(0, ...(await Promise.all(subjects.map(waitOf))));
    },

    async take(subject) {
      const limit = LIMIT[subject.kind];
      // The row is locked by the conflict before `where` is looked at, so of two at once the second sees the first.
      // Text, because a Date would drop the microseconds that tell tries apart.
      const { rows } = await sql<{ taken: number; at: string }>`
        insert into sign_in_tries as t (district, kind, subject, tried_at)
        values (${district}, ${subject.kind}, ${digest(subject)}, array[app_now()])
        on conflict (district, kind, subject) do update set tried_at = ${RECENT} || app_now()
        where cardinality(${RECENT}) < ${limit}::int
        returning cardinality(tried_at) as taken, tried_at[cardinality(tried_at)]::text as at`.execute(db);
      const row = rows[0];
      if (!row) return { ok: false, waitMs: Math.max(1, await waitOf(subject)) };
      return {
        ok: true,
        left: limit - row.taken,
        giveBack: async () => {
          await sql`
            update sign_in_tries set tried_at = array_remove(tried_at, ${row.at}::timestamptz)
            where district = ${district} and kind = ${subject.kind} and subject = ${digest(subject)}`.execute(db);
        },
      };
    },

    async clear(subject) {
      await db
        .deleteFrom('sign_in_tries')
        .where('district', '=', district)
        .where('kind', '=', subject.kind)
        .where('subject', '=', digest(subject))
        .execute();
    },

    async prune() {
      await sql`
        delete from sign_in_tries
        where district = ${district} and not exists (select from unnest(tried_at) x where x > app_now() - ${WINDOW})`.execute(db);
    },
  };
}

function digest(subject: Subject): Buffer {
  return createHash('sha256').update(subject.name).digest();
}
