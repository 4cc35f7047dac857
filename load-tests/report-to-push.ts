/**
 * Reports go in over HTTP at a steady rate; followers on WebSocket must get each of them, once. One of them reports too, and measures
 * from sending its report to being told of it.
 *
 *   k6 run load-tests/report-to-push.ts
 *
 * BASE_URL (http://127.0.0.1:8080), DEMO_PASSWORD or DATA_DIR (.data) with the password of the demo accounts,
 * RATE reports per second (20), SECONDS of load (20), FOLLOWERS sockets of the command centre (20).
 */
import exec from 'k6/execution';
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import { endAll, Follower, followerThresholds, waitMs } from './follower.ts';
import { failed, findSpots, reportRequest, sendReport, signIn, signInAll, takeReported, type Spot } from './service.ts';
import { REQUEST_THRESHOLDS, STATS, summaryOf, type Data } from './summary.ts';

const RATE = Number(__ENV.RATE || 20);
const SECONDS = Number(__ENV.SECONDS || 20);
const FOLLOWERS = Number(__ENV.FOLLOWERS || 20);
/** Followers start before the load and listen on after it, seconds. */
const LEAD_S = 3;
const TAIL_S = 3;
const MAX_S = LEAD_S + SECONDS + TAIL_S + 40;
const REPORTERS = 8;
const PROBE_EVERY_MS = 250;

const reportToPushMs = new Trend('report_to_push_ms', true);

export const options = {
  scenarios: {
    followers: { executor: 'per-vu-iterations', exec: 'follow', vus: FOLLOWERS, iterations: 1, maxDuration: `${MAX_S}s` },
    probe: { executor: 'per-vu-iterations', exec: 'probe', vus: 1, iterations: 1, maxDuration: `${MAX_S}s` },
    reports: {
      executor: 'constant-arrival-rate',
      exec: 'report',
      rate: RATE,
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      startTime: `${LEAD_S}s`,
      // Enough for answers of five seconds: a busy machine delays reports, it must not leave any out.
      preAllocatedVUs: Math.max(100, RATE * 5),
      maxVUs: 400,
    },
  },
  summaryTrendStats: STATS,
  thresholds: {
    ...REQUEST_THRESHOLDS,
    ...followerThresholds(FOLLOWERS + 1),
    reports_acknowledged: [`count>=${RATE * SECONDS}`],
    report_to_push_ms: ['p(99)<1000'],
  },
};

interface Setup {
  readonly centre: string;
  readonly reporters: readonly string[];
  readonly spots: readonly Spot[];
}

export function setup(): Setup {
  const centre = signIn('district.441802');
  const spots = findSpots(centre, REPORTERS);
  return { centre, spots, reporters: signInAll(spots.map((s) => `grid.${s.cell}`)) };
}

export function report(data: Setup): void {
  const n = exec.scenario.iterationInTest;
  const i = n % data.spots.length;
  sendReport(data.reporters[i]!, data.spots[i]!, `k6 第 ${n} 件，井盖裂纹`);
}

export async function follow(data: Setup): Promise<void> {
  const follower = new Follower(data.centre, { timed: true });
  await waitMs((LEAD_S + SECONDS + TAIL_S) * 1_000);
  await endAll(data.centre, [follower]);
}

/** The push may overtake the answer, so the times of both are kept. */
export async function probe(data: Setup): Promise<void> {
  const pushedAtMs = new Map<string, number>();
  const follower = new Follower(data.centre, {
    onItem: ({ incident, verb }, atMs) => void (verb === 'report' && pushedAtMs.set(incident, atMs)),
  });
  await waitMs(LEAD_S * 1_000);
  const sentAtMs = new Map<string, number>();
  for (let n = 0; n * PROBE_EVERY_MS < SECONDS * 1_000; n++) {
    const { url, body, params } = reportRequest(data.reporters[0]!, data.spots[0]!, `k6 探针第 ${n} 件`);
    const atMs = Date.now();
    const incident = takeReported(await http.asyncRequest('POST', url, body, params));
    if (incident) sentAtMs.set(incident.id, atMs);
    await waitMs(Math.max(0, atMs + PROBE_EVERY_MS - Date.now()));
  }
  await waitMs(TAIL_S * 1_000);
  await endAll(data.centre, [follower]);
  for (const [incident, atMs] of sentAtMs) {
    const pushed = pushedAtMs.get(incident);
    // Acknowledged and in nobody's log: worse than a push that is missing.
    failed.add(pushed === undefined);
    if (pushed !== undefined) reportToPushMs.add(pushed - atMs);
  }
}

export function handleSummary(data: Data): Record<string, string> {
  return summaryOf('report-to-push', data);
}
