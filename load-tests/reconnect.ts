/**
 * A reconnect storm: many sockets come back at the same moment, each with `since`, after moves that they missed. Each must get those, once.
 * SOCKETS (5000, rounded up to whole sessions), MISSED moves (100).
 */
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import { endAll, Follower, followerThresholds, headOf, SOCKETS_PER_SESSION, waitMs } from './follower.ts';
import { findSpots, sendReport, signIn, signInAll } from './service.ts';
import { REQUEST_THRESHOLDS, STATS, summaryOf, type Data } from './summary.ts';

const SESSIONS = Math.ceil(Number(__ENV.SOCKETS || 5_000) / SOCKETS_PER_SESSION);
const SOCKETS = SESSIONS * SOCKETS_PER_SESSION;
const MISSED = Number(__ENV.MISSED || 100);
/** All are listened to for a while more: a double would come late. */
const LISTEN_ON_MS = 5_000;

/** From opening the socket to the last of the missed moves; k6 and the service share the machine. */
const caughtUpMs = new Trend('reconnect_to_caught_up_ms', true);

export const options = {
  scenarios: {
    storm: { executor: 'per-vu-iterations', exec: 'comeBack', vus: SESSIONS, iterations: 1, maxDuration: '180s' },
  },
  setupTimeout: '300s',
  summaryTrendStats: STATS,
  thresholds: {
    failed_requests: REQUEST_THRESHOLDS.failed_requests,
    ...followerThresholds(SOCKETS),
    pushes_received: [`count>=${SOCKETS * MISSED}`],
    reconnect_to_caught_up_ms: ['max<30000'],
  },
};

interface Setup {
  readonly sessions: readonly string[];
  readonly since: number;
}

export async function setup(): Promise<Setup> {
  const sessions = signInAll(Array.from({ length: SESSIONS }, () => 'district.441802'));
  const [spot] = findSpots(sessions[0]!, 1);
  const reporter = signIn(`grid.${spot!.cell}`);
  const since = await headOf(sessions[0]!);
  for (let n = 0; n < MISSED; n++) sendReport(reporter, spot!, `断线时第 ${n} 件`);
  return { sessions, since };
}

export async function comeBack({ sessions, since }: Setup): Promise<void> {
  const token = sessions[exec.scenario.iterationInTest]!;
  const followers = Array.from({ length: SOCKETS_PER_SESSION }, () => {
    const beganMs = Date.now();
    let caughtUp = false;
    return new Follower(token, {
      since,
      onFrame: ({ seen }) => {
        if (caughtUp || seen.size < MISSED) return;
        caughtUp = true;
        caughtUpMs.add(Date.now() - beganMs);
      },
    });
  });
  await Promise.all(followers.map((f) => f.welcomed));
  await waitMs(LISTEN_ON_MS);
  await endAll(token, followers);
}

export function handleSummary(data: Data): Record<string, string> {
  return summaryOf('reconnect', data);
}
