/** Resources and bookings as the outside sees them. */
import { z } from '@hono/zod-openapi';
import { bookingParts } from './booking-desk.ts';
import type { Booking } from './bookings.ts';
import { BOOKING_LAW, BOOKING_STATES, HOURS, RESOURCE_KIND_CODES, RESOURCE_LAW, type BookingState } from './chain/booking.ts';
import { memberCode, partsAt, partsWith } from './chain/scope.ts';
import { verbsFor } from './chain/table.ts';
import type { Reader } from './need-wire.ts';
import type { NamedResource } from './resources.ts';
import { Code, DayText, Instant, Line, Lines, Time, Version } from './route-frame.ts';

const BOOKING_STATE_NAMES = BOOKING_STATES.map((state) => state.name) as [BookingState, ...BookingState[]];
const KindSchema = z.enum(RESOURCE_KIND_CODES).openapi({ description: '场地, 信息, 人才, 设备' });
const Hours = z.string().regex(HOURS).openapi({ example: '18:30-21:30', description: 'Each day; may run past midnight' });
const Position = z.object({ lng: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) });
const Quantity = z.number().int().min(1).max(100_000);

export const ResourceSchema = z
  .object({
    code: z.string(),
    member: z.string(),
    orgZh: z.string(),
    orgEn: z.string(),
    committee: z.string(),
    place: z.string(),
    kind: KindSchema,
    nameZh: z.string(),
    nameEn: z.string().nullable(),
    quantity: z.number().int(),
    unitZh: z.string(),
    unitEn: z.string().nullable(),
    hours: Hours,
    noticeMinutes: z.number().int(),
    community: z.string(),
    position: Position,
    callable: z.boolean().openapi({ description: 'May be called to an incident without being asked first' }),
    standsForType: z.string().nullable(),
    conditionZh: z.string().nullable(),
    conditionEn: z.string().nullable(),
    state: z.enum(['listed', 'withdrawn']),
    version: z.number().int(),
    freeNow: z.number().int().openapi({ description: 'How many are not lent now' }),
    may: z.array(z.string()),
    mayBook: z.boolean(),
  })
  .openapi('SharedResource');
export const ResourceListSchema = z.object({ items: z.array(ResourceSchema), next: z.null() }).openapi('SharedResourceList');

export const BookingSchema = z
  .object({
    code: z.string(),
    resource: z.string(),
    quantity: z.number().int(),
    from: Time,
    until: Time,
    purpose: z.string(),
    place: z.string().openapi({ description: 'Who asked' }),
    askedAt: Time,
    incident: z.string().nullable(),
    need: z.string().nullable(),
    activity: z.string().nullable(),
    reason: z.string().nullable(),
    unit: z.string().nullable(),
    assignment: z.string().nullable().openapi({ description: 'At the incident, once it has joined' }),
    endedAt: Time.nullable(),
    state: z.enum(BOOKING_STATE_NAMES),
    version: z.number().int(),
    may: z.array(z.string()),
  })
  .openapi('Booking');
export const BookingListSchema = z.object({ items: z.array(BookingSchema), next: z.null() }).openapi('BookingList');

const words = {
  nameZh: Line(60),
  nameEn: Line(120).optional(),
  unitZh: Line(20),
  unitEn: Line(40).optional(),
  conditionZh: Line(200).optional(),
  conditionEn: Line(200).optional(),
};
export const NewResourceSchema = z.object({
  member: Code,
  kind: KindSchema,
  quantity: Quantity,
  hours: Hours,
  noticeMinutes: z.number().int().min(0).max(43_200),
  position: Position.optional().openapi({ description: 'Where it stands; absent: in the middle of `community`' }),
  community: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  standsForType: Line(60).nullable().default(null),
  ...words,
});
export const ResourceMoveSchema = z.discriminatedUnion('verb', [
  z.object({
    verb: z.literal('amend'),
    quantity: Quantity.optional(),
    hours: Hours.optional(),
    noticeMinutes: z.number().int().min(0).max(43_200).optional(),
    conditionZh: Line(200).optional(),
    conditionEn: Line(200).optional(),
    expectedVersion: Version,
  }),
  z.object({ verb: z.literal('withdraw'), reason: Lines(500).min(1), expectedVersion: Version }),
]);
export const NewBookingSchema = z.object({
  quantity: Quantity.default(1),
  from: Instant,
  until: Instant,
  purpose: Lines(500).min(1),
  incident: z.uuid().toLowerCase().optional(),
  need: Code.optional(),
  activity: Code.optional(),
  call: z.boolean().optional().openapi({ description: 'Without waiting for an answer: callable ones, for an incident' }),
});
export const BookingMoveSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('agree'), expectedVersion: Version }),
  z.object({ verb: z.literal('finish'), expectedVersion: Version }),
  z.object({ verb: z.literal('refuse'), reason: Lines(500).min(1), expectedVersion: Version }),
  z.object({ verb: z.literal('cancel'), reason: Lines(500).min(1), expectedVersion: Version }),
]);
export const BookingQuerySchema = z.object({
  resource: Code.optional(),
  incident: z.uuid().optional(),
  from: DayText.optional().openapi({ description: 'Today, unless only open ones or those of an incident are asked for' }),
  days: z.coerce.number().int().min(1).max(31).default(7),
  open: z.enum(['true', 'false']).optional().openapi({ description: 'true: only those that are asked for or agreed' }),
});

/** An assignment of what a member lent or claimed, at an incident. */
export const AssistSchema = z
  .object({
    assignment: z.string(),
    incident: z.string(),
    number: z.string(),
    category: z.string(),
    level: z.string(),
    description: z.string(),
    place: z.string(),
    position: Position,
    unit: z.string(),
    state: z.string(),
    until: Time.nullable(),
    of: z.enum(['claim', 'booking']),
    code: z.string(),
    may: z.array(z.string()),
  })
  .openapi('Assist');
export const AssistListSchema = z.object({ items: z.array(AssistSchema), next: z.null() }).openapi('AssistList');
export const AssistMoveSchema = z.discriminatedUnion('verb', [
  z.object({
    verb: z.enum(['acknowledge', 'depart', 'arrive', 'finish']),
    note: Lines(2000).min(1).optional(),
    photos: z.array(z.uuid()).max(9).optional(),
  }),
  z.object({ verb: z.literal('decline'), reason: Lines(500).min(1) }),
]);

export function resourceToWire(resource: NamedResource, freeNow: number, { actor, member }: Reader, mayBook: boolean) {
  const own = member !== null && memberCode(actor) === resource.member;
  const parts = own ? partsWith(actor, resource.place, member) : partsAt(actor, resource.place);
  return { ...resource, freeNow, may: verbsFor(RESOURCE_LAW, resource.state, parts), mayBook: mayBook && resource.state === 'listed' };
}

const BOOKING_VERBS: ReadonlySet<string> = new Set(['agree', 'refuse', 'cancel', 'finish']);

export function bookingToWire({ askedBy: _by, ...booking }: Booking, resource: Pick<NamedResource, 'member'>, { actor, member }: Reader) {
  const lender = member !== null && member.code === resource.member ? member : null;
  return {
    ...booking,
    from: booking.from.toISOString(),
    until: booking.until.toISOString(),
    askedAt: booking.askedAt.toISOString(),
    endedAt: booking.endedAt?.toISOString() ?? null,
    may: verbsFor(BOOKING_LAW, booking.state, bookingParts(actor, booking, lender)).filter((verb) => BOOKING_VERBS.has(verb)),
  };
}
