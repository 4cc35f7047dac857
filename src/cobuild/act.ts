/** One act of 共建共治: key, decision, write and log in one transaction, and who is told once it is on disk. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { digestOf } from '../dispatch/idempotency.ts';
import type { Actor } from '../identity/actor.ts';
import type { Telling } from './chain/notices.ts';
import { type CobuildAnswer, type CobuildRefusal, refused } from './chain/refusals.ts';
import { isStale, type Log, logOf } from './log.ts';

/** What every part of 共建共治 works with. */
export interface House {
  readonly db: Kysely<Schema>;
  readonly district: number;
  /** The database's time. */
  readonly now: () => Date;
  /** Tells places and members; the same key again tells nobody. */
  readonly tell: (telling: Telling) => Promise<unknown>;
  /** Something was written: whoever follows looks at once. Absent: nobody does. */
  readonly wrote?: () => void;
  readonly onFault: (error: unknown) => void;
}

export interface Asked {
  readonly actor: Actor;
  /** UUID. Keys belong to the account, and each stands for one request only. */
  readonly key: string;
  /** What is asked, with its path: the same key with another request is refused. */
  readonly request: unknown;
}

export type Done<T> = { readonly ok: true; readonly value: T; readonly tells?: readonly Telling[] } | CobuildRefusal;

/** Leaves the transaction without a trace of it. */
class Refused extends Error {
  readonly refusal: CobuildRefusal;

  constructor(refusal: CobuildRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Runs `work` in a transaction; once it stands, whoever follows looks. What may be followed is written through here and nowhere else. */
export async function writing<T>(house: Pick<House, 'db' | 'wrote'>, work: (tx: Kysely<Schema>) => Promise<T>): Promise<T> {
  const result = await house.db.transaction().execute(work);
  house.wrote?.();
  return result;
}

/**
 * Runs `work` in a transaction. Refused, it has written nothing and the key is free again. Done, the key gives the same answer for a month: the
 * second of two equal requests at the same moment waits for the first.
 *
 * @param work  locks what it changes, decides, writes and logs with what it is given; its value is what the caller is answered, fit for JSON.
 * @returns `version-conflict` when somebody else moved one of its objects meanwhile.
 */
export async function act<T>(
  house: House,
  { actor, key, request }: Asked,
  work: (tx: Kysely<Schema>, now: Date, log: Log) => Promise<Done<T>>,
): Promise<CobuildAnswer<T>> {
  const { district } = house;
  const now = house.now();
  const digest = digestOf(request);
  try {
    const { value, tells } = await writing(house, async (tx) => {
      const before = await claimKey(tx, { district, account: actor.account, key, digest, at: now });
      if (before !== null) {
        if (before.digest !== digest) throw new Refused(refused('idempotency-key-reused'));
        return { value: before.answer as T, tells: [] };
      }
      const done = await work(tx, now, logOf(tx, { district, actor: actor.account, at: now }));
      if (!done.ok) throw new Refused(done);
      const told = done.tells ?? [];
      await tx
        .updateTable('cobuild_answer')
        .set({ answer: JSON.stringify(done.value), tells: told.length === 0 ? null : JSON.stringify(told) })
        .where('district', '=', district)
        .where('account', '=', actor.account)
        .where('key', '=', key)
        .execute();
      return { value: done.value, tells: told };
    });
    // What cannot be told now is told by the next look: the act itself is done.
    if (tells.length > 0) await tellAll(house, { account: actor.account, key }, tells).catch(house.onFault);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    if (isStale(error)) return refused('version-conflict');
    if (isTakenCode(error)) return refused('idempotency-key-reused');
    throw error;
  }
}

/** What a request makes has the request's key as its code: one that is there already came from somebody else. */
function isTakenCode(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && typeof constraint === 'string' && constraint.endsWith('_pkey');
}

/** @returns the answer that the key has already; null when it is now ours. Waits for another request under the same key. */
async function claimKey(
  tx: Kysely<Schema>,
  claim: { district: number; account: string; key: string; digest: string; at: Date },
): Promise<{ digest: string; answer: unknown } | null> {
  const mine = await tx
    .insertInto('cobuild_answer')
    .values({ ...claim, answer: 'null', tells: null })
    .onConflict((on) => on.columns(['district', 'account', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (mine !== undefined) return null;
  return tx
    .selectFrom('cobuild_answer')
    .select(['digest', 'answer'])
    .where('district', '=', claim.district)
    .where('account', '=', claim.account)
    .where('key', '=', claim.key)
    .executeTakeFirstOrThrow();
}

async function tellAll(
  { db, district, tell }: House,
  { account, key }: { account: string; key: string },
  tells: readonly Telling[],
): Promise<void> {
  for (const telling of tells) await tell(telling);
  await db
    .updateTable('cobuild_answer')
    .set({ tells: null })
    .where('district', '=', district)
    .where('account', '=', account)
    .where('key', '=', key)
    .execute();
}

/** A node that is about to tell what it has just written is not overtaken, ms. */
const TELLING_MS = 30_000;
const MOST_AT_ONCE = 200;
/**
 * So long a key keeps its answer, days. [ours] A phone that was without a network sends again within hours, and whoever comes back after a month
 * means something new. What the system does has keys of versions, which do not come again.
 */
const KEEP_ANSWERS_DAYS = 30;
/** So that a look is short, also after years in which nothing was forgotten. */
const MOST_FORGOTTEN = 2_000;

/** Tells what a node wrote and could not tell before it ended; what cannot be told now waits for the next look. The keys keep it from being told twice. */
export async function tellUntold(house: House): Promise<void> {
  const rows = await house.db
    .selectFrom('cobuild_answer')
    .select(['account', 'key', 'tells'])
    .where('district', '=', house.district)
    .where('tells', 'is not', null)
    .where('at', '<', sql<Date>`app_now() - make_interval(secs => ${sql.lit(TELLING_MS / 1_000)})`)
    .orderBy('at')
    .limit(MOST_AT_ONCE)
    .execute();
  for (const { account, key, tells } of rows) await tellAll(house, { account, key }, tells as Telling[]).catch(house.onFault);
}

/** Lets go of answers that nobody asks for any more; one that still has somebody to tell stays. @returns how many. */
export async function forgetAnswers({ db, district }: Pick<House, 'db' | 'district'>): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from cobuild_answer where ctid = any (array(
      select ctid from cobuild_answer
      where district = ${district} and tells is null and at < app_now() - make_interval(days => ${sql.lit(KEEP_ANSWERS_DAYS)})
      limit ${sql.lit(MOST_FORGOTTEN)} for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
