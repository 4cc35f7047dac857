/**
 * Ten thousand sockets on one node, all of which see every report.
 * SOCKETS (10000, rounded up to whole sessions), RATE reports per second (2), SECONDS of load (20).
 */
import exec from 'k6/execution';
import { endAll, Follower, followerThresholds, SOCKETS_PER_SESSION, waitMs } from './follower.ts';
import { findSpots, sendReport, signInAll, type Spot } from './service.ts';
import { REQUEST_THRESHOLDS, STATS, summaryOf, type Data } from './summary.ts';

const SESSIONS = Math.ceil(Number(__ENV.SOCKETS || 10_000) / SOCKETS_PER_SESSION);
const SOCKETS = SESSIONS * SOCKETS_PER_SESSION;
const RATE = Number(__ENV.RATE || 2);
const SECONDS = Number(__ENV.SECONDS || 20);
/** Sockets opened per second: people come one by one; that all come at once is the test `reconnect`. */
const OPENED_PER_S = 500;
const OPEN_S = SOCKETS / OPENED_PER_S;
const LEAD_S = Math.ceil(OPEN_S) + 5;
const TAIL_S = 3;

export const options = {
  scenarios: {
    followers: {
      executor: 'per-vu-iterations',
      exec: 'follow',
      vus: SESSIONS,
      iterations: 1,
      maxDuration: `${LEAD_S + SECONDS + TAIL_S + 60}s`,
    },
    reports: {
      executor: 'constant-arrival-rate',
      exec: 'report',
      rate: RATE,
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      startTime: `${LEAD_S}s`,
      preAllocatedVUs: 20,
      maxVUs: 100,
    },
  },
  setupTimeout: '300s',
  summaryTrendStats: STATS,
  thresholds: {
    ...REQUEST_THRESHOLDS,
    ...followerThresholds(SOCKETS),
    reports_acknowledged: [`count>=${RATE * SECONDS}`],
    pushes_received: [`count>=${SOCKETS * RATE * SECONDS}`],
  },
};

interface Setup {
  readonly sessions: readonly string[];
  readonly reporters: readonly string[];
  readonly spots: readonly Spot[];
}

export function setup(): Setup {
  const sessions = signInAll(Array.from({ length: SESSIONS }, () => 'district.441802'));
  const spots = findSpots(sessions[0]!, 4);
  return { sessions, spots, reporters: signInAll(spots.map((s) => `grid.${s.cell}`)) };
}

export function report(data: Setup): void {
  const n = exec.scenario.iterationInTest;
  const i = n % data.spots.length;
  sendReport(data.reporters[i]!, data.spots[i]!, `第 ${n} 件，井盖裂纹`);
}

export async function follow(data: Setup): Promise<void> {
  const n = exec.scenario.iterationInTest;
  const token = data.sessions[n]!;
  const startedMs = Date.now();
  await waitMs((n / SESSIONS) * OPEN_S * 1_000);
  // The first socket of each session is timed, the others count.
  const followers = Array.from({ length: SOCKETS_PER_SESSION }, (_, i) => new Follower(token, { timed: i === 0 }));
  await waitMs(startedMs + (LEAD_S + SECONDS + TAIL_S) * 1_000 - Date.now());
  await endAll(token, followers);
}

export function handleSummary(data: Data): Record<string, string> {
  return summaryOf('followers', data);
}
