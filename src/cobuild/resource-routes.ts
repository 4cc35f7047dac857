/** 资源联享 over HTTP: the register, the week of each resource, bookings, and what is lent at work at incidents. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Desk } from '../dispatch/desk.ts';
import { middleOf } from '../grid/middle.ts';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import { problems } from '../problems.ts';
import { answers, keyHeader } from '../route-parts.ts';
import { newRouter, problem } from '../router.ts';
import { startOfDay } from '../china-time.ts';
import type { House } from './act.ts';
import { asGuest, assistAt, assistsOf, findAssist } from './assists.ts';
import { book, bookingPlace, moveBooking } from './booking-desk.ts';
import { listBookings, readBookings, readStillOut, takenFrom, type Booking } from './bookings.ts';
import { freeThrough, RESOURCE_KIND_CODES } from './chain/booking.ts';
import { dayAt, dayIndex } from './chain/days.ts';
import { memberOf } from './members.ts';
import type { Reader } from './need-wire.ts';
import {
  AssistListSchema,
  AssistMoveSchema,
  AssistSchema,
  BookingListSchema,
  BookingMoveSchema,
  BookingQuerySchema,
  BookingSchema,
  bookingToWire,
  NewBookingSchema,
  NewResourceSchema,
  ResourceListSchema,
  ResourceMoveSchema,
  ResourceSchema,
  resourceToWire,
} from './resource-wire.ts';
import { listResource, moveResource, type NewResource } from './resource-desk.ts';
import { findResource, listResources, type NamedResource } from './resources.ts';
import { answerRefusal, body, Code, codeParam, keyed } from './route-frame.ts';

export interface ResourceRoutesDeps {
  readonly house: House;
  readonly reference: () => Reference;
  readonly desk: Pick<Desk, 'find' | 'move'>;
  /** Something was booked for an incident, or no longer. */
  readonly joinSoon: (incident: string) => void;
}

type LngLat = NewResource['position'];

const DAY_MS = 86_400_000;
const tags = ['resources'];
const list = createRoute({
  method: 'get',
  path: '/resources',
  tags,
  summary: '资源清单 What member units lend, in the scope of the caller',
  request: {
    query: z.object({
      kind: z.enum(RESOURCE_KIND_CODES).optional(),
      member: Code.optional(),
      place: z
        .string()
        .regex(/^\d{6,12}$/)
        .optional(),
      callable: z.enum(['true', 'false']).optional(),
    }),
  },
  responses: { 200: answers(ResourceListSchema, 'By code') },
});
const add = createRoute({
  method: 'post',
  path: '/resources',
  tags,
  summary: '登记资源 List a resource',
  request: { headers: keyHeader, body: body(NewResourceSchema) },
  responses: { 201: answers(ResourceSchema, 'The resource') },
});
const amend = createRoute({
  method: 'post',
  path: '/resources/{code}/moves',
  tags,
  summary: '修改、下架 Amend or withdraw a resource',
  request: { params: codeParam, headers: keyHeader, body: body(ResourceMoveSchema) },
  responses: { 200: answers(ResourceSchema, 'The resource after it') },
});
const bookings = createRoute({
  method: 'get',
  path: '/bookings',
  tags,
  summary: '预约 Bookings in the scope of the caller, and all of an incident that the caller sees: of a resource, an incident, a week',
  request: { query: BookingQuerySchema },
  responses: { 200: answers(BookingListSchema, 'By their beginning'), ...problems('invalid-query') },
});
const askFor = createRoute({
  method: 'post',
  path: '/resources/{code}/bookings',
  tags,
  summary: '预约、调用 Book a resource, or call it to an incident',
  request: { params: codeParam, headers: keyHeader, body: body(NewBookingSchema) },
  responses: { 201: answers(BookingSchema, 'The booking') },
});
const move = createRoute({
  method: 'post',
  path: '/bookings/{code}/moves',
  tags,
  summary: '同意、谢绝、取消、用完 Agree, refuse, cancel, finish',
  request: { params: codeParam, headers: keyHeader, body: body(BookingMoveSchema) },
  responses: { 200: answers(BookingSchema, 'The booking after it') },
});
const assists = createRoute({
  method: 'get',
  path: '/assists',
  tags,
  summary: '协办任务 What the member lent or claimed, at work at incidents',
  responses: { 200: answers(AssistListSchema, 'Those that are not over') },
});
const assistMove = createRoute({
  method: 'post',
  path: '/assists/{assignment}/moves',
  tags,
  summary: '签收、到场、完成 What the member reports of it, as a unit does',
  request: { params: z.object({ assignment: z.uuid().toLowerCase() }), headers: keyHeader, body: body(AssistMoveSchema) },
  responses: { 200: answers(AssistSchema, 'As it is after it') },
});

export function resourceRoutes({ house, reference, desk, joinSoon }: ResourceRoutesDeps) {
  const { db, district, now } = house;
  const readerOf = async (actor: Actor): Promise<Reader> => ({ actor, member: await memberOf(db, actor, now()), today: dayAt(now()) });
  /** How many of each are not lent now. */
  const freeNow = async (resources: readonly NamedResource[]): Promise<(resource: NamedResource) => number> => {
    const at = now().getTime();
    const codes = resources.map((resource) => resource.code);
    const [held, out] = await Promise.all([
      readBookings(db, district, { resources: codes, states: ['asked', 'agreed'], from: new Date(at), until: new Date(at + 1) }),
      readStillOut(db, district, codes, new Date(at)),
    ]);
    const taken = [...held.map((booking) => ({ ...takenFrom(booking), resource: booking.resource })), ...out];
    return ({ code, quantity }) =>
      freeThrough(
        quantity,
        taken.filter((one) => one.resource === code),
        at,
        at + 1,
      );
  };
  const wire = async (resource: NamedResource, actor: Actor) =>
    resourceToWire(resource, (await freeNow([resource]))(resource), await readerOf(actor), bookingPlace(actor) !== null);
  const bookingWire = async (booking: Booking, actor: Actor) => {
    const resource = (await findResource(db, district, booking.resource))!;
    return bookingToWire(booking, resource, await readerOf(actor));
  };
  /** The member's assignments with their incidents; one that the incident does not know any more is left out. */
  const assistsFor = async (actor: Actor) => {
    const member = await memberOf(db, actor, now());
    if (member === null) return [];
    const found = await assistsOf(db, district, member.code);
    const items = await Promise.all(
      found.map(async (assist) => {
        const guest = asGuest(actor, assist.unit);
        const incident = await desk.find(assist.incident, guest);
        return incident === null ? null : assistAt(assist, incident, guest, member.active);
      }),
    );
    return items.filter((item) => item !== null);
  };

  return newRouter()
    .openapi(list, async (c) => {
      const { callable, ...query } = c.req.valid('query');
      const found = await listResources(db, c.var.actor, {
        ...query,
        ...(callable === undefined ? {} : { callable: callable === 'true' }),
      });
      const free = await freeNow(found);
      const reader = await readerOf(c.var.actor);
      const mayBook = bookingPlace(c.var.actor) !== null;
      return c.json({ items: found.map((resource) => resourceToWire(resource, free(resource), reader, mayBook)), next: null }, 200);
    })
    .openapi(add, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const wanted = c.req.valid('json');
        const at = placeOf(wanted);
        if (at === null) return problem(c, wanted.position === undefined ? 'unknown-area' : 'outside-district');
        if (wanted.standsForType !== null && !reference().unitTypes.has(wanted.standsForType)) return problem(c, 'unknown-unit');
        const answer = await listResource(house, asked, { ...wanted, ...at, code: asked.key });
        return answer.ok ? c.json(await wire(answer.value, c.var.actor), 201) : answerRefusal(c, answer);
      }),
    )
    .openapi(amend, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await moveResource(house, asked, c.req.valid('param').code, c.req.valid('json'));
        return answer.ok ? c.json(await wire(answer.value, c.var.actor), 200) : answerRefusal(c, answer);
      }),
    )
    .openapi(bookings, async (c) => {
      const { resource, incident, from, days, open } = c.req.valid('query');
      const { actor } = c.var;
      // What is open, or of one incident, is not much; of all others there are ever more.
      const few = open === 'true' || incident !== undefined;
      const first = from ?? (few ? undefined : dayAt(now()));
      const firstMs = first === undefined ? undefined : startOfDay(dayIndex(first));
      const query = {
        ...(resource === undefined ? {} : { resources: [resource] }),
        incident,
        ...(open === 'true' ? { states: ['asked', 'agreed'] as const } : {}),
        ...(firstMs === undefined ? {} : { from: new Date(firstMs), until: new Date(firstMs + days * DAY_MS) }),
      };
      const atIncident = incident !== undefined && (await desk.find(incident, actor)) !== null;
      const found = await listBookings(db, actor, query, atIncident);
      const reader = await readerOf(actor);
      return c.json({ items: found.map(({ member, ...booking }) => bookingToWire(booking, { member }, reader)), next: null }, 200);
    })
    .openapi(askFor, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const wanted = c.req.valid('json');
        const place = bookingPlace(c.var.actor);
        if (place === null) return problem(c, 'not-yours', 'offices book');
        if (wanted.incident !== undefined) {
          const incident = await desk.find(wanted.incident, c.var.actor);
          if (incident === null) return problem(c, 'not-found');
          if (incident.drill) return problem(c, 'incident-is-drill');
        }
        const answer = await book(house, asked, c.req.valid('param').code, { ...wanted, place, code: asked.key });
        if (!answer.ok) return answerRefusal(c, answer);
        if (wanted.incident !== undefined) joinSoon(wanted.incident);
        return c.json(await shownBooking(asked.key, c.var.actor), 201);
      }),
    )
    .openapi(move, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const { code } = c.req.valid('param');
        const answer = await moveBooking(house, asked, code, c.req.valid('json'));
        if (!answer.ok) return answerRefusal(c, answer);
        const shown = await shownBooking(code, c.var.actor);
        if (shown.incident !== null) joinSoon(shown.incident);
        return c.json(shown, 200);
      }),
    )
    .openapi(assists, async (c) => c.json({ items: await assistsFor(c.var.actor), next: null }, 200))
    .openapi(assistMove, (c) =>
      keyed(c, c.req.valid('json'), async ({ key }) => {
        const { assignment } = c.req.valid('param');
        const member = await memberOf(db, c.var.actor, now());
        // Also one that is over: what is sent again under its key has made it so, and the desk gives the same answer.
        const own = member === null ? null : await findAssist(db, district, member.code, assignment);
        if (member === null || own === null) return problem(c, 'not-found');
        if (!member.active) return problem(c, 'member-expired');
        const guest = asGuest(c.var.actor, own.unit);
        const answer = await desk.move(own.incident, { ...c.req.valid('json'), assignment }, guest, key);
        if (!answer.ok) {
          const { code, ...why } = answer.refusal;
          return problem(c, code, undefined, why);
        }
        joinSoon(own.incident);
        return c.json(assistAt(own, answer.incident, guest, member.active)!, 200);
      }),
    );

  /** By its point, else somewhere in the community. */
  function placeOf({ position, community }: { position?: LngLat | undefined; community?: string | undefined }) {
    if (position !== undefined) {
      const place = reference().place(position.lng, position.lat);
      return place && { position, community: place.community };
    }
    const middle = community === undefined ? null : middleOf(reference(), community);
    return middle && { position: middle.position, community: middle.place.community };
  }

  async function shownBooking(code: string, actor: Actor) {
    return bookingWire((await readBookings(db, district, { code }))[0]!, actor);
  }
}
