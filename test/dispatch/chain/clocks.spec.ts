import { describe, expect, it } from 'vitest';
import { extended, goesOn, paused, startClock, timeAt, usedBy } from '../../../src/dispatch/chain/clocks.ts';
import { dueCommand } from '../../../src/dispatch/chain/due.ts';
import { applyMove } from '../../../src/dispatch/chain/fold.ts';
import type { Clock, Incident, MovePayload } from '../../../src/dispatch/chain/incident.ts';
import type { State, Verb } from '../../../src/dispatch/chain/states.ts';
import type { Rules } from '../../../src/dispatch/chain/levels.ts';
import { china, chinaTime, passes } from './time-passes.ts';
import {
  COMMUNITY,
  DAY,
  DRAINAGE,
  HOUR,
  incidentIn,
  later,
  lead,
  make,
  MINUTE,
  NOW,
  POLICE,
  RULES,
  SEND,
  SUBDISTRICT,
  SYSTEM,
  assist,
} from './world.ts';

/** 08–12 and 14–18. */
const PROBE: Rules = {
  ...RULES,
  calendar: {
    days: new Map(),
    spans: [
      { fromMin: 480, toMin: 720 },
      { fromMin: 840, toMin: 1080 },
    ],
  },
};
const FRIDAY = china('2026-11-20 14:00');
const fourHours = startClock(PROBE, 'resolve', { ms: 4 * HOUR, kind: 'working' }, FRIDAY.getTime());
const stoodStill = (clock: Clock, from: string, to: string) => goesOn(PROBE, paused(clock, china(from), 'suspended'), china(to));

describe('时限 = limit + extensions − what was used outside pauses', () => {
  it('four working hours from Friday 14:00, paused Friday 17:00, resumed Monday 09:00, end Monday 10:00', () => {
    expect(chinaTime(stoodStill(fourHours, '2026-11-20 17:00', '2026-11-23 09:00').dueAt)).toBe('11-23 10:00');
  });
  it('standing still while nothing counts changes nothing', () => {
    for (const [from, to] of [
      ['2026-11-20 18:00', '2026-11-23 08:00'],
      ['2026-11-20 20:00', '2026-11-22 11:00'],
    ] as const) {
      expect(stoodStill(fourHours, from, to).dueAt).toBe(fourHours.dueAt);
    }
  });
  it('an extension survives every later pause, and a pause every later extension', () => {
    const granted = extended(PROBE, fourHours, { byMs: HOUR, at: NOW.toISOString(), by: 'subdistrict.441802006' }, FRIDAY);
    expect(chinaTime(granted.dueAt)).toBe('11-23 09:00');
    const once = stoodStill(granted, '2026-11-20 17:00', '2026-11-23 09:00');
    expect(chinaTime(once.dueAt)).toBe('11-23 11:00');
    const twice = stoodStill(once, '2026-11-23 10:00', '2026-11-23 14:30');
    expect(chinaTime(twice.dueAt)).toBe('11-23 15:30');
    const more = extended(PROBE, twice, { byMs: HOUR, at: NOW.toISOString(), by: 'district.441802' }, china('2026-11-23 15:00'));
    expect(chinaTime(more.dueAt)).toBe('11-23 16:30');
    expect(more.pauses).toHaveLength(2);
    expect(more.extensions!.map((e) => e.by)).toEqual(['subdistrict.441802006', 'district.441802']);
  });
  it('has used its whole limit when it is due, and half of it at half', () => {
    const clock = stoodStill(stoodStill(fourHours, '2026-11-20 14:30', '2026-11-20 16:00'), '2026-11-20 17:00', '2026-11-23 09:00');
    expect(usedBy(PROBE, clock, Date.parse(clock.dueAt))).toBe(clock.limitMs);
    expect(usedBy(PROBE, clock, timeAt(PROBE, clock, clock.limitMs / 2))).toBe(clock.limitMs / 2);
  });
  it('uses nothing while it stands still', () => {
    const still = paused(fourHours, china('2026-11-20 17:00'), 'suspended');
    expect(usedBy(PROBE, still, china('2026-12-24 17:00').getTime())).toBe(3 * HOUR);
  });
});

describe('a log from before there were rows', () => {
  const { dueAt: _dueAt, rungAt: _rungAt, ...rows } = fourHours;
  const old: Clock = {
    ...rows,
    limitMs: 6 * HOUR,
    extendedMs: 2 * HOUR,
    rung: 1,
    dueAt: '2026-11-23T01:00:00.000Z',
    rungAt: '2026-11-23T04:00:00.000Z',
  };
  it('goes on from the figures that it has: what was used, what was granted, which 督办 it had caused', () => {
    const back = goesOn(PROBE, { ...old, rung: 0, usedMs: 5 * HOUR }, china('2026-11-23 09:00'));
    expect(back).toMatchObject({ startedAt: china('2026-11-23 09:00').toISOString(), usedMs: 5 * HOUR, extendedMs: 2 * HOUR, share: 100 });
    expect(chinaTime(back.dueAt)).toBe('11-23 10:00');
    expect(usedBy(PROBE, back, Date.parse(back.dueAt))).toBe(6 * HOUR);
    const more = extended(PROBE, back, { byMs: HOUR, at: NOW.toISOString(), by: 'district.441802' }, china('2026-11-23 09:30'));
    expect(chinaTime(more.dueAt)).toBe('11-23 11:00');
  });
  it('speaks next where it would have spoken', () => {
    const incident: Incident = { ...incidentIn('handling'), clocks: { step: old, total: null } };
    expect(dueCommand(incident, china('2026-11-23 11:59'))).toBeNull();
    expect(dueCommand(incident, china('2026-11-23 12:00'))).toEqual({ verb: 'supervise', level: 2, clock: 'step', share: 150 });
    const third = passes(incident, china('2026-11-23 12:00'), PROBE).incident.clocks.step!;
    expect(third).toMatchObject({ share: 200 });
    expect(third).not.toHaveProperty('rung');
  });
});

describe('an old log', () => {
  it('folds to the row that it was written with: what later rules keep is not kept of its clocks', () => {
    const old = (i: Incident): Incident => ({
      ...i,
      clocks: { step: { ...i.clocks.step!, rung: 0 }, total: { ...i.clocks.total!, rung: 0 } },
    });
    const next = (i: Incident, verb: Verb, to: State, payload: MovePayload = {}): Incident =>
      applyMove(i, { incident: i.id, version: i.version + 1, verb, from: i.state, to, actor: 'system', at: NOW.toISOString(), payload });
    const dispatched = old(incidentIn('dispatched'));
    const fresh = old(incidentIn('responding')).clocks.step;
    expect(next(dispatched, 'acknowledge', 'responding', { step: fresh }).spent).toEqual([]);
    expect(next(dispatched, 'supervise', 'dispatched', { supervise: 1 })).toMatchObject({ supervised: 1, supervisions: [] });
    expect(next(old(incidentIn('called')), 'refer', 'referred', { step: null, total: null }).paused).toBeNull();
  });
});

describe('handing back (交回)', () => {
  const used = (incident: Incident, now: Date) => usedBy(RULES, incident.clocks.step!, now.getTime());
  const recall = (i: Incident, now: Date) => make(i, { verb: 'recall', reason: '先等勘察' }, SUBDISTRICT, { now });
  const send = (i: Incident, unit: string, now: Date) => make(i, { verb: 'dispatch', lead: { unit } }, SUBDISTRICT, { now });

  it('a failed check gives the same lead what was left of its handling', () => {
    let i = incidentIn('handling');
    i = make(i, { verb: 'release', assignment: assist(i), reason: '人手够了' }, SUBDISTRICT, { now: later(HOUR) });
    i = make(i, { verb: 'finish', assignment: lead(i) }, DRAINAGE, { now: later(HOUR) });
    i = make(i, { verb: 'assignCheck' }, SUBDISTRICT, { now: later(2 * HOUR) });
    i = make(i, { verb: 'failCheck', reason: '仍有积水' }, COMMUNITY, { now: later(20 * HOUR) });
    expect(i.clocks.step).toMatchObject({ name: 'resolve', startedAt: NOW.toISOString(), pauses: [{ why: 'check' }] });
    expect(used(i, later(20 * HOUR))).toBe(HOUR);
    // The category's four hours, day and night: one was used, so three are left.
    expect(i.clocks.step!.dueAt).toBe(later(23 * HOUR).toISOString());
  });
  it('recalled and sent again to the same lead: each of its clocks goes on', () => {
    let i = incidentIn('dispatched', 'R2');
    i = make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE, { now: later(4 * MINUTE) });
    i = recall(i, later(10 * MINUTE));
    i = send(i, 'drainage-1', later(60 * MINUTE));
    expect(used(i, later(60 * MINUTE))).toBe(4 * MINUTE);
    expect(i.clocks.step).toMatchObject({ name: 'acknowledge', dueAt: later(66 * MINUTE).toISOString() });
    expect(i.assignments.at(-1)!.until).toBe(i.clocks.step!.dueAt);
    i = make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE, { now: later(61 * MINUTE) });
    // 30 minutes to be there, of which 6 were used before the recall.
    expect(i.clocks.step).toMatchObject({ name: 'arrive', dueAt: later(85 * MINUTE).toISOString() });
    expect(i.assignments.at(-1)!.until).toBe(i.clocks.step!.dueAt);
    i = make(i, { verb: 'arrive', assignment: lead(i) }, DRAINAGE, { now: later(70 * MINUTE) });
    i = recall(i, later(100 * MINUTE));
    i = send(i, 'drainage-1', later(200 * MINUTE));
    expect(used(i, later(200 * MINUTE))).toBe(5 * MINUTE);
    i = make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE, { now: later(201 * MINUTE) });
    expect(used(i, later(201 * MINUTE))).toBe(15 * MINUTE);
    i = make(i, { verb: 'arrive', assignment: lead(i) }, DRAINAGE, { now: later(202 * MINUTE) });
    expect(used(i, later(202 * MINUTE))).toBe(30 * MINUTE);
  });
  it('another lead starts anew, and the first still has its own when it comes back', () => {
    let i = recall(incidentIn('dispatched', 'R2'), later(6 * MINUTE));
    i = send(i, 'police-1', later(20 * MINUTE));
    expect(used(i, later(20 * MINUTE))).toBe(0);
    i = send(recall(i, later(22 * MINUTE)), 'drainage-1', later(30 * MINUTE));
    expect(used(i, later(30 * MINUTE))).toBe(6 * MINUTE);
  });
  it('an extension that the lead got comes back with the step', () => {
    let i = incidentIn('handling');
    i = make(i, { verb: 'extend', by: 2 * HOUR, reason: '等吊车' }, DRAINAGE);
    i = make(i, { verb: 'extend', grant: true }, SUBDISTRICT);
    i = send(recall(i, later(HOUR)), 'drainage-1', later(DAY));
    i = make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE, { now: later(DAY) });
    i = make(i, { verb: 'arrive', assignment: lead(i) }, DRAINAGE, { now: later(DAY) });
    expect(i.clocks.step).toMatchObject({ name: 'resolve', limitMs: 6 * HOUR, dueAt: later(DAY + 5 * HOUR).toISOString() });
  });
  it('what the ladder said of a step is not said again when the step comes back', () => {
    const warned = passes(incidentIn('dispatched', 'R2'), later(8 * MINUTE));
    expect(warned.moves.map((m) => m.payload.share)).toEqual([50, 80]);
    const again = send(recall(warned.incident, later(9 * MINUTE)), 'drainage-1', later(30 * MINUTE));
    expect(passes(again, later(31 * MINUTE)).moves.map((m) => m.payload.share)).toEqual([100]);
  });
  it('a lapse hands nothing over: the unit begins anew, else it would lapse again at once', () => {
    const responding = incidentIn('responding', 'R2');
    const due = later(30 * MINUTE);
    const { incident, moves } = passes(responding, due);
    expect(moves.map((m) => [m.verb, m.payload.share])).toEqual([
      ['urge', 50],
      ['urge', 80],
      // Overdue is said before the lapse that ends the step, so that both happen.
      ['supervise', 100],
      ['lapse', undefined],
    ]);
    expect(incident).toMatchObject({ state: 'dispatched', assignments: [{ state: 'assigned', lapses: 1 }, {}] });
    expect(incident.assignments[0]).not.toHaveProperty('acknowledgedAt');
    expect(used(incident, due)).toBe(0);
    const there = make(incident, { verb: 'acknowledge', assignment: lead(incident) }, DRAINAGE, { now: due });
    expect(used(there, due)).toBe(0);
    expect(dueCommand(there, due)).toBeNull();
  });
  it('who was on the way beyond the limit, was recalled and is sent again, has its time to be there anew: no lapse as it acknowledges', () => {
    let i = incidentIn('responding', 'R2');
    i = make(i, { verb: 'depart', assignment: lead(i) }, DRAINAGE);
    // On the way nobody lapses: 50 minutes of 30 are used.
    i = send(recall(passes(i, later(50 * MINUTE)).incident, later(50 * MINUTE)), 'drainage-1', later(50 * MINUTE));
    const now = later(51 * MINUTE);
    i = make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE, { now });
    expect(dueCommand(i, now)).toBeNull();
    expect(i.clocks.step).toMatchObject({ name: 'arrive', startedAt: now.toISOString(), dueAt: later(81 * MINUTE).toISOString() });
    expect(i.assignments.at(-1)!.until).toBe(i.clocks.step!.dueAt);
  });
  it('who did not answer in time, was recalled and is sent again, has its time to answer anew: it never rings with a time that is over', () => {
    const late = passes(incidentIn('dispatched', 'R2'), later(12 * MINUTE)).incident;
    const i = send(recall(late, later(12 * MINUTE)), 'drainage-1', later(20 * MINUTE));
    expect(i.assignments.at(-1)!.until).toBe(later(30 * MINUTE).toISOString());
    expect(dueCommand(i, later(20 * MINUTE))).toBeNull();
  });
  it('but what is used up of the handling stays used up, because that is the work itself', () => {
    let i = send(recall(passes(incidentIn('handling'), later(5 * HOUR)).incident, later(5 * HOUR)), 'drainage-1', later(6 * HOUR));
    i = make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE, { now: later(6 * HOUR) });
    i = make(i, { verb: 'arrive', assignment: lead(i) }, DRAINAGE, { now: later(6 * HOUR) });
    expect(used(i, later(6 * HOUR))).toBe(5 * HOUR);
  });
  it('an assistant that lapses leaves the lead’s clock alone', () => {
    let i = incidentIn('responding', 'R2');
    i = make(i, { verb: 'acknowledge', assignment: assist(i) }, POLICE);
    const before = i.clocks.step;
    i = make(i, { verb: 'lapse', assignment: assist(i) }, SYSTEM, { now: later(30 * MINUTE) });
    expect(i.clocks.step).toEqual(before);
  });
  it('work on a reopened incident begins anew', () => {
    let i = make(incidentIn('closed'), { verb: 'reopen', reason: '又坏了' }, COMMUNITY, { now: later(DAY) });
    i = make(i, SEND, SUBDISTRICT, { now: later(DAY) });
    expect(i.clocks.step).toMatchObject({ startedAt: later(DAY).toISOString() });
    expect(i.clocks.total).toMatchObject({ startedAt: later(DAY).toISOString() });
    expect(i.spent).toEqual([]);
  });
});

describe('the total clock', () => {
  it('never restarts: also after a merge that is undone, with what was granted and said', () => {
    let i = incidentIn('coordinating');
    i = make(i, { verb: 'extend', by: HOUR, reason: '等吊车' }, SUBDISTRICT);
    i = make(i, { verb: 'extend', grant: true }, { ...SUBDISTRICT, account: 'subdistrict.441802006.2' });
    const before = i.clocks.total!;
    const into = { id: '01970000-0000-7000-8000-000000000002', state: 'called' as const, drill: false };
    const merged = make(i, { verb: 'merge', into: into.id }, SUBDISTRICT, { into, now: later(HOUR) });
    expect(merged.clocks.total).toBeNull();
    const back = make(merged, { verb: 'unmerge' }, SUBDISTRICT, { now: later(2 * HOUR) });
    expect(back.clocks.total).toEqual(before);
    expect(back.paused).toBeNull();
  });
  it('stands still while the incident is suspended', () => {
    const handling = incidentIn('handling');
    const resumed = make(incidentIn('suspended'), { verb: 'resume' }, SUBDISTRICT, { now: later(3 * DAY) });
    expect(usedBy(RULES, resumed.clocks.total!, later(3 * DAY).getTime())).toBe(usedBy(RULES, handling.clocks.total!, NOW.getTime()));
  });
});

describe('延期 (extension)', () => {
  it('on the way gives the lead the time too: it does not lapse before', () => {
    let i = incidentIn('responding');
    i = make(i, { verb: 'extend', by: HOUR, reason: '堵车' }, DRAINAGE);
    i = make(i, { verb: 'extend', grant: true }, SUBDISTRICT);
    expect(i.assignments[0]!.until).toBe(i.clocks.step!.dueAt);
    expect(passes(i, new Date(Date.parse(i.clocks.step!.dueAt) - 1)).moves.map((m) => m.verb)).not.toContain('lapse');
  });
});
