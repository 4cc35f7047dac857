/** Activities changed: announced, amended, held, cancelled; people signed up, withdrawn, counted. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { holdPhotos } from '../evidence/holders.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { activityFrom, lockActivity, readSignUps, type Activity } from './activities.ts';
import { ACTIVITY_LAW, FURTHEST_DAYS, type ActivityVerb, type OpenTo } from './chain/activity.ts';
import type { Link } from './chain/links.ts';
import type { Telling, Told } from './chain/notices.ts';
import { refused, type CobuildAnswer, type CobuildRefusal } from './chain/refusals.ts';
import { maySeePlace, memberCode, officeInbox, partsAt } from './chain/scope.ts';
import { permit, type Part } from './chain/table.ts';
import { findCommittee } from './committees.ts';
import { logMove, staleFor } from './log.ts';
import { memberAt, membersOf } from './members.ts';

const DAY_MS = 86_400_000;

export interface NewActivity {
  /** Made by whoever asks: the request's key. */
  readonly code: string;
  readonly committee: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn?: string | undefined;
  readonly note?: string | undefined;
  readonly venue: string;
  readonly members: readonly string[];
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly capacity: number;
  readonly openTo: OpenTo;
}

/** What the actor is at an activity: one of its organising members is the owner, as long as its term lasts. */
async function partsOf(
  tx: Kysely<Schema>,
  district: number,
  actor: Actor,
  activity: Pick<Activity, 'place' | 'committee' | 'members'>,
  now: Date,
) {
  const parts: Set<Part> = partsAt(actor, activity.place);
  const code = memberCode(actor);
  const member = code === null ? null : await memberAt(tx, district, code, now);
  if (member === null) return parts;
  if (!member.active) parts.add('formerMember');
  else if (activity.members.includes(member.code)) parts.add('owner');
  if (member.active && member.committee === activity.committee) parts.add('member');
  return parts;
}

function tellingOf(activity: Activity, notice: Telling['notice'], recipients: readonly Told[]): Telling {
  const { code, version, place, startsAt } = activity;
  return { key: `${notice} ${code} ${version}`, recipients, notice, about: { kind: 'activity', code, place, startsAt } };
}

function wrongTimes({ startsAt, endsAt }: Pick<NewActivity, 'startsAt' | 'endsAt'>, now: Date): CobuildRefusal | null {
  if (startsAt <= now) return refused('date-in-past');
  if (endsAt <= startsAt || endsAt.getTime() > now.getTime() + FURTHEST_DAYS * DAY_MS) return refused('activity-times');
  return null;
}

/** 活动联办: announces an activity; the members of its committee are told. */
export function announce(house: House, asked: Asked, wanted: NewActivity): Promise<CobuildAnswer<Activity>> {
  const { district } = house;
  return act(house, asked, async (tx, now): Promise<Done<Activity>> => {
    const committee = await findCommittee(tx, district, wanted.committee);
    if (committee === null || committee.state !== 'active' || !maySeePlace(asked.actor, committee.place))
      return refused('unknown-committee');
    const parts = await partsOf(tx, district, asked.actor, { ...wanted, place: committee.place }, now);
    const permitted = permit(ACTIVITY_LAW, 'none', 'announce', parts);
    if (!permitted.ok) return permitted;
    const wrong = wrongTimes(wanted, now);
    if (wrong !== null) return wrong;
    const known = (await membersOf(tx, district, committee.code))
      .filter((member) => member.state === 'appointed')
      .map((member) => member.code);
    if (wanted.members.some((member) => !known.includes(member))) return refused('unknown-member');
    const { code, link, titleZh, titleEn = null, note = null, venue, members, startsAt, endsAt, capacity, openTo } = wanted;
    const row = await tx
      .insertInto('activity')
      .values({
        district,
        code,
        committee: committee.code,
        place: committee.place,
        link,
        title_zh: titleZh,
        title_en: titleEn,
        note,
        venue,
        members: [...members],
        starts_at: startsAt,
        ends_at: endsAt,
        capacity,
        open_to: openTo,
        outcome: null,
        reason: null,
        made_by: asked.actor.account,
        state: permitted.move.to,
        version: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const activity = activityFrom(row);
    await log(tx, district, activity, 'announce', 'none', asked.actor.account, now, { startsAt, capacity, members });
    return {
      ok: true,
      value: activity,
      tells: [
        tellingOf(
          activity,
          'activityAnnounced',
          known.map((member): Told => `member:${member}`),
        ),
      ],
    };
  });
}

export type ActivityCommand =
  | { readonly verb: 'hold'; readonly outcome: string; readonly photos?: readonly string[] | undefined }
  | {
      readonly verb: 'amend';
      readonly venue?: string | undefined;
      readonly startsAt?: Date | undefined;
      readonly endsAt?: Date | undefined;
      readonly capacity?: number | undefined;
      readonly photos?: readonly string[] | undefined;
      /** Of sign-ups, how many came. */
      readonly came?: readonly { readonly id: string; readonly people: number }[] | undefined;
    }
  | { readonly verb: 'cancel'; readonly reason: string };

export function moveActivity(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: ActivityCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Activity>> {
  const { district } = house;
  return act(house, asked, async (tx, now): Promise<Done<Activity>> => {
    const activity = await lockActivity(tx, district, code);
    if (activity === null || !maySeePlace(asked.actor, activity.place)) return refused('not-found');
    const stale = staleFor(activity.version, expectedVersion);
    if (stale !== null) return stale;
    const parts = await partsOf(tx, district, asked.actor, activity, now);
    const permitted = permit(ACTIVITY_LAW, activity.state, command.verb, parts);
    if (!permitted.ok) return parts.has('formerMember') ? refused('member-expired') : permitted;
    const photos = 'photos' in command ? (command.photos ?? []) : [];
    const holder = { kind: ACTIVITY_LAW.kind, code, place: activity.place };
    const unknown = await holdPhotos(tx, district, holder, photos, asked.actor.account);
    if (unknown.length > 0) return refused('unknown-photo', { photos: unknown.join(' ') });
    const changes = await changesOf(tx, district, activity, command, now);
    if ('ok' in changes) return changes;
    const row = await tx
      .updateTable('activity')
      .set({ ...changes, photos: [...activity.photos, ...photos], state: permitted.move.to, version: activity.version + 1 })
      .where('district', '=', district)
      .where('code', '=', code)
      .returningAll()
      .executeTakeFirstOrThrow();
    const next = activityFrom(row);
    const payload = command.verb === 'cancel' ? { reason: command.reason } : { photos: photos.length };
    await log(tx, district, next, command.verb, activity.state, asked.actor.account, now, payload);
    const told: Told[] = [officeInbox(next.place), ...next.members.map((member): Told => `member:${member}`)];
    return { ok: true, value: next, tells: command.verb === 'cancel' ? [tellingOf(next, 'activityCancelled', told)] : [] };
  });
}

async function changesOf(tx: Kysely<Schema>, district: number, activity: Activity, command: ActivityCommand, now: Date) {
  switch (command.verb) {
    case 'hold':
      return new Date(activity.startsAt) > now ? refused('activity-not-begun') : { outcome: command.outcome };
    case 'cancel':
      return { reason: command.reason };
    case 'amend': {
      const { venue = activity.venue, capacity = activity.capacity, came = [] } = command;
      if (capacity < activity.taken) return refused('activity-full', { taken: activity.taken });
      const startsAt = command.startsAt ?? new Date(activity.startsAt);
      const endsAt = command.endsAt ?? new Date(activity.endsAt);
      const wrong = command.startsAt === undefined && command.endsAt === undefined ? null : wrongTimes({ startsAt, endsAt }, now);
      if (wrong !== null) return wrong;
      for (const { id, people } of came) {
        await tx
          .updateTable('activity_sign_up')
          .set((eb) => ({ came: eb.fn<number>('least', [eb.val(people), 'people']) }))
          .where('district', '=', district)
          .where('activity', '=', activity.code)
          .where('id', '=', id)
          .where('state', '=', 'signedUp')
          .execute();
      }
      return { venue, capacity, starts_at: startsAt, ends_at: endsAt };
    }
  }
}

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
  const { db, district, now } = house;
  return db.transaction().execute(async (tx): Promise<CobuildAnswer<Activity>> => {
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
  const { db, district, now } = house;
  return db.transaction().execute(async (tx): Promise<CobuildAnswer<Activity>> => {
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

/** Who may read names and phones: the office, and the members that organise it. */
export async function organises(house: House, actor: Actor, activity: Activity): Promise<boolean> {
  const parts = await partsOf(house.db, house.district, actor, activity, house.now());
  return parts.has('office') || parts.has('owner');
}

function log(
  tx: Kysely<Schema>,
  district: number,
  activity: Activity,
  verb: ActivityVerb,
  from: string,
  account: string,
  at: Date,
  payload: object,
) {
  const { code: object, version, state: to } = activity;
  return logMove(tx, { district, kind: ACTIVITY_LAW.kind, object, version, verb, from, to, actor: account, at, payload });
}
