import { describe, expect, it, test } from 'vitest';
import { ending, jointStep } from '../../../src/cobuild/chain/joint.ts';
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
  it('joins anew where its unit declined or was let go before', () => {
    for (const state of ['declined', 'released'] as const)
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

it('ends with every end of the incident, and only a close confirms anything', () => {
  for (const state of STATE_NAMES) expect(ending(state), state).toEqual(stateRow(state).end ? { dealtWith: state === 'closed' } : null);
});
