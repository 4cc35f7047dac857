/**
 * The same mix for a long time: nothing may be missed, and the memory of the service may not grow past a bound.
 * MINUTES (30; 2 work), RATE incidents per second through the whole chain (2), READS page openings per second (2),
 * GROWTH_MB that the resident memory may gain after the warm-up (64).
 */
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { lookUp, setUpDistrict, travel, type District } from './district.ts';
import { waitMs } from './follower.ts';
import { followDistrict, LEDGER_THRESHOLDS } from './ledger.ts';
import { BASE_URL } from './service.ts';
import { REQUEST_THRESHOLDS, STATS, summaryOf, type Data } from './summary.ts';

const SECONDS = Number(__ENV.MINUTES || 30) * 60;
const RATE = Number(__ENV.RATE || 2);
const READS = Number(__ENV.READS || 2);
const GROWTH_MB = Number(__ENV.GROWTH_MB || 64);
const LEAD_S = 3;
const TAIL_S = 15;
const SAMPLE_EVERY_MS = 1_000;
const SAMPLES = Math.floor((SECONDS * 1_000) / SAMPLE_EVERY_MS);

const residentMb = new Trend('service_resident_mb');
const growthMb = new Gauge('service_resident_growth_mb');
const samples = new Counter('memory_samples');

const steady = { executor: 'constant-arrival-rate', timeUnit: '1s', duration: `${SECONDS}s`, startTime: `${LEAD_S}s`, maxVUs: 300 };
const once = { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: `${LEAD_S + SECONDS + TAIL_S + 120}s` };

export const options = {
  scenarios: {
    everybody: { ...once, exec: 'follow' },
    memory: { ...once, exec: 'watchMemory' },
    incidents: { ...steady, exec: 'incident', rate: RATE, preAllocatedVUs: 60, gracefulStop: `${TAIL_S + 30}s` },
    pages: { ...steady, exec: 'page', rate: READS, preAllocatedVUs: 10 },
  },
  setupTimeout: '120s',
  summaryTrendStats: STATS,
  thresholds: {
    ...REQUEST_THRESHOLDS,
    ...LEDGER_THRESHOLDS,
    reports_acknowledged: [`count>=${RATE * SECONDS}`],
    incidents_ended: [`count>=${RATE * SECONDS}`],
    decided_to_pushed_ms: ['p(99)<1000'],
    // Without samples the bound would hold of nothing.
    memory_samples: [`count>=${Math.floor(SAMPLES * 0.9)}`],
    service_resident_growth_mb: [`value<${GROWTH_MB}`],
  },
};

export function setup(): District {
  return setUpDistrict();
}

/** One in ten is R1. */
export function incident(district: District): void {
  const n = exec.scenario.iterationInTest;
  travel(district, `第 ${n} 件`, n % 10 === 0);
}

export function page(district: District): void {
  lookUp(district);
}

export async function follow(district: District): Promise<void> {
  await followDistrict(district, (LEAD_S + SECONDS + TAIL_S) * 1_000);
}

/**
 * The first half is warm-up: caches fill, the engine takes heap as it likes. Growth is the median of the last quarter less that of the one
 * before it, so neither a peak before a collection nor the trough after it decides.
 */
export async function watchMemory(): Promise<void> {
  await waitMs(LEAD_S * 1_000);
  const taken: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const nextMs = Date.now() + SAMPLE_EVERY_MS;
    const answer = http.get(`${BASE_URL}/metrics`, { tags: { name: 'metrics' } });
    const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(String(answer.body))?.[1];
    if (answer.status === 200 && bytes !== undefined) {
      const mb = Number(bytes) / 1024 / 1024;
      taken.push(mb);
      residentMb.add(mb);
      samples.add(1);
    }
    await waitMs(Math.max(0, nextMs - Date.now()));
  }
  const quarter = Math.floor(taken.length / 4);
  growthMb.add(median(taken.slice(-quarter)) - median(taken.slice(-2 * quarter, -quarter)));
}

/** NaN for an empty list: then no bound holds. */
function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
}

export function handleSummary(data: Data): Record<string, string> {
  return summaryOf('soak', data);
}
