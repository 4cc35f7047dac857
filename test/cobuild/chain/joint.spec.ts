import { describe, expect, it, test } from 'vitest';
import { ending, jointStep, leftBehind } from '../../../src/cobuild/chain/joint.ts';
import type { Assignment, Incident } from '../../../src/dispatch/chain/incident.ts';
import { STATE_NAMES, stateRow } from '../../../src/dispatch/chain/states.ts';

const assignment = (over: Partial<Assignment> = {}): Assignment => ({
  id: 'a1',
  unit: 'res-03',
  role: 'assist',
  state: 'assigned',
  dispatch: 1,
  assignedAt: '2026-11-20T02:00:00.000Z',
  until: null,
  ...over,
});
const incident = (state: Incident['state'], assignments: readonly Assignment[] = [], dispatches = 1) =>
  ({ state, assignments, dispatches }) as unknown as Incident;
const claim = (own: string | null = null) => ({ unit: 'res-03', assignment: own });

describe('what a claim or a booking does about its incident', () => {
  test.each(['reported', 'called', 'coordinating', 'suspended', 'disposed', 'checking'] as const)('waits while it is %s', (state) => {
    expect(jointStep(incident(state), claim()).step).toBe('wait');
  });
  test.each(['dispatched', 'responding', 'handling'] as const)('joins while it is %s', (state) => {
    expect(jointStep(incident(state), claim()).step).toBe('join');
  });
  it('takes the assignment that its unit has there already, and no second one', () => {
    expect(jointStep(incident('handling', [assignment({ state: 'onScene' })]), claim())).toMatchObject({
      step: 'link',
      assignment: { id: 'a1' },
    });
  });
  it('joins anew where its unit declined, was let go, or had finished what was then sent back', () => {
    for (const state of ['declined', 'released', 'finished'] as const)
      expect(jointStep(incident('handling', [assignment({ state })]), claim()).step).toBe('join');
  });
  test.each([
    ['assigned', 'wait'],
    ['acknowledged', 'wait'],
    ['enRoute', 'wait'],
    ['onScene', 'wait'],
    ['finished', 'finished'],
    ['declined', 'letGo'],
    ['released', 'letGo'],
  ] as const)('its own assignment is %s: %s', (state, step) => {
    expect(jointStep(incident('handling', [assignment({ state })]), claim('a1')).step).toBe(step);
  });
  it('released with all the others by a recall it waits, and goes again with the next dispatch', () => {
    const released = assignment({ state: 'released' });
    expect(jointStep(incident('coordinating', [released]), claim('a1')).step).toBe('wait');
    expect(jointStep(incident('dispatched', [released], 2), claim('a1')).step).toBe('join');
  });
});

it('takes a lead that has finished as it is: no unit is sent as an assistant beside itself', () => {
  expect(jointStep(incident('handling', [assignment({ role: 'lead', state: 'finished' })]), claim())).toMatchObject({ step: 'link' });
});

describe('who is left behind', () => {
  const left = (state: Incident['state'], over: Partial<Assignment>, wanted: readonly string[] = [], dispatches = 1) =>
    leftBehind(incident(state, [assignment(over)], dispatches), new Set(wanted)).map((one) => one.id);
  it.each(['assigned', 'acknowledged', 'enRoute', 'onScene'] as const)('an assistant that is %s, and nothing holds for it', (state) => {
    expect(left('handling', { state })).toEqual(['a1']);
    expect(left('handling', { state }, ['res-03'])).toEqual([]);
  });
  it('nobody whose work there is over, no lead, and nobody of an earlier dispatch', () => {
    for (const state of ['finished', 'declined', 'released'] as const) expect(left('handling', { state })).toEqual([]);
    expect(left('handling', { role: 'lead', state: 'onScene' })).toEqual([]);
    expect(left('dispatched', {}, [], 2)).toEqual([]);
  });
  it('nobody where nobody can be let go now: it is looked at again', () => {
    for (const state of ['suspended', 'coordinating', 'closed'] as const) expect(left(state, {})).toEqual([]);
  });
});

it('ends with every end of the incident, and only a close confirms anything', () => {
  for (const state of STATE_NAMES) expect(ending(state), state).toEqual(stateRow(state).end ? { dealtWith: state === 'closed' } : null);
});
