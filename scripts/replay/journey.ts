/** One report through the whole chain, each step by the account whose step it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { CallTiming, Message, UnitTiming } from './inputs.ts';

export interface Spot {
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  readonly lng: number;
  readonly lat: number;
}

export interface UnitPlace {
  readonly code: string;
  readonly mayLead: boolean;
  readonly lng: number;
  readonly lat: number;
}

export interface Journey {
  readonly message: Message;
  readonly category: string;
  readonly spot: Spot;
  readonly timing: CallTiming;
}

export interface Deps {
  readonly client: Client;
  readonly units: readonly UnitPlace[];
  /** How many times faster than the log. */
  readonly speed: number;
  /** Called when the report is answered: incident id, and when it was sent (performance.now()). */
  readonly onReported: (incident: string, sentMs: number) => void;
  /** Called for each move that was answered, with the version that it made. */
  readonly onMove: (incident: string, version: number) => void;
}

interface WireAssignment {
  readonly id: string;
  readonly unit: string;
  readonly role: 'lead' | 'assist';
  readonly state: string;
}
interface WireIncident {
  readonly id: string;
  readonly state: string;
  readonly assignments: readonly WireAssignment[];
}

/** Longest text that a report takes. */
const MAX_DESCRIPTION = 10_000;

/** @throws Error with the problem's code when a step is refused: a replay ends with errors 0 or says which. */
export async function travel(journey: Journey, deps: Deps): Promise<void> {
  const { spot, timing } = journey;
  const community = `community.${spot.community}`;
  const subdistrict = `subdistrict.${spot.subdistrict}`;
  const reported = await report(journey, deps);
  let incident = reported;
  if (incident.state === 'reported') incident = await untilByItself(incident, deps);
  const dispatchAt = sleep(timing.dispatchMs / deps.speed);
  if (incident.state === 'reported') incident = await move(deps, community, incident, { verb: 'call' });
  if (incident.state === 'called') incident = await move(deps, subdistrict, incident, { verb: 'accept' });
  await dispatchAt;
  if (incident.state === 'coordinating') {
    incident = await move(deps, subdistrict, incident, { verb: 'dispatch', ...chosenUnits(journey, deps.units) });
  }
  const open = incident.assignments.filter((a) => a.state === 'assigned');
  await Promise.all(open.map((a, i) => work(incident, a, timing.units[i % timing.units.length]!, deps)));
  incident = await move(deps, subdistrict, incident, { verb: 'assignCheck' });
  await move(deps, community, incident, { verb: 'confirmClose', score: 5, note: '现场已看过' });
}

async function report({ message, category, spot }: Journey, deps: Deps): Promise<WireIncident> {
  // Signed in before: the time measured is the report's, not the password's.
  await deps.client.token(`grid.${spot.cell}`);
  const sentMs = performance.now();
  const answer = await deps.client.post(`grid.${spot.cell}`, '/incidents', {
    category,
    description: `${message.title}\n${message.text}`.trim().replaceAll('\u0000', '').slice(0, MAX_DESCRIPTION),
    position: { lng: spot.lng, lat: spot.lat, accuracyM: 8 },
  });
  if (answer.status !== 201) throw new Error(`report: ${answer.status} ${answer.body?.code ?? ''}`);
  deps.onReported(answer.body.id, sentMs);
  deps.onMove(answer.body.id, 1);
  return answer.body as WireIncident;
}

/** 特急 runs by itself: waits until the system has sent the units, or has handed it to people. */
async function untilByItself(incident: WireIncident & { level?: string }, deps: Deps): Promise<WireIncident> {
  if (incident.level !== 'R1') return incident;
  for (let tries = 0; tries < 600; tries++) {
    const { body } = await deps.client.get('district.441802', `/incidents/${incident.id}`);
    if (body.state === 'dispatched' || body.raised === true) return body as WireIncident;
    await sleep(50);
  }
  throw new Error(`R1 ${incident.id} was not sent by itself`);
}

async function move(deps: Deps, account: string, incident: WireIncident, command: object): Promise<WireIncident> {
  const answer = await deps.client.post(account, `/incidents/${incident.id}/moves`, command);
  if (answer.status !== 200)
    throw new Error(`${JSON.stringify(command).slice(0, 60)} by ${account}: ${answer.status} ${answer.body?.code ?? ''}`);
  deps.onMove(incident.id, answer.body.moves[0].version);
  return answer.body.incident as WireIncident;
}

/** As many units as the call of the log had, nearest first; the first that may lead leads. */
function chosenUnits({ spot, timing }: Journey, units: readonly UnitPlace[]): { lead: object; assisting: object[] } {
  const far = (u: UnitPlace) => (u.lng - spot.lng) ** 2 + (u.lat - spot.lat) ** 2;
  const near = [...units].sort((a, b) => far(a) - far(b));
  const lead = near.find((u) => u.mayLead)!;
  const others = near.filter((u) => u !== lead).slice(0, Math.min(timing.units.length - 1, 20));
  return { lead: { unit: lead.code }, assisting: others.map((u) => ({ unit: u.code })) };
}

/** One unit's buttons at the log's times. A unit that starts before the lead acknowledged is none of our business: the chain takes it. */
async function work(incident: WireIncident, assignment: WireAssignment, timing: UnitTiming, deps: Deps): Promise<void> {
  const account = `unit.${assignment.unit}`;
  const press = (verb: string) => move(deps, account, incident, { verb, assignment: assignment.id, deviceAt: new Date().toISOString() });
  const steps: (readonly [string, number])[] = [
    ['acknowledge', timing.acknowledgeMs],
    ['depart', timing.departMs],
    ...(timing.arriveMs === null ? [] : [['arrive', timing.arriveMs] as const]),
    ['finish', timing.finishMs],
  ];
  let passed = 0;
  for (const [verb, atMs] of steps) {
    await sleep(Math.max(0, atMs - passed) / deps.speed);
    passed = atMs;
    await press(verb);
  }
}
