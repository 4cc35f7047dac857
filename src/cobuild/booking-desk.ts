/** Bookings changed: asked for, answered, cancelled, given back. The resource's row is locked first, so that its pieces are dealt to one after the other. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { findActivity } from './activities.ts';
import { lockBooking, readBookings, readStillOut, readTaken, slotsText, writeSlots, type Booking } from './bookings.ts';
import { BOOKING_LAW, dealSlots, freeThrough, refusedWish } from './chain/booking.ts';
import type { Telling, Told } from './chain/notices.ts';
import { staleFor } from './chain/reach.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { isOfficeOf, maySeePlace, memberCode, officeInbox, partsAt } from './chain/scope.ts';
import { permit, type Part } from './chain/table.ts';
import type { Log } from './log.ts';
import { memberAt } from './members.ts';
import { findNeed } from './needs.ts';
import { lockResource, type NamedResource } from './resources.ts';

export interface NewBooking {
  /** Made by whoever asks: the request's key. */
  readonly code: string;
  readonly quantity: number;
  readonly from: Date;
  readonly until: Date;
  readonly purpose: string;
  /** The asking place: of the account. */
  readonly place: string;
  /** The incident that it is wanted for; it was looked at before. */
  readonly incident?: string | undefined;
  readonly need?: string | undefined;
  readonly activity?: string | undefined;
  /** Without waiting for an answer: only of what may be called, and only for an incident. */
  readonly call?: boolean | undefined;
}

/** The place in whose name an account books; null for one that books nothing. */
export function bookingPlace(actor: Actor): string | null {
  if (actor.role === 'community') return actor.community ?? null;
  if (actor.role === 'subdistrict') return actor.subdistrict ?? null;
  return actor.role === 'district' ? String(actor.district) : null;
}

/** What the actor is at a booking: whoever asked for it, the body that lends, the system. */
export function bookingParts(
  actor: Actor,
  booking: Pick<Booking, 'place'>,
  lender: { readonly code: string; readonly active: boolean } | null,
): ReadonlySet<Part> {
  const parts = new Set<Part>(partsAt(actor, booking.place).has('system') ? ['system'] : []);
  if (isOfficeOf(actor, booking.place)) parts.add('publisher');
  if (lender !== null && memberCode(actor) === lender.code) parts.add(lender.active ? 'member' : 'formerMember');
  return parts;
}

function tellingOf(booking: Booking, notice: Telling['notice'], recipients: readonly Told[]): Telling {
  const { code, version, resource, quantity, place, from, incident } = booking;
  const about = { kind: 'booking', code, place, resource, quantity, startsAt: from.toISOString() };
  return { key: `${notice} ${code} ${version}`, recipients, notice, about: incident === null ? about : { ...about, incident } };
}

/**
 * 预约: takes pieces of a resource for a time. Of two who want the last piece one gets it; the other is told how many are free.
 *
 * @returns the booking; `booking-taken` with `free` when there are not enough.
 */
export function book(house: House, asked: Asked, resourceCode: string, wanted: NewBooking): Promise<CobuildAnswer<Booking>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Booking>> => {
    const resource = await lockResource(tx, district, resourceCode);
    if (resource === null || !maySeePlace(asked.actor, resource.place)) return refused('not-found');
    const lender = await memberAt(tx, district, resource.member, now);
    const verb = wanted.call === true ? 'call' : 'ask';
    const permitted = permit(BOOKING_LAW, 'none', verb, bookingParts(asked.actor, wanted, null));
    if (!permitted.ok) return permitted;
    if (lender === null || !lender.active) return refused('resource-withdrawn');
    if (verb === 'call' && (!resource.callable || wanted.incident === undefined)) return refused('not-callable');
    if (!(await seesPurpose(tx, district, asked.actor, wanted))) return refused('not-found');
    const fromMs = wanted.from.getTime();
    const toMs = wanted.until.getTime();
    const wish = { fromMs, toMs, quantity: wanted.quantity, forIncident: wanted.incident !== undefined };
    const wrong = refusedWish(resource, wish, now.getTime());
    if (wrong !== null) return wrong;
    const taken = await readTaken(tx, district, resourceCode, now);
    const dealt = dealSlots(resource.quantity, [...taken, { code: wanted.code, fromMs, toMs, quantity: wanted.quantity }]);
    const out = await readStillOut(tx, district, [resourceCode], now);
    const free = freeThrough(resource.quantity, [...taken, ...out], fromMs, toMs);
    if (dealt === null || free < wanted.quantity) return refused('booking-taken', { free: Math.max(0, free) });
    await writeSlots(tx, district, resourceCode, dealt, now);
    const { code, quantity, purpose, place, incident = null, need = null, activity = null } = wanted;
    await sql`
      insert into booking (district, code, resource, capacity, quantity, slots, during, purpose, place, asked_by, asked_at, incident, need, activity,
        state, version)
      values (${district}, ${code}, ${resourceCode}, ${resource.quantity}, ${quantity}, ${slotsText(dealt.get(code)!)}::int4multirange,
        tstzrange(${wanted.from}::timestamptz, ${wanted.until}::timestamptz), ${purpose}, ${place}, ${asked.actor.account}, ${now}::timestamptz,
        ${incident}::uuid, ${need}, ${activity}, ${permitted.move.to}, 1)`.execute(tx);
    const booking = (await lockBooking(tx, district, code))!;
    const payload = {
      resource: resourceCode,
      quantity,
      from: wanted.from,
      until: wanted.until,
      ...(incident === null ? {} : { incident }),
    };
    await log(BOOKING_LAW, booking, { verb, from: 'none', payload });
    const notice = verb === 'call' ? 'bookingCalled' : 'bookingAsked';
    return { ok: true, value: booking, tells: [tellingOf(booking, notice, [`member:${resource.member}`])] };
  });
}

/** Are need and activity that it is wanted for there, in the scope of whoever asks? */
async function seesPurpose(
  tx: Kysely<Schema>,
  district: number,
  actor: Actor,
  { need, activity }: Pick<NewBooking, 'need' | 'activity'>,
): Promise<boolean> {
  const places: (string | undefined)[] = [];
  if (need !== undefined) places.push((await findNeed(tx, district, need))?.need.place);
  if (activity !== undefined) places.push((await findActivity(tx, district, activity))?.place);
  return places.every((place) => place !== undefined && maySeePlace(actor, place));
}

export type BookingCommand =
  { readonly verb: 'agree' | 'finish' | 'lapse' } | { readonly verb: 'refuse' | 'cancel'; readonly reason: string };

/** 答复、取消、用完: what lender and borrower do with a booking. */
export function moveBooking(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: BookingCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Booking>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Booking>> => {
    const { district } = house;
    const found = await lockWithResource(tx, district, code);
    if (found === null || !maySeeBooking(asked.actor, found.booking, found.resource)) return refused('not-found');
    const { booking, resource } = found;
    const stale = staleFor(booking.version, expectedVersion);
    if (stale !== null) return stale;
    const lender = await memberAt(tx, district, resource.member, now);
    const permitted = permit(BOOKING_LAW, booking.state, command.verb, bookingParts(asked.actor, booking, lender));
    if (!permitted.ok) return permitted;
    const reason = 'reason' in command ? command.reason : null;
    // Given back early, its pieces are free from now on; given back late, they were held until now.
    const endedAt = command.verb === 'finish' ? now : null;
    const next = await writeBooking(tx, district, booking, { state: permitted.move.to, reason, endedAt });
    await log(BOOKING_LAW, next, { verb: command.verb, from: booking.state, payload: reason === null ? {} : { reason } });
    return { ok: true, value: next, tells: tellsOf(next, resource, command.verb, asked.actor) };
  });
}

function tellsOf(booking: Booking, resource: NamedResource, verb: BookingCommand['verb'], actor: Actor): readonly Telling[] {
  const office = officeInbox(booking.place);
  const lender: Told = `member:${resource.member}`;
  switch (verb) {
    case 'agree':
    case 'refuse':
    case 'lapse':
      return [tellingOf(booking, 'bookingAnswered', [office])];
    case 'cancel':
      return [tellingOf(booking, 'bookingCancelled', [memberCode(actor) === resource.member ? office : lender])];
    case 'finish':
      return [];
  }
}

function maySeeBooking(actor: Actor, booking: Pick<Booking, 'place'>, resource: Pick<NamedResource, 'place' | 'member'>): boolean {
  return maySeePlace(actor, resource.place) || maySeePlace(actor, booking.place) || memberCode(actor) === resource.member;
}

/** The booking's unit went to the incident: kept with it, so that its own clock there is found. Called again it changes nothing. */
export async function joinBooking(
  tx: Kysely<Schema>,
  district: number,
  code: string,
  joined: { readonly unit: string; readonly assignment: string },
  log: Log,
): Promise<void> {
  const found = await lockWithResource(tx, district, code);
  if (found === null || found.booking.state !== 'agreed' || found.booking.assignment === joined.assignment) return;
  await sql`
    update booking set unit = ${joined.unit}, assignment = ${joined.assignment}::uuid, version = version + 1
    where district = ${district} and code = ${code}`.execute(tx);
  const next = (await lockBooking(tx, district, code))!;
  await log(BOOKING_LAW, next, { verb: 'join', from: found.booking.state, payload: joined });
}

/** The resource first, then the booking: whoever changes bookings takes the locks in this order. */
async function lockWithResource(
  tx: Kysely<Schema>,
  district: number,
  code: string,
): Promise<{ booking: Booking; resource: NamedResource } | null> {
  const of = (await readBookings(tx, district, { code }))[0];
  const resource = of === undefined ? null : await lockResource(tx, district, of.resource);
  const booking = resource === null ? null : await lockBooking(tx, district, code);
  return resource === null || booking === null ? null : { booking, resource };
}

async function writeBooking(
  tx: Kysely<Schema>,
  district: number,
  booking: Booking,
  { state, reason, endedAt }: { readonly state: Booking['state']; readonly reason: string | null; readonly endedAt: Date | null },
): Promise<Booking> {
  await sql`
    update booking set state = ${state}, reason = ${reason}, ended_at = ${endedAt}::timestamptz, version = version + 1
    where district = ${district} and code = ${booking.code}`.execute(tx);
  return (await lockBooking(tx, district, booking.code))!;
}
