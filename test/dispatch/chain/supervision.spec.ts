import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { nextDue } from '../../../src/dispatch/chain/due.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { monthsAfter } from '../../../src/dispatch/chain/review.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { toWireIncident } from '../../../src/dispatch/wire.ts';
import { china, chinaTime, passes, rungsOf } from './time-passes.ts';
import {
  CENTRE,
  COMMUNITY,
  DAY,
  DRAINAGE,
  facts,
  incidentIn,
  later,
  LEADER,
  make,
  MINUTE,
  PLACE,
  POLICE,
  RULES,
  SUBDISTRICT,
  SYSTEM,
  WORKER,
} from './world.ts';

const OFFICE = `subdistrict:${PLACE.subdistrict}`;
const comment = (incident: Incident, actor: Actor, more: object, now = later(MINUTE)) => {
  const decision = decide(incident, { verb: 'comment', text: '已到现场，十点前完成', ...more }, actor, facts({ now }));
  return decision.ok ? decision : decision.refusal.code;
};
const next = (made: ReturnType<typeof comment>): Incident => {
  if (typeof made === 'string') throw new Error(made);
  return made.next;
};

describe('督办 asks the holder for an answer', () => {
  const supervised = make(incidentIn('handling'), { verb: 'supervise', level: 1, note: '居民反映强烈' }, SUBDISTRICT);
  const replyTo = supervised.version;

  it('is open until it is answered, and tells the holder', () => {
    expect(supervised.supervisions).toEqual([
      { version: replyTo, level: 1, at: expect.any(String), by: SUBDISTRICT.account, place: OFFICE, repliedAt: null },
    ]);
    const answered = comment(supervised, DRAINAGE, { replyTo });
    expect(next(answered).supervisions[0]).toMatchObject({ repliedAt: later(MINUTE).toISOString() });
    expect(answered).toMatchObject({ move: { payload: { replyTo, notice: 'replied', told: [OFFICE] } } });
    expect(comment(next(answered), DRAINAGE, { replyTo })).toBe('no-supervision');
  });
  it('is answered by the holder, or by an office above; by nobody else, and not by who asked', () => {
    expect(comment(supervised, POLICE, { replyTo })).toBe('not-yours');
    expect(comment(supervised, COMMUNITY, { replyTo })).toBe('not-yours');
    expect(comment(supervised, WORKER, { replyTo })).toBe('not-yours');
    expect(comment(supervised, LEADER, { replyTo })).toBe('not-yours');
    expect(comment(supervised, SUBDISTRICT, { replyTo })).toBe('second-person-needed');
    expect(comment(supervised, CENTRE, { replyTo })).toMatchObject({ ok: true });
    expect(comment(supervised, { ...SUBDISTRICT, account: 'subdistrict.441802006.2' }, { replyTo })).toMatchObject({ ok: true });
  });
  it('goes with the incident: whoever holds it now answers', () => {
    const back = make(supervised, { verb: 'recall', reason: '换单位' }, SUBDISTRICT);
    expect(comment(back, DRAINAGE, { replyTo })).toBe('not-yours');
  });
  it('is no reply to something else', () => {
    expect(comment(supervised, DRAINAGE, { replyTo: replyTo - 1 })).toBe('no-supervision');
  });
  it('of the ladder is answered too: the reply goes to whom its level concerns', () => {
    const late = passes(incidentIn('dispatched', 'R2'), later(15 * MINUTE)).incident;
    expect(late.supervisions.map((s) => [s.level, s.by])).toEqual([
      [1, 'system'],
      [2, 'system'],
    ]);
    const told = late.supervisions.map(({ version }) => comment(late, DRAINAGE, { replyTo: version }, later(16 * MINUTE)));
    expect(told).toMatchObject([{ move: { payload: { told: [OFFICE] } } }, { move: { payload: { told: ['leader'] } } }]);
  });
  it('says on the wire who may answer, and names no linked leader to those who need not know', () => {
    const byLeader = make(incidentIn('handling'), { verb: 'supervise', level: 2 }, LEADER);
    const seen = (actor: Actor) => toWireIncident(byLeader, actor, later(0)).supervisions.map(({ by, mayReply }) => ({ by, mayReply }));
    expect(seen(DRAINAGE)).toEqual([{ by: 'leader', mayReply: true }]);
    expect(seen(POLICE)).toEqual([{ by: 'leader', mayReply: false }]);
    expect(seen(SUBDISTRICT)).toEqual([{ by: LEADER.account, mayReply: true }]);
  });
});

describe('挂账复核 (the monthly review)', () => {
  const until = china('2027-03-01 09:00').toISOString();
  const suspended = make(incidentIn('handling', 'R4'), { verb: 'suspend', until, reason: '等路政改造' }, SUBDISTRICT);
  const asked = passes(suspended, china('2026-12-20 14:00'));

  it('is asked for each month, on the day of the suspension', () => {
    expect(asked.moves.map((m) => [m.verb, m.payload.notice, m.payload.told, chinaTime(m.at)])).toEqual([
      ['urge', 'review', [OFFICE], '12-20 14:00'],
    ]);
    expect(monthsAfter(china('2027-01-31 10:00').toISOString(), 1)).toBe(china('2027-02-28 10:00').toISOString());
    expect(monthsAfter(china('2026-11-30 10:00').toISOString(), 3)).toBe(china('2027-02-28 10:00').toISOString());
  });
  it('is answered by the subdistrict or the district with the reason why it stays', () => {
    const now = china('2026-12-21 09:00');
    expect(comment(asked.incident, COMMUNITY, { review: true }, now)).toBe('not-yours');
    const stays = next(comment(asked.incident, SUBDISTRICT, { review: true }, now));
    expect(stays.review).toMatchObject({ count: 1, answeredAt: now.toISOString() });
    expect(comment(stays, SUBDISTRICT, { review: true }, now)).toBe('no-review');
    expect(chinaTime(nextDue(stays)!)).toBe('01-20 14:00');
  });
  it('is supervised when nobody answers for three working days, and asked for again next month', () => {
    // Sunday 14:00: Monday, Tuesday and Wednesday pass.
    expect(chinaTime(asked.incident.review!.answerBy)).toBe('12-23 17:30');
    const { moves } = passes(asked.incident, china('2027-01-20 14:00'));
    expect(moves.map((m) => [m.verb, m.payload.supervise, m.payload.told, chinaTime(m.at)])).toEqual([
      ['supervise', 1, [OFFICE, 'district'], '12-23 17:30'],
      ['urge', undefined, [OFFICE], '01-20 14:00'],
    ]);
  });
  it('ends with the suspension', () => {
    const { incident, moves } = passes(suspended, china('2027-03-01 09:00'));
    expect(moves.map((m) => m.verb)).toEqual(['urge', 'supervise', 'urge', 'supervise', 'urge', 'supervise', 'resume']);
    expect(incident.review).toBeNull();
    expect(comment(incident, SUBDISTRICT, { review: true })).toBe('no-review');
  });
  it('is not asked for in a suspension of less than a month', () => {
    const short = make(incidentIn('handling'), { verb: 'suspend', until: later(29 * DAY).toISOString(), reason: '等配件' }, SUBDISTRICT);
    expect(passes(short, later(29 * DAY)).moves.map((m) => m.verb)).toEqual(['resume']);
  });
});

describe('a changed calendar', () => {
  const closedFriday = { ...RULES, calendar: { ...RULES.calendar, days: new Map([['2026-11-20', false]]) } };
  const handling = incidentIn('dispatched', 'R4');

  it('is followed by the clocks in one move, which tells the holder', () => {
    const decision = decide(handling, { verb: 'comment', recount: true }, SYSTEM, facts({ rules: closedFriday }));
    expect(decision).toMatchObject({ ok: true, move: { payload: { notice: 'recounted', told: ['unit:drainage-1'] } } });
    if (!decision.ok) return;
    expect(chinaTime(handling.clocks.step!.dueAt)).toBe('11-20 16:30');
    expect(chinaTime(decision.next.clocks.step!.dueAt)).toBe('11-23 10:30');
    expect(decision.next.assignments[0]!.until).toBe(decision.next.clocks.step!.dueAt);
    expect(Date.parse(decision.next.clocks.total!.dueAt)).toBeGreaterThan(Date.parse(handling.clocks.total!.dueAt));
    // And only once.
    expect(decide(decision.next, { verb: 'comment', recount: true }, SYSTEM, facts({ rules: closedFriday }))).toMatchObject({ ok: false });
  });
  it('leaves a running clock the limit that it started with, whatever the table of limits says by now', () => {
    const longer = new Map(RULES.limits).set('R4:acknowledge', { value: 240, unit: 'minutes', kind: 'working' });
    const onlyLimits = { ...RULES, limits: longer };
    expect(decide(handling, { verb: 'comment', recount: true }, SYSTEM, facts({ rules: onlyLimits }))).toMatchObject({ ok: false });
    const both = decide(handling, { verb: 'comment', recount: true }, SYSTEM, facts({ rules: { ...closedFriday, limits: longer } }));
    expect(both.ok && chinaTime(both.next.clocks.step!.dueAt)).toBe('11-23 10:30');
  });
  it('of longer hours brings an end nearer, and keeps what was counted in minutes', () => {
    const spans = [{ fromMin: 8 * 60, toMin: 20 * 60 }];
    const long = decide(
      handling,
      { verb: 'comment', recount: true },
      SYSTEM,
      facts({ rules: { ...RULES, calendar: { ...RULES.calendar, spans } } }),
    );
    if (!long.ok) throw new Error('not recounted');
    expect(long.next.clocks.total!.limitMs).toBe(handling.clocks.total!.limitMs);
    expect(Date.parse(long.next.clocks.total!.dueAt)).toBeLessThan(Date.parse(handling.clocks.total!.dueAt));
  });
  it('says no rung twice under the same limit, though days off put it ahead again', () => {
    const daysOff = ['2026-11-20', '2026-11-23'].map((day): [string, boolean] => [day, false]);
    const off = { ...RULES, calendar: { ...RULES.calendar, days: new Map([...RULES.calendar.days, ...daysOff]) } };
    const now = china('2026-11-23 18:00');
    const over = passes(incidentIn('reported', 'R3'), now);
    expect(over.moves.filter((m) => m.payload.clock === 'total').map((m) => m.payload.share)).toEqual([50, 80, 100]);
    const recounted = decide(over.incident, { verb: 'comment', recount: true }, SYSTEM, facts({ now, rules: off }));
    if (!recounted.ok) throw new Error('not recounted');
    expect(chinaTime(recounted.next.clocks.total!.dueAt)).toBe('11-25 11:30');
    const after = passes(recounted.next, later(30 * DAY), off);
    expect(rungsOf(after.moves, 'total')).toEqual(['150 11-26 09:45', '200 11-26 17:00']);
    expect(after.incident.supervisions.filter((s) => s.level === 1)).toEqual(over.incident.supervisions.filter((s) => s.level === 1));
  });
  it('says no rung twice either when it was changed during a suspension', () => {
    const off = { ...RULES, calendar: { ...RULES.calendar, days: new Map([...RULES.calendar.days, ['2026-11-20', false] as const]) } };
    const warned = passes(incidentIn('handling', 'R3'), later(3 * DAY)).incident;
    const now = later(3 * DAY);
    const until = later(4 * DAY).toISOString();
    const suspended = make(warned, { verb: 'suspend', until, reason: '等配件' }, SUBDISTRICT, { now });
    const resumed = make(suspended, { verb: 'resume' }, SUBDISTRICT, { now: later(4 * DAY), rules: off });
    expect(warned.clocks.total!.share).toBeDefined();
    expect(resumed.clocks.total!.share).toBe(warned.clocks.total!.share);
  });
  it('changes nothing where no time changes', () => {
    const again = decide(handling, { verb: 'comment', recount: true }, SYSTEM, facts({ now: later(DAY) }));
    expect(again).toEqual({ ok: false, refusal: { code: 'nothing-to-recount' } });
    const late = passes(incidentIn('dispatched', 'R2'), later(DAY)).incident;
    expect(decide(late, { verb: 'comment', recount: true }, SYSTEM, facts({ now: later(DAY) }))).toMatchObject({ ok: false });
  });
});
