/** A whole district at work: its accounts, and one incident through the whole chain, each step by the account whose step it is. */
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
import {
  failed,
  findSpots,
  makeMove,
  read,
  sendReport,
  signIn,
  signInAll,
  type Assignment,
  type Command,
  type Incident,
  type Spot,
} from './service.ts';

/** Incidents that were brought to an end: closed, or rejected as a few are. */
export const ended = new Counter('incidents_ended');

/** Source of the figures: the file itself. */
export const PROFILE = JSON.parse(open('./profiles/day.json')) as {
  readonly callHourWeight: readonly number[];
  readonly messageHourWeight: readonly number[];
  readonly unitsPerCall: Readonly<Record<string, number>>;
};
/** Mean pause before each step, seconds: what a person takes, made short. */
const PAUSE_S = Number(__ENV.PAUSE || 0.3);
const SPOTS = 16;
/** Categories in use at the same time, of each kind. */
const CATEGORIES = 12;
/** The rest of the chain is walked by every incident; these shares leave it, or are hurried. Ours. */
const REJECTED_SHARE = 0.04;
const URGED_SHARE = 0.05;
/** Share of unit rows of the dispatch log without "on scene": the button was not pressed. */
const ARRIVE_SKIPPED_SHARE = 0.165;
/** An R1 report is dispatched by the service itself; asked every so often, seconds, and so many times. */
const BY_ITSELF_EVERY_S = 0.1;
const BY_ITSELF_TRIES = 100;

export interface Unit {
  readonly code: string;
  readonly mayLead: boolean;
  readonly position: { readonly lng: number; readonly lat: number };
}
export interface District {
  /** account → token */
  readonly tokens: Readonly<Record<string, string>>;
  readonly spots: readonly Spot[];
  readonly units: readonly Unit[];
  /** Category codes of R2–R4, and of R1. */
  readonly ordinary: readonly string[];
  readonly urgent: readonly string[];
}

/** Accounts that only read. The demo world has many leaders and members; one of each is enough. */
const READERS = ['auditor', 'leader.fengcheng-01', 'member.fengcheng-union-01'];

export function setUpDistrict(): District {
  const centre = signIn('district.441802');
  const spots = findSpots(centre, SPOTS);
  const units = read<{ items: Unit[] }>(centre, '/units', 'units')!.items.map(({ code, mayLead, position }) => ({
    code,
    mayLead,
    position,
  }));
  const categories = read<{ items: { code: string; level: string }[] }>(centre, '/categories', 'categories')!.items;
  const codes = (urgent: boolean) => spread(categories.filter((c) => (c.level === 'R1') === urgent).map((c) => c.code));
  const places = spots.flatMap((s) => [`grid.${s.cell}`, `community.${s.community}`, `subdistrict.${s.subdistrict}`]);
  const accounts = [...new Set([...places, ...units.map((u) => `unit.${u.code}`), ...READERS])];
  const tokens = Object.fromEntries(signInAll(accounts).map((token, i) => [accounts[i]!, token]));
  return { tokens: { 'district.441802': centre, ...tokens }, spots, units, ordinary: codes(false), urgent: codes(true) };
}

function spread<T>(list: readonly T[]): T[] {
  const step = Math.max(1, Math.floor(list.length / CATEGORIES));
  return list.filter((_, i) => i % step === 0).slice(0, CATEGORIES);
}

function oneOf<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}

/** How many units go to a call, drawn from the dispatch log's distribution. */
function unitCount(): number {
  let left = Math.random();
  for (const [count, share] of Object.entries(PROFILE.unitsPerCall)) {
    left -= share;
    if (left < 0) return Number(count);
  }
  return 1;
}

function pause(): void {
  sleep(Math.random() * 2 * PAUSE_S);
}

/** One incident from report to end. A refused step was counted as failed and ends it. @param urgent  R1, which the service dispatches by itself. */
export function travel(district: District, text: string, urgent: boolean): void {
  const spot = oneOf(district.spots);
  const token = (account: string) => district.tokens[account]!;
  const subdistrict = token(`subdistrict.${spot.subdistrict}`);
  const community = token(`community.${spot.community}`);
  let incident = sendReport(token(`grid.${spot.cell}`), spot, text, oneOf(urgent ? district.urgent : district.ordinary));
  const step = (by: string, command: Command) => {
    if (incident === null) return;
    pause();
    incident = makeMove(by, incident.id, command);
  };
  if (incident?.level === 'R1') incident = untilByItself(token('district.441802'), incident.id);
  else if (Math.random() < REJECTED_SHARE) {
    step(community, { verb: 'reject', reason: '重复上报' });
    if (incident !== null) ended.add(1);
    return;
  }
  if (incident?.state === 'reported') step(community, { verb: 'call' });
  if (incident?.state === 'called') step(subdistrict, { verb: 'accept' });
  if (incident?.state === 'coordinating') step(subdistrict, { verb: 'dispatch', ...chosenUnits(district.units, spot) });
  if (incident === null) return;
  if (Math.random() < URGED_SHARE) step(token('district.441802'), { verb: 'urge', note: '请加快' });
  handle(district, incident);
  step(subdistrict, { verb: 'assignCheck' });
  step(community, { verb: 'confirmClose', score: 5 });
  if (incident?.state === 'closed') ended.add(1);
}

function untilByItself(centre: string, id: string): Incident | null {
  for (let tries = 0; tries < BY_ITSELF_TRIES; tries++) {
    const incident = read<Incident>(centre, `/incidents/${id}`, 'incident');
    if (incident === null || incident.state === 'dispatched' || incident.raised) return incident;
    sleep(BY_ITSELF_EVERY_S);
  }
  console.warn(`R1 ${id} was neither sent nor handed to people by itself`);
  failed.add(true);
  return null;
}

/** The nearest; the first that may lead leads. */
function chosenUnits(units: readonly Unit[], spot: Spot): { lead: object; assisting: object[] } {
  const far = ({ position }: Unit) => (position.lng - spot.lng) ** 2 + (position.lat - spot.lat) ** 2;
  const near = [...units].sort((a, b) => far(a) - far(b));
  const lead = near.find((u) => u.mayLead)!;
  const others = near.filter((u) => u !== lead).slice(0, unitCount() - 1);
  return { lead: { unit: lead.code }, assisting: others.map((u) => ({ unit: u.code })) };
}

/** All units press their buttons, in turn; the assistants finish before the lead. */
function handle({ tokens }: District, incident: Incident): void {
  const open = incident.assignments.filter((a) => a.state === 'assigned').sort((a, b) => a.role.localeCompare(b.role));
  const press = (verb: string, { id, unit }: Assignment) => {
    pause();
    makeMove(tokens[`unit.${unit}`]!, incident.id, { verb, assignment: id });
  };
  for (const verb of ['acknowledge', 'depart', 'arrive', 'finish'])
    for (const assignment of open) if (verb !== 'arrive' || Math.random() >= ARRIVE_SKIPPED_SHARE) press(verb, assignment);
}

/** What a page of some role asks when it is opened: the list, and the first incident in it. */
export function lookUp({ tokens }: District): void {
  const account = oneOf(Object.keys(tokens));
  const token = tokens[account]!;
  const list = read<{ items: { id: string }[] }>(token, '/incidents?open=true&order=due&limit=50', 'incidents');
  const first = list?.items[0]?.id;
  if (first === undefined) return;
  for (const part of ['', '/moves', '/deadlines']) read(token, `/incidents/${first}${part}`, `incident${part}`);
  if (account.startsWith('district')) read(token, `/incidents/${first}/pushes`, 'incident/pushes');
}
