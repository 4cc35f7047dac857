/**
 * A district's day in a few minutes: each hour has its weight, each incident goes the whole chain with as many units as real calls have, every
 * role works over HTTP, and everybody follows. Ordinary reports come as citizens' messages do, R1 as calls to a fire service.
 * DAY_SECONDS (300) for the 24 hours, INCIDENTS in all (3000, a district's busy day), READS page openings per second (5).
 */
import exec from 'k6/execution';
import { lookUp, PROFILE, setUpDistrict, travel, type District } from './district.ts';
import { followDistrict, LEDGER_THRESHOLDS } from './ledger.ts';
import { REQUEST_THRESHOLDS, STATS, summaryOf, type Data } from './summary.ts';

const DAY_S = Number(__ENV.DAY_SECONDS || 300);
const INCIDENTS = Number(__ENV.INCIDENTS || 3_000);
const READS = Number(__ENV.READS || 5);
/** Ours: the rules name R1 as the rare case. */
const URGENT_SHARE = 0.1;
const HOUR_S = DAY_S / 24;
const LEAD_S = 3;
/** What is under way at midnight is brought to its end. */
const TAIL_S = 15;

/** Arrivals per minute of the test, hour by hour; an hour of weight 1 has a 24th of the day. */
function hours(incidents: number, weights: readonly number[]) {
  return weights.flatMap((weight) => {
    const target = Math.round(((incidents / 24) * weight * 60) / HOUR_S);
    return [
      { target, duration: '0s' },
      { target, duration: `${HOUR_S}s` },
    ];
  });
}

const arrivals = {
  executor: 'ramping-arrival-rate',
  timeUnit: '1m',
  startTime: `${LEAD_S}s`,
  startRate: 0,
  preAllocatedVUs: 150,
  maxVUs: 600,
  gracefulStop: `${TAIL_S + 30}s`,
};

export const options = {
  scenarios: {
    everybody: { executor: 'per-vu-iterations', exec: 'follow', vus: 1, iterations: 1, maxDuration: `${LEAD_S + DAY_S + TAIL_S + 120}s` },
    messages: { ...arrivals, exec: 'message', stages: hours(INCIDENTS * (1 - URGENT_SHARE), PROFILE.messageHourWeight) },
    calls: { ...arrivals, exec: 'call', preAllocatedVUs: 40, stages: hours(INCIDENTS * URGENT_SHARE, PROFILE.callHourWeight) },
    pages: {
      executor: 'constant-arrival-rate',
      exec: 'page',
      rate: READS,
      timeUnit: '1s',
      duration: `${DAY_S}s`,
      startTime: `${LEAD_S}s`,
      preAllocatedVUs: 20,
      maxVUs: 100,
    },
  },
  setupTimeout: '120s',
  summaryTrendStats: STATS,
  thresholds: {
    ...REQUEST_THRESHOLDS,
    ...LEDGER_THRESHOLDS,
    // The rates are whole reports per minute, so a little is lost to rounding.
    reports_acknowledged: [`count>=${Math.floor(INCIDENTS * 0.95)}`],
    incidents_ended: [`count>=${Math.floor(INCIDENTS * 0.95)}`],
    decided_to_pushed_ms: ['p(99)<1000'],
  },
};

export function setup(): District {
  return setUpDistrict();
}

export function message(district: District): void {
  travel(district, `第 ${exec.scenario.iterationInTest} 件来信`, false);
}

export function call(district: District): void {
  travel(district, `第 ${exec.scenario.iterationInTest} 件急报`, true);
}

export function page(district: District): void {
  lookUp(district);
}

export async function follow(district: District): Promise<void> {
  await followDistrict(district, (LEAD_S + DAY_S + TAIL_S) * 1_000);
}

export function handleSummary(data: Data): Record<string, string> {
  return summaryOf('mixed-day', data);
}
