/** 报名: people sign up to an activity and withdraw, signed in or – with a word that only they have – without an account. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { type House, writing } from './act.ts';
import { lockActivity, readSignUps, type Activity } from './activities.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { maySeePlace, memberCode } from './chain/scope.ts';

export interface SigningUp {
  readonly id: string;
  readonly people: number;
  readonly name: string | null;
  readonly phone: string | null;
}

/** What a resident without an account withdraws by: only its hash is kept. */
export interface Word {
  readonly hash: Buffer;
}
export function wordHash(word: string): Buffer {
  return createHash('sha256').update(word).digest();
}

/**
 * 报名, by somebody signed in or by a resident with a word. Of two who want the last place one gets it; the other is told how many are left.
 *
 * @param word  null for accounts.
 */
export async function signUp(
  house: House,
  actor: Actor | null,
  code: string,
  { id, people, name, phone }: SigningUp,
  word: Word | null,
): Promise<CobuildAnswer<Activity>> {
  const { district, now } = house;
  return writing(house, async (tx): Promise<CobuildAnswer<Activity>> => {
    const activity = await lockActivity(tx, district, code);
    const everybody = activity?.openTo === 'everybody';
    if (activity === null || (actor === null ? !everybody : !everybody && !maySeePlace(actor, activity.place))) return refused('not-found');
    if (activity.state !== 'announced' || new Date(activity.startsAt) <= now()) return refused('no-such-move');
    const all = await readSignUps(tx, district, code);
    const same = all.find((one) => one.id === id);
    if (same !== undefined) {
      // The key stands for this sign-up of this person only: another one's place is neither shown nor taken over.
      const again = same.account === (actor?.account ?? null) && same.people === people && same.name === name && same.phone === phone;
      if (!again) return refused('idempotency-key-reused');
      // Sent again because the answer was lost: the word of the lost answer withdraws nothing, that of this one does.
      if (word !== null) await keepWord(tx, district, code, id, word);
      return { ok: true, value: activity };
    }
    if (actor !== null && all.some((one) => one.account === actor.account)) return refused('signed-up-already');
    const free = activity.capacity - activity.taken;
    if (people > free) return refused('activity-full', { free });
    const who = {
      account: actor?.account ?? null,
      member: actor === null ? null : memberCode(actor),
      name,
      phone,
      check_hash: word?.hash ?? null,
    };
    const made = await tx
      .insertInto('activity_sign_up')
      .values({ district, activity: code, id, people, ...who, at: now(), state: 'signedUp', came: null })
      .onConflict((on) => on.columns(['district', 'activity', 'id']).doNothing())
      .returning('id')
      .executeTakeFirst();
    // It was withdrawn: whoever comes again comes with another key.
    if (made === undefined) return refused('idempotency-key-reused');
    return { ok: true, value: { ...activity, taken: activity.taken + people } };
  });
}

async function keepWord(tx: Kysely<Schema>, district: number, activity: string, id: string, { hash }: Word): Promise<void> {
  await tx
    .updateTable('activity_sign_up')
    .set({ check_hash: hash })
    .where('district', '=', district)
    .where('activity', '=', activity)
    .where('id', '=', id)
    .execute();
}

/** Gives the place back. A resident says the word that came with the sign-up. */
export async function withdrawSignUp(
  house: House,
  code: string,
  who: { readonly account: string } | { readonly id: string; readonly word: string },
): Promise<CobuildAnswer<Activity>> {
  const { district, now } = house;
  return writing(house, async (tx): Promise<CobuildAnswer<Activity>> => {
    const activity = await lockActivity(tx, district, code);
    if (activity === null) return refused('not-found');
    const own = (await readSignUps(tx, district, code)).find((one) =>
      'account' in who
        ? one.account === who.account
        : one.id === who.id && one.check_hash !== null && timingSafeEqual(one.check_hash, wordHash(who.word)),
    );
    if (own === undefined) return refused('not-found');
    // Begun, there is no place to give back: who came is counted by what was signed up.
    if (new Date(activity.startsAt) <= now()) return refused('no-such-move');
    await tx
      .updateTable('activity_sign_up')
      .set({ state: 'withdrawn', name: null, phone: null, check_hash: null })
      .where('district', '=', district)
      .where('activity', '=', code)
      .where('id', '=', own.id)
      .execute();
    return { ok: true, value: { ...activity, taken: activity.taken - own.people } };
  });
}
