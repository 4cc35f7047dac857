/** The incident is the fold of its moves. Nothing is decided here: what a move says is applied as it was written. */
import {
  leadOf,
  type Assignment,
  type ChangedAssignment,
  type Clock,
  type Incident,
  type Move,
  type MovePayload,
  type PhotoRef,
  type VoiceRef,
} from './incident.ts';
import { withoutLapsed, withSpent } from './step-clocks.ts';
import { isEnd, type Verb } from './states.ts';

const PHOTO_KIND: Partial<Record<Verb, PhotoRef['kind']>> = {
  report: 'found',
  answerVerification: 'check',
  failCheck: 'check',
  failSpotCheck: 'check',
  finish: 'after',
};

/**
 * The incident after one more move.
 *
 * @param before null for the report
 * @throws RangeError if the move does not follow: another incident, a hole in the versions, or no report at the start.
 */
export function applyMove(before: Incident | null, move: Move): Incident {
  if (before === null) return reported(move);
  if (move.incident !== before.id || move.version !== before.version + 1 || move.from !== before.state) {
    throw new RangeError(`move ${move.verb} v${move.version} does not follow ${before.state} v${before.version}`);
  }
  const p = move.payload;
  const changesState = move.to !== move.from;
  const dispatches = before.dispatches + (move.verb === 'dispatch' ? 1 : 0);
  const next: Incident = {
    ...before,
    version: move.version,
    state: move.to,
    level: p.level ?? before.level,
    stateSince: changesState ? move.at : before.stateSince,
    closedAt: move.to === 'closed' ? (before.state === 'closed' ? before.closedAt : move.at) : null,
    ownership: p.ownership ?? before.ownership,
    clocks: {
      step: p.step === undefined ? before.clocks.step : p.step,
      total: p.total === undefined ? before.clocks.total : p.total,
    },
    dispatches,
    assignments: p.changed === undefined ? before.assignments : withChanges(before.assignments, p.changed, dispatches, move),
    photos: withPhotos(before.photos, move),
    voices: withVoices(before.voices, move),
    // What was asked for belongs to the step in which it was asked.
    extensionAsked: changesState ? null : before.extensionAsked,
    // Answering a verification is no taking over; everything else that a person moves is.
    automatic:
      before.automatic &&
      (move.actor === 'system' || !changesState || move.verb === 'answerVerification') &&
      !isEnd(move.to) &&
      move.verb !== 'raise',
    // What waited for an answer, or for a date, has none after an end.
    forceCloseProposed: isEnd(move.to) ? null : before.forceCloseProposed,
    suspendedUntil: move.to === 'suspended' ? before.suspendedUntil : null,
    paused: move.to === 'suspended' ? before.paused : keptTotal(before, move),
    review: move.to === 'suspended' ? before.review : null,
    spent: changesState && p.step !== undefined ? spentAfter(before, move) : before.spent,
  };
  const changes = changesOf(before, move);
  return changes === NOTHING ? next : { ...next, ...changes };
}

const NOTHING: Partial<Incident> = {};

/**
 * A clock from before there were rows. What later rules keep of a clock is not kept of those: an old log folds to the row that it was
 * written with.
 */
const isOld = (clock: Clock | null): boolean => clock?.rung !== undefined;

/** The total clock never restarts: an end that can be undone keeps it. */
function keptTotal({ clocks }: Incident, { to }: Move): Incident['paused'] {
  const undoable = to === 'rejected' || to === 'merged' || to === 'referred';
  return undoable && clocks.total !== null && !isOld(clocks.total) ? { step: null, total: clocks.total } : null;
}

/** A step is left: what its lead had of it is kept, up to the end of the work. A suspension leaves no step. */
function spentAfter(before: Incident, { verb, to, at }: Move): Incident['spent'] {
  if (isEnd(to)) return before.spent.length === 0 ? before.spent : UNTOUCHED.spent;
  if (to === 'suspended' || isOld(before.clocks.step)) return before.spent;
  const unit = leadOf(before)?.unit;
  return verb === 'lapse' ? withoutLapsed(before.spent, unit) : withSpent(before.spent, before.clocks.step, unit, at);
}

/** All moves of one incident in order. @throws RangeError on a hole or an empty list. */
export function foldMoves(moves: Iterable<Move>): Incident {
  let incident: Incident | null = null;
  for (const move of moves) incident = applyMove(incident, move);
  if (incident === null) throw new RangeError('no moves to fold');
  return incident;
}

/** An incident to which nothing but its report has happened, as far as that is the same for all. */
export const UNTOUCHED = {
  closedAt: null,
  photos: [],
  voices: [],
  assignments: [],
  dispatches: 0,
  alarm: 1,
  ownership: null,
  proof: null,
  handlers: [],
  checker: null,
  score: null,
  declinedBy: [],
  arbitration: null,
  extensionAsked: null,
  extensions: 0,
  forceCloseProposed: null,
  suspendedUntil: null,
  paused: null,
  mergedInto: null,
  referredTo: null,
  raised: false,
  supervised: 0,
  supervisions: [],
  review: null,
  spent: [],
  verified: null,
  measured: null,
} as const satisfies Partial<Incident>;

function reported(move: Move): Incident {
  const { reported: facts, level, step, total } = move.payload;
  if (move.verb !== 'report' || move.version !== 1 || facts === undefined || level === undefined) {
    throw new RangeError(`an incident starts with its report, not with ${move.verb} v${move.version}`);
  }
  return {
    id: move.incident,
    ...facts,
    drill: facts.drill ?? false,
    version: 1,
    state: move.to,
    level,
    reportedAt: move.at,
    reportedBy: move.actor,
    ...UNTOUCHED,
    measured: facts.measured ?? null,
    stateSince: move.at,
    photos: withPhotos([], move),
    voices: withVoices(UNTOUCHED.voices, move),
    clocks: { step: step ?? null, total: total ?? null },
    ownership: move.payload.ownership ?? null,
  };
}

/** What only some verbs change. */
function changesOf(before: Incident, { verb, payload: p, actor, at, to, version }: Move): Partial<Incident> {
  switch (verb) {
    case 'settleOnSpot':
      return { proof: 'spot', handlers: withOne(before.handlers, actor) };
    case 'arrive':
    case 'finish':
      return { handlers: withOne(before.handlers, actor) };
    case 'answerVerification':
      return { verified: p.found ?? null, checker: null };
    case 'merge':
      return { mergedInto: p.into ?? null };
    case 'unmerge':
      return { mergedInto: null };
    case 'refer':
      return { referredTo: p.to ?? null };
    case 'returnReferral':
      return { referredTo: null };
    case 'raise':
      return { raised: true };
    case 'decline':
      return {
        declinedBy: [...before.declinedBy, p.unit ?? ''],
        arbitration:
          before.declinedBy.length + 1 >= DECLINES_TO_ARBITRATION && before.arbitration === null
            ? { state: 'pending' }
            : before.arbitration,
      };
    case 'arbitrate':
      return { arbitration: { state: 'ruled', unit: p.unit ?? '', ruling: p.ruling ?? '' } };
    case 'dispatch':
      return { alarm: 1 };
    case 'addUnit':
      return p.alarm === undefined ? NOTHING : { alarm: p.alarm };
    case 'suspend':
      return { suspendedUntil: p.until ?? null, paused: p.paused ?? null };
    case 'assignCheck':
      return { checker: p.checker ?? null };
    case 'acceptEvidence':
      return { proof: 'evidence' };
    case 'confirmClose':
      return { proof: 'checked', score: p.score ?? null };
    case 'failCheck':
      return { checker: null };
    case 'failSpotCheck':
      return { proof: null, checker: null };
    case 'reopen':
      return { proof: null, checker: null, score: null };
    case 'extend':
      return p.grant === undefined
        ? {
            extensionAsked: {
              byMs: p.by ?? 0,
              reason: p.reason ?? '',
              account: actor,
              at,
              ...(p.place === undefined ? {} : { place: p.place }),
            },
          }
        : { extensionAsked: null, extensions: before.extensions + (p.grant ? 1 : 0) };
    case 'forceClose':
      return to === 'closed' ? { proof: 'forced' } : { forceCloseProposed: { account: actor, at, reason: p.reason ?? '' } };
    case 'supervise':
      return {
        supervised: Math.max(before.supervised, p.supervise ?? 0) as Incident['supervised'],
        supervisions: supervised(before, version, at, actor, p),
        ...(p.review === true && before.review !== null ? { review: { ...before.review, supervised: true } } : {}),
      };
    case 'urge':
      if (p.review !== true) return NOTHING;
      return {
        review: {
          count: (before.review?.count ?? 0) + 1,
          askedAt: at,
          answerBy: p.answerBy ?? at,
          answeredAt: null,
          supervised: false,
        },
      };
    case 'comment':
      return {
        ...(p.replyTo === undefined
          ? {}
          : { supervisions: before.supervisions.map((s) => (s.version === p.replyTo ? { ...s, repliedAt: at } : s)) }),
        ...(p.review === true && before.review !== null ? { review: { ...before.review, answeredAt: at } } : {}),
      };
    case 'regrade':
      return { automatic: p.level === 'R1' && before.dispatches === 0 };
    default:
      return NOTHING;
  }
}

/** Each 督办 that says to whom its reply goes; those of old logs do not, and are not answered. */
function supervised(before: Incident, version: number, at: string, by: string, p: MovePayload): Incident['supervisions'] {
  if (p.place === undefined && p.share === undefined && p.review !== true) return before.supervisions;
  const place = p.place === undefined ? {} : { place: p.place };
  return [...before.supervisions, { version, level: p.supervise ?? 1, at, by, ...place, repliedAt: null }];
}

/** The third decline puts an incident on the arbitration list. Source: the rules, Declining. */
export const DECLINES_TO_ARBITRATION = 3;

function withOne(list: readonly string[], one: string): readonly string[] {
  return list.includes(one) ? list : [...list, one];
}

function withChanges(
  before: readonly Assignment[],
  changed: readonly ChangedAssignment[],
  dispatch: number,
  move: Move,
): readonly Assignment[] {
  const byId = new Map(changed.map((c) => [c.id, c]));
  const kept = before.map((a) => {
    const c = byId.get(a.id);
    if (c === undefined) return a;
    byId.delete(a.id);
    return stamped(a, c, move);
  });
  const added = changed
    .filter((c) => byId.has(c.id))
    .map((c): Assignment => ({
      id: c.id,
      unit: c.unit,
      role: c.role,
      state: c.state,
      dispatch,
      assignedAt: move.at,
      until: c.until ?? null,
    }));
  return [...kept, ...added];
}

/** An assignment in its new state, with the time of it; times of buttons that were skipped stay empty. */
function stamped(a: Assignment, c: ChangedAssignment, { at }: Move): Assignment {
  const next = { ...a, state: c.state, until: c.until ?? null };
  if (c.state === a.state) return next;
  switch (c.state) {
    case 'acknowledged':
      return { ...next, acknowledgedAt: at };
    case 'enRoute':
      return { ...next, departedAt: at };
    case 'onScene':
      return { ...next, arrivedAt: at };
    case 'finished':
      return { ...next, finishedAt: at };
    case 'declined':
      return { ...next, declinedAt: at };
    case 'released':
      return { ...next, releasedAt: at };
    case 'assigned': {
      const { acknowledgedAt: _lapsed, ...rest } = next;
      return { ...rest, lapses: (a.lapses ?? 0) + 1 };
    }
  }
}

function withPhotos(before: readonly PhotoRef[], move: Move): readonly PhotoRef[] {
  const { photos = [], before: found = [], after = [] } = move.payload;
  if (photos.length + found.length + after.length === 0) return before;
  const ref = (kind: PhotoRef['kind']) => (id: string) => ({ id, kind, by: move.actor, at: move.at });
  return [
    ...before,
    ...photos.map(ref(move.payload.phase ?? PHOTO_KIND[move.verb] ?? 'evidence')),
    ...found.map(ref('before')),
    ...after.map(ref('after')),
  ];
}

function withVoices(before: readonly VoiceRef[], { payload, actor, at }: Move): readonly VoiceRef[] {
  const { voices = [] } = payload;
  return voices.length === 0 ? before : [...before, ...voices.map((id) => ({ id, by: actor, at }))];
}
