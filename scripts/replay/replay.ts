/** Feeds messages and times through the running service and counts what came back. Used by `npm run replay` and by tests. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Category } from '../../web/shared/types.ts';
import { categoryOf } from './categories.ts';
import { Client } from './client.ts';
import { Follower } from './follower.ts';
import type { CallTiming, Message } from './inputs.ts';
import { travel, type Deps, type Journey, type UnitPlace } from './journey.ts';
import { seeded } from './random.ts';
import { spotsIn } from './spots.ts';
import { compareWithLog, firstOf, logOf, moveKey, tally, type Followed, type LoggedIncident, type Tally } from './tally.ts';

export interface ReplayOptions {
  readonly url: string;
  readonly password: string;
  readonly messages: readonly Message[];
  readonly calls: readonly CallTiming[];
  readonly speed: number;
  readonly seed: number;
  /** How long one request may wait for a service that is away, milliseconds. */
  readonly patienceMs: number;
  readonly onProgress?: (done: number, moves: number) => void;
}

export interface ReplayResult extends Tally {
  readonly reports: number;
  readonly errors: readonly string[];
  readonly repeats: number;
  readonly reconnects: number;
  /** Report sent → pushed to the command centre, milliseconds, in order. */
  readonly latenciesMs: readonly number[];
  /** Moves that were answered but are not in the log. */
  readonly lost: readonly string[];
  /** Moves of people in the log that nobody was answered for: something was done twice. */
  readonly unanswered: readonly string[];
}

/** How long to wait for the last pushes after the last answer, milliseconds. */
const SETTLE_MS = 20_000;

export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const client = new Client(options);
  const { journeys, units } = await plan(client, options);
  const arrivals = new Map<string, number>();
  const centre = new Follower(client, 'district.441802', (item, atMs) => {
    if (item.verb === 'report') arrivals.set(item.incident, atMs);
  });
  const followed = followers(client, centre, journeys, units);
  await Promise.all(followed.map(({ follower }) => follower.start()));

  const sent = new Map<string, number>();
  const errors: string[] = [];
  const answered = new Set<string>();
  let done = 0;
  const deps: Deps = {
    client,
    units,
    speed: options.speed,
    onReported: (incident, sentMs) => sent.set(incident, sentMs),
    onMove: (incident, version) => {
      answered.add(moveKey(incident, version));
      options.onProgress?.(done, answered.size);
    },
  };
  const started = performance.now();
  await Promise.all(
    journeys.map(async (journey) => {
      await sleep(Math.max(0, journey.timing.receivedMs / options.speed - (performance.now() - started)));
      await travel(journey, deps).catch((error: unknown) => errors.push(error instanceof Error ? error.message : String(error)));
      done += 1;
      options.onProgress?.(done, answered.size);
    }),
  );
  const incidents = await readLogs(client, [...sent.keys()]);
  const counted = await settle(incidents, followed);
  for (const { follower } of followed) follower.stop();
  const latenciesMs = [...sent].flatMap(([id, at]) => (arrivals.has(id) ? [arrivals.get(id)! - at] : [])).sort((a, b) => a - b);
  return {
    ...counted,
    reports: sent.size,
    errors,
    repeats: client.repeats,
    reconnects: followed.reduce((n, f) => n + f.follower.reconnects, 0),
    latenciesMs,
    ...compareWithLog(answered, incidents),
  };
}

async function plan(client: Client, options: ReplayOptions): Promise<{ journeys: Journey[]; units: UnitPlace[] }> {
  const random = seeded(options.seed);
  const read = async (path: string) => {
    const answer = await client.get('district.441802', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body?.code ?? ''}`);
    return answer.body;
  };
  const categories = (await read('/categories')).items as Category[];
  const units = ((await read('/units')).items as { code: string; mayLead: boolean; position: { lng: number; lat: number } }[]).map((u) => ({
    code: u.code,
    mayLead: u.mayLead,
    lng: u.position.lng,
    lat: u.position.lat,
  }));
  const spots = spotsIn((await read('/cells.geojson')).features, random);
  const journeys = options.messages.map((message, i) => ({
    message,
    category: categoryOf(message, categories),
    spot: spots[Math.floor(random() * spots.length)]!,
    timing: lapped(options.calls, i),
  }));
  return { journeys, units };
}

/** The i-th call; a log shorter than the messages starts again behind its own end. */
function lapped(calls: readonly CallTiming[], i: number): CallTiming {
  const call = calls[i % calls.length]!;
  const lap = Math.floor(i / calls.length);
  return { ...call, receivedMs: call.receivedMs + lap * (calls.at(-1)!.receivedMs + 60_000) };
}

function followers(client: Client, centre: Follower, journeys: readonly Journey[], units: readonly UnitPlace[]): Followed[] {
  const all = (incident: LoggedIncident) => incident.moves[0]?.seq ?? null;
  const subdistricts = [...new Set(journeys.map((j) => j.spot.subdistrict))];
  return [
    { follower: centre, from: all },
    ...subdistricts.map((code) => ({
      follower: new Follower(client, `subdistrict.${code}`),
      from: (incident: LoggedIncident) => (incident.subdistrict === code ? all(incident) : null),
    })),
    ...units.map(({ code }) => ({
      follower: new Follower(client, `unit.${code}`),
      from: (incident: LoggedIncident) => firstOf(code, incident),
    })),
  ];
}

async function readLogs(client: Client, ids: readonly string[]): Promise<LoggedIncident[]> {
  const incidents: LoggedIncident[] = [];
  for (const id of ids) incidents.push(await logOf(client, id));
  return incidents;
}

/** Waits until nothing is missing any more, or the time is up. */
async function settle(incidents: readonly LoggedIncident[], followed: readonly Followed[]): Promise<Tally> {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const counted = tally(incidents, followed);
    if ((counted.missed === 0 && counted.ringsReceived === counted.ringsExpected) || Date.now() > until) return counted;
    await sleep(100);
  }
}
