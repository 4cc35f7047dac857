/**
 * 双向考核评议: in each quarter the committee's office appraises each member unit, and each member unit the committee. Pure.
 *
 * Nobody sees the other side's score before both are in, or the period for it is over: whoever answers second would answer the score.
 */
import { quarterSpan, type Day, type Quarter } from './days.ts';
import { refused, type CobuildRefusal } from './refusals.ts';
import type { Law } from './table.ts';

/** `ofUnit`: the office appraises the member's body. `ofCommittee`: the member's body appraises the committee. */
export const DIRECTIONS = ['ofUnit', 'ofCommittee'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What is scored, 1 to 5. Ours, from what the article asks of each side: duties and services kept, resources shared; needs told, help given. */
export const CRITERIA = {
  ofUnit: [
    { code: 'kept', zh: '认领兑现', en: 'Claims kept' },
    { code: 'quality', zh: '服务质量', en: 'Quality of service' },
    { code: 'response', zh: '响应速度', en: 'Speed of response' },
    { code: 'sharing', zh: '资源共享', en: 'Sharing of resources' },
  ],
  ofCommittee: [
    { code: 'clarity', zh: '需求清楚', en: 'Clear needs' },
    { code: 'support', zh: '协调支持', en: 'Coordination and support' },
    { code: 'promptness', zh: '确认及时', en: 'Prompt confirmation' },
    { code: 'meeting', zh: '会商实效', en: 'Useful conferences' },
  ],
} as const satisfies Record<Direction, readonly { code: string; zh: string; en: string }[]>;

export const APPRAISAL_STATES = [
  { name: 'draft', zh: '草稿', en: 'draft', end: false },
  { name: 'given', zh: '已交', en: 'handed in', end: true },
] as const;
export type AppraisalState = (typeof APPRAISAL_STATES)[number]['name'];
/** The publisher is whoever writes it: the office, or the member. What is handed in stays as it is. */
const APPRAISAL_MOVES = [
  { from: 'none', verb: 'save', to: 'draft', by: ['office', 'member'] },
  { from: 'draft', verb: 'save', to: 'draft', by: ['office', 'member'] },
  { from: 'none', verb: 'give', to: 'given', by: ['office', 'member'] },
  { from: 'draft', verb: 'give', to: 'given', by: ['office', 'member'] },
] as const satisfies Law<AppraisalState>['moves'];
export type AppraisalVerb = (typeof APPRAISAL_MOVES)[number]['verb'];
export const APPRAISAL_LAW: Law<AppraisalState, AppraisalVerb> = { kind: 'appraisal', states: APPRAISAL_STATES, moves: APPRAISAL_MOVES };

export interface Period {
  readonly opens: Day;
  /** The last day. */
  readonly closes: Day;
}

/** The whole quarter [ours]: it is handed in once and sealed, so whoever has seen enough need not wait for the last week. */
export function periodOf(quarter: Quarter): Period {
  const { first, last } = quarterSpan(quarter);
  return { opens: first, closes: last };
}

/** May one be written on this day? */
export function refusedPeriod(quarter: Quarter, today: Day): CobuildRefusal | null {
  const { opens, closes } = periodOf(quarter);
  return today < opens || today > closes ? refused('period-not-open', { opens, closes }) : null;
}

/** Both scores are shown once both are in, or when the time for them is over. */
export function isShown(quarter: Quarter, given: ReadonlySet<Direction>, today: Day): boolean {
  return DIRECTIONS.every((direction) => given.has(direction)) || today > periodOf(quarter).closes;
}

export type Scores = Readonly<Record<string, number>>;

/** Every criterion once, each from 1 to 5, and no other. */
export function areScores(direction: Direction, scores: Scores): boolean {
  const codes = CRITERIA[direction].map((criterion) => criterion.code as string);
  return (
    codes.every((code) => Number.isInteger(scores[code]) && scores[code]! >= 1 && scores[code]! <= 5) &&
    Object.keys(scores).length === codes.length
  );
}

/** The mean, one decimal. */
export function meanScore(scores: Scores): number {
  const values = Object.values(scores);
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
}
