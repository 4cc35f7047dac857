/** 资源联享: what a member unit lends – venues, information, people, equipment – and its bookings. Pure. */
import { CHINA_OFFSET_MS } from '../../china-time.ts';
import { refused, type CobuildRefusal } from './refusals.ts';
import type { Law } from './table.ts';

export const RESOURCE_KINDS = [
  { code: 'venue', zh: '场地', en: 'Venue' },
  { code: 'information', zh: '信息', en: 'Information' },
  { code: 'people', zh: '人才', en: 'People' },
  { code: 'equipment', zh: '设备', en: 'Equipment' },
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number]['code'];
export const RESOURCE_KIND_CODES = RESOURCE_KINDS.map((kind) => kind.code) as [ResourceKind, ...ResourceKind[]];

/** Type of the units that what is lent joins incidents as: it never leads and stands on no run card. */
export const GUEST_TYPE = 'shared-resource';

export const RESOURCE_STATES = [
  { name: 'listed', zh: '在册', en: 'listed', end: false },
  { name: 'withdrawn', zh: '已下架', en: 'withdrawn', end: true },
] as const;
export type ResourceState = (typeof RESOURCE_STATES)[number]['name'];
const RESOURCE_MOVES = [
  { from: 'none', verb: 'list', to: 'listed', by: ['member', 'office', 'above'] },
  { from: 'listed', verb: 'amend', to: 'listed', by: ['member', 'office', 'above'] },
  { from: 'listed', verb: 'withdraw', to: 'withdrawn', by: ['member', 'office', 'above'] },
] as const satisfies Law<ResourceState>['moves'];
export type ResourceVerb = (typeof RESOURCE_MOVES)[number]['verb'];
export const RESOURCE_LAW: Law<ResourceState, ResourceVerb> = { kind: 'shared_resource', states: RESOURCE_STATES, moves: RESOURCE_MOVES };

/** `call`: one that may be called needs no answer when an incident asks; `join` marks that it went there. The publisher is whoever asked. */
export const BOOKING_STATES = [
  { name: 'asked', zh: '待答复', en: 'waiting for an answer', end: false },
  { name: 'agreed', zh: '已约定', en: 'agreed', end: false },
  { name: 'done', zh: '已用完', en: 'done', end: true },
  { name: 'refused', zh: '不能借', en: 'refused', end: true },
  { name: 'cancelled', zh: '已取消', en: 'cancelled', end: true },
  { name: 'lapsed', zh: '未答复作废', en: 'lapsed', end: true },
] as const;
export type BookingState = (typeof BOOKING_STATES)[number]['name'];
const BOOKING_MOVES = [
  { from: 'none', verb: 'ask', to: 'asked', by: ['publisher'] },
  { from: 'none', verb: 'call', to: 'agreed', by: ['publisher'] },
  { from: 'asked', verb: 'agree', to: 'agreed', by: ['member'] },
  { from: 'asked', verb: 'refuse', to: 'refused', by: ['member'] },
  { from: 'asked', verb: 'cancel', to: 'cancelled', by: ['publisher', 'system'] },
  { from: 'asked', verb: 'lapse', to: 'lapsed', by: ['system'] },
  { from: 'agreed', verb: 'join', to: 'agreed', by: ['system'] },
  { from: 'agreed', verb: 'cancel', to: 'cancelled', by: ['publisher', 'member', 'system'] },
  { from: 'agreed', verb: 'finish', to: 'done', by: ['publisher', 'member', 'system'] },
] as const satisfies Law<BookingState>['moves'];
export type BookingVerb = (typeof BOOKING_MOVES)[number]['verb'];
export const BOOKING_LAW: Law<BookingState, BookingVerb> = { kind: 'booking', states: BOOKING_STATES, moves: BOOKING_MOVES };

const MINUTE_MS = 60_000;
const DAY_MIN = 1_440;
/** Longer is no loan but a move. [ours] */
export const LONGEST_MS = 7 * DAY_MIN * MINUTE_MS;
/** A form that was opened at a quarter to and sent at the hour still means "from now". [ours] */
const PAST_SLACK_MS = 15 * MINUTE_MS;

/** `HH:MM-HH:MM`; an end before its beginning runs past midnight, `24:00` is the end of the day. */
export const HOURS = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Minutes from midnight; `toMin` may lie past 1,440. */
export function hoursOf(hours: string): { readonly fromMin: number; readonly toMin: number } {
  const [from = 0, to = 0] = hours.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return { fromMin: from, toMin: to > from ? to : to + DAY_MIN };
}

export function isRoundTheClock(hours: string): boolean {
  const { fromMin, toMin } = hoursOf(hours);
  return toMin - fromMin >= DAY_MIN;
}

/** Does the resource open at the beginning and stay open to the end? In China's time. */
export function isOpenFor(hours: string, fromMs: number, toMs: number): boolean {
  if (isRoundTheClock(hours)) return true;
  const { fromMin, toMin } = hoursOf(hours);
  const minute = ((fromMs + CHINA_OFFSET_MS) / MINUTE_MS) % DAY_MIN;
  const length = (toMs - fromMs) / MINUTE_MS;
  // The opening of today, or the one of yesterday that runs past midnight.
  return [minute, minute + DAY_MIN].some((begins) => begins >= fromMin && begins + length <= toMin);
}

export interface Lent {
  readonly quantity: number;
  readonly hours: string;
  readonly noticeMinutes: number;
  readonly state: ResourceState;
}

export interface Wish {
  readonly fromMs: number;
  readonly toMs: number;
  readonly quantity: number;
  /** An incident does not wait: whoever lends it decides. */
  readonly forIncident: boolean;
}

/** What is wrong with a wish before anybody looks whether it is free. */
export function refusedWish(resource: Lent, { fromMs, toMs, quantity, forIncident }: Wish, nowMs: number): CobuildRefusal | null {
  if (resource.state !== 'listed') return refused('resource-withdrawn');
  if (toMs <= fromMs) return refused('booking-ends-first');
  if (fromMs < nowMs - PAST_SLACK_MS) return refused('date-in-past');
  if (toMs - fromMs > LONGEST_MS) return refused('booking-too-long');
  if (quantity > resource.quantity) return refused('resource-not-so-many', { quantity: resource.quantity });
  if (!forIncident && fromMs < nowMs + resource.noticeMinutes * MINUTE_MS) {
    return refused('booking-too-soon', { noticeMinutes: resource.noticeMinutes });
  }
  if (!forIncident && !isOpenFor(resource.hours, fromMs, toMs)) return refused('booking-outside-hours', { hours: resource.hours });
  return null;
}

export interface Taken {
  readonly code: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly quantity: number;
}

/** Pieces of a resource, numbered from 1: `[from, to)`. */
export type Slots = readonly (readonly [number, number])[];

/** How many are free all through. @param taken  bookings that hold. */
export function freeThrough(capacity: number, taken: readonly Taken[], fromMs: number, toMs: number): number {
  const within = taken.filter((one) => one.fromMs < toMs && one.toMs > fromMs);
  // The use only rises where one begins.
  const instants = [fromMs, ...within.map((one) => Math.max(one.fromMs, fromMs))];
  const most = Math.max(...instants.map((at) => usedAt(within, at)));
  return capacity - most;
}

function usedAt(taken: readonly Taken[], atMs: number): number {
  return taken.reduce((sum, one) => (one.fromMs <= atMs && one.toMs > atMs ? sum + one.quantity : sum), 0);
}

/**
 * Gives every booking its pieces, so that no piece is lent twice at one time. The pieces are alike, so they may be dealt anew when one more
 * booking comes: going by their beginnings and taking the lowest free ones always works as long as there are enough at each moment.
 *
 * @returns null when at some moment there are not enough.
 */
export function dealSlots(capacity: number, bookings: readonly Taken[]): ReadonlyMap<string, Slots> | null {
  const dealt = new Map<string, Slots>();
  const inOrder = [...bookings].sort((a, b) => a.fromMs - b.fromMs || (a.code < b.code ? -1 : 1));
  const running: { toMs: number; slots: Slots }[] = [];
  for (const booking of inOrder) {
    const busy = running.filter((one) => one.toMs > booking.fromMs).flatMap((one) => one.slots);
    const slots = lowestFree(capacity, busy, booking.quantity);
    if (slots === null) return null;
    dealt.set(booking.code, slots);
    running.push({ toMs: booking.toMs, slots });
  }
  return dealt;
}

function lowestFree(capacity: number, busy: Slots, quantity: number): Slots | null {
  const slots: [number, number][] = [];
  let left = quantity;
  let next = 1;
  for (const [from, to] of [...busy].sort((a, b) => a[0] - b[0])) {
    if (from > next && left > 0) {
      const end = Math.min(from, next + left);
      slots.push([next, end]);
      left -= end - next;
    }
    next = Math.max(next, to);
  }
  if (left > 0 && next + left <= capacity + 1) {
    slots.push([next, next + left]);
    left = 0;
  }
  return left === 0 ? slots : null;
}

/** Hours that a booking gave: of people, for each of them. */
export function hoursGiven(kind: ResourceKind, quantity: number, fromMs: number, toMs: number): number {
  const hours = Math.max(0, toMs - fromMs) / (60 * MINUTE_MS);
  return kind === 'people' ? hours * quantity : hours;
}
