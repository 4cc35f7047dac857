/** What every follower should have been pushed, worked out from the log read over HTTP, against what it got. */
import type { Client } from './client.ts';
import type { Follower } from './follower.ts';

interface LoggedMove {
  readonly seq: number;
  readonly version: number;
  readonly actor: string;
  readonly payload: { readonly changed?: readonly { readonly id: string; readonly unit: string; readonly state: string }[] };
}

export interface Followed {
  readonly follower: Follower;
  /** Does it see this incident, and from which move on? null: not at all. */
  readonly from: (incident: LoggedIncident) => number | null;
}

export interface LoggedIncident {
  readonly id: string;
  readonly subdistrict: string;
  readonly moves: readonly LoggedMove[];
}

export interface Tally {
  readonly moves: number;
  readonly expected: number;
  readonly received: number;
  readonly missed: number;
  readonly doubled: number;
  readonly ringsExpected: number;
  readonly ringsReceived: number;
}

/** Reads the log of one incident, page by page. */
export async function logOf(client: Client, id: string): Promise<LoggedIncident> {
  const incident = await client.get('district.441802', `/incidents/${id}`);
  const moves: LoggedMove[] = [];
  for (let after = ''; ;) {
    const page = await client.get(
      'district.441802',
      `/incidents/${id}/moves?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
    );
    if (page.status !== 200) throw new Error(`log of ${id}: ${page.status}`);
    moves.push(...(page.body.items as LoggedMove[]));
    if (page.body.next === null || page.body.next === undefined) break;
    after = String(page.body.next);
  }
  return { id, subdistrict: incident.body.subdistrict as string, moves };
}

/** The first move that names the unit; a unit sees an incident from then on. */
export function firstOf(unit: string, incident: LoggedIncident): number | null {
  return incident.moves.find((m) => m.payload.changed?.some((c) => c.unit === unit))?.seq ?? null;
}

/** Answered moves that the log lacks, and moves of people in the log that nobody was answered for: both must be none. */
export function compareWithLog(
  answered: ReadonlySet<string>,
  incidents: readonly LoggedIncident[],
): { lost: string[]; unanswered: string[] } {
  const logged = incidents.flatMap((i) => i.moves.map((m) => ({ key: moveKey(i.id, m.version), bySystem: m.actor === 'system' })));
  const keys = new Set(logged.map((l) => l.key));
  return {
    lost: [...answered].filter((key) => !keys.has(key)),
    unanswered: logged.filter((l) => !l.bySystem && !answered.has(l.key)).map((l) => l.key),
  };
}

export const moveKey = (incident: string, version: number) => `${incident} v${version}`;

export function tally(incidents: readonly LoggedIncident[], followed: readonly Followed[]): Tally {
  const moves = incidents.reduce((n, i) => n + i.moves.length, 0);
  let expected = 0;
  let received = 0;
  let doubled = 0;
  for (const { follower, from } of followed) {
    for (const incident of incidents) {
      const first = from(incident);
      if (first === null) continue;
      for (const { seq } of incident.moves.filter((m) => m.seq >= first)) {
        const times = follower.received.get(seq) ?? 0;
        expected += 1;
        received += times > 0 ? 1 : 0;
        doubled += Math.max(0, times - 1);
      }
    }
  }
  const byUnit = new Map(
    followed.filter((f) => f.follower.account.startsWith('unit.')).map((f) => [f.follower.account.slice(5), f.follower]),
  );
  const assigned = incidents.flatMap((i) => i.moves.flatMap((m) => (m.payload.changed ?? []).filter((c) => c.state === 'assigned')));
  const ringing = new Map(assigned.map((c) => [c.id, c.unit]));
  const rung = [...ringing].filter(([id, unit]) => byUnit.get(unit)?.rings.has(id));
  return { moves, expected, received, missed: expected - received, doubled, ringsExpected: ringing.size, ringsReceived: rung.length };
}
