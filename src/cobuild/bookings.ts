/** Bookings read: when each resource is lent to whom. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { type BookingState, LONGEST_MS, type Slots, type Taken } from './chain/booking.ts';
import { memberCode } from './chain/scope.ts';
import { seesPlace } from './place-filter.ts';

export interface Booking {
  readonly code: string;
  readonly resource: string;
  readonly quantity: number;
  readonly from: Date;
  readonly until: Date;
  readonly purpose: string;
  /** Who asked: the district, a subdistrict or a community. */
  readonly place: string;
  /** Account. */
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly incident: string | null;
  readonly need: string | null;
  readonly activity: string | null;
  readonly reason: string | null;
  readonly unit: string | null;
  readonly assignment: string | null;
  readonly endedAt: Date | null;
  readonly state: BookingState;
  readonly version: number;
}

export interface BookingQuery {
  readonly resources?: readonly string[] | undefined;
  readonly incident?: string | undefined;
  readonly states?: readonly BookingState[] | undefined;
  /** Only those that touch this time. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly code?: string | undefined;
  /** Only those that are out at an incident though their time was past then. */
  readonly outPast?: Date | undefined;
}

const HOLDS: readonly BookingState[] = ['asked', 'agreed'];

function columns(): RawBuilder<unknown> {
  return sql`b.code, b.resource, b.quantity, lower(b.during) as "from", upper(b.during) as until, b.purpose, b.place,
    b.asked_by as "askedBy", b.asked_at as "askedAt", b.incident, b.need, b.activity, b.reason, b.unit, b.assignment, b.ended_at as "endedAt",
    b.state, b.version`;
}

/** By their beginning. */
export async function readBookings(db: Kysely<Schema>, district: number, query: BookingQuery): Promise<Booking[]> {
  const { rows } = await sql<Booking>`
    select ${columns()} from booking b where ${matches(district, query)} order by lower(b.during), b.code`.execute(db);
  return rows;
}

/** A booking with the member that lends. */
export interface LentBooking extends Booking {
  readonly member: string;
}

/**
 * `maySeeBooking` for lists. By their beginning.
 *
 * @param atIncident  the actor sees the incident that is asked for: what comes to it is seen with it, wherever it is lent.
 */
export async function listBookings(db: Kysely<Schema>, actor: Actor, query: BookingQuery, atIncident = false): Promise<LentBooking[]> {
  const { rows } = await sql<LentBooking>`
    select ${columns()}, r.member from booking b
      join shared_resource r on r.district = b.district and r.code = b.resource
    where ${matches(actor.district, query)}
      and (${atIncident && query.incident !== undefined} or ${seesPlace(actor, sql.ref('r.place'))} or ${seesPlace(actor, sql.ref('b.place'))} or r.member = ${memberCode(actor)}::text)
    order by lower(b.during), b.code`.execute(db);
  return rows;
}

function matches(district: number, { resources, incident, states, from, until, code, outPast }: BookingQuery): RawBuilder<boolean> {
  return sql<boolean>`b.district = ${district}
      and (${resources === undefined} or b.resource = any(${[...(resources ?? [])]}::text[]))
      and (${incident === undefined} or b.incident = ${incident ?? null}::uuid)
      and (${states === undefined} or b.state = any(${[...(states ?? [])]}::text[]))
      and (${code === undefined} or b.code = ${code ?? null}::text)
      and (${outPast === undefined} or (b.assignment is not null and upper(b.during) <= ${outPast ?? null}::timestamptz))
      and (${from === undefined} or upper(b.during) > ${from ?? null}::timestamptz)
      and (${until === undefined} or lower(b.during) < ${until ?? null}::timestamptz)`;
}

/** Locked to the end of the transaction. */
export async function lockBooking(tx: Kysely<Schema>, district: number, code: string): Promise<Booking | null> {
  const { rows } = await sql<Booking>`
    select ${columns()} from booking b where b.district = ${district} and b.code = ${code} for update`.execute(tx);
  return rows[0] ?? null;
}

/** What holds of a resource from now on. */
export async function readTaken(db: Kysely<Schema>, district: number, resource: string, now: Date): Promise<Taken[]> {
  const held = await readBookings(db, district, { resources: [resource], states: HOLDS, from: now });
  return held.map(takenFrom);
}

/**
 * What is out at an incident past its time: it is not free before it is given back, and nobody knows when that will be. It is reckoned to stay out
 * as long as the longest loan from now on [ours]: who plans further ahead is not kept from it. It takes part in no dealing, since its time has been.
 */
export async function readStillOut(
  db: Kysely<Schema>,
  district: number,
  resources: readonly string[],
  now: Date,
): Promise<(Taken & { readonly resource: string })[]> {
  const out = await readBookings(db, district, { resources, states: ['agreed'], outPast: now });
  return out.map((booking) => ({ ...takenFrom(booking), resource: booking.resource, toMs: now.getTime() + LONGEST_MS }));
}

export function takenFrom({ code, quantity, from, until }: Booking): Taken {
  return { code, quantity, fromMs: from.getTime(), toMs: until.getTime() };
}

/**
 * Writes pieces dealt anew. What is held still though its time is past has none from now on: it takes part in no dealing.
 *
 * @param dealt  of all that hold from now on.
 */
export async function writeSlots(
  tx: Kysely<Schema>,
  district: number,
  resource: string,
  dealt: ReadonlyMap<string, Slots>,
  now: Date,
): Promise<void> {
  await sql`
    update booking set slots = '{}' where district = ${district} and resource = ${resource} and state = any(${[...HOLDS]}::text[])
      and upper(during) <= ${now}::timestamptz`.execute(tx);
  for (const [code, slots] of dealt) {
    await sql`update booking set slots = ${slotsText(slots)}::int4multirange where district = ${district} and code = ${code}`.execute(tx);
  }
}

/** `{[1,3),[5,6)}`. */
export function slotsText(slots: Slots): string {
  return `{${slots.map(([from, to]) => `[${from},${to})`).join(',')}}`;
}
