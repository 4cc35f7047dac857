/** A row for each run of a clock: what goes on is one, what begins anew is another. */
import { describe, expect, it } from 'vitest';
import { Stays, type ClockMove, type Stay } from '../../src/assessment/stays.ts';
import { decide } from '../../src/dispatch/chain/decide.ts';
import type { Command } from '../../src/dispatch/chain/commands.ts';
import type { Incident, Move } from '../../src/dispatch/chain/incident.ts';
import type { Actor } from '../../src/identity/actor.ts';
import {
  assist,
  CENTRE,
  CENTRE_2,
  COMMUNITY,
  DAY,
  DRAINAGE,
  facts,
  HOUR,
  incidentIn,
  later,
  lead,
  MINUTE,
  RULES,
  SEND,
  SUBDISTRICT,
  WORKER,
} from '../dispatch/chain/world.ts';

/** An incident in a state, and what happens to it from there on, with each move taken by the ledger. */
function story(start: Incident) {
  const stays = new Stays(RULES);
  let incident = start;
  // What it had at the beginning, as a move would say it.
  stays.take({
    incident: start.id,
    verb: 'report',
    from: 'none',
    to: start.state,
    at: start.stateSince,
    step: start.clocks.step,
    total: start.clocks.total,
    paused: undefined,
  });
  const take = (command: Command, actor: Actor, afterMs: number) => {
    const decision = decide(incident, command, actor, facts({ now: later(afterMs) }));
    if (!decision.ok) throw new Error(`${command.verb}: ${JSON.stringify(decision.refusal)}`);
    incident = decision.next;
    stays.take(clocksOf(decision.move));
  };
  return { take, incident: () => incident, of: (clock: string) => stays.all().filter((s) => s.clock === clock) };
}
const clocksOf = ({ payload, ...move }: Move): ClockMove => ({ ...move, step: payload.step, total: payload.total, paused: payload.paused });
const minutes = (stay: Stay | undefined) => (stay?.usedMs ?? Number.NaN) / MINUTE;

describe('a step', () => {
  it('ends with the move that leads on, and used what was counted', () => {
    const s = story(incidentIn('dispatched', 'R2'));
    s.take({ verb: 'acknowledge', assignment: lead(s.incident()) }, DRAINAGE, 7 * MINUTE);
    expect(s.of('acknowledge')).toMatchObject([{ endedBy: 'acknowledge', endedTo: 'responding', limitMs: 10 * MINUTE, running: null }]);
    expect(minutes(s.of('acknowledge')[0])).toBe(7);
    expect(s.of('arrive')).toMatchObject([{ endedAt: null, usedMs: null }]);
  });
  it('goes on through a regrade: the same run under another limit', () => {
    const s = story(incidentIn('handling', 'R3'));
    s.take({ verb: 'regrade', level: 'R1', reason: '有人受伤' }, SUBDISTRICT, 10 * MINUTE);
    expect(s.of('resolve')).toMatchObject([{ endedAt: null, limitMs: HOUR }]);
  });
  it('stands still while suspended: it has no limit to run out, and its time is left out', () => {
    const s = story(incidentIn('handling', 'R3'));
    s.take({ verb: 'suspend', until: later(5 * DAY).toISOString(), reason: '等配件' }, SUBDISTRICT, 30 * MINUTE);
    expect(s.of('resolve')).toMatchObject([{ dueAt: null, endedAt: null }]);
    expect(s.of('total')).toMatchObject([{ dueAt: null }]);
    expect(s.of('resume')).toEqual([]);
    s.take({ verb: 'resume' }, SUBDISTRICT, 4 * DAY);
    expect(s.of('resolve')[0]!.dueAt).not.toBeNull();
    s.take({ verb: 'release', assignment: assist(s.incident()), reason: '人手够了' }, SUBDISTRICT, 4 * DAY);
    s.take({ verb: 'finish', assignment: lead(s.incident()) }, DRAINAGE, 4 * DAY + 20 * MINUTE);
    expect(s.of('resolve')).toHaveLength(1);
    expect(minutes(s.of('resolve')[0])).toBe(30 + 20);
  });
  it('that the same unit gets back is one run; the check between is not its time', () => {
    const s = story(incidentIn('handling', 'R2'));
    s.take({ verb: 'release', assignment: assist(s.incident()), reason: '人手够了' }, SUBDISTRICT, 0);
    s.take({ verb: 'finish', assignment: lead(s.incident()) }, DRAINAGE, 30 * MINUTE);
    s.take({ verb: 'assignCheck' }, SUBDISTRICT, 31 * MINUTE);
    s.take({ verb: 'failCheck', reason: '没修好' }, WORKER, 50 * MINUTE);
    expect(s.of('resolve')).toMatchObject([{ endedAt: null }]);
    s.take({ verb: 'finish', assignment: lead(s.incident()) }, DRAINAGE, 70 * MINUTE);
    expect(s.of('resolve')).toHaveLength(1);
    expect(minutes(s.of('resolve')[0])).toBe(30 + 20);
    expect(s.of('check')).toHaveLength(1);
  });
  it('that is dispatched anew is another run', () => {
    const s = story(incidentIn('dispatched', 'R2'));
    s.take({ verb: 'recall', reason: '派错了' }, SUBDISTRICT, 5 * MINUTE);
    s.take({ ...SEND, lead: { unit: 'fire-1' } } as Command, SUBDISTRICT, 8 * MINUTE);
    expect(s.of('acknowledge')).toHaveLength(2);
    expect(s.of('acknowledge')[0]).toMatchObject({ endedBy: 'recall', endedTo: 'coordinating' });
  });
  it('of a force close that only was proposed goes on', () => {
    const s = story(incidentIn('handling', 'R3'));
    s.take({ verb: 'forceClose', reason: '无法处置' }, CENTRE, MINUTE);
    expect(s.of('total')).toMatchObject([{ endedAt: null }]);
    s.take({ verb: 'forceClose', reason: '同意' }, CENTRE_2, 2 * MINUTE);
    expect(s.of('total')).toMatchObject([{ endedBy: 'forceClose', endedTo: 'closed' }]);
  });
});

describe('a closing', () => {
  it('that is reopened is undone, and the work on it has a clock of its own', () => {
    const s = story(incidentIn('checking', 'R3'));
    s.take({ verb: 'confirmClose', score: 5 }, COMMUNITY, HOUR);
    s.take({ verb: 'reopen', reason: '又坏了' }, SUBDISTRICT, 2 * HOUR);
    expect(s.of('total')).toMatchObject([
      { endedTo: 'closed', undone: true },
      { endedAt: null, undone: false },
    ]);
  });
});
