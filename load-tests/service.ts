/** What all load tests share: where the service is, who signs in, what is reported, and how a follower counts. */
import { check } from 'k6';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

export const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const PASSWORD = __ENV.DEMO_PASSWORD || open(`../${__ENV.DATA_DIR || '.data'}/demo-password`).trim();
const JSON_HEADERS = { 'content-type': 'application/json' };
/** A category that is not R1, so that nothing but what a test does moves the incident. */
const CATEGORY = 'C0102-02';

export const failed = new Rate('failed_requests');
export const reported = new Counter('reports_acknowledged');
export const received = new Counter('pushes_received');
export const doubled = new Counter('pushes_doubled');
export const missed = new Counter('pushes_missed');
export const pushMs = new Trend('decided_to_pushed_ms', true);

/** All pushes received, none doubled, no request failed: the same for every test. */
export const THRESHOLDS = {
  failed_requests: ['rate==0'],
  pushes_missed: ['count==0'],
  pushes_doubled: ['count==0'],
};
export const STATS = ['med', 'p(95)', 'p(99)', 'max'];

export interface Spot {
  readonly cell: string;
  readonly lng: number;
  readonly lat: number;
}

export function signIn(account: string): string {
  const answer = http.post(`${BASE_URL}/api/v1/sessions`, JSON.stringify({ account, password: PASSWORD }), {
    headers: JSON_HEADERS,
    tags: { name: 'sign in' },
  });
  if (answer.status !== 201) throw new Error(`cannot sign in as ${account}: ${answer.status} ${answer.body}`);
  return answer.json('token') as string;
}

/** The middle of a ring of [lng, lat]: inside for convex cells; the service is asked about each. */
function middle(ring: number[][]): { lng: number; lat: number } {
  const n = ring.length - 1;
  const sum = ring.slice(0, n).reduce((s, p) => [s[0]! + p[0]!, s[1]! + p[1]!], [0, 0]);
  return { lng: sum[0]! / n, lat: sum[1]! / n };
}

/** Places in `count` cells, from the service's own map. */
export function findSpots(token: string, count: number): Spot[] {
  const headers = { authorization: `Bearer ${token}` };
  const features = http.get(`${BASE_URL}/api/v1/cells.geojson`, { headers }).json('features') as unknown as {
    properties: { code: string };
    geometry: { type: string; coordinates: number[][][] };
  }[];
  const spots: Spot[] = [];
  for (let i = 0; i < features.length && spots.length < count; i += 7) {
    const { properties, geometry } = features[i]!;
    if (geometry.type !== 'Polygon') continue;
    const at = middle(geometry.coordinates[0]!);
    const found = http.get(`${BASE_URL}/api/v1/cells/at?lng=${at.lng}&lat=${at.lat}`, { headers, tags: { name: 'cells/at' } });
    if (found.status === 200) spots.push({ cell: properties.code, ...at });
  }
  return spots;
}

/** Sends one report. @returns its id, or null when it was refused (counted as failed). */
export function sendReport(token: string, spot: Spot, text: string): string | null {
  const answer = http.post(
    `${BASE_URL}/api/v1/incidents`,
    JSON.stringify({ category: CATEGORY, description: text, position: { lng: spot.lng, lat: spot.lat } }),
    { headers: { ...JSON_HEADERS, authorization: `Bearer ${token}`, 'idempotency-key': uuid() }, tags: { name: 'report' } },
  );
  const ok = check(answer, { 'report is 201': (r) => r.status === 201 });
  failed.add(!ok);
  if (!ok) return null;
  reported.add(1);
  return answer.json('id') as string;
}

export interface Moved {
  readonly state: string;
  readonly assignments: readonly { readonly id: string; readonly unit: string; readonly role: string }[];
}

/** Makes one move. @returns the incident after it, or null when it was refused (counted as failed). */
export function makeMove(token: string, incident: string, command: object): Moved | null {
  const answer = http.post(`${BASE_URL}/api/v1/incidents/${incident}/moves`, JSON.stringify(command), {
    headers: { ...JSON_HEADERS, authorization: `Bearer ${token}`, 'idempotency-key': uuid() },
    tags: { name: 'move' },
  });
  const ok = check(answer, { 'move is 200': (r) => r.status === 200 });
  failed.add(!ok);
  return ok ? (answer.json('incident') as unknown as Moved) : null;
}

export interface Following {
  /** The head at which it began; -1 before the welcome. */
  first: number;
  readonly seen: Set<number>;
  close(): void;
}

/**
 * Follows as the token's account and counts what comes. The log is gapless: for an account that sees the whole district, whatever lies between
 * the head at the start and the head at the end must have come, once.
 *
 * @param since  replays from there.
 * @param onEnd  called once the end was counted.
 */
export function followUntil(token: string, endAfterMs: number, options: { since?: number; onWelcome?: () => void; onEnd?: () => void } = {}): Following {
  const following: Following = { first: -1, seen: new Set(), close: () => socket.close() };
  const socket = new WebSocket(`${BASE_URL.replace(/^http/, 'ws')}/ws`, null, { headers: { authorization: `Bearer ${token}` } });
  let last = -1;
  const ask = (since?: number) => socket.send(JSON.stringify({ type: 'follow', ...(since === undefined ? {} : { since }) }));
  socket.onopen = () => {
    ask(options.since);
    // A second welcome tells the head, and everything up to it has been sent before on this socket or comes at once.
    setTimeout(() => ask(), endAfterMs);
  };
  socket.onmessage = (event: { data: string }) => {
    const now = Date.now();
    const frame = JSON.parse(event.data);
    if (frame.type === 'welcome') {
      if (following.first < 0) {
        following.first = options.since ?? frame.head;
        options.onWelcome?.();
      } else {
        last = frame.head;
        setTimeout(end, 1_000);
      }
    }
    if (frame.type === 'resync') missed.add(1);
    if (frame.type !== 'moves') return;
    for (const item of frame.items) {
      if (following.seen.has(item.seq)) doubled.add(1);
      following.seen.add(item.seq);
      received.add(1);
      // Service and k6 run on one machine here, so their clocks agree; `at` is when the service decided.
      if (options.since === undefined) pushMs.add(now - Date.parse(item.at));
    }
  };
  socket.onerror = () => missed.add(1);
  const end = () => {
    for (let seq = following.first + 1; seq <= last; seq++) if (!following.seen.has(seq)) missed.add(1);
    socket.close();
    options.onEnd?.();
  };
  return following;
}

type Values = Record<string, number>;

/** What every test prints at its end, and keeps as JSON beside k6's own HTML report. */
export function summaryOf(name: string, data: { metrics: Record<string, { values: Values }> }): Record<string, string> {
  const value = (metric: string, key: string) => data.metrics[metric]?.values[key] ?? 0;
  const ms = (metric: string) => ['med', 'p(99)', 'max'].map((key) => value(metric, key).toFixed(1)).join(' / ');
  const rows: [string, string | number][] = [
    ['reports acknowledged', value('reports_acknowledged', 'count')],
    ['pushes received', value('pushes_received', 'count')],
    ['pushes missed', value('pushes_missed', 'count')],
    ['pushes doubled', value('pushes_doubled', 'count')],
    ['failed requests', value('failed_requests', 'rate')],
    ['dropped iterations', value('dropped_iterations', 'count')],
    ['decided→pushed p50 / p99 / max ms', ms('decided_to_pushed_ms')],
    ['request p50 / p99 / max ms', ms('http_req_duration')],
  ];
  const text = rows.map(([label, shown]) => `${label.padEnd(36)}${shown}`).join('\n');
  const out: Record<string, string> = { stdout: `\n${name}\n${text}\n` };
  if (__ENV.RESULTS) out[`${__ENV.RESULTS}/${name}.json`] = JSON.stringify({ name, metrics: data.metrics }, null, 1);
  return out;
}

export function uuid(): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}
