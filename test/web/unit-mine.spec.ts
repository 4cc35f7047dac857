import { describe, expect, it } from 'vitest';
import type { WireAssignment, WireDeadline, WireIncident } from '../../web/shared/types.ts';
import { hashOf, placeOf } from '../../web/unit/route.ts';
import { type Job, endedJobs, limitOf, mates, openJobs, ownAssignment } from '../../web/unit/task/mine.ts';

const minute = (n: number) => new Date(Date.parse('2026-11-20T07:00:00.000Z') + n * 60_000).toISOString();
const sent = (unit: string, state: WireAssignment['state'], more: Partial<WireAssignment> = {}): WireAssignment => ({
  id: `${unit} ${state}`,
  unit,
  role: 'assist',
  state,
  assignedAt: minute(0),
  ...more,
});
const clock = (name: WireDeadline['clock'], due: number): WireDeadline => ({
  clock: name,
  startedAt: minute(0),
  dueAt: minute(due),
  limitMs: due * 60_000,
  kind: 'continuous',
});
const incident = (assignments: readonly WireAssignment[], deadlines: readonly WireDeadline[] = []) => ({
  assignments,
  deadlines,
  reportedAt: minute(-5),
});

describe('我们的派遣 (the own assignment)', () => {
  it('is the open one, also when the unit declined before and was sent again', () => {
    const again = sent('gas', 'acknowledged', { assignedAt: minute(9) });
    expect(ownAssignment(incident([sent('gas', 'declined'), sent('fire', 'onScene'), again]), 'gas')).toBe(again);
  });
  it('is the last one when none is open, and none when the unit was never sent', () => {
    const last = sent('gas', 'finished', { assignedAt: minute(9) });
    expect(ownAssignment(incident([last, sent('gas', 'declined')]), 'gas')).toBe(last);
    expect(ownAssignment(incident([last]), 'police')).toBeNull();
  });
});

describe('一起去的 (the others)', () => {
  it('shows each other unit once, the lead first, those that left last', () => {
    const own = sent('gas', 'acknowledged');
    const all = [
      sent('water', 'released'),
      sent('fire', 'declined'),
      own,
      sent('fire', 'assigned'),
      sent('power', 'onScene', { role: 'lead' }),
    ];
    expect(mates(incident(all), own).map((m) => `${m.unit} ${m.state}`)).toEqual(['power onScene', 'fire assigned', 'water released']);
  });
});

describe('还剩 (the limit a unit works against)', () => {
  const until = minute(10);

  it('is its own until before arrival', () => {
    expect(limitOf(incident([]), sent('gas', 'assigned', { until }), 'assigned')).toMatchObject({
      what: 'acknowledge',
      startedAt: minute(0),
      dueAt: until,
    });
    const going = sent('gas', 'enRoute', { until, acknowledgedAt: minute(2) });
    expect(limitOf(incident([]), going, 'enRoute')).toMatchObject({ what: 'arrive', startedAt: minute(2), dueAt: until });
  });
  it('is not the old one while the next press waits for the network', () => {
    expect(limitOf(incident([]), sent('gas', 'assigned', { until }), 'acknowledged')).toBeNull();
    expect(limitOf(incident([], [clock('total', 200)]), sent('gas', 'acknowledged', { until }), 'onScene')).toBeNull();
  });
  it('is the clock of the step on the scene, and nothing once it is done', () => {
    const clocks = [clock('resolve', 60), clock('total', 200)];
    expect(limitOf(incident([], clocks), sent('gas', 'onScene'), 'onScene')).toMatchObject({ what: 'finish', dueAt: minute(60) });
    expect(limitOf(incident([], clocks), sent('gas', 'finished'), 'finished')).toBeNull();
  });
});

describe('要办的 (the list)', () => {
  const job = (number: string, level: WireIncident['level'], state: WireAssignment['state'], due: number | null, ended?: number): Job => ({
    incident: { number, level } as WireIncident,
    own: sent('gas', state, ended === undefined ? {} : { finishedAt: minute(ended) }),
    state,
    limit: due === null ? null : { what: 'arrive', startedAt: minute(0), dueAt: minute(due), working: false },
  });
  const numbers = (jobs: readonly Job[]) => jobs.map((j) => j.incident.number);

  it('is ordered by time left, never by level or arrival; what has no limit stands last', () => {
    const jobs = [
      job('none', 'R1', 'onScene', null),
      job('later', 'R1', 'acknowledged', 90),
      job('over', 'R4', 'onScene', -6),
      job('soon', 'R3', 'assigned', 9),
    ];
    expect(numbers(openJobs(jobs))).toEqual(['over', 'soon', 'later', 'none']);
  });
  it('puts the graver of two equals first', () => {
    expect(numbers(openJobs([job('b', 'R3', 'assigned', 9), job('a', 'R2', 'assigned', 9)]))).toEqual(['a', 'b']);
  });
  it('keeps what was done apart, the latest first', () => {
    const jobs = [job('first', 'R3', 'finished', null, 1), job('open', 'R3', 'assigned', 9), job('last', 'R3', 'finished', null, 7)];
    expect(numbers(endedJobs(jobs))).toEqual(['last', 'first']);
    expect(numbers(openJobs(jobs))).toEqual(['open']);
  });
});

describe('address of the page', () => {
  const id = '01a20541-2e81-7310-bc62-4aceb53db5b8';
  it('says where one is, and comes back to it', () => {
    for (const place of [{ at: 'list' }, { at: 'check' }, { at: 'task', incident: id }] as const)
      expect(placeOf(hashOf(place))).toEqual(place);
  });
  it.each(['', '#', '#/task/', '#/task/<img>', '#/unknown'])('leads to the list from %j', (hash) => {
    expect(placeOf(hash)).toEqual({ at: 'list' });
  });
});
