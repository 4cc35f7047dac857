/**
 * How many residents may report within an hour, in one community and in the whole district, counted in the database: all nodes count as
 * one, and a restart forgets none. A flood fills this, and not the queues of those who work.
 */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';

/** A community of some five thousand people looks at a dozen in an hour beside its own work [ours]. */
export const COMMUNITY_HOURLY = 12;
/** A district of 164 communities has some ten reports an hour by day; six times as many is a storm, and then the telephone is quicker [ours]. */
export const DISTRICT_HOURLY = 60;
const WINDOW = sql`interval '1 hour'`;
/** Those of row `q` that still count. */
const RECENT = sql`(select coalesce(array_agg(x order by x), '{}') from unnest(q.taken) x where x > app_now() - ${WINDOW})`;

export type TakenQuota = { readonly ok: true; readonly giveBack: () => Promise<void> } | { readonly ok: false; readonly waitMs: number };

interface Subject {
  readonly subject: string;
  readonly limit: number;
}

class Full extends Error {
  readonly of: Subject;

  constructor(of: Subject) {
    super(`${of.subject} is full`);
    this.of = of;
  }
}

/**
 * Takes one of the community and one of the district, or neither: a full district leaves the community's untouched.
 *
 * The community's row is locked first, always: the district's, which all wait for, is then held for one statement only.
 */
export async function takeQuota(db: Kysely<Schema>, district: number, community: string): Promise<TakenQuota> {
  const subjects: Subject[] = [
    { subject: community, limit: COMMUNITY_HOURLY },
    { subject: 'district', limit: DISTRICT_HOURLY },
  ];
  try {
    const taken = await db.transaction().execute(async (tx) => {
      const at: { subject: string; at: string }[] = [];
      for (const subject of subjects) at.push({ subject: subject.subject, at: await takeOne(tx, district, subject) });
      return at;
    });
    return { ok: true, giveBack: () => giveBack(db, district, taken) };
  } catch (error) {
    if (error instanceof Full) return { ok: false, waitMs: Math.max(1_000, await waitOf(db, district, error.of)) };
    throw error;
  }
}

/** @returns the moment that was written, as text: a Date would drop the microseconds that tell two apart. */
async function takeOne(tx: Kysely<Schema>, district: number, of: Subject): Promise<string> {
  // The row is locked by the conflict before `where` is looked at, so of two at once the second sees the first.
  const { rows } = await sql<{ at: string }>`
    insert into resident_quota as q (district, subject, taken) values (${district}, ${of.subject}, array[app_now()])
    on conflict (district, subject) do update set taken = ${RECENT} || app_now()
    where cardinality(${RECENT}) < ${of.limit}::int
    returning taken[cardinality(taken)]::text as at`.execute(tx);
  const row = rows[0];
  if (row === undefined) throw new Full(of);
  return row.at;
}

async function giveBack(db: Kysely<Schema>, district: number, taken: readonly { subject: string; at: string }[]): Promise<void> {
  for (const { subject, at } of taken) {
    await sql`
      update resident_quota set taken = array_remove(taken, ${at}::timestamptz)
      where district = ${district} and subject = ${subject}`.execute(db);
  }
}

/** Until the oldest that counts has left the hour. */
async function waitOf(db: Kysely<Schema>, district: number, { subject }: Subject): Promise<number> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from min(x) + ${WINDOW} - app_now()) * 1000)::float8 as ms
    from resident_quota q, unnest(q.taken) x
    where district = ${district} and subject = ${subject} and x > app_now() - ${WINDOW}`.execute(db);
  return Math.ceil(rows[0]?.ms ?? 0);
}
