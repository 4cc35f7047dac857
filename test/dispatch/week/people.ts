/** Who does what next at an incident, and when: on time, late or never. By chance, but by the same chance each time. */
import type { Command } from '../../../src/dispatch/chain/commands.ts';
import { currentAssignments, leadOf, type Incident, type Level } from '../../../src/dispatch/chain/incident.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { Law, Limit } from '../chain/reference-clock.ts';
import { MINUTE_MS } from '../chain/reference-time.ts';
import { peopleOf } from '../desk-world.ts';

const HOUR_MS = 60 * MINUTE_MS;
/** Of all that people have to do, so much is done late, and so much never. */
const LATE = 0.12;
const NEVER = 0.015;
/** Of all that the grid finds, so much is of a kind that it may settle on the spot (即查即改). */
export const ON_THE_SPOT = 0.5;
/** How the levels of the others are mixed. */
export const MIX: readonly (readonly [Level, number])[] = [
  ['R1', 0.04],
  ['R2', 0.14],
  ['R3', 0.37],
  ['R4', 0.45],
];

export interface Plan {
  readonly atMs: number;
  readonly command: Command;
  readonly actor: Actor;
}

const CLOCK: Readonly<Record<string, string>> = {
  reported: 'call',
  verifying: 'verification',
  called: 'accept',
  coordinating: 'dispatch',
  dispatched: 'acknowledge',
  responding: 'arrive',
  disposed: 'assignCheck',
  checking: 'check',
};
const BEFORE = ['00000000-0000-7000-8000-000000000001'];
const AFTER = ['00000000-0000-7000-8000-000000000002'];

/** One of these, each as often as its weight says. */
export function pick<T>(random: () => number, choices: readonly (readonly [T, number])[]): T {
  let at = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) if ((at -= weight) < 0) return choice;
  return choices.at(-1)![0];
}

/** What comes next, or null where nobody does anything any more. @param refused  how often this step was refused before */
export function planNext(incident: Incident, nowMs: number, random: () => number, law: Law, refused: number): Plan | null {
  if (refused > 3) return null;
  const next = choose(incident, nowMs, random, refused);
  if (next === null) return null;
  const luck = random();
  if (luck < NEVER) return null;
  const limit = limitOf(incident, law);
  // Most are quick; who is late may be very late.
  const share = luck < NEVER + LATE ? 1 + random() * 1.6 : 0.02 + random() ** 2 * 0.93;
  return { ...next, atMs: later(nowMs, Math.ceil(limit.ms * share), limit, law, random() < 0.7) };
}

/** Most people work when time counts; some do not look at the clock. */
function later(nowMs: number, ms: number, { kind }: Limit, law: Law, inHours: boolean): number {
  return kind === 'working' && inHours ? law.counter.after(nowMs, ms) : nowMs + ms;
}

function limitOf({ state, level, categoryRules }: Incident, law: Law): Limit {
  if (state === 'handling') return { ms: Math.min(categoryRules.resolveMs, 20 * HOUR_MS), kind: categoryRules.resolveKind };
  if (state === 'suspended') return { ms: 30 * HOUR_MS, kind: 'continuous' };
  if (state === 'closed') return { ms: 20 * HOUR_MS, kind: 'continuous' };
  return law.limit(level, CLOCK[state] ?? 'accept');
}

type Step = Omit<Plan, 'atMs'>;

function choose(incident: Incident, nowMs: number, random: () => number, refused: number): Step | null {
  const people = peopleOf({ ...incident, code: incident.cell });
  const { gridWorker, community, subdistrict, district } = people;
  const by = (actor: Actor, command: Command): Step => ({ actor, command });
  const reporter: Actor = { ...gridWorker, account: incident.reportedBy };
  const asked = incident.extensionAsked;
  // Whoever was asked for more time answers first.
  if (asked !== null) return by(subdistrict, { verb: 'extend', grant: random() < 0.8 });
  const marked = mark(incident, random, people);
  if (marked !== null) return marked;
  switch (incident.state) {
    case 'reported':
      if (incident.categoryRules.settleOnSpot && random() < 0.85)
        return by(gridWorker, { verb: 'settleOnSpot', before: BEFORE, after: AFTER });
      return pick(random, [
        [by(community, { verb: 'call' }), 86],
        [by(community, { verb: 'requestVerification' }), 5],
        [by(community, { verb: 'reject', reason: '不属受理范围' }), 6],
        [by(reporter, { verb: 'withdraw', reason: '报错了' }), 3],
      ]);
    case 'verifying':
      return random() < 0.4 ? null : by(gridWorker, { verb: 'answerVerification', found: random() < 0.9 });
    case 'called':
      return pick(random, [
        [by(subdistrict, { verb: 'accept' }), 92],
        [by(subdistrict, { verb: 'returnCall', reason: '不在本街道' }), 4],
        [by(subdistrict, { verb: 'refer', to: '国道管理处', reason: '国道范围' }), 4],
      ]);
    case 'coordinating':
      return by(subdistrict, dispatchOf(incident, random, refused));
    case 'dispatched':
    case 'responding':
      return underWay(incident, random, people);
    case 'handling':
      return atWork(incident, nowMs, random, people);
    case 'suspended':
      return random() < 0.5 ? null : by(subdistrict, { verb: 'resume' });
    case 'disposed':
      return random() < 0.6 ? null : by(subdistrict, { verb: 'assignCheck' });
    case 'checking':
      if (incident.proof === 'spot')
        return by(community, random() < 0.85 ? { verb: 'confirmClose' } : { verb: 'failSpotCheck', reason: '没弄好' });
      return by(community, random() < 0.8 ? { verb: 'confirmClose' } : { verb: 'failCheck', reason: '没修好' });
    case 'closed':
      return random() < 0.04 ? by(community, { verb: 'reopen', reason: '又坏了' }) : null;
    case 'rejected':
      return random() < 0.5 ? by(reporter, { verb: 'appeal', reason: '就在路中间' }) : null;
    case 'referred':
      return random() < 0.4 ? by(subdistrict, { verb: 'returnReferral', reason: '退回' }) : null;
    case 'merged':
      return random() < 0.5 ? by(district, { verb: 'unmerge' }) : null;
    case 'cancelled':
      return null;
  }
}

/** What leaves the state as it is but may move a clock. */
function mark(incident: Incident, random: () => number, { community, subdistrict }: ReturnType<typeof peopleOf>): Step | null {
  const live = ['called', 'coordinating', 'dispatched', 'responding', 'handling'].includes(incident.state);
  if (!live) return null;
  const luck = random();
  if (luck < 0.05 && incident.level !== 'R1') {
    return { actor: community, command: { verb: 'extend', by: (15 + Math.floor(random() * 400)) * MINUTE_MS, reason: '要等吊车' } };
  }
  if (luck < 0.07) {
    const level = pick<Level>(random, [
      ['R2', 1],
      ['R3', 1],
      ['R4', 1],
    ]);
    return level === incident.level ? null : { actor: subdistrict, command: { verb: 'regrade', level, reason: '情况有变' } };
  }
  return luck < 0.08 ? { actor: subdistrict, command: { verb: 'comment', text: '已通知住户' } } : null;
}

function dispatchOf(incident: Incident, random: () => number, refused: number): Command {
  if (refused === 0) return { verb: 'dispatch', runCard: true };
  // Where the card finds nobody a person chooses; some of them may not lead, and are refused.
  const unit = pick<string>(random, [
    ['fengcheng-enforcement', 3],
    ['fengcheng-police', 1],
  ]);
  return { verb: 'dispatch', lead: { unit } };
}

function underWay(incident: Incident, random: () => number, { subdistrict, unit }: ReturnType<typeof peopleOf>): Step | null {
  const lead = leadOf(incident)!;
  const own = unit(lead.unit);
  const helper = currentAssignments(incident).find((a) => a.role === 'assist' && a.state === 'assigned');
  if (helper !== undefined && random() < 0.3) return { actor: unit(helper.unit), command: { verb: 'acknowledge', assignment: helper.id } };
  if (random() < 0.05) return { actor: subdistrict, command: { verb: 'recall', reason: '先办另一件' } };
  if (random() < 0.05) return { actor: own, command: { verb: 'decline', assignment: lead.id, reason: '不在辖区' } };
  if (lead.state === 'assigned') return { actor: own, command: { verb: 'acknowledge', assignment: lead.id } };
  const depart = lead.state === 'acknowledged' && random() < 0.4;
  return { actor: own, command: { verb: depart ? 'depart' : 'arrive', assignment: lead.id } };
}

function atWork(incident: Incident, nowMs: number, random: () => number, people: ReturnType<typeof peopleOf>): Step | null {
  const { subdistrict, unit } = people;
  const lead = leadOf(incident)!;
  const luck = random();
  if (luck < 0.06) return { actor: subdistrict, command: { verb: 'recall', reason: '换一家' } };
  if (luck < 0.18 && (incident.level === 'R3' || incident.level === 'R4')) {
    const until = new Date(nowMs + (4 + random() * 60) * HOUR_MS);
    until.setMilliseconds(0);
    return { actor: subdistrict, command: { verb: 'suspend', until: until.toISOString(), reason: '等配件' } };
  }
  const helper = currentAssignments(incident).find((a) => a.role === 'assist' && ['assigned', 'acknowledged', 'enRoute'].includes(a.state));
  if (helper !== undefined) return { actor: subdistrict, command: { verb: 'release', assignment: helper.id, reason: '人手够了' } };
  return lead.state === 'finished' ? null : { actor: unit(lead.unit), command: { verb: 'finish', assignment: lead.id } };
}
