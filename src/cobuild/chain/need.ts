/**
 * 需求清单 → 认领 → 服务: a need and its claims. Pure.
 *
 * A need is open until all of it is confirmed, or it ends otherwise; how much of it is claimed is counted from its claims, and the database
 * counts along (`need.claimed`), so that never more is claimed than was asked for.
 */
import type { Law } from './table.ts';
import { refused, type CobuildRefusal } from './refusals.ts';

export const NEED_STATES = [
  { name: 'open', zh: '征集中', en: 'open', end: false },
  { name: 'fulfilled', zh: '已办结', en: 'fulfilled', end: true },
  { name: 'withdrawn', zh: '已撤回', en: 'withdrawn', end: true },
  { name: 'closed', zh: '随事件结束', en: 'closed with its incident', end: true },
] as const;
export type NeedState = (typeof NEED_STATES)[number]['name'];
const NEED_MOVES = [
  { from: 'none', verb: 'publish', to: 'open', by: ['office', 'above'] },
  { from: 'open', verb: 'invite', to: 'open', by: ['office', 'above'] },
  { from: 'open', verb: 'confer', to: 'open', by: ['office', 'above'] },
  { from: 'open', verb: 'extend', to: 'open', by: ['office', 'above'] },
  { from: 'open', verb: 'fulfil', to: 'fulfilled', by: ['office', 'above', 'system'] },
  { from: 'open', verb: 'withdraw', to: 'withdrawn', by: ['office', 'above'] },
  { from: 'open', verb: 'close', to: 'closed', by: ['system'] },
] as const satisfies Law<NeedState>['moves'];
export type NeedVerb = (typeof NEED_MOVES)[number]['verb'];
export const NEED_LAW: Law<NeedState, NeedVerb> = { kind: 'need', states: NEED_STATES, moves: NEED_MOVES };

/** `join` marks that the claim's unit went to the incident that the need comes from. */
export const CLAIM_STATES = [
  { name: 'claimed', zh: '已认领，待服务', en: 'claimed, not yet delivered', end: false },
  { name: 'delivered', zh: '已服务，待发布方确认', en: 'delivered, waiting for the publisher', end: false },
  { name: 'confirmed', zh: '发布方已确认', en: 'confirmed by the publisher', end: true },
  { name: 'givenBack', zh: '已退认', en: 'given back', end: true },
  { name: 'lapsed', zh: '逾期失效', en: 'lapsed', end: true },
  { name: 'released', zh: '随需求结束', en: 'ended with its need', end: true },
] as const;
export type ClaimState = (typeof CLAIM_STATES)[number]['name'];
const CLAIM_MOVES = [
  { from: 'none', verb: 'claim', to: 'claimed', by: ['member'] },
  { from: 'claimed', verb: 'join', to: 'claimed', by: ['system'] },
  { from: 'claimed', verb: 'deliver', to: 'delivered', by: ['member', 'system'] },
  { from: 'claimed', verb: 'giveBack', to: 'givenBack', by: ['member', 'office', 'above', 'system'] },
  { from: 'claimed', verb: 'lapse', to: 'lapsed', by: ['system'] },
  { from: 'claimed', verb: 'release', to: 'released', by: ['office', 'above', 'system'] },
  { from: 'delivered', verb: 'confirm', to: 'confirmed', by: ['office', 'above', 'system'] },
  { from: 'delivered', verb: 'sendBack', to: 'claimed', by: ['office', 'above'] },
  { from: 'delivered', verb: 'release', to: 'released', by: ['office', 'above', 'system'] },
] as const satisfies Law<ClaimState>['moves'];
export type ClaimVerb = (typeof CLAIM_MOVES)[number]['verb'];
export const CLAIM_LAW: Law<ClaimState, ClaimVerb> = { kind: 'claim', states: CLAIM_STATES, moves: CLAIM_MOVES };

/** Claims that hold their part. */
export const HOLDING: ReadonlySet<ClaimState> = new Set(['claimed', 'delivered', 'confirmed']);

/** How a need stands, in the words of the list. */
export const NEED_STANDINGS = ['open', 'partClaimed', 'claimed', 'confirmed', 'withdrawn', 'closed'] as const;
export type NeedStanding = (typeof NEED_STANDINGS)[number];

export interface NeedFigures {
  readonly state: NeedState;
  readonly quantity: number;
  /** Of claims that hold. */
  readonly claimed: number;
  readonly confirmed: number;
  /** The last day. */
  readonly due: string;
}

export function standingOf({ state, quantity, claimed }: NeedFigures): NeedStanding {
  if (state === 'fulfilled') return 'confirmed';
  if (state !== 'open') return state;
  if (claimed === 0) return 'open';
  return claimed < quantity ? 'partClaimed' : 'claimed';
}

/** Past its day and not all confirmed. */
export function isOverdue({ state, due }: NeedFigures, today: string): boolean {
  return state === 'open' && due < today;
}

export function leftOver({ quantity, claimed }: NeedFigures): number {
  return quantity - claimed;
}

export interface Claiming {
  readonly quantity: number;
  /** Absent: the need's own. */
  readonly due?: string | undefined;
}

/** May so much be claimed until then? The state was looked at before. @returns the claim's last day. */
export function decideClaim(
  need: NeedFigures,
  { quantity, due = need.due }: Claiming,
  today: string,
): { readonly due: string } | CobuildRefusal {
  if (need.due < today) return refused('need-overdue', { due: need.due });
  const left = leftOver(need);
  if (left === 0) return refused('need-all-claimed');
  if (quantity > left) return refused('claim-over-rest', { left });
  if (due < today) return refused('date-in-past');
  if (due > need.due) return refused('claim-after-need', { due: need.due });
  return { due };
}

/** Is all of it confirmed, once this much more is? */
export function isFulfilled({ quantity, confirmed }: NeedFigures, more: number): boolean {
  return confirmed + more >= quantity;
}

/**
 * A claim lapses so long after its last day, in working days, if nothing was delivered: its part is free for others. [ours] Three: the
 * publisher has been told on the first, and may still reach somebody.
 */
export const LAPSE_WORKDAYS = 3;
/** What is delivered should be looked at within so many working days. [ours] */
export const CONFIRM_WORKDAYS = 5;
/** A claim's member is reminded so many days before its last day. [ours] */
export const REMIND_DAYS = 3;
/** Of its time a need may stand with something left over before its publisher is asked to invite or confer, like the ladder's second rung. */
export const UNCLAIMED_SHARE = 0.8;
