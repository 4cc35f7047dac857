/**
 * A quiet district, then one minute thirty times as busy (the busiest minute of a real dispatch log over its mean), then quiet again.
 * BASE reports per second in the quiet part (2). Nothing may be dropped, missed or doubled.
 */
import exec from 'k6/execution';
import { findSpots, followUntil, sendReport, signIn, STATS, summaryOf, THRESHOLDS, type Spot } from './service.ts';

const BASE = Number(__ENV.BASE || 2);
const TIMES = 30;
const LEAD_S = 5;
const TOTAL_S = 20 + 5 + 60 + 5 + 30;

export const options = {
  scenarios: {
    followers: { executor: 'per-vu-iterations', exec: 'follow', vus: 20, iterations: 1, maxDuration: `${LEAD_S + TOTAL_S + 60}s` },
    reports: {
      executor: 'ramping-arrival-rate',
      exec: 'report',
      startRate: BASE,
      timeUnit: '1s',
      startTime: `${LEAD_S}s`,
      preAllocatedVUs: 100,
      maxVUs: 500,
      stages: [
        { target: BASE, duration: '20s' },
        { target: BASE * TIMES, duration: '5s' },
        { target: BASE * TIMES, duration: '60s' },
        { target: BASE, duration: '5s' },
        { target: BASE, duration: '30s' },
      ],
    },
  },
  summaryTrendStats: STATS,
  thresholds: { ...THRESHOLDS, dropped_iterations: ['count==0'], decided_to_pushed_ms: ['p(99)<1000'] },
};

interface Setup {
  readonly centre: string;
  readonly reporters: readonly string[];
  readonly spots: readonly Spot[];
}

export function setup(): Setup {
  const centre = signIn('district.441802');
  const spots = findSpots(centre, 16);
  return { centre, spots, reporters: spots.map((s) => signIn(`grid.${s.cell}`)) };
}

export function report(data: Setup): void {
  const n = exec.scenario.iterationInTest;
  const i = n % data.spots.length;
  sendReport(data.reporters[i]!, data.spots[i]!, `暴雨第 ${n} 件，路面积水`);
}

export function follow(data: Setup): void {
  followUntil(data.centre, (LEAD_S + TOTAL_S + 5) * 1_000);
}

export function handleSummary(data: Parameters<typeof summaryOf>[1]): Record<string, string> {
  return summaryOf('storm', data);
}
