import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { dueCommand, nextDue } from '../../../src/dispatch/chain/due.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { allowedVerbs } from '../../../src/dispatch/chain/permissions.ts';
import {
  assist,
  CENTRE,
  CENTRE_2,
  COMMUNITY,
  DAY,
  DRAINAGE,
  facts,
  FIRE,
  HOUR,
  incidentIn,
  later,
  lead,
  make,
  MINUTE,
  NOW,
  POLICE,
  reported,
  SEND,
  SUBDISTRICT,
  SYSTEM,
  unit,
  WORKER,
} from './world.ts';

const refused = (incident: Incident, ...[command, actor, more]: [Parameters<typeof decide>[1], Parameters<typeof decide>[2], object?]) => {
  const decision = decide(incident, command, actor, facts(more));
  return decision.ok ? `moved to ${decision.next.state}` : decision.refusal.code;
};
const PHOTO = '01970000-0000-7000-8000-00000000f001';

describe('分级响应 (sending units)', () => {
  const incident = incidentIn('coordinating');
  it('needs one lead', () => {
    expect(refused(incident, { verb: 'dispatch', assisting: [{ unit: 'police-1' }] }, SUBDISTRICT)).toBe('no-lead-unit');
  });
  it('sends no unit twice, none that is unknown, and none as lead that may only assist', () => {
    const send = (leadUnit: string, other: string) =>
      refused(incident, { verb: 'dispatch', lead: { unit: leadUnit }, assisting: [{ unit: other }] }, SUBDISTRICT);
    expect(send('police-1', 'police-1')).toBe('unit-already-sent');
    expect(send('police-1', 'nobody')).toBe('unknown-unit');
    expect(send('medical-1', 'police-1')).toBe('unit-may-not-lead');
    expect(send('police-1', 'medical-1')).toBe('moved to dispatched');
  });
  it('goes to responding when the lead acknowledges, not when an assistant does', () => {
    const sent = incidentIn('dispatched');
    const assisted = make(sent, { verb: 'acknowledge', assignment: assist(sent) }, POLICE);
    expect(assisted.state).toBe('dispatched');
    expect(make(assisted, { verb: 'acknowledge', assignment: lead(sent) }, DRAINAGE).state).toBe('responding');
  });
  it('gives each unit its own time to answer and to be there', () => {
    const sent = incidentIn('dispatched', 'R2');
    expect(sent.assignments.map((a) => a.until)).toEqual([later(10 * MINUTE).toISOString(), later(10 * MINUTE).toISOString()]);
    const gone = make(sent, { verb: 'acknowledge', assignment: assist(sent) }, POLICE, { now: later(MINUTE) });
    expect(gone.assignments[1]?.until).toBe(later(31 * MINUTE).toISOString());
  });
  it('calls others in later, but nobody who is already there', () => {
    const handling = incidentIn('handling');
    expect(refused(handling, { verb: 'addUnit', unit: 'police-1' }, DRAINAGE)).toBe('unit-already-sent');
    expect(make(handling, { verb: 'addUnit', unit: 'fire-1' }, DRAINAGE).assignments).toHaveLength(3);
  });
});

describe('协同处置 (joint handling)', () => {
  it('is not finished while an assisting unit is still at work', () => {
    const handling = incidentIn('handling');
    const leadDone = make(handling, { verb: 'finish', assignment: lead(handling) }, DRAINAGE);
    expect(leadDone.state).toBe('handling');
    const acknowledged = make(leadDone, { verb: 'acknowledge', assignment: assist(handling) }, POLICE);
    expect(make(acknowledged, { verb: 'finish', assignment: assist(handling) }, POLICE).state).toBe('disposed');
  });
  it('is finished when the last assistant is released or declines after the lead has finished', () => {
    const handling = incidentIn('handling');
    const leadDone = make(handling, { verb: 'finish', assignment: lead(handling) }, DRAINAGE);
    expect(make(leadDone, { verb: 'release', assignment: assist(handling), reason: '不用了' }, DRAINAGE).state).toBe('disposed');
    expect(make(leadDone, { verb: 'decline', assignment: assist(handling), reason: '去了别处' }, POLICE).state).toBe('disposed');
  });
  it('an assistant whose claim or loan is over is released by the system, and then nobody waits for it', () => {
    const handling = incidentIn('handling');
    const release = { verb: 'release', assignment: assist(handling), reason: '认领已结束' } as const;
    expect(make(handling, release, SYSTEM)).toMatchObject({ state: 'handling', assignments: [{}, { state: 'released' }] });
    const leadDone = make(handling, { verb: 'finish', assignment: lead(handling) }, DRAINAGE);
    expect(make(leadDone, release, SYSTEM).state).toBe('disposed');
    expect(refused(handling, { ...release, assignment: lead(handling) }, SYSTEM)).toBe('lead-not-released');
    expect(refused(handling, release, POLICE)).toBe('not-yours');
  });
  it('takes a unit that presses 完成 without 到场, and invents no time of arrival', () => {
    const responding = incidentIn('responding');
    const done = make(responding, { verb: 'finish', assignment: lead(responding) }, DRAINAGE);
    expect(done.state).toBe('handling');
    expect(done.assignments[0]).not.toHaveProperty('arrivedAt');
  });
  it('never releases the lead; recalling ends everybody in the same move', () => {
    const handling = incidentIn('handling');
    expect(refused(handling, { verb: 'release', assignment: lead(handling), reason: '换人' }, SUBDISTRICT)).toBe('lead-not-released');
    const recalled = make(handling, { verb: 'recall', reason: '派错了' }, CENTRE);
    expect(recalled.assignments.map((a) => a.state)).toEqual(['released', 'released']);
  });
  it('belongs to each unit alone: another unit presses nothing', () => {
    const sent = incidentIn('dispatched');
    expect(refused(sent, { verb: 'acknowledge', assignment: lead(sent) }, POLICE)).toBe('not-yours');
    expect(refused(sent, { verb: 'acknowledge', assignment: lead(sent) }, FIRE)).toBe('not-yours');
    expect(refused(sent, { verb: 'acknowledge', assignment: PHOTO }, DRAINAGE)).toBe('unknown-assignment');
  });
});

describe('退单 (declining)', () => {
  const declineOnce = (incident: Incident, code: string) => {
    const sent = make(incident, { verb: 'dispatch', lead: { unit: code } }, SUBDISTRICT);
    return make(sent, { verb: 'decline', assignment: lead(sent), reason: '不归我们' }, unit(code));
  };
  it('of the lead ends the whole dispatch; once per unit and incident', () => {
    const sent = incidentIn('dispatched');
    const declined = make(sent, { verb: 'decline', assignment: lead(sent), reason: '不归我们' }, DRAINAGE);
    expect(declined.state).toBe('coordinating');
    expect(declined.assignments.map((a) => a.state)).toEqual(['declined', 'released']);
    const again = make(declined, SEND, SUBDISTRICT);
    expect(refused(again, { verb: 'decline', assignment: lead(again), reason: '还是不归' }, DRAINAGE)).toBe('decline-used-up');
    expect(allowedVerbs(again, DRAINAGE)).not.toContain('decline');
  });
  it('the third puts it on the arbitration list, and the ruling binds', () => {
    let incident = incidentIn('coordinating');
    expect(refused(incident, { verb: 'arbitrate', unit: 'fire-1', ruling: '归消防' }, SUBDISTRICT)).toBe('no-arbitration');
    for (const code of ['drainage-1', 'police-1', 'fire-1']) incident = declineOnce(incident, code);
    expect(incident.arbitration).toEqual({ state: 'pending' });
    const ruled = make(incident, { verb: 'arbitrate', unit: 'drainage-1', ruling: '归排水' }, SUBDISTRICT);
    expect(ruled.arbitration).toMatchObject({ state: 'ruled', unit: 'drainage-1' });
  });
  it('is over once the unit was there', () => {
    const handling = incidentIn('handling');
    expect(refused(handling, { verb: 'decline', assignment: lead(handling), reason: '不归我们' }, DRAINAGE)).toBe('no-such-move');
  });
});

describe('核查结案 (checking and closing)', () => {
  it('is never done by who handled it', () => {
    const spot = make(reported('R3'), { verb: 'settleOnSpot', before: [PHOTO], after: [PHOTO] }, WORKER);
    expect(refused(spot, { verb: 'assignCheck', checker: WORKER.account }, SUBDISTRICT)).toBe('checker-is-handler');
    const checking = make(spot, { verb: 'assignCheck' }, SUBDISTRICT);
    expect(refused(checking, { verb: 'failSpotCheck', reason: '没盖好' }, WORKER)).toBe('checker-is-handler');
    expect(make(checking, { verb: 'confirmClose' }, COMMUNITY).proof).toBe('checked');
  });
  it('sends a failed check back to the same lead, a failed spot check to the start', () => {
    const back = make(incidentIn('checking'), { verb: 'failCheck', reason: '井盖仍松动' }, COMMUNITY);
    expect(back.state).toBe('handling');
    expect(back.assignments[0]?.state).toBe('acknowledged');
    const spot = make(
      make(reported('R3'), { verb: 'settleOnSpot', before: [PHOTO], after: [PHOTO] }, WORKER),
      { verb: 'assignCheck' },
      SYSTEM,
    );
    expect(refused(spot, { verb: 'failCheck', reason: '没盖好' }, COMMUNITY)).toBe('no-such-move');
    expect(make(spot, { verb: 'failSpotCheck', reason: '没盖好' }, COMMUNITY)).toMatchObject({ state: 'reported', proof: null });
    expect(refused(incidentIn('checking'), { verb: 'failSpotCheck', reason: '没盖好' }, COMMUNITY)).toBe('not-settled-on-spot');
  });
  it('takes evidence instead of a check only for R3 and R4, where the category allows it', () => {
    expect(make(incidentIn('disposed', 'R4'), { verb: 'acceptEvidence' }, SUBDISTRICT)).toMatchObject({
      state: 'closed',
      proof: 'evidence',
    });
    expect(refused(incidentIn('disposed', 'R2'), { verb: 'acceptEvidence' }, SUBDISTRICT)).toBe('evidence-not-enough');
  });
  it('is forced only by two people within 24 hours', () => {
    const proposed = make(incidentIn('handling'), { verb: 'forceClose', reason: '当事人拒绝施工' }, CENTRE);
    expect(proposed.state).toBe('handling');
    expect(refused(proposed, { verb: 'forceClose', reason: '同上' }, CENTRE)).toBe('second-person-needed');
    expect(make(proposed, { verb: 'forceClose', reason: '同意' }, CENTRE_2, { now: later(DAY) })).toMatchObject({
      state: 'closed',
      proof: 'forced',
    });
    expect(make(proposed, { verb: 'forceClose', reason: '同意' }, CENTRE_2, { now: later(DAY + 1) }).state).toBe('handling');
  });
  it('a proposal to force it closed ends with the incident: nobody confirms it after a reopening', () => {
    const checking = incidentIn('checking');
    const proposed = { ...checking, forceCloseProposed: { account: CENTRE.account, at: NOW.toISOString(), reason: '拒绝施工' } };
    const reopened = make(make(proposed, { verb: 'confirmClose' }, COMMUNITY), { verb: 'reopen', reason: '又坏了' }, COMMUNITY);
    expect(make(reopened, { verb: 'forceClose', reason: '同意' }, CENTRE_2).state).toBe('coordinating');
    const forced = make(
      make(incidentIn('suspended'), { verb: 'forceClose', reason: '甲' }, CENTRE),
      { verb: 'forceClose', reason: '乙' },
      CENTRE_2,
    );
    expect(forced).toMatchObject({ state: 'closed', suspendedUntil: null, paused: null });
  });
  it('may be reopened for 15 days, appealed for 3, unmerged for one', () => {
    const tries = [
      ['closed', { verb: 'reopen', reason: '又坏了' }, COMMUNITY, 15],
      ['rejected', { verb: 'appeal', reason: '请再看' }, WORKER, 3],
      ['merged', { verb: 'unmerge' }, SUBDISTRICT, 1],
    ] as const;
    for (const [state, command, actor, days] of tries) {
      expect(refused(incidentIn(state), command, actor, { now: later(days * DAY) })).toMatch(/^moved to/);
      expect(refused(incidentIn(state), command, actor, { now: later(days * DAY + 1) })).toBe('too-late');
    }
  });
});

describe('时限 (clocks)', () => {
  it('受理 hands nothing over: the limit from called to dispatched goes on', () => {
    const called = incidentIn('called');
    const accepted = make(called, { verb: 'accept' }, SUBDISTRICT, { now: later(10 * MINUTE) });
    expect(accepted.clocks.step).toMatchObject({ name: 'dispatch', dueAt: called.clocks.step?.dueAt });
  });
  it('延期 is asked before expiry, granted by another person, and only as often as the level allows', () => {
    const handling = incidentIn('handling', 'R2');
    const ask = { verb: 'extend', by: 2 * HOUR, reason: '等吊车' } as const;
    expect(refused(handling, ask, DRAINAGE, { now: new Date(handling.clocks.step!.dueAt) })).toBe('already-overdue');
    expect(refused(handling, { verb: 'extend', reason: '等' }, DRAINAGE)).toBe('missing-field');
    const asked = make(handling, ask, DRAINAGE);
    expect(refused(asked, ask, DRAINAGE)).toBe('extension-already-asked');
    expect(refused(asked, { verb: 'extend', grant: true }, DRAINAGE)).toBe('not-yours');
    expect(refused(make(handling, ask, SUBDISTRICT), { verb: 'extend', grant: true }, SUBDISTRICT)).toBe('second-person-needed');
    const granted = make(asked, { verb: 'extend', grant: true }, SUBDISTRICT);
    expect(Date.parse(granted.clocks.step!.dueAt) - Date.parse(handling.clocks.step!.dueAt)).toBe(2 * HOUR);
    expect(refused(granted, ask, DRAINAGE)).toBe('extension-not-allowed');
    expect(refused(incidentIn('handling', 'R1'), ask, DRAINAGE)).toBe('extension-not-allowed');
  });
  it('挂账 stops the clocks and gives back what was left', () => {
    const suspended = incidentIn('suspended');
    expect(suspended.clocks.total).toBeNull();
    const resumed = make(suspended, { verb: 'resume' }, SYSTEM, { now: later(5 * DAY) });
    const before = incidentIn('handling').clocks;
    const left = (due: string | undefined, from: Date) => Date.parse(due!) - from.getTime();
    expect(resumed.clocks.step).toMatchObject({ name: 'resolve', limitMs: before.step!.limitMs });
    // The category of this incident counts day and night, so what was left is the same to the millisecond.
    expect(left(resumed.clocks.step?.dueAt, later(5 * DAY))).toBe(left(before.step?.dueAt, NOW));
    expect(resumed.clocks.total).toMatchObject({ limitMs: before.total!.limitMs });
    expect(resumed.paused).toBeNull();
    expect(refused(incidentIn('handling', 'R2'), { verb: 'suspend', until: later(DAY).toISOString(), reason: '等' }, CENTRE)).toBe(
      'suspend-not-allowed',
    );
    expect(refused(incidentIn('handling'), { verb: 'suspend', until: later(31 * DAY).toISOString(), reason: '等' }, CENTRE)).toBe(
      'suspend-too-long',
    );
    expect(refused(incidentIn('handling'), { verb: 'suspend', until: NOW.toISOString(), reason: '等' }, CENTRE)).toBe('date-in-past');
  });
  it('an extension that was granted survives 挂账 and a change of level', () => {
    const handling = incidentIn('handling');
    const asked = make(handling, { verb: 'extend', by: 2 * HOUR, reason: '等吊车' }, DRAINAGE);
    const granted = make(asked, { verb: 'extend', grant: true }, SUBDISTRICT);
    const there = make(granted, { verb: 'regrade', level: 'R4', reason: '不急' }, SUBDISTRICT);
    const back = make(there, { verb: 'regrade', level: 'R3', reason: '急' }, SUBDISTRICT);
    expect(back.clocks.step?.limitMs).toBe(granted.clocks.step?.limitMs);
    const suspended = make(back, { verb: 'suspend', until: later(DAY).toISOString(), reason: '等配件' }, SUBDISTRICT);
    const resumed = make(suspended, { verb: 'resume' }, SUBDISTRICT, { now: later(DAY) });
    expect(resumed.clocks.step?.limitMs).toBe(granted.clocks.step?.limitMs);
    expect(refused(make(asked, { verb: 'regrade', level: 'R1', reason: '急' }, CENTRE), { verb: 'extend', grant: true }, SUBDISTRICT)).toBe(
      'extension-not-allowed',
    );
  });
  it('a dispatch at another level brings that level’s clocks, and lowers only with a reason', () => {
    const coordinating = incidentIn('coordinating');
    const graver = make(coordinating, { verb: 'dispatch', lead: { unit: 'drainage-1' }, level: 'R2' }, SUBDISTRICT);
    expect(graver.clocks.total).toMatchObject({ kind: 'continuous' });
    const lower = { verb: 'dispatch', lead: { unit: 'drainage-1' }, level: 'R4' } as const;
    expect(refused(coordinating, lower, SUBDISTRICT)).toBe('missing-field');
    expect(make(coordinating, { ...lower, note: '只是盖子松动' }, SUBDISTRICT).level).toBe('R4');
  });
  it('regrading starts no clock anew, but gives the new level’s limits', () => {
    const sent = incidentIn('dispatched', 'R3');
    const graver = make(sent, { verb: 'regrade', level: 'R2', reason: '有人受伤' }, SUBDISTRICT, { now: later(5 * MINUTE) });
    expect(graver.clocks.step).toMatchObject({ startedAt: sent.clocks.step?.startedAt, dueAt: later(10 * MINUTE).toISOString() });
    expect(graver.assignments[0]?.until).toBe(later(10 * MINUTE).toISOString());
    expect(refused(graver, { verb: 'regrade', level: 'R2', reason: '同上' }, SUBDISTRICT)).toBe('same-level');
  });
});

describe('特急 runs by itself (R1)', () => {
  it('asks at once for call, accept and dispatch by run card', () => {
    let incident = reported('R1');
    const asked: unknown[] = [];
    for (const verb of ['call', 'accept'] as const) {
      expect(nextDue(incident)).toBe(NOW.toISOString());
      asked.push(dueCommand(incident, NOW));
      incident = make(incident, { verb }, SYSTEM);
    }
    asked.push(dueCommand(incident, NOW));
    expect(asked).toEqual([{ verb: 'call' }, { verb: 'accept' }, { verb: 'dispatch', runCard: true }]);
  });
  it('stops as soon as a person takes over, or the run card finds nobody', () => {
    const byPerson = make(reported('R1'), { verb: 'call' }, COMMUNITY);
    expect(dueCommand(byPerson, NOW)).toBeNull();
    const unfilled = make(
      make(make(reported('R1'), { verb: 'call' }, SYSTEM), { verb: 'accept' }, SYSTEM),
      { verb: 'raise', reason: '无人可派' },
      SYSTEM,
    );
    expect(dueCommand(unfilled, NOW)).toBeNull();
    expect(nextDue(unfilled)).not.toBeNull();
  });
  it('also after a person made it R1', () => {
    const graver = make(reported('R3'), { verb: 'regrade', level: 'R1', reason: '燃气' }, COMMUNITY);
    expect(dueCommand(graver, NOW)).toEqual({ verb: 'call' });
  });
  it('goes on after a verification that was under way when it became R1', () => {
    const verifying = make(incidentIn('verifying'), { verb: 'regrade', level: 'R1', reason: '燃气' }, COMMUNITY);
    expect(dueCommand(make(verifying, { verb: 'answerVerification', found: true }, WORKER), NOW)).toEqual({ verb: 'call' });
  });
  it('is never settled on the spot', () => {
    expect(refused(reported('R1'), { verb: 'settleOnSpot', before: [PHOTO], after: [PHOTO] }, WORKER)).toBe('not-for-this-category');
  });
});

describe('并案 (merging)', () => {
  it('needs another incident that is still alive', () => {
    const incident = reported();
    const merge = { verb: 'merge', into: PHOTO } as const;
    expect(refused(incident, merge, COMMUNITY, { into: null })).toBe('merge-target-missing');
    expect(refused(incident, merge, COMMUNITY, { into: { id: incident.id, state: 'reported', drill: false } })).toBe(
      'merge-target-missing',
    );
    expect(refused(incident, merge, COMMUNITY, { into: { id: PHOTO, state: 'closed', drill: false } })).toBe('merge-target-ended');
  });
});
