/**
 * Reports go in over HTTP at a steady rate; followers on WebSocket must get each of them, once.
 *
 *   k6 run load-tests/report-to-push.ts
 *
 * BASE_URL (http://127.0.0.1:8080), DEMO_PASSWORD or DATA_DIR (.data) with the password of the demo accounts,
 * RATE reports per second (20), SECONDS of load (20), FOLLOWERS sockets of the command centre (5).
 */
import exec from 'k6/execution';
import { findSpots, followUntil, sendReport, signIn, STATS, summaryOf, THRESHOLDS, type Spot } from './service.ts';

const RATE = Number(__ENV.RATE || 20);
const SECONDS = Number(__ENV.SECONDS || 20);
const FOLLOWERS = Number(__ENV.FOLLOWERS || 5);
/** Followers start before the load and listen on after it, seconds. */
const LEAD_S = 5;
const TAIL_S = 8;
const REPORTERS = 8;

export const options = {
  scenarios: {
    followers: { executor: 'per-vu-iterations', exec: 'follow', vus: FOLLOWERS, iterations: 1, maxDuration: `${LEAD_S + SECONDS + TAIL_S + 30}s` },
    reports: {
      executor: 'constant-arrival-rate',
      exec: 'report',
      rate: RATE,
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      startTime: `${LEAD_S}s`,
      preAllocatedVUs: 20,
      maxVUs: 200,
    },
  },
  summaryTrendStats: STATS,
  thresholds: { ...THRESHOLDS, reports_acknowledged: ['count>0'], dropped_iterations: ['count==0'] },
};

interface Setup {
  readonly centre: string;
  readonly reporters: readonly string[];
  readonly spots: readonly Spot[];
}

export function setup(): Setup {
  const centre = signIn('district.441802');
  const spots = findSpots(centre, REPORTERS);
  return { centre, spots, reporters: spots.map((s) => signIn(`grid.${s.cell}`)) };
}

export function report(data: Setup): void {
  const n = exec.scenario.iterationInTest;
  const i = n % data.spots.length;
  sendReport(data.reporters[i]!, data.spots[i]!, `k6 第 ${n} 件，井盖裂纹`);
}

export function follow(data: Setup): void {
  followUntil(data.centre, (LEAD_S + SECONDS + TAIL_S) * 1_000);
}

export function handleSummary(data: Parameters<typeof summaryOf>[1]): Record<string, string> {
  return summaryOf('report-to-push', data);
}
