import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/dispatch/chain/commands.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { dueCommand, nextDue } from '../../../src/dispatch/chain/due.ts';
import { applyMove, foldMoves } from '../../../src/dispatch/chain/fold.ts';
import { currentAssignments, type Incident, type Move } from '../../../src/dispatch/chain/incident.ts';
import { report } from '../../../src/dispatch/chain/report.ts';
import { isEnd, LOGGED_MOVES, VERBS } from '../../../src/dispatch/chain/states.ts';
import {
  category,
  CENTRE,
  CENTRE_2,
  commandFor,
  COMMUNITY,
  facts,
  LEADER,
  NOW,
  PLACE,
  RULES,
  SUBDISTRICT,
  SYSTEM,
  unit,
  WORKER,
} from './world.ts';

const VERB_LIST = VERBS.filter((v) => v !== 'report');
const INTO = { id: '01970000-0000-7000-8000-000000000002', state: 'called' as const, drill: false };
const choice = fc.record({
  verb: fc.constantFrom(...VERB_LIST),
  who: fc.nat({ max: 8 }),
  which: fc.nat({ max: 2 }),
  wait: fc.integer({ min: 0, max: 40 }),
});

function actorOf(who: number, incident: Incident) {
  const units = currentAssignments(incident).map((a) => unit(a.unit));
  const all = [WORKER, COMMUNITY, SUBDISTRICT, CENTRE, CENTRE_2, LEADER, SYSTEM, ...units];
  return all[who % all.length]!;
}

/** Random people try random things; what is refused changes nothing. */
function run(choices: readonly { verb: (typeof VERB_LIST)[number]; who: number; which: number; wait: number }[]) {
  const first = report({ category: 'C0102-01', description: '井盖翻起', position: { lng: 113, lat: 23.68 } }, WORKER, {
    now: NOW,
    rules: RULES,
    id: '01970000-0000-7000-8000-000000000001',
    number: '20261120-0001',
    place: PLACE,
    category: { code: 'C0102-01', rules: category('R3') },
  });
  const moves: Move[] = [first.move];
  let incident = first.next;
  let now = NOW.getTime();
  for (const { verb, who, which, wait } of choices) {
    now += wait * 60_000;
    const list = currentAssignments(incident);
    const command: Command = commandFor(verb as never, incident, list[which % Math.max(1, list.length)]?.id);
    const decision = decide(incident, command, actorOf(who, incident), facts({ now: new Date(now), into: INTO }));
    if (!decision.ok) continue;
    moves.push(decision.move);
    incident = decision.next;
  }
  return { moves, incident };
}

describe('the incident is the fold of its log', () => {
  it('also after the log was written as text and read again', () => {
    let moved = 0;
    fc.assert(
      fc.property(fc.array(choice, { minLength: 60, maxLength: 200 }), (choices) => {
        const { moves, incident } = run(choices);
        moved += moves.length;
        const read = moves.map((m) => JSON.parse(JSON.stringify(m)) as Move);
        expect(foldMoves(read)).toEqual(JSON.parse(JSON.stringify(incident)));
        expect(moves.map((m) => m.version)).toEqual(moves.map((_, i) => i + 1));
        for (const { from, verb, to } of moves) expect(LOGGED_MOVES).toContainEqual({ from, verb, to });
      }),
      { numRuns: 150 },
    );
    expect(moved).toBeGreaterThan(1_000);
  });

  it('refuses a move that does not follow', () => {
    const { moves } = run([{ verb: 'call', who: 1, which: 0, wait: 0 }]);
    expect(moves).toHaveLength(2);
    expect(() => foldMoves([moves[1]!])).toThrow(RangeError);
    expect(() => foldMoves([])).toThrow(RangeError);
    expect(() => applyMove(foldMoves(moves), moves[1]!)).toThrow(RangeError);
  });
});

describe('nobody is forgotten', () => {
  it('every live incident has a next time at which the system looks at it, and then has something to do', () => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 20, maxLength: 120 }), (choices) => {
        const { incident } = run(choices);
        const due = nextDue(incident);
        if (isEnd(incident.state)) {
          expect(due).toBeNull();
          return;
        }
        expect(due).not.toBeNull();
        expect(dueCommand(incident, new Date(Date.parse(due!) - 1))).toBeNull();
        const command = dueCommand(incident, new Date(due!));
        expect(command).not.toBeNull();
        const decision = decide(incident, command!, SYSTEM, facts({ now: new Date(due!) }));
        expect(decision.ok).toBe(true);
        // Each deadline takes effect once: afterwards the same instant asks for nothing more of the same clock.
        if (decision.ok && !isEnd(decision.next.state))
          expect([due, command]).not.toEqual([nextDue(decision.next), dueCommand(decision.next, new Date(due!))]);
      }),
      { numRuns: 200 },
    );
  });
});
