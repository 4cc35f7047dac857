/** What all load tests ask of the service over HTTP: signing in, places, reports and moves. Every refusal counts as a failed request. */
import { check } from 'k6';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { Counter, Rate } from 'k6/metrics';

export const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';
/** A category that is not R1, so that nothing but what a test does moves the incident. */
export const QUIET_CATEGORY = 'C0102-02';
const PASSWORD = __ENV.DEMO_PASSWORD || open(passwordFile(__ENV.DATA_DIR || '.data')).trim();
const JSON_HEADERS = { 'content-type': 'application/json' };
/** Sign-ins at the same time. The service checks few passwords at once and refuses when many wait. */
const SIGN_INS_AT_ONCE = 4;

export const failed = new Rate('failed_requests');
export const reported = new Counter('reports_acknowledged');
export const acknowledged = new Counter('moves_acknowledged');

/** k6 takes paths from the folder of the script. */
function passwordFile(dataDir: string): string {
  return `${dataDir.startsWith('/') ? '' : '../'}${dataDir}/demo-password`;
}

export interface Spot {
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  readonly lng: number;
  readonly lat: number;
}

/** Tokens of the accounts, in their order; the same account twice gets two sessions. */
export function signInAll(accounts: readonly string[]): string[] {
  const tokens: string[] = [];
  for (let i = 0; i < accounts.length; i += SIGN_INS_AT_ONCE) {
    const some = accounts.slice(i, i + SIGN_INS_AT_ONCE);
    const answers = http.batch(
      some.map((account) => ({
        method: 'POST',
        url: `${BASE_URL}/api/v1/sessions`,
        body: JSON.stringify({ account, password: PASSWORD }),
        params: { headers: JSON_HEADERS, tags: { name: 'sign in' } },
      })),
    );
    for (const [n, answer] of answers.entries()) {
      if (answer.status !== 201)
        throw new Error(`cannot sign in as ${some[n]} at ${BASE_URL}: ${answer.status} ${answer.body ?? answer.error}`);
      tokens.push(answer.json('token') as string);
    }
  }
  return tokens;
}

export function signIn(account: string): string {
  return signInAll([account])[0]!;
}

/** Reads with the token. @returns the body, or null when it was refused (counted as failed). */
export function read<T>(token: string, path: string, name: string): T | null {
  const answer = http.get(`${BASE_URL}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` }, tags: { name } });
  return counted(answer, 200) ? (answer.json() as T) : null;
}

/** The middle of a ring of [lng, lat]: inside for convex cells; the service is asked about each. */
function middle(ring: number[][]): { lng: number; lat: number } {
  const n = ring.length - 1;
  const sum = ring.slice(0, n).reduce((s, p) => [s[0]! + p[0]!, s[1]! + p[1]!], [0, 0]);
  return { lng: sum[0]! / n, lat: sum[1]! / n };
}

interface Feature {
  readonly properties: { readonly code: string };
  readonly geometry: { readonly type: string; readonly coordinates: number[][][] };
}
interface Place {
  readonly cell: { readonly code: string };
  readonly community: { readonly code: string };
  readonly subdistrict: { readonly code: string };
}

/** Places in `count` cells, spread evenly over the district's map. @throws Error if the map has fewer cells than that. */
export function findSpots(token: string, count: number): Spot[] {
  const cells = read<{ features: Feature[] }>(token, '/cells.geojson', 'cells.geojson')!.features.filter(
    (f) => f.geometry.type === 'Polygon',
  );
  if (cells.length < count) throw new Error(`the map has ${cells.length} cells, ${count} are wanted`);
  const step = Math.floor(cells.length / count);
  return Array.from({ length: count }, (_, i) => {
    const { lng, lat } = middle(cells[i * step]!.geometry.coordinates[0]!);
    const at = read<Place>(token, `/cells/at?lng=${lng}&lat=${lat}`, 'cells/at');
    if (at === null) throw new Error(`no cell at ${lng}, ${lat}`);
    return { cell: at.cell.code, community: at.community.code, subdistrict: at.subdistrict.code, lng, lat };
  });
}

export interface Assignment {
  readonly id: string;
  readonly unit: string;
  readonly role: 'lead' | 'assist';
  readonly state: string;
}
export interface Incident {
  readonly id: string;
  readonly state: string;
  readonly level: string;
  readonly raised: boolean;
  readonly assignments: readonly Assignment[];
}

/** Body and headers of a report, for those that send it by a way of their own. */
export function reportRequest(token: string, spot: Spot, text: string, category = QUIET_CATEGORY) {
  const body = JSON.stringify({ category, description: text, position: { lng: spot.lng, lat: spot.lat, accuracyM: 8 } });
  // The planted fault: a report that the service must refuse, so that the threshold on failed requests is seen to fail.
  const key = __ENV.FAULT === 'refused' ? 'no-uuid' : uuid();
  const headers = { ...JSON_HEADERS, authorization: `Bearer ${token}`, 'idempotency-key': key };
  return { url: `${BASE_URL}/api/v1/incidents`, body, params: { headers, tags: { name: 'report' } } };
}

/** @returns the incident, or null when the report was refused. */
export function takeReported(answer: RefinedResponse<ResponseType>): Incident | null {
  if (!counted(answer, 201)) return null;
  reported.add(1);
  acknowledged.add(1);
  return answer.json() as unknown as Incident;
}

export function sendReport(token: string, spot: Spot, text: string, category?: string): Incident | null {
  const { url, body, params } = reportRequest(token, spot, text, category);
  return takeReported(http.post(url, body, params));
}

export interface Command {
  readonly verb: string;
  readonly [field: string]: unknown;
}

/** Makes one move. @returns the incident after it, or null when it was refused. */
export function makeMove(token: string, incident: string, command: Command): Incident | null {
  const answer = http.post(`${BASE_URL}/api/v1/incidents/${incident}/moves`, JSON.stringify(command), {
    headers: { ...JSON_HEADERS, authorization: `Bearer ${token}`, 'idempotency-key': uuid() },
    tags: { name: 'move' },
  });
  if (!counted(answer, 200)) return null;
  acknowledged.add(1);
  return answer.json('incident') as unknown as Incident;
}

function counted(answer: RefinedResponse<ResponseType>, status: number): boolean {
  const ok = check(answer, { [`status ${status}`]: (r) => r.status === status });
  failed.add(!ok);
  if (!ok) console.warn(`${answer.request.method} ${answer.url}: ${answer.status} ${String(answer.body ?? answer.error).slice(0, 300)}`);
  return ok;
}

export function uuid(): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}
