import { describe, expect, it } from 'vitest';
import { nextShare } from '../../../src/dispatch/chain/clocks.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { dueCommand, nextDue } from '../../../src/dispatch/chain/due.ts';
import { isEnd, STATE_NAMES } from '../../../src/dispatch/chain/states.ts';
import { passes, rungsOf } from './time-passes.ts';
import {
  COMMUNITY,
  DAY,
  DRAINAGE,
  facts,
  HOUR,
  incidentIn,
  later,
  lead,
  make,
  MINUTE,
  NOW,
  PLACE,
  reported,
  SUBDISTRICT,
  SYSTEM,
} from './world.ts';

const OFFICE = `subdistrict:${PLACE.subdistrict}`;

describe('催办与督办的阶梯 (the ladder)', () => {
  it('reminds at 50 %, warns at 80 %, is overdue at 100 %, and goes up at 150 and 200 %, each once', () => {
    // R2: 15 minutes from the report to the call.
    const { moves } = passes(reported('R2'), later(31 * MINUTE));
    const step = moves.filter((m) => m.payload.clock === 'step');
    expect(
      step.map((m) => [m.verb, m.payload.share, m.payload.supervise, m.payload.notice, (Date.parse(m.at) - NOW.getTime()) / MINUTE]),
    ).toEqual([
      ['urge', 50, undefined, 'remind', 7.5],
      ['urge', 80, undefined, 'warn', 12],
      ['supervise', 100, 1, 'overdue', 15],
      ['supervise', 150, 2, 'overdueLevel2', 22.5],
      ['supervise', 200, 3, 'overdueLevel3', 30],
    ]);
    expect(step.map((m) => m.payload.told!.join(' '))).toEqual([
      `community:${PLACE.community}`,
      `community:${PLACE.community} ${OFFICE}`,
      `community:${PLACE.community} ${OFFICE}`,
      `community:${PLACE.community} ${OFFICE} leader`,
      `community:${PLACE.community} ${OFFICE} leader district`,
    ]);
  });
  it('counts working time where the level does', () => {
    // R3, Friday 14:00, offices open at 14:30: half an hour is used at 15:00.
    const { moves } = passes(reported('R3'), later(90 * MINUTE));
    expect(rungsOf(moves, 'step')).toEqual(['50 11-20 14:45', '80 11-20 14:54', '100 11-20 15:00', '150 11-20 15:15', '200 11-20 15:30']);
  });
  it('speaks on the total clock too, and there only up to 200 %', () => {
    const { moves } = passes(reported('R2'), later(30 * DAY));
    expect(moves.filter((m) => m.payload.clock === 'total').map((m) => m.payload.share)).toEqual([50, 80, 100, 150, 200]);
  });
  it('reminds again each day after the last rung: nobody is forgotten, and nobody flooded', () => {
    const { incident, moves } = passes(reported('R2'), later(5 * DAY));
    const again = moves.filter((m) => m.payload.repeat === true);
    expect(again.map((m) => m.payload.clock)).toEqual(Array(again.length).fill('step'));
    expect(again).toHaveLength(4);
    expect(again[0]!.payload).toMatchObject({ notice: 'overdueLevel3', told: [`community:${PLACE.community}`, 'district'] });
    expect(nextDue(incident)).not.toBeNull();
  });
  it('stays where it was when a step goes on: 受理 hands nothing over', () => {
    const warned = passes(incidentIn('called', 'R2'), later(12 * MINUTE)).incident;
    const accepted = make(warned, { verb: 'accept' }, SUBDISTRICT, { now: later(13 * MINUTE) });
    expect(rungsOf(passes(accepted, later(15 * MINUTE)).moves, 'step')).toEqual(['100 11-20 14:15']);
  });
  it('begins again for whoever gets the next step', () => {
    const warned = passes(reported('R2'), later(12 * MINUTE)).incident;
    const called = make(warned, { verb: 'call' }, SYSTEM, { now: later(13 * MINUTE) });
    expect(passes(called, later(21 * MINUTE)).moves.map((m) => [m.payload.share, m.payload.told])).toEqual([[50, [OFFICE]]]);
  });
  it('says each share of a new limit once: after an extension what lies ahead again is said again, what is passed is not', () => {
    let i = incidentIn('handling');
    // The category's four hours, day and night.
    i = passes(i, later(3.5 * HOUR)).incident;
    expect(i.clocks.step!.share).toBe(100);
    i = make(i, { verb: 'extend', by: 2 * HOUR, reason: '等吊车' }, DRAINAGE, { now: later(3.5 * HOUR) });
    i = make(i, { verb: 'extend', grant: true }, SUBDISTRICT, { now: later(3.6 * HOUR) });
    // Half of six hours is passed, 80 % is at 4.8 hours.
    expect(rungsOf(passes(i, later(6 * HOUR)).moves, 'step')).toEqual(['80 11-20 18:48', '100 11-20 20:00']);
  });
  it('says what a shorter limit finds passed already once for each clock, by its highest rung', () => {
    const days = passes(incidentIn('handling', 'R4'), later(4 * DAY)).incident;
    const now = later(4 * DAY);
    const graver = make(days, { verb: 'regrade', level: 'R2', reason: '有人受伤' }, SUBDISTRICT, { now });
    const { moves, incident } = passes(graver, now);
    expect(moves.filter((m) => m.payload.clock === 'total').map((m) => [m.payload.share, m.payload.supervise])).toEqual([[200, 3]]);
    expect(moves.filter((m) => m.payload.clock === 'step').length).toBeLessThan(2);
    expect(incident.clocks.total!.rungAt).toBeNull();
  });
  it('says what lies ahead of a shorter limit rung by rung', () => {
    // R3 counts half an hour to the call in office hours, R2 a quarter of an hour day and night.
    const now = later(13 * MINUTE);
    const graver = make(reported('R3'), { verb: 'regrade', level: 'R2', reason: '有人受伤' }, COMMUNITY, { now });
    const step = passes(graver, later(30 * MINUTE)).moves.filter((m) => m.payload.clock === 'step');
    expect(step.map((m) => m.payload.share)).toEqual([80, 100, 150, 200]);
  });
  it('of a shorter limit does not keep the system from going on by itself in 立案前核查', () => {
    const now = later(DAY);
    const graver = make(incidentIn('verifying', 'R4'), { verb: 'regrade', level: 'R2', reason: '有人受伤' }, SUBDISTRICT, { now });
    expect(nextShare(graver.clocks.step!)).toBe(200);
    expect(dueCommand({ ...graver, clocks: { ...graver.clocks, total: null } }, now)).toMatchObject({ verb: 'answerVerification' });
  });
  it('is silent before the agreed date of a suspension', () => {
    const { moves } = passes(incidentIn('suspended'), later(5 * DAY));
    expect(moves.map((m) => m.verb)).toEqual(['resume']);
  });
  it('catches up in order after the service was away', () => {
    const incident = reported('R2');
    const now = later(5 * HOUR);
    const first = decide(incident, { verb: 'urge', clock: 'step', share: 50 }, SYSTEM, facts({ now }));
    expect(first.ok && first.next.clocks.step).toMatchObject({ share: 80, rungAt: later(12 * MINUTE).toISOString() });
  });
  it('refuses a rung that was spoken, that is not next, or that is not due', () => {
    const incident = reported('R2');
    const code = (share: 50 | 80, now: Date, of = incident) => {
      const decision = decide(of, { verb: 'urge', clock: 'step', share }, SYSTEM, facts({ now }));
      return decision.ok ? 'made' : decision.refusal.code;
    };
    expect(code(50, later(7 * MINUTE))).toBe('no-such-move');
    expect(code(80, later(12 * MINUTE))).toBe('no-such-move');
    expect(code(50, later(8 * MINUTE))).toBe('made');
    expect(code(50, later(9 * MINUTE), passes(incident, later(8 * MINUTE)).incident)).toBe('no-such-move');
  });
});

describe('特急 (R1)', () => {
  it('reminds after one of the two minutes to acknowledge, and is overdue after two', () => {
    const { moves } = passes(incidentIn('dispatched', 'R1'), later(2 * MINUTE));
    const step = moves.filter((m) => m.payload.clock === 'step');
    expect(step.map((m) => [m.payload.share, (Date.parse(m.at) - NOW.getTime()) / 1_000])).toEqual([
      [50, 60],
      [80, 96],
      [100, 120],
    ]);
  });
  it('acknowledged and not there after 15 minutes lapses', () => {
    const responding = incidentIn('responding', 'R1');
    const { moves } = passes(responding, later(15 * MINUTE));
    expect(moves.find((m) => m.verb === 'lapse')).toMatchObject({
      at: later(15 * MINUTE).toISOString(),
      payload: { assignment: lead(responding) },
    });
  });
});

describe('nobody is forgotten', () => {
  it.each(STATE_NAMES.filter((s) => !isEnd(s)))('%s has a next time for a year, however little people do', (state) => {
    const { incident, moves } = passes(incidentIn(state, 'R3'), later(60 * DAY));
    expect(moves.length).toBeGreaterThan(0);
    if (!isEnd(incident.state)) expect(nextDue(incident)).not.toBeNull();
  });
});
