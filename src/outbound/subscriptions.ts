/** Which devices can be reached while their page is closed. A session is a device, and has one subscription; it ends with the session. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { inboxesOf } from '../ws/notices.ts';
import type { PushLocale } from './payload.ts';

export interface NewSubscription {
  readonly session: string;
  readonly actor: Actor;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly contact: string;
  readonly locale: PushLocale;
  readonly device: string;
}

/** How long an ended one is kept: as long as it may take to tell the device that what it shows is over. */
const KEEP_ENDED_MS = 10 * 60_000;
const UNIQUE_VIOLATION = '23505';

export interface Kept {
  readonly id: string;
  readonly begins: boolean;
}

export class Subscriptions {
  readonly #db: Kysely<Schema>;
  readonly #district: number;

  constructor(db: Kysely<Schema>, district: number) {
    this.#db = db;
    this.#district = district;
  }

  /**
   * Takes a subscription; the same again only renews it. Another one of this session is replaced, and an endpoint that another session had is this one's from now on: the
   * browser is the same, and who is signed in there is somebody else.
   *
   * @returns its id, and whether it rings for something that it did not ring for before: new, ended until now, or of other places.
   */
  async keep(subscription: NewSubscription, at: Date): Promise<Kept> {
    try {
      return await this.#keep(subscription, at);
    } catch (error) {
      // Two tabs of one browser asked in the same moment: the other one's is renewed now.
      if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
      return this.#keep(subscription, at);
    }
  }

  #keep({ session, actor, endpoint, p256dh, auth, contact, locale, device }: NewSubscription, at: Date): Promise<Kept> {
    const district = this.#district;
    const values = { account: actor.account, places: [...inboxesOf(actor)], p256dh, auth, contact, locale, device, ended_at: null };
    return this.#db.transaction().execute(async (tx) => {
      const before = await tx
        .selectFrom('push_subscription')
        .select(['ended_at', 'places'])
        .where('district', '=', district)
        .where('session', '=', session)
        .where('endpoint', '=', endpoint)
        .forUpdate()
        .executeTakeFirst();
      const same = await tx
        .updateTable('push_subscription')
        .set(values)
        .where('district', '=', district)
        .where('session', '=', session)
        .where('endpoint', '=', endpoint)
        .returning('id')
        .executeTakeFirst();
      if (same)
        return { id: same.id, begins: before === undefined || before.ended_at !== null || before.places.join() !== values.places.join() };
      await tx
        .deleteFrom('push_subscription')
        .where('district', '=', district)
        .where((is) => is.or([is('session', '=', session), is('endpoint', '=', endpoint)]))
        .execute();
      const id = randomUUID();
      await tx
        .insertInto('push_subscription')
        .values({ district, id, session, endpoint, at, ...values })
        .execute();
      return { id, begins: true };
    });
  }

  /** The account works at other places now: what is told there goes to this device from now on. @returns whether it is reached there. */
  async move(session: string, actor: Actor): Promise<boolean> {
    const moved = await this.#db
      .updateTable('push_subscription')
      .set({ places: [...inboxesOf(actor)] })
      .where('district', '=', this.#district)
      .where('session', '=', session)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    return moved.numUpdatedRows > 0n;
  }

  /** What was begun there is ended by whoever looks at it next. */
  async end(session: string, at: Date): Promise<void> {
    await this.#db
      .updateTable('push_subscription')
      .set({ ended_at: at })
      .where('district', '=', this.#district)
      .where('session', '=', session)
      .where('ended_at', 'is', null)
      .execute();
  }

  /** The push service no longer knows it. */
  async forget(id: string): Promise<void> {
    await this.#db.deleteFrom('push_subscription').where('district', '=', this.#district).where('id', '=', id).execute();
  }

  async prune(now: Date): Promise<void> {
    await this.#db
      .deleteFrom('push_subscription')
      .where('district', '=', this.#district)
      .where('ended_at', '<', new Date(now.getTime() - KEEP_ENDED_MS))
      .execute();
  }
}
