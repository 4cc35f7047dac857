/**
 * Ten thousand sockets on one node, all of which see every report.
 * SOCKETS (10000), RATE reports per second (5), SECONDS of load (30).
 */
import exec from 'k6/execution';
import { findSpots, followUntil, sendReport, signIn, STATS, summaryOf, THRESHOLDS, type Spot } from './service.ts';

const SOCKETS = Number(__ENV.SOCKETS || 10_000);
const RATE = Number(__ENV.RATE || 5);
const SECONDS = Number(__ENV.SECONDS || 30);
/** The service takes 50 sockets of one session. */
const PER_SESSION = 50;
const SESSIONS = Math.ceil(SOCKETS / PER_SESSION);
/** Time to open them all, seconds. */
const LEAD_S = Math.max(10, Math.ceil(SOCKETS / 300));
const TAIL_S = 15;

export const options = {
  scenarios: {
    followers: { executor: 'per-vu-iterations', exec: 'follow', vus: SESSIONS, iterations: 1, maxDuration: `${LEAD_S + SECONDS + TAIL_S + 90}s` },
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
  thresholds: { ...THRESHOLDS, pushes_received: [`count>=${SOCKETS * RATE * SECONDS * 0.99}`] },
};

interface Setup {
  readonly sessions: readonly string[];
  readonly reporters: readonly string[];
  readonly spots: readonly Spot[];
}

export function setup(): Setup {
  const sessions = Array.from({ length: SESSIONS }, () => signIn('district.441802'));
  const spots = findSpots(sessions[0]!, 4);
  return { sessions, spots, reporters: spots.map((s) => signIn(`grid.${s.cell}`)) };
}

export function report(data: Setup): void {
  const n = exec.scenario.iterationInTest;
  const i = n % data.spots.length;
  sendReport(data.reporters[i]!, data.spots[i]!, `第 ${n} 件，井盖裂纹`);
}

export function follow(data: Setup): void {
  const token = data.sessions[exec.vu.idInTest % data.sessions.length]!;
  for (let i = 0; i < PER_SESSION; i++) followUntil(token, (LEAD_S + SECONDS + TAIL_S) * 1_000);
}

export function handleSummary(data: Parameters<typeof summaryOf>[1]): Record<string, string> {
  return summaryOf('followers', data);
}
