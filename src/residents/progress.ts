/**
 * How far an incident is, in steps that a resident knows: no office words, no names, nothing that anybody wrote. Pure.
 *
 * Numbers follow each other, so anybody can ask for any: what is made here is harmless to whoever reads it.
 */
import type { Incident, Time } from '../dispatch/chain/incident.ts';
import type { State, Verb } from '../dispatch/chain/states.ts';

/** Where it stands, as the answer at the top of the page. */
export const STAGES = [
  'received',
  'passedOn',
  'sent',
  'onTheWay',
  'working',
  'paused',
  'checking',
  'settled',
  'done',
  'ended',
  'notAccepted',
  'withdrawn',
  'merged',
  'referred',
] as const;
export type Stage = (typeof STAGES)[number];

const STAGE_OF: Readonly<Record<State, Stage>> = {
  reported: 'received',
  verifying: 'received',
  called: 'passedOn',
  coordinating: 'passedOn',
  dispatched: 'sent',
  responding: 'onTheWay',
  handling: 'working',
  suspended: 'paused',
  disposed: 'checking',
  checking: 'checking',
  closed: 'done',
  rejected: 'notAccepted',
  cancelled: 'withdrawn',
  merged: 'merged',
  referred: 'referred',
};

/** 即查即改 is settled before it is checked; a force close ends it without anybody having found it done. */
export function stageOf({ state, proof }: Pick<Incident, 'state' | 'proof'>): Stage {
  if (state === 'closed') return proof === 'forced' ? 'ended' : 'done';
  return STAGE_OF[state] === 'checking' && proof === 'spot' ? 'settled' : STAGE_OF[state];
}

/** What happened, as a line with its time. */
export const STEPS = [
  'received',
  'looking',
  'passedOn',
  'sent',
  'onTheWay',
  'onScene',
  'paused',
  'resumed',
  'finished',
  'settled',
  'rearranged',
  'redo',
  'again',
  'done',
  'ended',
  'notAccepted',
  'withdrawn',
  'merged',
  'referred',
] as const;
export type StepCode = (typeof STEPS)[number];

/** Of a line of the log what is needed here; who made it and what was said stays where it is. */
export interface ShownMove {
  readonly verb: Verb;
  readonly from: State | 'none';
  readonly to: State;
  readonly at: Time;
}
export interface Step {
  readonly step: StepCode;
  readonly at: Time;
}

/** In the order of the log. Between two that say the same nothing happened that a resident would notice. */
export function stepsOf(moves: readonly ShownMove[]): Step[] {
  const steps: Step[] = [];
  for (const move of moves) {
    const step = stepOf(move);
    if (step !== null && step !== steps.at(-1)?.step) steps.push({ step, at: move.at });
  }
  return steps;
}

function stepOf({ verb, from, to }: ShownMove): StepCode | null {
  if (from === 'none') return 'received';
  if (from === to) return null;
  switch (to) {
    case 'reported':
      if (verb === 'failSpotCheck') return 'redo';
      return verb === 'unmerge' ? 'again' : null;
    case 'verifying':
      return 'looking';
    case 'called':
      return verb === 'appeal' ? 'again' : 'passedOn';
    case 'coordinating':
      if (verb === 'reopen' || verb === 'returnReferral') return 'again';
      return verb === 'accept' ? null : 'rearranged';
    case 'dispatched':
      // A unit that does not come is rung again: nobody else has been sent.
      return verb === 'lapse' ? null : 'sent';
    case 'responding':
      return 'onTheWay';
    case 'handling':
      if (verb === 'failCheck') return 'redo';
      return from === 'suspended' ? 'resumed' : 'onScene';
    case 'suspended':
      return 'paused';
    case 'disposed':
      return verb === 'settleOnSpot' ? 'settled' : 'finished';
    case 'checking':
      return null;
    case 'closed':
      return verb === 'forceClose' ? 'ended' : 'done';
    case 'rejected':
      return 'notAccepted';
    case 'cancelled':
      return 'withdrawn';
    case 'merged':
      return 'merged';
    case 'referred':
      return 'referred';
  }
}

const COURSE = ['received', 'passedOn', 'sent', 'onScene', 'finished', 'done'] as const satisfies readonly StepCode[];
/** Of the usual course, how many steps are behind. A stage that is not on it has nothing ahead that can be promised. */
const BEHIND: Readonly<Partial<Record<Stage, number>>> = {
  received: 1,
  passedOn: 2,
  sent: 3,
  onTheWay: 3,
  working: 4,
  paused: 4,
  checking: 5,
  settled: 5,
};

/** What usually comes next, in order. */
export function aheadOf(stage: Stage): StepCode[] {
  return COURSE.slice(BEHIND[stage] ?? COURSE.length);
}

/** As long as a closed incident may be reopened: after that a bad rating would lead to nothing. Source: the chain's rules. */
export const RATE_WITHIN_MS = 15 * 86_400_000;
/** Long enough to sleep on it, short enough that figures of a day stand the next [ours]. */
export const CHANGE_WITHIN_MS = 86_400_000;

/**
 * Since when it may be rated and until when; null: there is nothing to judge yet, or no more.
 *
 * What was settled on the spot may be rated at once, beside the one who did it: until it is closed there is no end to it.
 */
export function ratingWindow(
  incident: Pick<Incident, 'state' | 'proof' | 'closedAt'>,
  nowMs: number,
): { readonly until: Time | null } | null {
  if (stageOf(incident) === 'settled') return { until: null };
  if (incident.state !== 'closed' || incident.closedAt === null) return null;
  const untilMs = Date.parse(incident.closedAt) + RATE_WITHIN_MS;
  return nowMs < untilMs ? { until: new Date(untilMs).toISOString() } : null;
}

/** Which go at it this is: 1, and one more each time that what was done did not hold. Each is rated by itself. */
export function roundOf(moves: readonly Pick<ShownMove, 'verb'>[]): number {
  return 1 + moves.filter(({ verb }) => verb === 'reopen' || verb === 'failSpotCheck').length;
}
