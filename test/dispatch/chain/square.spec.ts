import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { currentAssignments, leadOf, type Incident } from '../../../src/dispatch/chain/incident.ts';
import { allowedVerbs } from '../../../src/dispatch/chain/permissions.ts';
import {
  ASSIGNMENT_MOVES,
  ASSIGNMENT_MOVES_IN,
  LOGGED_MOVES,
  MARKS,
  MOVES,
  STATE_NAMES,
  STATES,
  VERBS,
  type By,
  type State,
  type Verb,
} from '../../../src/dispatch/chain/states.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import {
  CENTRE,
  commandFor,
  COMMUNITY,
  DRAINAGE,
  facts,
  FIRE,
  incidentIn,
  LEADER,
  NEIGHBOUR,
  POLICE,
  SUBDISTRICT,
  SYSTEM,
  WORKER,
} from './world.ts';

const ACTORS: Readonly<Record<string, Actor>> = {
  reporter: WORKER,
  community: COMMUNITY,
  subdistrict: SUBDISTRICT,
  district: CENTRE,
  leader: LEADER,
  leadUnit: DRAINAGE,
  assistingUnit: POLICE,
  system: SYSTEM,
  'grid worker of another cell': NEIGHBOUR,
  'unit that was not sent': FIRE,
  auditor: { account: 'auditor', role: 'auditor', district: 441802 },
  admin: { account: 'admin', role: 'admin', district: 441802 },
};
const PEOPLE = Object.keys(ACTORS);
const BLIND = new Set(['grid worker of another cell', 'unit that was not sent']);

/** Which parts of the table's `by` each of them plays; written by hand, not read from the code under test. */
const PLAYS: Readonly<Record<string, readonly By[]>> = {
  reporter: ['reporter', 'gridWorker'],
  community: ['community'],
  subdistrict: ['subdistrict'],
  district: ['district'],
  leader: ['leader'],
  leadUnit: ['unit', 'leadUnit'],
  assistingUnit: ['unit'],
  system: ['system'],
};

function rowsOf(state: State, verb: Verb): readonly By[] | undefined {
  const move = MOVES.find((m) => m.from === state && m.verb === verb && !('derived' in m));
  if (move) return move.by;
  const mark = MARKS.find((m) => m.verb === verb && (m.states as readonly State[]).includes(state));
  return mark?.by;
}
const plays = (by: readonly By[], who: string, sent: boolean) =>
  by.some((b) => (PLAYS[who] ?? []).includes(b) && (sent || (b !== 'unit' && b !== 'leadUnit')));

const ASSIGNMENT_VERBS = new Set<string>(ASSIGNMENT_MOVES.map((m) => m.verb));
const INCIDENT_VERBS = VERBS.filter((v) => v !== 'report' && !ASSIGNMENT_VERBS.has(v));

describe.each([false, true])('每个状态 × 每个动作 × 每个角色 (the whole square), 演练 %s', (drill) => {
  const into = { id: '01970000-0000-7000-8000-000000000002', state: 'called' as const, drill };

  it.each(STATE_NAMES)('%s: a verb of the incident follows the table or is refused', (state) => {
    const incident = incidentIn(state, 'R3', drill);
    let made = 0;
    const blind = (who: string) => BLIND.has(who) || (/Unit$/.test(who) && incident.assignments.length === 0);
    for (const verb of INCIDENT_VERBS) {
      for (const who of PEOPLE) {
        const decision = decide(incident, commandFor(verb as never, incident), ACTORS[who]!, facts({ into }));
        const by = rowsOf(state, verb);
        const label = `${state} ${verb} ${who}`;
        if (by === undefined) {
          // Who may not even see the incident learns nothing of its state.
          expect(decision, label).toMatchObject({ ok: false, refusal: { code: blind(who) ? 'not-yours' : 'no-such-move' } });
        } else if (!plays(by, who, incident.assignments.length > 0)) {
          expect(decision, label).toMatchObject({ ok: false, refusal: { code: 'not-yours' } });
        } else if (decision.ok) {
          expect(LOGGED_MOVES, label).toContainEqual({ from: state, verb, to: decision.move.to });
          made += 1;
        } else {
          // Right state, right person: only what the command says, or what happened before, may still refuse it. Which of the two
          // failed checks fits depends on how it was disposed.
          const code = verb === 'failCheck' || verb === 'failSpotCheck' ? 'other' : decision.refusal.code;
          expect(['no-such-move', 'not-yours', 'version-conflict'], label).not.toContain(code);
        }
      }
    }
    if (state === 'cancelled') expect(made).toBe(0);
    else expect(made).toBeGreaterThan(0);
  });

  it.each(STATE_NAMES)('%s: a verb of an assignment follows the table or is refused', (state) => {
    const incident = incidentIn(state, 'R3', drill);
    let tried = 0;
    for (const assignment of currentAssignments(incident)) {
      for (const verb of [...ASSIGNMENT_VERBS].filter((v) => v !== 'rework') as Verb[]) {
        for (const who of PEOPLE) {
          const row = ASSIGNMENT_MOVES.find((m) => m.from === assignment.state && m.verb === verb);
          const decision = decide(incident, commandFor(verb as never, incident, assignment.id), ACTORS[who]!, facts());
          const atWork = (ASSIGNMENT_MOVES_IN as readonly State[]).includes(state);
          const isLead = assignment.role === 'lead';
          const mine = isLead ? who === 'leadUnit' : who === 'assistingUnit';
          const allowed = row?.by.some((b) => (b === 'unit' ? mine : (PLAYS[who] ?? []).includes(b)));
          tried += 1;
          if (!atWork || row === undefined || !allowed || (verb === 'release' && isLead)) {
            expect(decision.ok, `${state} ${assignment.role} ${assignment.state} ${verb} ${who}`).toBe(false);
          } else if (decision.ok) {
            expect(LOGGED_MOVES).toContainEqual({ from: state, verb, to: decision.move.to });
          }
        }
      }
    }
    expect(tried > 0 || incident.assignments.length === 0).toBe(true);
  });

  it.each(STATE_NAMES)('%s: what a page offers can be made, and what it does not offer cannot', (state) => {
    const incident = incidentIn(state, 'R3', drill);
    for (const who of PEOPLE) {
      const actor = ACTORS[who]!;
      const offered = new Set(allowedVerbs(incident, actor));
      for (const verb of VERBS.filter((v) => v !== 'report')) {
        const tries = ASSIGNMENT_VERBS.has(verb) ? currentAssignments(incident).map((a) => a.id) : [undefined];
        const made = tries.some((id) => decide(incident, commandFor(verb as never, incident, id), actor, facts({ into })).ok);
        if (made) expect(offered, `${state} ${who}`).toContain(verb);
      }
    }
  });
});

describe('the table itself', () => {
  it('has 15 states, 55 moves and 16 moves of an assignment', () => {
    expect([STATES.length, MOVES.length, ASSIGNMENT_MOVES.length]).toEqual([15, 55, 16]);
  });
  it('gives every live state a clock and no end state one', () => {
    expect(STATES.filter((s) => s.end !== (s.clock === null))).toEqual([]);
  });
  it('has one target for each verb in each state', () => {
    const keys = MOVES.map((m) => `${m.from} ${m.verb}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('lets the log record each (from, verb, to) once', () => {
    const keys = LOGGED_MOVES.map((m) => `${m.from} ${m.verb} ${m.to}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('carries every derived move by the verb that causes it', () => {
    const derived = MOVES.filter((m) => 'derived' in m).map((m) => `${m.from} ${m.to}`);
    const logged = new Set(LOGGED_MOVES.map((m) => `${m.from} ${m.to}`));
    expect(derived.filter((d) => !logged.has(d))).toEqual([]);
  });
});

describe('the fixture', () => {
  it.each(STATE_NAMES)('really reaches %s', (state) => {
    const incident: Incident = incidentIn(state);
    expect(incident.state).toBe(state);
    if (['dispatched', 'responding', 'handling', 'suspended'].includes(state)) expect(leadOf(incident)?.unit).toBe('drainage-1');
  });
});
