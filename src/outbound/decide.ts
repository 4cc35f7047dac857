/** What is to be done with one row of what goes out, and what its answer means. Pure: time and everything else comes in. */
import type { PushOutcome } from '../ws/push-item.ts';
import type { QuietReason } from './payload.ts';

/** A page that runs says within a second that it has a ring: after this its device counts as one that has none [ours]. Milliseconds. */
export const RING_GRACE_MS = 2_000;
/** Nodes measure the database's time to within a few milliseconds: what a socket had so little before a round was this round. */
const SAME_ROUND_MS = 1_000;
/** A notice is no matter of seconds, and a page that is just being opened reads it by itself [ours]. */
export const NOTICE_GRACE_MS = 10_000;
/** Older than this a notice is no news: it stands in the inbox [ours]. */
export const NOTICE_FRESH_MS = 10 * 60_000;
/** Every open row is looked at this often, whatever else was to wake it: a change that was missed costs no more than a minute. */
export const LONGEST_WAIT_MS = 60_000;
/** That a ring is over is tried for some four minutes: then the person has seen it, or the phone is off and the push service has nothing newer anyway. */
export const MOST_QUIET_TRIES = 8;

export interface Row {
  readonly subject: 'ring' | 'notice' | 'test';
  /** From when on it is to be said next, epoch ms. */
  readonly dueMs: number;
  readonly queuedMs: number;
  /** Failed in a row. */
  readonly attempts: number;
  /** Until then the push service is left alone, whoever wakes the row, epoch ms; null: it was not busy. */
  readonly retryMs: number | null;
  /** A notification of it may stand on the device. */
  readonly showing: boolean;
  readonly sends: number;
}

export interface Facts {
  readonly nowMs: number;
  /** The session lives, its account too, and the place is still its own. */
  readonly signedIn: boolean;
  /** The push service still knows the device. */
  readonly known: boolean;
  /** This node has not heard yet of the move that asks: another one was quicker. */
  readonly behind: boolean;
  /** Of a ring: it goes on; `replaced`: asked again by a later move, which has a row of its own; `over`: answered, taken back, ended. */
  readonly ring: 'on' | 'replaced' | 'over';
  /** When the shift at the device ended or will end, epoch ms; null: it rings at any time. */
  readonly shiftEndsMs: number | null;
  /** When a socket of the same device last had it, and said so; null: never. Epoch ms. */
  readonly heardMs: number | null;
  /** Of a notice: somebody has seen it, or it needs nobody's eyes any more. */
  readonly seen: boolean;
  /** When the ring is said the next time after `afterMs`. */
  readonly nextRing: (afterMs: number) => number;
}

export type Next =
  | { readonly do: 'wait'; readonly untilMs: number; readonly dueMs: number }
  | { readonly do: 'say'; readonly what: 'ring' | 'notice' | 'test' }
  | { readonly do: 'quiet'; readonly why: QuietReason }
  | { readonly do: 'end'; readonly outcome: PushOutcome };

/** A look that finds nothing to do waits at most `LONGEST_WAIT_MS`. */
const wait = (facts: Facts, untilMs: number, dueMs: number): Next => ({
  do: 'wait',
  untilMs: Math.min(untilMs, facts.nowMs + LONGEST_WAIT_MS),
  dueMs,
});

export function nextOf(row: Row, facts: Facts): Next {
  const next = dueOf(row, facts);
  const says = next.do === 'say' || next.do === 'quiet';
  return says && row.retryMs !== null && facts.nowMs < row.retryMs ? wait(facts, row.retryMs, row.dueMs) : next;
}

function dueOf(row: Row, facts: Facts): Next {
  if (!facts.known) return { do: 'end', outcome: facts.signedIn ? 'gone' : 'signedOut' };
  switch (row.subject) {
    case 'ring':
      return nextOfRing(row, facts);
    case 'notice':
      if (!facts.signedIn) return { do: 'end', outcome: 'signedOut' };
      if (facts.seen || facts.heardMs !== null || isOffDuty(facts)) return { do: 'end', outcome: 'over' };
      return facts.nowMs - row.queuedMs > NOTICE_FRESH_MS ? { do: 'end', outcome: 'expired' } : { do: 'say', what: 'notice' };
    case 'test':
      if (!facts.signedIn) return { do: 'end', outcome: 'signedOut' };
      return facts.nowMs - row.queuedMs > LONGEST_WAIT_MS ? { do: 'end', outcome: 'expired' } : { do: 'say', what: 'test' };
  }
}

function nextOfRing(row: Row, facts: Facts): Next {
  const { nowMs } = facts;
  if (facts.behind) return { do: 'wait', untilMs: nowMs + 1_000, dueMs: row.dueMs };
  // The later ring's own notification takes this one's place.
  if (facts.ring === 'replaced') return { do: 'end', outcome: 'replaced' };
  const over = !facts.signedIn || facts.ring === 'over';
  if (over || isOffDuty(facts)) {
    if (row.showing && row.attempts < MOST_QUIET_TRIES) {
      return { do: 'quiet', why: !facts.signedIn ? 'signedOut' : facts.ring === 'over' ? 'answered' : 'shiftOver' };
    }
    if (over) return { do: 'end', outcome: endOf(row, facts) };
    // Back on duty, or the shift made longer: it is due at once.
    return wait(facts, Infinity, row.dueMs);
  }
  const fromMs = row.dueMs + RING_GRACE_MS;
  if (nowMs < fromMs) return wait(facts, fromMs, row.dueMs);
  // A page that rings needs no notification; when it is closed, the next round finds that nobody had it.
  if (facts.heardMs !== null && facts.heardMs >= row.dueMs - SAME_ROUND_MS) {
    const dueMs = facts.nextRing(nowMs);
    return wait(facts, dueMs + RING_GRACE_MS, dueMs);
  }
  return { do: 'say', what: 'ring' };
}

const isOffDuty = ({ shiftEndsMs, nowMs }: Facts): boolean => shiftEndsMs !== null && shiftEndsMs <= nowMs;

function endOf(row: Row, facts: Facts): PushOutcome {
  if (row.showing) return 'failed';
  if (!facts.signedIn) return 'signedOut';
  return row.sends > 0 ? 'quieted' : 'over';
}

/** What the push service said. */
export type Answer =
  | { readonly is: 'taken'; readonly status: number }
  /** It does not know the device any more. */
  | { readonly is: 'gone'; readonly status: number }
  /** It will not send this, however often it is asked; or we do not send there. */
  | { readonly is: 'refused'; readonly status: number | null }
  /** Not reached, or busy. */
  | { readonly is: 'later'; readonly status: number | null; readonly afterMs: number };

/** 404 and 410: RFC 8030, 7.3. Of 401 and 403 the subscription is not to blame. */
export function answerOf(status: number, retryAfterMs: number | null): Answer {
  if (status >= 200 && status < 300) return { is: 'taken', status };
  if (status === 404 || status === 410) return { is: 'gone', status };
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { is: 'later', status, afterMs: retryAfterMs ?? 0 };
  return { is: 'refused', status };
}

/** 2 s, 4 s, 8 s … at most a minute, or as long as the push service asks for, at most ten. */
export function backoffMs(attempts: number, askedMs = 0): number {
  return Math.max(Math.min(60_000, 1_000 * 2 ** Math.min(attempts, 6)), Math.min(askedMs, 600_000));
}

export interface After {
  readonly outcome: PushOutcome | null;
  /** When it is looked at next; null with an outcome. Epoch ms. */
  readonly nextMs: number | null;
  readonly dueMs: number;
  readonly attempts: number;
  readonly retryMs: number | null;
  readonly showing: boolean;
  /** The push service took a ring, a notice or a test. */
  readonly sent: boolean;
}

/** What follows from the answer to what was said. */
export function afterSaid(row: Row, said: Exclude<Next, { do: 'wait' | 'end' }>, answer: Answer, facts: Facts): After {
  const ended = (outcome: PushOutcome, showing = false, sent = false): After => ({
    outcome,
    nextMs: null,
    dueMs: row.dueMs,
    attempts: 0,
    retryMs: null,
    showing,
    sent,
  });
  if (answer.is === 'gone') return ended('gone');
  if (answer.is === 'refused') return ended('refused');
  if (answer.is === 'later') {
    const attempts = row.attempts + 1;
    // It may have arrived all the same: whoever says that a ring is over has to reckon with it.
    const showing = row.showing || said.do === 'say';
    const retryMs = facts.nowMs + backoffMs(attempts, answer.afterMs);
    return { outcome: null, nextMs: retryMs, dueMs: row.dueMs, attempts, retryMs, showing, sent: false };
  }
  if (said.do === 'quiet') {
    if (said.why !== 'shiftOver') return ended(said.why === 'signedOut' ? 'signedOut' : 'quieted');
    const nextMs = facts.nowMs + LONGEST_WAIT_MS;
    return { outcome: null, nextMs, dueMs: row.dueMs, attempts: 0, retryMs: null, showing: false, sent: false };
  }
  if (said.what !== 'ring') return ended('sent', said.what === 'notice', true);
  const dueMs = facts.nextRing(facts.nowMs);
  const nextMs = Math.min(dueMs + RING_GRACE_MS, facts.nowMs + LONGEST_WAIT_MS);
  return { outcome: null, nextMs, dueMs, attempts: 0, retryMs: null, showing: true, sent: true };
}
