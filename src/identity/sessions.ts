/** Sessions: from the right password to an opaque token, from the token to who acts, until it is ended or runs out. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Schema } from '../db/schema.ts';
import { NoSlot } from '../slots.ts';
import { type Account, ACCOUNT_COLUMNS, accountOf, meOf, type Me } from './accounts.ts';
import type { Actor } from './actor.ts';
import type { Audit } from './audit.ts';
import { dummyHash, passwordMatches, passwordSlots } from './passwords.ts';
import { openTries, type Subject } from './tries.ts';

/** A shift of eight hours, its way there and its hand-over. */
export const SESSION_MS = 12 * 3_600_000;
/** Another node's sign-out and a session that ran out close their sockets here at most this much later. */
export const SWEEP_INTERVAL_MS = 5_000;
/** Sessions remembered so that a request asks no database. An entry is some 500 bytes. */
const CACHE_MAX = 20_000;
/** A changed role of an account holds after this at the latest; an ended session, and other places, at the next sweep. */
const CACHE_TTL_MS = 60_000;
/** A node that looks back sees also what was committed a little late. */
const SWEEP_OVERLAP_MS = 30_000;
/** Sweeps between two clean-ups: an hour. */
const PRUNE_EVERY = 720;
const KEEP_ENDED_DAYS = 30;
/** 256 bits in base64url: what has another form is no token of ours and asks no database. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

export type SignIn =
  | { readonly ok: true; readonly token: string; readonly expiresAt: Date; readonly me: Me }
  | { readonly ok: false; readonly code: 'wrong-credentials'; readonly triesLeft: number; readonly waitMs: number }
  | { readonly ok: false; readonly code: 'too-many-attempts'; readonly waitMs: number }
  | { readonly ok: false; readonly code: 'busy' };

export interface Session {
  readonly sessionId: string;
  readonly actor: Actor;
  readonly account: Account;
  readonly expiresAt: Date;
}

export interface SessionsDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  /** The database's time, from `startClock`. */
  readonly now: () => Date;
  readonly audit: Audit;
  /** Told of a sweep or a listener that failed; the next sweep makes up for it. */
  readonly onFault: (error: unknown) => void;
}

export interface Sessions {
  /**
   * Checks a password and opens a session. Unknown, closed and known accounts get the same answer after the same work.
   *
   * @param address  where the person comes from, normalised by `addressOf`; tries are counted for it too.
   * @throws when the database cannot be reached: nothing was opened.
   */
  signIn(account: string, password: string, address: string): Promise<SignIn>;
  /** Whose session it is; null for a token that is unknown, ended, run out, or of a closed account. */
  authenticate(token: string): Promise<Session | null>;
  /** Signs out. Once it resolves no request of the session passes on this node, and its listeners have been told. */
  end(sessionId: string): Promise<void>;
  /** Told once per session that was ended or ran out, on whichever node, so that its sockets close. Returns the way to stop listening. */
  onEnded(listener: (sessionId: string) => void): () => void;
  /**
   * Told once per session and change that its account was given other places, on whichever node, with who it is now: requests go by it already,
   * and its sockets have to be opened anew. Returns the way to stop listening.
   */
  onMoved(listener: (sessionId: string, actor: Actor) => void): () => void;
  /** Looks for sessions ended on other nodes or run out, and for accounts with other places. Runs by itself every SWEEP_INTERVAL_MS. */
  sweep(): Promise<void>;
  /** Stops sweeping. */
  stop(): void;
}

/** @throws when the database cannot be reached. */
export async function openSessions(deps: SessionsDeps): Promise<Sessions> {
  const { db, district, now, audit, onFault } = deps;
  const tries = openTries(db, district);
  const slots = passwordSlots();
  const nobody = await dummyHash();
  const cache = new LRUCache<string, Session>({ max: CACHE_MAX, ttl: CACHE_TTL_MS });
  // Longer than an answer on its way can take to come back from the database with a session that has ended meanwhile.
  const ended = new LRUCache<string, true>({ max: CACHE_MAX, ttl: CACHE_TTL_MS + SWEEP_OVERLAP_MS * 2 });
  const endListeners = new Set<(sessionId: string) => void>();
  /** Sessions whose places changed lately, with when, epoch ms. */
  const moved = new LRUCache<string, number>({ max: CACHE_MAX, ttl: CACHE_TTL_MS });
  const moveListeners = new Set<(sessionId: string, actor: Actor) => void>();
  /** Goes up with each sweep that found other places: what was looked up before may be of the old ones. */
  let moves = 0;
  let sweptTo = now();
  let sweeps = 0;

  const tell = <T extends readonly unknown[]>(listeners: ReadonlySet<(...args: T) => void>, ...args: T) => {
    for (const listener of [...listeners]) {
      try {
        listener(...args);
      } catch (error) {
        onFault(error);
      }
    }
  };
  const announce = (sessionId: string) => {
    if (ended.has(sessionId)) return;
    ended.set(sessionId, true);
    tell(endListeners, sessionId);
  };

  const open = async (account: Account, address: string): Promise<SignIn> => {
    const token = randomBytes(32).toString('base64url');
    const id = randomUUID();
    const row = await db
      .insertInto('session')
      .values({
        district,
        id,
        token_hash: sha256(token),
        account: account.actor.account,
        expires_at: sql<Date>`app_now() + make_interval(secs => ${sql.lit(SESSION_MS / 1_000)})`,
      })
      .returning('expires_at')
      .executeTakeFirstOrThrow();
    await audit.record({ what: 'signed-in', account: account.actor.account, session: id, address });
    return { ok: true, token, expiresAt: row.expires_at, me: meOf(account) };
  };

  /** With a slot in hand, so that a try taken for a right password is given back before many others need it. */
  const check = async (name: string, password: string, address: string): Promise<SignIn> => {
    const fromThere = await tries.take({ kind: 'address', name: address });
    if (!fromThere.ok) return { ok: false, code: 'too-many-attempts', waitMs: fromThere.waitMs };
    const forAccount = await tries.take({ kind: 'account', name });
    if (!forAccount.ok) {
      // No password was checked, so nothing was tried.
      await fromThere.giveBack();
      return { ok: false, code: 'too-many-attempts', waitMs: forAccount.waitMs };
    }
    const row = await db
      .selectFrom('account')
      .select([...ACCOUNT_COLUMNS, 'account.password_hash', 'account.disabled'])
      .where('account.district', '=', district)
      .where('account.account', '=', name)
      .executeTakeFirst();
    const matches = await passwordMatches(row?.password_hash ?? nobody, password);
    if (row && matches && !row.disabled) {
      await Promise.all([tries.clear({ kind: 'account', name }), fromThere.giveBack()]);
      return open(accountOf(row), address);
    }
    const triesLeft = Math.min(forAccount.left, fromThere.left);
    await audit.record({ what: 'sign-in-failed', account: row?.account, address, detail: { triesLeft } });
    if (triesLeft > 0) return { ok: false, code: 'wrong-credentials', triesLeft, waitMs: 0 };
    const waitMs = await tries.waitMs([
      { kind: 'account', name },
      { kind: 'address', name: address },
    ]);
    await audit.record({ what: 'locked-out', account: forAccount.left === 0 ? row?.account : undefined, address });
    return { ok: false, code: 'wrong-credentials', triesLeft, waitMs };
  };

  const sweep = async () => {
    const from = new Date(sweptTo.getTime() - SWEEP_OVERLAP_MS);
    const to = now();
    const rows = await db
      .selectFrom('session')
      .select('id')
      .where('district', '=', district)
      .where((is) =>
        is.or([
          is('ended_at', '>=', from),
          is.and([is('expires_at', '>=', from), is('expires_at', '<=', sql<Date>`app_now()`), is('ended_at', 'is', null)]),
        ]),
      )
      .execute();
    for (const row of rows) announce(row.id);
    await sweepMoved(from);
    sweptTo = to;
    if (sweeps++ % PRUNE_EVERY === 0) await prune();
  };

  const sweepMoved = async (from: Date) => {
    const rows = await db
      .selectFrom('account')
      .innerJoin('session', (on) => on.onRef('session.district', '=', 'account.district').onRef('session.account', '=', 'account.account'))
      .select([...ACCOUNT_COLUMNS, 'account.places_changed_at', 'session.id'])
      .where('account.district', '=', district)
      .where('account.places_changed_at', '>=', from)
      .where('session.ended_at', 'is', null)
      .execute();
    const fresh = new Map(rows.filter((row) => moved.get(row.id) !== row.places_changed_at?.getTime()).map((row) => [row.id, row]));
    if (fresh.size === 0) return;
    moves++;
    for (const [key, session] of [...cache.entries()]) if (fresh.has(session.sessionId)) cache.delete(key);
    for (const [id, row] of fresh) {
      moved.set(id, row.places_changed_at!.getTime());
      tell(moveListeners, id, accountOf(row).actor);
    }
  };

  const prune = async () => {
    await tries.prune();
    await db
      .deleteFrom('session')
      .where('district', '=', district)
      .where('expires_at', '<', sql<Date>`app_now() - make_interval(days => ${sql.lit(KEEP_ENDED_DAYS)})`)
      .execute();
  };

  let sweeping = false;
  const timer = setInterval(() => {
    if (sweeping) return;
    sweeping = true;
    sweep()
      .catch(onFault)
      .finally(() => (sweeping = false));
  }, SWEEP_INTERVAL_MS);
  timer.unref();

  return {
    async signIn(name, password, address) {
      // Before the line for a slot: one that is locked out takes no place in it.
      const subjects: Subject[] = [
        { kind: 'account', name },
        { kind: 'address', name: address },
      ];
      const waitMs = await tries.waitMs(subjects);
      if (waitMs > 0) return { ok: false, code: 'too-many-attempts', waitMs };
      try {
        return await slots.run(() => check(name, password, address));
      } catch (error) {
        if (error instanceof NoSlot) return { ok: false, code: 'busy' };
        throw error;
      }
    },

    async authenticate(token) {
      if (!TOKEN_FORM.test(token)) return null;
      const hash = sha256(token);
      const key = hash.toString('base64');
      let session = cache.get(key);
      if (!session) {
        const before = moves;
        const row = await db
          .selectFrom('session')
          .innerJoin('account', (on) =>
            on.onRef('account.district', '=', 'session.district').onRef('account.account', '=', 'session.account'),
          )
          .select([...ACCOUNT_COLUMNS, 'session.id', 'session.expires_at'])
          .where('session.district', '=', district)
          .where('session.token_hash', '=', hash)
          .where('session.ended_at', 'is', null)
          .where('account.disabled', '=', false)
          .executeTakeFirst();
        if (!row) return null;
        const account = accountOf(row);
        session = { sessionId: row.id, actor: account.actor, account, expiresAt: row.expires_at };
        if (before === moves) cache.set(key, session);
      }
      return ended.has(session.sessionId) || session.expiresAt <= now() ? null : session;
    },

    async end(sessionId) {
      const row = await db
        .updateTable('session')
        .set({ ended_at: sql<Date>`app_now()` })
        .where('district', '=', district)
        .where('id', '=', sessionId)
        .where('ended_at', 'is', null)
        .returning('account')
        .executeTakeFirst();
      announce(sessionId);
      if (row) await audit.record({ what: 'signed-out', account: row.account, session: sessionId });
    },

    onEnded(listener) {
      endListeners.add(listener);
      return () => endListeners.delete(listener);
    },
    onMoved(listener) {
      moveListeners.add(listener);
      return () => moveListeners.delete(listener);
    },
    sweep,
    stop: () => clearInterval(timer),
  };
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
