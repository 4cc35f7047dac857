import { describe, expect, it, test } from 'vitest';
import {
  afterSaid,
  answerOf,
  backoffMs,
  type Facts,
  LONGEST_WAIT_MS,
  MOST_QUIET_TRIES,
  nextOf,
  NOTICE_FRESH_MS,
  RING_GRACE_MS,
  type Row,
} from '../../src/outbound/decide.ts';

const ASKED = 1_000_000;
const EVERY_MS = 60_000;
const ring: Row = { subject: 'ring', dueMs: ASKED, queuedMs: ASKED, attempts: 0, retryMs: null, showing: false, sends: 0 };
const shown: Row = { ...ring, showing: true, sends: 1, dueMs: ASKED + EVERY_MS };
const facts = (more: Partial<Facts> = {}): Facts => ({
  nowMs: ASKED + RING_GRACE_MS,
  signedIn: true,
  known: true,
  behind: false,
  ring: 'on',
  shiftEndsMs: null,
  heardMs: null,
  seen: false,
  nextRing: (afterMs) => ASKED + (Math.floor((afterMs - ASKED) / EVERY_MS) + 1) * EVERY_MS,
  ...more,
});
const saysRing = { do: 'say', what: 'ring' } as const;
const over = (more: Partial<Facts> = {}) => facts({ nowMs: ASKED + 30_000, ring: 'over', ...more });

describe('a ring', () => {
  it('is left to the page for a moment, then said', () => {
    expect(nextOf(ring, facts({ nowMs: ASKED + RING_GRACE_MS - 1 }))).toMatchObject({ do: 'wait', untilMs: ASKED + RING_GRACE_MS });
    expect(nextOf(ring, facts())).toEqual(saysRing);
  });

  it('is not said where a page of the device has it, until the round in which the page has it no more', () => {
    const heard = facts({ heardMs: ASKED + 50 });
    expect(nextOf(ring, heard)).toMatchObject({ do: 'wait', dueMs: ASKED + EVERY_MS });
    const second = { ...ring, dueMs: ASKED + EVERY_MS };
    const nowMs = ASKED + EVERY_MS + RING_GRACE_MS;
    expect(nextOf(second, facts({ nowMs, heardMs: ASKED + EVERY_MS + 20 }))).toMatchObject({ do: 'wait' });
    expect(nextOf(second, facts({ nowMs, heardMs: ASKED + 50 }))).toEqual(saysRing);
  });

  it('is said again in each round, and looked at more often', () => {
    const after = afterSaid(ring, saysRing, { is: 'taken', status: 201 }, facts());
    expect(after).toMatchObject({ outcome: null, dueMs: ASKED + EVERY_MS, showing: true, sent: true, attempts: 0 });
    expect(after.nextMs).toBeLessThanOrEqual(facts().nowMs + LONGEST_WAIT_MS);
  });

  it('waits for the move that this node has not heard of yet', () => {
    expect(nextOf(ring, facts({ behind: true, ring: 'over' }))).toMatchObject({ do: 'wait' });
  });

  it('ends without a word where nothing was sent, and with one where something may show', () => {
    expect(nextOf(ring, over())).toEqual({ do: 'end', outcome: 'over' });
    expect(nextOf(shown, over())).toEqual({ do: 'quiet', why: 'answered' });
    expect(afterSaid(shown, { do: 'quiet', why: 'answered' }, { is: 'taken', status: 201 }, over())).toMatchObject({
      outcome: 'quieted',
      nextMs: null,
      showing: false,
      sent: false,
    });
  });

  it('is quieted also where the sending failed: it may have arrived all the same', () => {
    const failed = afterSaid(ring, saysRing, { is: 'later', status: null, afterMs: 0 }, facts());
    expect(failed).toMatchObject({ outcome: null, showing: true, attempts: 1, sent: false });
    expect(nextOf({ ...ring, showing: failed.showing }, over())).toMatchObject({ do: 'quiet' });
  });

  it('whose push service is busy leaves it alone until the time it asked for, whoever wakes the row, and ends at once where there is nothing to say', () => {
    const busy = { ...shown, dueMs: ASKED, attempts: 1, retryMs: ASKED + 40_000 };
    const early = { nowMs: ASKED + 39_999 };
    expect(nextOf(busy, facts(early))).toEqual({ do: 'wait', untilMs: ASKED + 40_000, dueMs: ASKED });
    expect(nextOf(busy, over(early))).toEqual({ do: 'wait', untilMs: ASKED + 40_000, dueMs: ASKED });
    expect(nextOf(busy, facts({ ...early, ring: 'replaced' }))).toEqual({ do: 'end', outcome: 'replaced' });
    expect(nextOf(busy, facts({ nowMs: ASKED + 40_000 }))).toEqual(saysRing);
    expect(nextOf(busy, over({ nowMs: ASKED + 40_000 }))).toEqual({ do: 'quiet', why: 'answered' });
  });

  it('forgets that the push service was busy when it takes something', () => {
    const failed = afterSaid(ring, saysRing, { is: 'later', status: 429, afterMs: 30_000 }, facts());
    expect(failed).toMatchObject({ retryMs: facts().nowMs + 30_000, nextMs: facts().nowMs + 30_000 });
    const taken = afterSaid({ ...ring, attempts: 1, retryMs: failed.retryMs }, saysRing, { is: 'taken', status: 201 }, facts());
    expect(taken).toMatchObject({ retryMs: null, attempts: 0 });
  });

  it('gives up saying that it is over', () => {
    expect(nextOf({ ...shown, attempts: MOST_QUIET_TRIES }, over())).toEqual({ do: 'end', outcome: 'failed' });
  });

  it('leaves the notification to the later ring of the same assignment', () => {
    expect(nextOf(shown, facts({ ring: 'replaced' }))).toEqual({ do: 'end', outcome: 'replaced' });
  });

  it('sleeps with the shift, and is due at once when the shift is made longer', () => {
    const offDuty = facts({ nowMs: ASKED + 90_000, shiftEndsMs: ASKED + 80_000 });
    expect(nextOf(shown, offDuty)).toEqual({ do: 'quiet', why: 'shiftOver' });
    const quiet = afterSaid(shown, { do: 'quiet', why: 'shiftOver' }, { is: 'taken', status: 201 }, offDuty);
    expect(quiet).toMatchObject({ outcome: null, showing: false });
    const asleep = { ...shown, showing: quiet.showing };
    expect(nextOf(asleep, offDuty)).toMatchObject({ do: 'wait', untilMs: offDuty.nowMs + LONGEST_WAIT_MS });
    expect(nextOf(asleep, { ...offDuty, shiftEndsMs: offDuty.nowMs + 1 })).toEqual(saysRing);
  });

  it('dies with the session, and the device is told', () => {
    const signedOut = facts({ signedIn: false });
    expect(nextOf(ring, signedOut)).toEqual({ do: 'end', outcome: 'signedOut' });
    expect(nextOf(shown, signedOut)).toEqual({ do: 'quiet', why: 'signedOut' });
    expect(nextOf(shown, { ...signedOut, known: false })).toEqual({ do: 'end', outcome: 'signedOut' });
    expect(nextOf(shown, facts({ known: false }))).toEqual({ do: 'end', outcome: 'gone' });
  });
});

describe('a notice', () => {
  const notice: Row = { ...ring, subject: 'notice' };

  it('is said once', () => {
    expect(nextOf(notice, facts())).toEqual({ do: 'say', what: 'notice' });
    expect(afterSaid(notice, { do: 'say', what: 'notice' }, { is: 'taken', status: 201 }, facts())).toMatchObject({
      outcome: 'sent',
      sent: true,
    });
  });

  it.each([
    ['seen by somebody', { seen: true }],
    ['on a page', { heardMs: ASKED }],
    ['off duty', { shiftEndsMs: ASKED }],
  ] as const)('not where it is %s', (_, more) => {
    expect(nextOf(notice, facts(more))).toEqual({ do: 'end', outcome: 'over' });
  });

  it('not when it is old', () => {
    expect(nextOf(notice, facts({ nowMs: ASKED + NOTICE_FRESH_MS + 1 }))).toEqual({ do: 'end', outcome: 'expired' });
  });
});

describe('what a push service says', () => {
  test.each([
    [201, 'taken'],
    [404, 'gone'],
    [410, 'gone'],
    [429, 'later'],
    [503, 'later'],
    [400, 'refused'],
    [403, 'refused'],
    [413, 'refused'],
    [302, 'refused'],
  ])('%i: %s', (status, is) => {
    expect(answerOf(status, null).is).toBe(is);
  });

  it('is tried again later and later, at least as late as it asks', () => {
    expect([1, 2, 3, 6, 20].map((n) => backoffMs(n))).toEqual([2_000, 4_000, 8_000, 60_000, 60_000]);
    expect(backoffMs(1, 30_000)).toBe(30_000);
    expect(backoffMs(1, 86_400_000)).toBe(600_000);
  });

  it.each(['gone', 'refused'] as const)('%s ends it', (is) => {
    expect(afterSaid(shown, saysRing, { is, status: 410 }, facts())).toMatchObject({ outcome: is, nextMs: null });
  });
});
