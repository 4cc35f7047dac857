import { describe, expect, it } from 'vitest';
import { ASSIGNMENT_MOVES, ASSIGNMENT_STATES, type Verb } from '../../src/dispatch/chain/states.ts';
import { directionOf, roundedDistance } from '../../web/unit/task/distance.ts';
import { nextStep, sideActions } from '../../web/unit/task/next-step.ts';

const ALL: readonly Verb[] = ['addUnit', 'comment', 'decline', 'extend'];

describe('下一步 (the one big button)', () => {
  it('goes acknowledge → depart → arrive → finish', () => {
    expect(['assigned', 'acknowledged', 'enRoute', 'onScene'].map((s) => nextStep(s as 'assigned').main)).toEqual([
      'acknowledge',
      'depart',
      'arrive',
      'finish',
    ]);
  });
  it('lets whoever is there already arrive without having departed', () => {
    expect(nextStep('acknowledged')).toMatchObject({ beside: 'arrive', shortcut: 'finish' });
  });
  it.each(ASSIGNMENT_STATES)('offers from %s only what the table of the chain accepts', (state) => {
    const offered = Object.values(nextStep(state)).filter((verb) => verb !== null);
    const accepted = ASSIGNMENT_MOVES.filter((m) => m.from === state && (m.by as readonly string[]).includes('unit')).map((m) => m.verb);
    expect(accepted).toEqual(expect.arrayContaining(offered));
  });
  it.each(['finished', 'declined', 'released'] as const)('is gone once the assignment is %s', (state) => {
    expect(nextStep(state)).toEqual({ main: null, beside: null, shortcut: null });
  });
});

describe('旁边的按钮 (what else can be done)', () => {
  it('lets only the lead ask for help and for time', () => {
    expect(sideActions('onScene', 'lead', 'R3', ALL)).toEqual(['addUnit', 'comment', 'extend']);
    expect(sideActions('onScene', 'assist', 'R3', ALL)).toEqual(['comment']);
  });
  it('offers more time once, until somebody has answered', () => {
    expect(sideActions('onScene', 'lead', 'R3', ALL, true)).not.toContain('extend');
  });
  it('never offers more time for R1', () => {
    expect(sideActions('onScene', 'lead', 'R1', ALL)).not.toContain('extend');
  });
  it.each(['assigned', 'acknowledged', 'enRoute'] as const)('offers 退单 while %s', (state) => {
    expect(sideActions(state, 'assist', 'R3', ALL)).toContain('decline');
  });
  it('offers no 退单 after arrival, nor anything the server does not allow', () => {
    expect(sideActions('onScene', 'lead', 'R3', ALL)).not.toContain('decline');
    expect(sideActions('assigned', 'lead', 'R3', [])).toEqual([]);
  });
});

describe('直线距离 (straight distance)', () => {
  const police = { lng: 113.0155, lat: 23.69318 };
  const enforcement = { lng: 113.03578, lat: 23.71367 };

  it('is rounded as people say it', () => {
    expect([4, 347, 994, 995, 1_849, 9_960].map(roundedDistance).map(({ value, unit }) => value + unit)).toEqual([
      '0m',
      '350m',
      '990m',
      '1.0km',
      '1.8km',
      '10km',
    ]);
  });
  it('has a direction', () => {
    expect([directionOf(police, enforcement), directionOf(enforcement, police)]).toEqual(['ne', 'sw']);
    expect(directionOf(police, { lng: police.lng - 0.01, lat: police.lat })).toBe('w');
  });
});
