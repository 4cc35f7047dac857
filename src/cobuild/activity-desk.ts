/** Activities changed: announced, amended, held, cancelled, and counted who came. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { activityFrom, lockActivity, type Activity } from './activities.ts';
import { ACTIVITY_LAW, FURTHEST_DAYS, type OpenTo } from './chain/activity.ts';
import { isOpenTo } from './chain/committee.ts';
import type { Link } from './chain/links.ts';
import type { Telling, Told } from './chain/notices.ts';
import { reach } from './chain/reach.ts';
import { refused, type CobuildAnswer, type CobuildRefusal } from './chain/refusals.ts';
import { memberCode, officeInbox, partsAt } from './chain/scope.ts';
import { permit, type Part } from './chain/table.ts';
import { findCommittee } from './committees.ts';
import { appointedTo, memberAt } from './members.ts';
import { bindProof } from './proof.ts';

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
  return act(house, asked, async (tx, now, log): Promise<Done<Activity>> => {
    const committee = await findCommittee(tx, district, wanted.committee);
    if (!isOpenTo(committee, asked.actor)) return refused('unknown-committee');
    const parts = await partsOf(tx, district, asked.actor, { ...wanted, place: committee.place }, now);
    const permitted = permit(ACTIVITY_LAW, 'none', 'announce', parts);
    if (!permitted.ok) return permitted;
    const wrong = wrongTimes(wanted, now);
    if (wrong !== null) return wrong;
    const known = await appointedTo(tx, district, committee.code);
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
    await log(ACTIVITY_LAW, activity, { verb: 'announce', from: 'none', payload: { startsAt, capacity, members } });
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
  return act(house, asked, async (tx, now, log): Promise<Done<Activity>> => {
    const reached = reach(await lockActivity(tx, district, code), asked.actor, expectedVersion);
    if (!reached.ok) return reached;
    const activity = reached.object;
    const parts = await partsOf(tx, district, asked.actor, activity, now);
    const permitted = permit(ACTIVITY_LAW, activity.state, command.verb, parts);
    if (!permitted.ok) return parts.has('formerMember') ? refused('member-expired') : permitted;
    const photos = 'photos' in command ? (command.photos ?? []) : [];
    const unbound = await bindProof(tx, district, ACTIVITY_LAW, { code, place: activity.place, photos, account: asked.actor.account });
    if (unbound !== null) return unbound;
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
    await log(ACTIVITY_LAW, next, { verb: command.verb, from: activity.state, payload });
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

/** Who may read names and phones: the office, and the members that organise it. */
export async function organises(house: House, actor: Actor, activity: Activity): Promise<boolean> {
  const parts = await partsOf(house.db, house.district, actor, activity, house.now());
  return parts.has('office') || parts.has('owner');
}
