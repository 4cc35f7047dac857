/**
 * Walks our own `decide` through everything that can happen to one incident with up to three units, and checks the invariants on
 * every state it meets. Three planted faults show that the walk can fail.
 */
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/dispatch/chain/commands.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { currentAssignments, leadOf, type Incident } from '../../../src/dispatch/chain/incident.ts';
import { isEnd, OPEN_ASSIGNMENT, VERBS, type State, type Verb } from '../../../src/dispatch/chain/states.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { CENTRE, CENTRE_2, commandFor, COMMUNITY, facts, reported, SUBDISTRICT, SYSTEM, unit, WORKER } from './world.ts';

type Fault = 'lead alone finishes' | 'decline leaves assistants' | 'recall keeps assignments';

interface Node {
  readonly incident: Incident;
  /** How often it came back from an end or from a failed check: bounded, or the walk would not end. */
  readonly again: number;
}

const NO_OPEN: ReadonlySet<State> = new Set(['reported', 'called', 'coordinating', 'disposed', 'checking']);
const COMES_BACK: ReadonlySet<Verb> = new Set(['failCheck', 'reopen', 'appeal', 'unmerge', 'returnReferral']);
const CHANGES_NOTHING: ReadonlySet<Verb> = new Set([
  'report',
  'extend',
  'urge',
  'supervise',
  'regrade',
  'comment',
  'attach',
  'arbitrate',
  'raise',
  'addUnit',
]);
const STAFF: readonly Actor[] = [WORKER, COMMUNITY, SUBDISTRICT, CENTRE, SYSTEM];
const UNITS = ['drainage-1', 'police-1', 'fire-1'];
const INTO = { id: '01970000-0000-7000-8000-000000000002', state: 'called' as const, drill: true };

function commandsIn({ incident, again }: Node): { command: Command; actor: Actor }[] {
  const list: { command: Command; actor: Actor }[] = [];
  for (const verb of VERBS.filter((v) => !CHANGES_NOTHING.has(v) && !(COMES_BACK.has(v) && again > 0))) {
    if (verb === 'dispatch') {
      for (const n of [1, 2, 3]) {
        const assisting = UNITS.slice(1, n).map((u) => ({ unit: u }));
        list.push({ command: { verb, lead: { unit: UNITS[0]! }, assisting }, actor: SUBDISTRICT });
      }
      continue;
    }
    for (const a of currentAssignments(incident)) {
      const command = commandFor(verb as never, incident, a.id);
      if ('assignment' in command) for (const actor of [unit(a.unit), SUBDISTRICT, SYSTEM]) list.push({ command, actor });
    }
    const command = commandFor(verb as never, incident);
    if (!('assignment' in command)) for (const actor of STAFF) list.push({ command, actor });
  }
  return list;
}

/** What bounds the walk but is no part of the invariants: used-up declines, who handled it, how long ago. */
function forgetful(incident: Incident): Incident {
  return {
    ...incident,
    declinedBy: [],
    arbitration: null,
    handlers: [],
    forceCloseProposed: null,
    // Assignments of earlier dispatches are history.
    assignments: currentAssignments(incident),
  };
}

function tampered(fault: Fault | undefined, before: Incident, next: Incident, command: Command): Incident {
  switch (fault) {
    case 'lead alone finishes':
      return command.verb === 'finish' && leadOf(next)?.state === 'finished' && next.state === 'handling'
        ? { ...next, state: 'disposed' }
        : next;
    case 'decline leaves assistants': {
      if (command.verb !== 'decline' || next.state !== 'coordinating') return next;
      const kept = before.assignments.filter((a) => a.role === 'assist');
      return { ...next, assignments: [...next.assignments.filter((a) => a.role === 'lead'), ...kept] };
    }
    case 'recall keeps assignments':
      return command.verb === 'recall' ? { ...next, assignments: before.assignments } : next;
    case undefined:
      return next;
  }
}

function step(node: Node, command: Command, actor: Actor, fault?: Fault): Node | null {
  const decision = decide(node.incident, command, actor, facts({ into: INTO }));
  if (!decision.ok) return null;
  let next = decision.next;
  if (command.verb === 'forceClose' && next.state !== 'closed') {
    const confirmed = decide(next, command, CENTRE_2, facts());
    if (!confirmed.ok) return null;
    next = confirmed.next;
  }
  return {
    incident: forgetful(tampered(fault, node.incident, next, command)),
    again: node.again + (COMES_BACK.has(command.verb) ? 1 : 0),
  };
}

const keyOf = ({ incident: i, again }: Node) =>
  `${i.state} ${currentAssignments(i)
    .map((a) => a.state)
    .join(',')} ${i.proof ?? '-'} ${again}`;

function violations({ incident: i }: Node): string[] {
  const open = currentAssignments(i).some((a) => OPEN_ASSIGNMENT.has(a.state));
  const bad: string[] = [];
  if (open && (NO_OPEN.has(i.state) || isEnd(i.state))) bad.push(`open assignment while ${i.state}`);
  if (i.state === 'closed' && i.proof !== 'evidence' && i.proof !== 'checked' && i.proof !== 'forced') bad.push('closed without proof');
  if (i.state === 'disposed' && i.proof !== 'spot' && leadOf(i)?.state !== 'finished') bad.push('disposed with the lead unfinished');
  if (i.state === 'disposed' && open) bad.push('disposed with a unit at work');
  if (!isEnd(i.state) && i.clocks.step === null) bad.push(`no clock while ${i.state}`);
  return bad;
}

function walk(fault?: Fault) {
  // A drill: everything that can happen in earnest can happen to it, and it can be ended from everywhere besides.
  const start: Node = { incident: reported('R3', {}, WORKER, true), again: 0 };
  const seen = new Map([[keyOf(start), start]]);
  const todo = [start];
  const back = new Map<string, string[]>();
  const bad: string[] = [];
  let steps = 0;
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const { command, actor } of commandsIn(node)) {
      const next = step(node, command, actor, fault);
      if (next === null) continue;
      steps += 1;
      const key = keyOf(next);
      back.set(key, [...(back.get(key) ?? []), keyOf(node)]);
      bad.push(...violations(next).map((v) => `${v} after ${command.verb} from ${keyOf(node)}`));
      if (!seen.has(key)) {
        seen.set(key, next);
        todo.push(next);
      }
    }
  }
  const ending = new Set([...seen].filter(([, n]) => isEnd(n.incident.state)).map(([k]) => k));
  const queue = [...ending];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    for (const from of back.get(key) ?? []) {
      if (!ending.has(from)) {
        ending.add(from);
        queue.push(from);
      }
    }
  }
  return { nodes: seen, steps, bad, stuck: [...seen.keys()].filter((k) => !ending.has(k)) };
}

describe('everything that can happen to an incident with up to three units', () => {
  const walked = walk();
  it('meets every state of the table', () => {
    expect(new Set([...walked.nodes.values()].map((n) => n.incident.state)).size).toBe(15);
    expect(walked.nodes.size).toBeGreaterThan(400);
    expect(walked.steps).toBeGreaterThan(2_000);
  });
  it('breaks no invariant', () => {
    expect(walked.bad).toEqual([]);
  });
  it('never leads where no end can be reached', () => {
    expect(walked.stuck).toEqual([]);
  });
  it.each<Fault>(['lead alone finishes', 'decline leaves assistants', 'recall keeps assignments'])(
    'catches the planted fault: %s',
    (fault) => {
      expect(walk(fault).bad.length).toBeGreaterThan(0);
    },
  );
});
