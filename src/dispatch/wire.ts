/** Incidents and moves as the outside sees them. Pure. */
import type { Actor } from '../identity/actor.ts';
import { accountAsTold, kindOf, TOLD_ACCOUNTS } from '../identity/personal.ts';
import type { Clock, Incident, Pause } from './chain/incident.ts';
import { allowedVerbs } from './chain/permissions.ts';
import { stateRow } from './chain/states.ts';
import { mayReply } from './chain/supervision.ts';
import { holderOf } from './chain/tells.ts';
import { leadUnitOf } from './incident-row.ts';
import type { WrittenMove } from './move-row.ts';
import type { WireIncident, WireMove } from './schemas.ts';

export function toWireIncident(incident: Incident, actor: Actor, now: Date): WireIncident {
  const clocks = runningClocks(incident);
  const told = (account: string | null) => (TOLD_ACCOUNTS.has(actor.role) || account === actor.account ? account : null);
  const { extensionAsked, forceCloseProposed } = incident;
  return {
    id: incident.id,
    number: incident.number,
    state: incident.state,
    step: stateRow(incident.state).step,
    stateSince: incident.stateSince,
    level: incident.level,
    version: incident.version,
    category: incident.category,
    description: incident.description,
    position: incident.position,
    cell: incident.cell,
    community: incident.community,
    subdistrict: incident.subdistrict,
    ownership: incident.ownership,
    foundAt: incident.foundAt,
    reportedAt: incident.reportedAt,
    reportedBy: accountAsTold(incident.reportedBy, actor),
    drill: incident.drill,
    closedAt: incident.closedAt,
    photos: incident.photos.map(({ id, kind, at }) => ({ id, kind, at })),
    voices: incident.voices.map(({ id, at }) => ({ id, at })),
    lead: leadUnitOf(incident),
    alarm: incident.alarm,
    assignments: incident.assignments.map((a) => ({ ...a })),
    deadlines: deadlinesOf(incident),
    holder: holderOf(incident),
    overdue: clocks.some((c) => Date.parse(c.dueAt) <= now.getTime()),
    proof: incident.proof,
    score: incident.score,
    checker: told(incident.checker),
    verified: incident.verified,
    raised: incident.raised,
    supervised: incident.supervised,
    supervisions: incident.supervisions.map(({ version, level, at, by, repliedAt }) => ({
      version,
      level,
      at,
      by: told(by) ?? kindOf(by),
      repliedAt,
      mayReply: repliedAt === null && by !== actor.account && mayReply(incident, actor),
    })),
    review:
      incident.review === null
        ? null
        : { askedAt: incident.review.askedAt, answerBy: incident.review.answerBy, answeredAt: incident.review.answeredAt },
    extensions: incident.extensions,
    extensionAsked: extensionAsked === null ? null : { byMs: extensionAsked.byMs, reason: extensionAsked.reason, at: extensionAsked.at },
    forceCloseProposed: forceCloseProposed === null ? null : { at: forceCloseProposed.at, reason: forceCloseProposed.reason },
    arbitration: incident.arbitration,
    declinedBy: [...incident.declinedBy],
    suspendedUntil: incident.suspendedUntil,
    mergedInto: incident.mergedInto,
    referredTo: incident.referredTo,
    may: allowedVerbs(incident, actor),
  };
}

const runningClocks = ({ clocks: { step, total } }: Incident) => [step, total].filter((c): c is Clock => c !== null);

export function deadlinesOf(incident: Incident): WireIncident['deadlines'] {
  return runningClocks(incident).map(({ name, startedAt, dueAt, limitMs, kind, pauses }) => ({
    clock: name,
    startedAt,
    dueAt,
    limitMs,
    kind,
    ...(pauses === undefined ? {} : { pausedMs: stoodStillMs(pauses) }),
  }));
}

/** Plain time, not counted time. */
function stoodStillMs(pauses: readonly Pause[]): number {
  return pauses.reduce((sum, { from, to }) => (to === null ? sum : sum + Date.parse(to) - Date.parse(from)), 0);
}

/** One line of the log. Whom the incident hides from this actor, its log hides too: only the kind of account is left. */
export function toWireMove(move: WrittenMove, actor: Actor): WireMove {
  const { checker, ...payload } = move.payload;
  const mayKnowChecker = TOLD_ACCOUNTS.has(actor.role) || checker === actor.account;
  return {
    seq: move.seq,
    version: move.version,
    verb: move.verb,
    from: move.from === 'none' ? null : move.from,
    to: move.to,
    at: move.at,
    actor: accountAsTold(move.actor, actor),
    payload: { ...payload, ...(checker !== undefined && mayKnowChecker ? { checker } : {}) },
    hash: move.hash,
  };
}
