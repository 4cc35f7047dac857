/**
 * A reconnect storm: many sockets come back at the same time, each with `since`, after a hundred moves that they missed. Each must get those, once.
 * SOCKETS (2000), MISSED moves (100).
 */
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import { findSpots, followUntil, sendReport, signIn, STATS, summaryOf, THRESHOLDS } from './service.ts';

const SOCKETS = Number(__ENV.SOCKETS || 2_000);
const MISSED = Number(__ENV.MISSED || 100);
const PER_SESSION = 50;
const SESSIONS = Math.ceil(SOCKETS / PER_SESSION);
const LISTEN_MS = 20_000;

const caughtUpMs = new Trend('reconnect_to_caught_up_ms', true);

export const options = {
  scenarios: {
    storm: { executor: 'per-vu-iterations', exec: 'comeBack', vus: SESSIONS, iterations: 1, maxDuration: '180s' },
  },
  setupTimeout: '300s',
  summaryTrendStats: STATS,
  thresholds: { ...THRESHOLDS, pushes_received: [`count==${SESSIONS * PER_SESSION * MISSED}`] },
};

interface Setup {
  readonly sessions: readonly string[];
}

export function setup(): Setup {
  const sessions = Array.from({ length: SESSIONS }, () => signIn('district.441802'));
  const [spot] = findSpots(sessions[0]!, 1);
  const reporter = signIn(`grid.${spot!.cell}`);
  for (let n = 0; n < MISSED; n++) sendReport(reporter, spot!, `断线时第 ${n} 件`);
  return { sessions };
}

/** The head is the same for all: nothing moves while they come back, so `since` is the head less what was missed. */
export function comeBack(data: Setup): void {
  const token = data.sessions[exec.vu.idInTest % data.sessions.length]!;
  const probe = followUntil(token, LISTEN_MS, {
    onWelcome: () => {
      const since = probe.first - MISSED;
      probe.close();
      for (let i = 0; i < PER_SESSION; i++) one(token, since);
    },
  });
}

function one(token: string, since: number): void {
  const began = Date.now();
  const following = followUntil(token, LISTEN_MS, { since });
  const watch = setInterval(() => {
    if (following.seen.size < MISSED) return;
    clearInterval(watch);
    caughtUpMs.add(Date.now() - began);
  }, 10);
  setTimeout(() => clearInterval(watch), LISTEN_MS);
}

export function handleSummary(data: Parameters<typeof summaryOf>[1]): Record<string, string> {
  return summaryOf('reconnect', data);
}
