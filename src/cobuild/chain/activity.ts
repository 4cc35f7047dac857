/** 活动联办: an activity that members organise together, and who signs up to it. Pure. */
import type { Law } from './table.ts';

export const ACTIVITY_STATES = [
  { name: 'announced', zh: '报名中', en: 'announced', end: false },
  { name: 'held', zh: '已举办', en: 'held', end: false },
  { name: 'cancelled', zh: '已取消', en: 'cancelled', end: true },
] as const;
export type ActivityState = (typeof ACTIVITY_STATES)[number]['name'];
/** The owner is one of the organising members. After it was held photos and attendance may still be added. */
const ACTIVITY_MOVES = [
  { from: 'none', verb: 'announce', to: 'announced', by: ['office', 'above', 'member'] },
  { from: 'announced', verb: 'amend', to: 'announced', by: ['office', 'above', 'owner'] },
  { from: 'announced', verb: 'hold', to: 'held', by: ['office', 'above', 'owner'] },
  { from: 'announced', verb: 'cancel', to: 'cancelled', by: ['office', 'above', 'owner'] },
  { from: 'held', verb: 'amend', to: 'held', by: ['office', 'above', 'owner'] },
] as const satisfies Law<ActivityState>['moves'];
export type ActivityVerb = (typeof ACTIVITY_MOVES)[number]['verb'];
export const ACTIVITY_LAW: Law<ActivityState, ActivityVerb> = { kind: 'activity', states: ACTIVITY_STATES, moves: ACTIVITY_MOVES };

/** Who may sign up. */
export const OPEN_TO = ['members', 'everybody'] as const;
export type OpenTo = (typeof OPEN_TO)[number];

/** Of somebody who signs up without an account. */
export const NAME_MAX = 60;
/** A mobile number of 11 digits, as a telephone fills it in with +86 and gaps too, or a landline with its area code: somebody must be reached if the day changes. */
export const PHONE = /^(?:(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8})$/;
/** More at once are a group that somebody should talk to. [ours] */
export const MOST_PEOPLE = 20;
/** Names and phones of those who signed up go so long after the activity, days. [ours] Half a year: a complaint or a thank-you has come by then. */
export const KEEP_PEOPLE_DAYS = 180;
/** An activity further away is not planned yet, days. [ours] */
export const FURTHEST_DAYS = 366;
