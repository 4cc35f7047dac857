/** 办到哪了: what residents are told of each state and each line of the log, and when they may rate. */
import { describe, expect, it, test } from 'vitest';
import { LOGGED_MOVES, STATE_NAMES } from '../../src/dispatch/chain/states.ts';
import { aheadOf, ratingWindow, roundOf, stageOf, STAGES, stepsOf, type ShownMove } from '../../src/residents/progress.ts';

const DAY_MS = 86_400_000;
const CLOSED_AT = '2026-11-18T02:40:00.000Z';
let minute = 0;
const at = () => new Date(Date.UTC(2026, 10, 18, 0, minute++)).toISOString();
const move = (verb: ShownMove['verb'], from: ShownMove['from'], to: ShownMove['to']): ShownMove => ({ verb, from, to, at: at() });
const said = (...moves: ShownMove[]) => stepsOf(moves).map(({ step }) => step);

/** From the report to the check, as it goes most often. */
const USUAL = [
  move('report', 'none', 'reported'),
  move('call', 'reported', 'called'),
  move('accept', 'called', 'coordinating'),
  move('dispatch', 'coordinating', 'dispatched'),
  move('acknowledge', 'dispatched', 'responding'),
  move('arrive', 'responding', 'handling'),
  move('finish', 'handling', 'disposed'),
  move('assignCheck', 'disposed', 'checking'),
];
const CLOSED = [...USUAL, move('confirmClose', 'checking', 'closed')];

describe('the stage', () => {
  test.each(STATE_NAMES)('of %s is one that the page has words for', (state) => {
    expect(STAGES).toContain(stageOf({ state, proof: null }));
  });
  it('is 办好了 only where somebody found it done', () => {
    for (const proof of ['spot', 'evidence', 'checked'] as const) expect(stageOf({ state: 'closed', proof })).toBe('done');
    expect(stageOf({ state: 'closed', proof: 'forced' })).toBe('ended');
  });
  it('says at once that something was settled on the spot', () => {
    for (const state of ['disposed', 'checking'] as const) {
      expect(stageOf({ state, proof: 'spot' })).toBe('settled');
      expect(stageOf({ state, proof: null })).toBe('checking');
    }
  });
});

describe('the steps', () => {
  it('are the way of an incident without its office words', () => {
    expect(said(...CLOSED)).toEqual(['received', 'passedOn', 'sent', 'onTheWay', 'onScene', 'finished', 'done']);
  });
  test.each(LOGGED_MOVES)('$from + $verb → $to shows at most one, and nothing of who or why', ({ from, verb, to }) => {
    const steps = stepsOf([{ ...move(verb, from, to), actor: 'grid.441802006001001', payload: { note: '张三' } } as ShownMove]);
    expect(steps.length).toBeLessThanOrEqual(1);
    for (const step of steps) expect(Object.keys(step).sort()).toEqual(['at', 'step']);
    if (from === to) expect(steps).toEqual([]);
  });
  it('say when it was not good enough, and when others have to come', () => {
    expect(said(...USUAL, move('failCheck', 'checking', 'handling')).at(-1)).toBe('redo');
    expect(said(...USUAL.slice(0, 4), move('decline', 'dispatched', 'coordinating')).at(-1)).toBe('rearranged');
    expect(said(...CLOSED, move('reopen', 'closed', 'coordinating')).at(-1)).toBe('again');
  });
  it('do not say twice that somebody was sent when the same unit is rung again', () => {
    const again = [...USUAL.slice(0, 5), move('lapse', 'responding', 'dispatched'), move('acknowledge', 'dispatched', 'responding')];
    expect(said(...again)).toEqual(['received', 'passedOn', 'sent', 'onTheWay']);
  });
});

describe('what comes next', () => {
  it('gets shorter as it goes on, and is nothing after the end', () => {
    const left = (['received', 'passedOn', 'sent', 'onTheWay', 'working', 'checking', 'done'] as const).map(
      (stage) => aheadOf(stage).length,
    );
    expect(left).toEqual([5, 4, 3, 3, 2, 1, 0]);
    for (const stage of ['ended', 'notAccepted', 'withdrawn', 'merged', 'referred'] as const) expect(aheadOf(stage)).toEqual([]);
  });
  it('ends with the check', () => {
    for (const stage of STAGES) if (aheadOf(stage).length > 0) expect(aheadOf(stage).at(-1)).toBe('done');
  });
});

describe('a rating', () => {
  const closed = { state: 'closed', proof: 'checked', closedAt: CLOSED_AT } as const;
  const closedMs = Date.parse(CLOSED_AT);

  test.each(STATE_NAMES.filter((state) => state !== 'closed'))('has nothing to judge in %s', (state) => {
    expect(ratingWindow({ state, proof: null, closedAt: null }, closedMs)).toBeNull();
  });
  it('is taken for as long as the incident may be reopened', () => {
    expect(ratingWindow(closed, closedMs)).toEqual({ until: '2026-12-03T02:40:00.000Z' });
    expect(ratingWindow(closed, closedMs + 15 * DAY_MS - 1)).not.toBeNull();
    expect(ratingWindow(closed, closedMs + 15 * DAY_MS)).toBeNull();
  });
  it('is taken at once of what was settled on the spot', () => {
    expect(ratingWindow({ state: 'disposed', proof: 'spot', closedAt: null }, closedMs)).toEqual({ until: null });
  });
  it('belongs to one go: what is undone and done again is judged anew', () => {
    expect(roundOf(CLOSED)).toBe(1);
    expect(roundOf([...CLOSED, move('reopen', 'closed', 'coordinating')])).toBe(2);
    expect(roundOf([move('report', 'none', 'reported'), move('failSpotCheck', 'checking', 'reported')])).toBe(2);
  });
});
