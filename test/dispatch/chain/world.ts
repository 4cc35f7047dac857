/** A small fixed world for specs of the pure chain: rules, people, units, and one incident in any state. */
import type { Command } from '../../../src/dispatch/chain/commands.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import type { Facts } from '../../../src/dispatch/chain/decision.ts';
import type { CategoryRules, Incident, Level } from '../../../src/dispatch/chain/incident.ts';
import { type Limit, type LimitedClock, type Rules } from '../../../src/dispatch/chain/levels.ts';
import { report } from '../../../src/dispatch/chain/report.ts';
import type { State } from '../../../src/dispatch/chain/states.ts';
import { systemActor, type Actor } from '../../../src/identity/actor.ts';

/** Friday 2026-11-20, 14:00 in Qingyuan. */
export const NOW = new Date('2026-11-20T06:00:00.000Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const later = (ms: number) => new Date(NOW.getTime() + ms);

const CLOCKS: Record<LimitedClock, readonly [number, number, number, number]> = {
  call: [1, 15, 30, 120],
  verification: [30, 30, 120, 390],
  accept: [2, 15, 30, 120],
  dispatch: [2, 15, 30, 120],
  acknowledge: [2, 10, 30, 120],
  arrive: [15, 30, 120, 390],
  resolve: [60, 240, 390, 2730],
  assignCheck: [5, 10, 30, 120],
  check: [30, 30, 120, 390],
};

export const RULES: Rules = {
  limits: new Map(
    Object.entries(CLOCKS).flatMap(([clock, minutes]) =>
      minutes.map((value, i): [`${Level}:${LimitedClock}`, Limit] => [
        `R${i + 1}:${clock}` as `${Level}:${LimitedClock}`,
        { value, unit: 'minutes', kind: i < 2 ? 'continuous' : 'working' },
      ]),
    ),
  ),
  calendar: {
    // The year is known, and each of its days is what its weekday says.
    days: new Map([
      ['2026-01-01', true],
      ['2026-12-31', true],
    ]),
    spans: [
      { fromMin: 510, toMin: 720 },
      { fromMin: 870, toMin: 1050 },
    ],
  },
  extensions: { R1: 0, R2: 1, R3: 2, R4: 2 },
  suspendDays: { R1: 0, R2: 0, R3: 30, R4: 365 },
};

export const PLACE = { cell: '441802006001001', community: '441802006001', subdistrict: '441802006' } as const;
const D = 441802;
export const WORKER: Actor = { account: 'grid.441802006001001', role: 'gridWorker', district: D, ...PLACE };
export const NEIGHBOUR: Actor = { ...WORKER, account: 'grid.441802006001002', cell: '441802006001002' };
export const COMMUNITY: Actor = {
  account: 'community.441802006001',
  role: 'community',
  district: D,
  subdistrict: PLACE.subdistrict,
  community: PLACE.community,
};
export const SUBDISTRICT: Actor = { account: 'subdistrict.441802006', role: 'subdistrict', district: D, subdistrict: PLACE.subdistrict };
export const CENTRE: Actor = { account: 'district.441802', role: 'district', district: D };
export const CENTRE_2: Actor = { account: 'district.441802.2', role: 'district', district: D };
export const LEADER: Actor = { account: 'leader.fengcheng-01', role: 'leader', district: D, communities: [PLACE.community] };
export const SYSTEM = systemActor(D);
export const unit = (code: string): Actor => ({ account: `unit.${code}`, role: 'unit', district: D, unit: code });
export const DRAINAGE = unit('drainage-1');
export const POLICE = unit('police-1');
export const FIRE = unit('fire-1');

const ID = '01970000-0000-7000-8000-0000000000';
const NEW_IDS = ['a1', 'a2', 'a3', 'a4'].map((n) => ID + n);
const UNITS = new Map([
  ['drainage-1', { mayLead: true }],
  ['police-1', { mayLead: true }],
  ['fire-1', { mayLead: true }],
  ['medical-1', { mayLead: false }],
]);

let fresh = 0;
export function facts(more: Partial<Facts> = {}): Facts {
  fresh += 1;
  const mark = (fresh % 65536).toString(16).padStart(4, '0');
  return { now: NOW, rules: RULES, units: UNITS, newIds: NEW_IDS.map((id) => id.slice(0, 9) + mark + id.slice(13)), ...more };
}

export function category(level: Level, more: Partial<CategoryRules> = {}): CategoryRules {
  return { level, settleOnSpot: true, evidenceClose: true, resolveMs: 4 * HOUR, resolveKind: 'continuous', nuisance: false, ...more };
}

export function reported(level: Level = 'R3', rules: Partial<CategoryRules> = {}, by: Actor = WORKER, drill = false): Incident {
  const input = { category: 'C0102-01', description: '井盖翻起', position: { lng: 113, lat: 23.68 } };
  return report(drill ? { ...input, drill } : input, by, {
    now: NOW,
    rules: RULES,
    id: `${ID}01`,
    number: '20261120-0001',
    place: PLACE,
    category: { code: 'C0102-01', rules: category(level, rules) },
  }).next;
}

/** Makes the move, or fails the spec with the refusal. */
export function make(incident: Incident, command: Command, actor: Actor, more: Partial<Facts> = {}): Incident {
  const decision = decide(incident, command, actor, facts(more));
  if (!decision.ok) throw new Error(`${command.verb} by ${actor.account} in ${incident.state}: ${JSON.stringify(decision.refusal)}`);
  return decision.next;
}

export const lead = (i: Incident) => i.assignments.filter((a) => a.role === 'lead').at(-1)!.id;
export const assist = (i: Incident, n = 0) => i.assignments.filter((a) => a.role === 'assist' && a.dispatch === i.dispatches)[n]!.id;

const PHOTO = '01970000-0000-7000-8000-00000000f001';
export const SEND: Command = { verb: 'dispatch', lead: { unit: 'drainage-1' }, assisting: [{ unit: 'police-1' }] };

/** One incident in the wanted state, reached by real moves. */
export function incidentIn(state: State, level: Level = 'R3', drill = false): Incident {
  const start = reported(level, {}, WORKER, drill);
  const coordinating = () => make(make(start, { verb: 'call' }, COMMUNITY), { verb: 'accept' }, SUBDISTRICT);
  const dispatched = () => make(coordinating(), SEND, SUBDISTRICT);
  const responding = () => {
    const i = dispatched();
    return make(i, { verb: 'acknowledge', assignment: lead(i) }, DRAINAGE);
  };
  const handling = () => {
    const i = responding();
    return make(i, { verb: 'arrive', assignment: lead(i) }, DRAINAGE);
  };
  const disposed = () => {
    let i = handling();
    i = make(i, { verb: 'release', assignment: assist(i), reason: '人手够了' }, SUBDISTRICT);
    return make(i, { verb: 'finish', assignment: lead(i) }, DRAINAGE);
  };
  const checking = () => make(disposed(), { verb: 'assignCheck' }, SUBDISTRICT);
  switch (state) {
    case 'reported':
      return start;
    case 'verifying':
      return make(start, { verb: 'requestVerification' }, COMMUNITY);
    case 'called':
      return make(start, { verb: 'call' }, COMMUNITY);
    case 'coordinating':
      return coordinating();
    case 'dispatched':
      return dispatched();
    case 'responding':
      return responding();
    case 'handling':
      return handling();
    case 'suspended':
      return make(handling(), { verb: 'suspend', until: later(5 * DAY).toISOString(), reason: '等配件' }, SUBDISTRICT);
    case 'disposed':
      return disposed();
    case 'checking':
      return checking();
    case 'closed':
      return make(checking(), { verb: 'confirmClose', score: 5 }, COMMUNITY);
    case 'rejected':
      return make(start, { verb: 'reject', reason: '不属受理范围' }, COMMUNITY);
    case 'cancelled':
      return make(start, { verb: 'withdraw', reason: '报错了' }, WORKER);
    case 'merged':
      return make(start, { verb: 'merge', into: `${ID}02` }, COMMUNITY, { into: { id: `${ID}02`, state: 'called', drill } });
    case 'referred':
      return make(make(start, { verb: 'call' }, COMMUNITY), { verb: 'refer', to: '国道管理处', reason: '国道范围' }, SUBDISTRICT);
  }
}

/** A complete command for every verb, about the assignment that suits it if the incident has one. */
export function commandFor(verb: Command['verb'], incident: Incident, assignment = incident.assignments.at(0)?.id ?? `${ID}ff`): Command {
  switch (verb) {
    case 'call':
    case 'accept':
    case 'requestVerification':
    case 'resume':
    case 'unmerge':
    case 'assignCheck':
    case 'acceptEvidence':
    case 'confirmClose':
    case 'endDrill':
      return { verb };
    case 'urge':
      return { verb };
    case 'answerVerification':
      return { verb, found: true };
    case 'settleOnSpot':
      return { verb, before: [PHOTO], after: [PHOTO] };
    case 'merge':
      return { verb, into: `${ID}02` };
    case 'refer':
      return { verb, to: '国道管理处', reason: '国道范围' };
    case 'dispatch':
      return SEND as Extract<Command, { verb: 'dispatch' }>;
    case 'suspend':
      return { verb, until: later(DAY).toISOString(), reason: '等配件' };
    case 'extend':
      return { verb, by: HOUR, reason: '要等吊车' };
    case 'supervise':
      return { verb, level: 1 };
    case 'regrade':
      return { verb, level: incident.level === 'R2' ? 'R3' : 'R2', reason: '有人受伤' };
    case 'addUnit':
      return { verb, unit: 'fire-1' };
    case 'comment':
      return { verb, text: '已通知住户' };
    case 'attach':
      return { verb, photos: [PHOTO] };
    case 'arbitrate':
      return { verb, unit: 'drainage-1', ruling: '归排水管护' };
    case 'acknowledge':
    case 'depart':
    case 'arrive':
    case 'finish':
    case 'lapse':
      return { verb, assignment };
    case 'decline':
    case 'release':
      return { verb, assignment, reason: '不在辖区' };
    default:
      return { verb, reason: '理由' };
  }
}
