/**
 * A quiet district, then one minute thirty times as busy (the busiest minute of a real dispatch log over its mean), then quiet again.
 * BASE reports per second in the quiet part (2), BURST_SECONDS (60), FOLLOWERS sockets of the command centre (20). Nothing may be dropped,
 * missed or doubled.
 */
import exec from 'k6/execution';
import { endAll, Follower, followerThresholds, waitMs } from './follower.ts';
import { findSpots, sendReport, signIn, signInAll, type Spot } from './service.ts';
import { REQUEST_THRESHOLDS, STATS, summaryOf, type Data } from './summary.ts';

const profile = JSON.parse(open('./profiles/day.json')) as { busiestMinuteOverMean: number };
const BASE = Number(__ENV.BASE || 2);
const BURST_S = Number(__ENV.BURST_SECONDS || 60);
const FOLLOWERS = Number(__ENV.FOLLOWERS || 20);
const TOP = BASE * profile.busiestMinuteOverMean;
const LEAD_S = 3;
const TAIL_S = 3;
const RAMP_S = 2;
const QUIET_S = Math.max(5, Math.round(BURST_S / 4));
const TOTAL_S = QUIET_S + RAMP_S + BURST_S + RAMP_S + QUIET_S;

export const options = {
  scenarios: {
    followers: {
      executor: 'per-vu-iterations',
      exec: 'follow',
      vus: FOLLOWERS,
      iterations: 1,
      maxDuration: `${LEAD_S + TOTAL_S + TAIL_S + 40}s`,
    },
    reports: {
      executor: 'ramping-arrival-rate',
      exec: 'report',
      startRate: BASE,
      timeUnit: '1s',
      startTime: `${LEAD_S}s`,
      preAllocatedVUs: 200,
      maxVUs: 600,
      stages: [
        { target: BASE, duration: `${QUIET_S}s` },
        { target: TOP, duration: `${RAMP_S}s` },
        { target: TOP, duration: `${BURST_S}s` },
        { target: BASE, duration: `${RAMP_S}s` },
        { target: BASE, duration: `${QUIET_S}s` },
      ],
    },
  },
  summaryTrendStats: STATS,
  thresholds: {
    ...REQUEST_THRESHOLDS,
    ...followerThresholds(FOLLOWERS),
    reports_acknowledged: [`count>=${TOP * BURST_S}`],
    decided_to_pushed_ms: ['p(99)<1000'],
  },
};

interface Setup {
  readonly centre: string;
  readonly reporters: readonly string[];
  readonly spots: readonly Spot[];
}

export function setup(): Setup {
  const centre = signIn('district.441802');
  const spots = findSpots(centre, 16);
  return { centre, spots, reporters: signInAll(spots.map((s) => `grid.${s.cell}`)) };
}

export function report(data: Setup): void {
  const n = exec.scenario.iterationInTest;
  const i = n % data.spots.length;
  sendReport(data.reporters[i]!, data.spots[i]!, `暴雨第 ${n} 件，路面积水`);
}

export async function follow(data: Setup): Promise<void> {
  const follower = new Follower(data.centre, { timed: true });
  await waitMs((LEAD_S + TOTAL_S + TAIL_S) * 1_000);
  await endAll(data.centre, [follower]);
}

export function handleSummary(data: Data): Record<string, string> {
  return summaryOf('storm', data);
}
