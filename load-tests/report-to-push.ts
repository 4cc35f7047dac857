/**
 * Reports go in over HTTP at a steady rate; followers on WebSocket must get each of them, once.
 *
 *   k6 run load-tests/report-to-push.ts
 *
 * BASE_URL (http://127.0.0.1:8080), DEMO_PASSWORD or DATA_DIR (.data) with the password of the demo accounts,
 * RATE reports per second (20), SECONDS of load (20), FOLLOWERS sockets of the command centre (5).
 */
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const RATE = Number(__ENV.RATE || 20);
const SECONDS = Number(__ENV.SECONDS || 20);
const FOLLOWERS = Number(__ENV.FOLLOWERS || 5);
/** Followers start before the load and listen on after it, seconds. */
const LEAD_S = 5;
const TAIL_S = 8;
const PASSWORD = __ENV.DEMO_PASSWORD || open(`../${__ENV.DATA_DIR || '.data'}/demo-password`).trim();
const REPORTERS = 8;

const pushMs = new Trend('report_to_push_ms', true);
const failed = new Rate('failed_requests');
const reported = new Counter('reports_acknowledged');
const received = new Counter('pushes_received');
const doubled = new Counter('pushes_doubled');
const missed = new Counter('pushes_missed');

export const options = {
  scenarios: {
    followers: {
      executor: 'per-vu-iterations',
      exec: 'follow',
      vus: FOLLOWERS,
      iterations: 1,
      maxDuration: `${LEAD_S + SECONDS + TAIL_S + 30}s`,
    },
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
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    failed_requests: ['rate==0'],
    pushes_missed: ['count==0'],
    pushes_doubled: ['count==0'],
    reports_acknowledged: ['count>0'],
    dropped_iterations: ['count==0'],
  },
};

interface Setup {
  readonly centre: string;
  readonly reporters: readonly string[];
  readonly spots: readonly { readonly cell: string; readonly lng: number; readonly lat: number }[];
  /** Marks the reports of this run, so that another run on the same service is not counted. */
  readonly category: string;
}

const JSON_HEADERS = { 'content-type': 'application/json' };

function signIn(account: string): string {
  const answer = http.post(`${BASE_URL}/api/v1/sessions`, JSON.stringify({ account, password: PASSWORD }), { headers: JSON_HEADERS });
  if (answer.status !== 201) throw new Error(`cannot sign in as ${account}: ${answer.status} ${answer.body}`);
  return answer.json('token') as string;
}

/** The middle of a ring of [lng, lat]: inside for the convex cells; the service is asked about each. */
function middle(ring: number[][]): { lng: number; lat: number } {
  const n = ring.length - 1;
  const sum = ring.slice(0, n).reduce((s, p) => [s[0]! + p[0]!, s[1]! + p[1]!], [0, 0]);
  return { lng: sum[0]! / n, lat: sum[1]! / n };
}

export function setup(): Setup {
  const centre = signIn('district.441802');
  const headers = { authorization: `Bearer ${centre}` };
  const cells = http.get(`${BASE_URL}/api/v1/cells.geojson`, { headers }).json('features') as {
    properties: { code: string };
    geometry: { type: string; coordinates: number[][][] };
  }[];
  const spots: Setup['spots'][number][] = [];
  for (let i = 0; i < cells.length && spots.length < REPORTERS; i += 7) {
    const { properties, geometry } = cells[i]!;
    if (geometry.type !== 'Polygon') continue;
    const at = middle(geometry.coordinates[0]!);
    const found = http.get(`${BASE_URL}/api/v1/cells/at?lng=${at.lng}&lat=${at.lat}`, { headers, tags: { name: 'cells/at' } });
    if (found.status === 200) spots.push({ cell: properties.code, ...at });
  }
  return { centre, reporters: spots.map((s) => signIn(`grid.${s.cell}`)), spots, category: 'C0102-02' };
}

export function report(data: Setup): void {
  const i = exec.scenario.iterationInTest % data.spots.length;
  const spot = data.spots[i]!;
  const answer = http.post(
    `${BASE_URL}/api/v1/incidents`,
    JSON.stringify({
      category: data.category,
      description: `k6 ${exec.scenario.iterationInTest} 井盖裂纹`,
      position: { lng: spot.lng, lat: spot.lat },
    }),
    { headers: { ...JSON_HEADERS, authorization: `Bearer ${data.reporters[i]}`, 'idempotency-key': uuid() } },
  );
  const ok = check(answer, { 'report is 201': (r) => r.status === 201 });
  failed.add(!ok);
  if (ok) reported.add(1);
}

/** Follows the whole district. The log is gapless, so whatever lies between the head at the start and at the end must have come, once. */
export function follow(data: Setup): void {
  const seen = new Set<number>();
  const heads: number[] = [];
  const socket = new WebSocket(`${BASE_URL.replace(/^http/, 'ws')}/ws`, null, { headers: { authorization: `Bearer ${data.centre}` } });
  const askForHead = () => socket.send(JSON.stringify({ type: 'follow' }));
  socket.onopen = () => {
    askForHead();
    setTimeout(askForHead, (LEAD_S + SECONDS + TAIL_S) * 1_000);
  };
  socket.onmessage = (event: { data: string }) => {
    const now = Date.now();
    const frame = JSON.parse(event.data);
    if (frame.type === 'welcome') {
      heads.push(frame.head);
      if (heads.length === 2) setTimeout(finish, 1_000);
    }
    if (frame.type !== 'moves') return;
    for (const item of frame.items) {
      if (seen.has(item.seq)) doubled.add(1);
      seen.add(item.seq);
      received.add(1);
      // Service and k6 run on one machine here, so their clocks agree; `at` is when the service decided.
      if (item.verb === 'report') pushMs.add(now - Date.parse(item.at));
    }
  };
  socket.onerror = () => missed.add(1);
  const finish = () => {
    const [first, last] = heads as [number, number];
    for (let seq = first + 1; seq <= last; seq++) if (!seen.has(seq)) missed.add(1);
    if (last === first) missed.add(1);
    socket.close();
  };
}

export function handleSummary(data: { metrics: Record<string, { values: Record<string, number> }> }): Record<string, string> {
  const value = (metric: string, key: string) => data.metrics[metric]?.values[key] ?? 0;
  const line = (name: string, text: string | number) => `${name.padEnd(28)}${text}\n`;
  const text =
    line('reports acknowledged', value('reports_acknowledged', 'count')) +
    line('followers', FOLLOWERS) +
    line('pushes received', value('pushes_received', 'count')) +
    line('pushes missed', value('pushes_missed', 'count')) +
    line('pushes doubled', value('pushes_doubled', 'count')) +
    line('failed requests', value('failed_requests', 'rate')) +
    line('decided→pushed p50 / p99 ms', `${value('report_to_push_ms', 'med')} / ${value('report_to_push_ms', 'p(99)')}`) +
    line('request p50 / p99 ms', `${value('http_req_duration', 'med').toFixed(1)} / ${value('http_req_duration', 'p(99)').toFixed(1)}`);
  return { stdout: `\n${text}` };
}

function uuid(): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(Math.random() * 16).toString(16));
}
